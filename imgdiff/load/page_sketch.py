"""Pages in some kilobytes each, by which their partners are found: a few milliseconds a page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np

from imgdiff.errors import LoadError
from imgdiff.load import load_image
from imgdiff.load.formats import is_pdf
from imgdiff.types import INK_SIDE, PageSketch, Picture

_LONGER_SIDE: Final = 384
"""Pixels of the small drawing."""
_THUMBNAIL: Final = 160
"""Pixels of its longer side."""
_JPEG: Final = (cv2.IMWRITE_JPEG_QUALITY, 80)


def sketch_pages(data: bytes, pages: Iterable[int]) -> list[PageSketch]:
    """Sketch pages or frames, by number from 1; one that can't be drawn tells why.

    Raises
    ------
    LoadError
        The file as a whole can't be read.
    """
    if not is_pdf(data):
        return [_sketched_frame(data, page) for page in pages]
    from imgdiff.load.pdf_file import (  # noqa: PLC0415 (PDFium is large, and rarely needed)
        drawn,
        loaded_page,
        opened_pdf,
        text_layer,
    )
    from imgdiff.load.pdf_outline import links_on  # noqa: PLC0415

    sketches = []
    with opened_pdf(data) as document:
        for page in pages:
            try:
                sheet = loaded_page(document, page)
                size = sheet.get_size()
                pixels = drawn(sheet, _LONGER_SIDE / max(*size, 1))
            except LoadError as error:
                sketches.append(broken_sketch(page, str(error)))
                continue
            text = " ".join(text_layer(sheet).get_text_range().split())
            links = links_on(document, sheet)
            sketches.append(_sketch(np.asarray(pixels, np.uint8), size, text, links))
            sheet.close()
    return sketches


def broken_sketch(page: int, reason: str) -> PageSketch:
    """What stands for a page that can't be drawn."""
    return PageSketch(0, 0, "", bytes(INK_SIDE**2), f"broken {page}", error=reason)


def _sketched_frame(data: bytes, page: int) -> PageSketch:
    try:
        image = load_image(data, page=page)
    except LoadError as error:
        return broken_sketch(page, str(error))
    pixels = image.pixels if image.pixels.dtype == np.uint8 else image.pixels >> 8
    scale = _LONGER_SIDE / max(image.width, image.height)
    size = tuple(max(1, round(side * scale)) for side in (image.width, image.height))
    small = cv2.resize(np.asarray(pixels, np.uint8), size, interpolation=cv2.INTER_AREA)
    return _sketch(np.asarray(small, np.uint8), (image.width, image.height), "", ())


def _sketch(
    pixels: Picture, size: tuple[float, float], text: str, links: tuple[str, ...]
) -> PageSketch:
    """The sketch of a page that has been drawn small, (H, W, 3)."""
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    cells = cv2.resize(gray, (INK_SIDE, INK_SIDE), interpolation=cv2.INTER_AREA)
    ink = (255 - np.asarray(cells, np.uint8)).tobytes()
    look = hashlib.sha256(f"{size} {text}".encode("utf-8", "replace") + pixels.tobytes())
    scale = _THUMBNAIL / max(pixels.shape)
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), _JPEG)
    return PageSketch(*size, text, ink, look.hexdigest(), jpeg.tobytes(), links)
