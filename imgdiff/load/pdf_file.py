"""A page of a PDF → sRGB pixels, by PDFium, the engine of Chromium.

PDFium may run in one thread at a time only, hence the lock.
"""

from __future__ import annotations

import math
import threading
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ctypes import CFUNCTYPE, POINTER, c_int
from typing import Any, Final

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from imgdiff.errors import LoadError
from imgdiff.load.limits import MAX_BYTES, check_size
from imgdiff.types import Pixels

MAX_PAGES: Final = 500
MAX_SECONDS: Final = 20.0
"""For one page; what takes longer was made to take long, or is a map of a country."""

LOWEST_DPI, HIGHEST_DPI = 20, 600
POINTS: Final = 72
"""An inch, in the unit of PDF."""

_SPARSE: Final = 8
"""Every so many characters are asked which way they stand."""

_ONE_AT_A_TIME: Final = threading.Lock()
_deadline = [0.0]
"""Of the page that is being drawn, by time.monotonic."""


def _is_late(_: object) -> bool:
    return time.monotonic() > _deadline[0]


_needs_to_pause: Final = CFUNCTYPE(c_int, POINTER(pdfium_c.IFSDK_PAUSE))(_is_late)
"""Made once: it needs a page of machine code, and a locked process gets no more of those."""


def pages_in(data: bytes) -> int:
    """How many pages there are, 1 to 500."""
    with opened_pdf(data) as document:
        return len(document)


def draw_page(data: bytes, page: int, *, dpi: float) -> tuple[Pixels, int]:
    """A page on white paper as viewers show it, filled-in forms and annotations too.

    Parameters
    ----------
    data : bytes
        The file.
    page : int
        Which one, from 1.
    dpi : float
        Pixels an inch, 20 to 600.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3), and int
        sRGB, each side is the page's, rounded; and how many pages there are.

    Raises
    ------
    LoadError
        There is no such page, it would be too large or takes too long, or the file is damaged,
        encrypted or too long.
    """
    if not LOWEST_DPI <= dpi <= HIGHEST_DPI:
        raise LoadError(
            f"A page may be drawn at {LOWEST_DPI} to {HIGHEST_DPI} pixels an inch, "
            f"but {dpi:g} are asked for: change it."
        )
    with opened_pdf(data) as document:
        return drawn(loaded_page(document, page), dpi / POINTS), len(document)


def loaded_page(document: pdfium.PdfDocument, page: int) -> pdfium.PdfPage:
    """A page by its number from 1; raises LoadError if there is none, or it's damaged."""
    count = len(document)
    if not 1 <= page <= count:
        pages = "1 page" if count == 1 else f"{count} pages"
        raise LoadError(f"The PDF has {pages}, but page {page} is asked for: change it.")
    try:
        return document[page - 1]
    except pdfium.PdfiumError:
        raise _damaged() from None


@contextmanager
def opened_pdf(data: bytes) -> Iterator[pdfium.PdfDocument]:
    """The document with its forms, closed at the end; a LoadError if it can't be read."""
    if len(data) > MAX_BYTES:
        raise LoadError(
            f"A PDF may have {MAX_BYTES >> 20} MB, but this one has more: save it smaller."
        )
    with _ONE_AT_A_TIME:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
                raise LoadError(
                    "The PDF is encrypted and needs a password: save it without one."
                ) from None
            raise _damaged() from None
        try:
            _prepare_forms(document)
            _check_count(len(document))
            yield document
        finally:
            document.close()


def _prepare_forms(document: pdfium.PdfDocument) -> None:
    """Let fields be drawn with what is filled in: PDFium does so only if asked before any page.

    Of XFA forms, which few viewers know, it draws what the file holds beside them.
    """
    with warnings.catch_warnings(), suppress(pdfium.PdfiumError):
        warnings.simplefilter("ignore")
        document.init_forms()


def _check_count(count: int) -> None:
    if count > MAX_PAGES:
        raise LoadError(f"A PDF may have {MAX_PAGES} pages, but this one has {count}: split it.")
    if count == 0:
        raise _damaged()


def drawn(page: pdfium.PdfPage, scale: float) -> Pixels:
    """A page's pixels, `scale` of them a point, uint8 (H, W, 3); given up after `MAX_SECONDS`.

    It's drawn as it lies in the file, and its pixels are turned: so a page that was turned since is
    the same to the pixel, whereas PDFium smooths letters otherwise when it turns them itself.
    """
    turns = page.get_rotation() // 90
    sides = page.get_size()[:: -1 if turns % 2 else 1]
    width, height = (max(1, round(side * scale)) for side in sides)
    check_size(width, height)
    bitmap = pdfium.PdfBitmap.new_native(width, height, pdfium_c.FPDFBitmap_BGRx)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    flags = pdfium_c.FPDF_ANNOT | pdfium_c.FPDF_REVERSE_BYTE_ORDER
    place = (0, 0, width, height, -turns % 4, flags)
    _draw_content(bitmap, page, place)
    if page.formenv:
        pdfium_c.FPDF_FFLDraw(page.formenv.raw, bitmap.raw, page.raw, *place)
    samples: Any = bitmap.to_numpy()
    return np.ascontiguousarray(np.rot90(samples[..., :3], -turns), np.uint8)


def text_layer(page: pdfium.PdfPage) -> pdfium.PdfTextPage:
    """The characters of a page, in the order of reading even if it's shown turned.

    PDFium orders lines as they're shown, from bottom to top if the page is turned to the left.
    """
    layer, shown = page.get_textpage(), page.get_rotation()
    upright = _turn_of_text(layer) if shown else 0
    if upright == shown:
        return layer
    page.set_rotation(upright)
    layer = page.get_textpage()
    page.set_rotation(shown)
    return layer


def _turn_of_text(layer: pdfium.PdfTextPage) -> int:
    """By how much most characters of a page stand turned in the file: 0, 90, 180 or 270 degrees."""
    angles = [
        round(pdfium_c.FPDFText_GetCharAngle(layer.raw, index) * 2 / math.pi) % 4
        for index in range(0, layer.count_chars(), _SPARSE)
    ]
    return 90 * Counter(angles).most_common(1)[0][0] if angles else 0


def _draw_content(bitmap: pdfium.PdfBitmap, page: pdfium.PdfPage, place: tuple[int, ...]) -> None:
    """All but the fields, with a look at the clock now and then."""
    _deadline[0] = time.monotonic() + MAX_SECONDS
    pause = pdfium_c.IFSDK_PAUSE(version=1)
    pause.NeedToPauseNow = _needs_to_pause
    status = pdfium_c.FPDF_RenderPageBitmap_Start(bitmap.raw, page.raw, *place, pause)
    pdfium_c.FPDF_RenderPage_Close(page.raw)
    if status == pdfium_c.FPDF_RENDER_TOBECONTINUED:
        raise LoadError(
            f"A page must be drawn within {MAX_SECONDS:g} seconds, but this one takes longer: "
            "choose fewer pixels an inch, or simplify it."
        )
    if status != pdfium_c.FPDF_RENDER_DONE:
        raise _damaged()


def _damaged() -> LoadError:
    return LoadError("The PDF is damaged or not quite a PDF: save or download it again.")
