"""Small pictures of a comparison, for galleries and tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from imgdiff.pixels.color import gray_levels, on_white
from imgdiff.pixels.depth import Span, dark_levels, stretched
from imgdiff.pixels.render import boxed
from imgdiff.report.encoded import to_jpeg
from imgdiff.types import Box, Comparison, Image, Picture, Pixels

SIDE: Final = 320
"""Longest side, px: 160 on screens with two pixels to the point."""

_QUALITY: Final = 80
_SMALLEST_BOX: Final = 6
_MOST_BOXES: Final = 200


def thumbnails(comparison: Comparison) -> dict[str, bytes]:
    """Both pictures with the changes boxed, and the difference map, as small JPEG files."""
    pair = comparison.pair
    boxes = [region.box for region in comparison.regions[:_MOST_BOXES]]
    levels = dark_levels(pair)
    # The darkest error of each cell: a mean would wash small changes out.
    diff = _shrunk_map(comparison)
    pictures = {
        "before.jpg": _with_boxes(pair.reference, boxes, levels),
        "after.jpg": _with_boxes(pair.test, boxes, levels),
        "diff.jpg": diff,
    }
    return {name: to_jpeg(picture, quality=_QUALITY) for name, picture in pictures.items()}


def thumbnail(image: Image) -> bytes:
    """One picture as a small JPEG file."""
    return to_jpeg(_with_boxes(image, [], None), quality=_QUALITY)


def _with_boxes(image: Image, boxes: list[Box], levels: Span | None) -> Picture:
    scale = _scale(image.height, image.width)
    small = _shrunk(image, scale, levels)
    return boxed(small, [_scaled(box, scale) for box in boxes])


def _shrunk(image: Image, scale: float, levels: Span | None) -> Picture:
    """The picture as it is shown, small."""
    if scale != 1:
        size = _size(image.height, image.width, scale)
        alpha = None if image.alpha is None else _resized(image.alpha, size)
        image = replace(image, pixels=_resized(image.pixels, size), alpha=alpha)
    return on_white(stretched(image.pixels, levels), image.alpha)


def _resized(plane: Pixels, size: tuple[int, int]) -> Pixels:
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), plane.dtype)


def _shrunk_map(comparison: Comparison) -> Picture:
    """The difference map, each pixel as dark as the darkest of those that it stands for."""
    levels = gray_levels(comparison.error_map, ceiling=comparison.method.ceiling)
    height, width = levels.shape
    scale = _scale(height, width)
    if scale == 1:
        return levels
    cell = int(np.ceil(1 / scale))
    darkest = cv2.erode(levels, np.ones((cell, cell), np.uint8))
    small = cv2.resize(darkest, _size(height, width, scale), interpolation=cv2.INTER_NEAREST)
    return np.asarray(small, np.uint8)


def _scale(height: int, width: int) -> float:
    return min(1, SIDE / max(height, width))


def _size(height: int, width: int, scale: float) -> tuple[int, int]:
    return max(1, round(width * scale)), max(1, round(height * scale))


def _scaled(box: Box, scale: float) -> Box:
    """The box on the small picture, large enough to be seen."""
    width = max(_SMALLEST_BOX, round(box.width * scale))
    height = max(_SMALLEST_BOX, round(box.height * scale))
    x = round((box.x + box.width / 2) * scale - width / 2)
    y = round((box.y + box.height / 2) * scale - height / 2)
    return Box(x, y, width, height)
