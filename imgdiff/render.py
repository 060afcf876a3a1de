"""The pictures that show a comparison: the only module that draws.

All drawing happens in RGB. The recipe's colours are given in OpenCV's BGR order, so its box
colour (36, 255, 12) is (12, 255, 36) here, and the files come out the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from imgdiff.types import Box, Mask, Picture

BOX_COLOR = (12, 255, 36)
FILL_COLOR = (0, 255, 0)
BOX_THICKNESS = 2

_DARK = (16, 21, 31)
_LIGHT = (255, 255, 255)
_MARK = (255, 79, 192)
"""Pink: rare in pictures, and unlike red or green to any eye."""

_LABEL_SIZE = 18
_LABEL_HEIGHT = 34


def boxed(picture: Picture, boxes: Iterable[Box], *, top: int = 0) -> Picture:
    """A copy of `picture`, in colour, with a frame around each box.

    Parameters
    ----------
    picture : ndarray of uint8, shape (H, W, 3) or (H, W)
        sRGB or gray; not touched.
    boxes : iterable of Box
        Framed from (x, y) to (x + width, y + height), 2 px thick, as the recipe does.
    top : int
        Where in the whole picture `picture` begins, if it's a strip of it, px.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)
    """
    canvas = np.dstack([picture] * 3) if picture.ndim == 2 else picture.copy()
    for box in boxes:
        above, below = box.y - top, box.y + box.height - top
        if below >= -BOX_THICKNESS and above <= len(canvas) + BOX_THICKNESS:
            near_corner, far_corner = (box.x, above), (box.x + box.width, below)
            cv2.rectangle(canvas, near_corner, far_corner, BOX_COLOR, BOX_THICKNESS)
    return canvas


def filled(picture: Picture, mask: Mask) -> Picture:
    """A copy of `picture` (H, W, 3) with the pixels of `mask` painted green."""
    canvas = picture.copy()
    canvas[mask] = FILL_COLOR
    return canvas


def black_and_white(mask: Mask) -> Picture:
    """`mask` as a gray picture: 255 where true, 0 elsewhere."""
    return np.multiply(mask, 255, dtype=np.uint8)


def numbered(picture: Picture, boxes: Sequence[Box]) -> Picture:
    """A copy of `picture` (H, W, 3) with each box framed and numbered from 1.

    Frames and numbers grow with the picture, so that both are still seen when it is shown small.
    """
    canvas = picture.copy()
    height, width = picture.shape[:2]
    size = max(12, round(max(height, width) / 60))
    face = cv2.FontFace("sans")
    gap = size // 4  # so that a frame hides nothing of what it frames
    for box in boxes:
        near_corner = (box.x - gap, box.y - gap)
        far_corner = (box.x + box.width + gap, box.y + box.height + gap)
        for color, thickness in ((_DARK, size // 4 + 1), (_MARK, size // 8 + 1)):
            cv2.rectangle(canvas, near_corner, far_corner, color, thickness)
    for number, box in reversed(list(enumerate(boxes, 1))):  # the largest last: on top
        _write_number(canvas, str(number), box, face, size)
    return canvas


def _write_number(canvas: Picture, text: str, box: Box, face: cv2.FontFace, size: int) -> None:
    """A number on a plate: above its box, or inside where there is no room above."""
    height, width = canvas.shape[:2]
    plate_width, plate_height = round(size * (0.66 * len(text) + 0.5)), round(size * 1.3)
    left = max(0, min(box.x, width - plate_width))
    above = box.y - size // 4 - plate_height
    top = above if above >= 0 else max(0, min(box.y, height - plate_height))
    cv2.rectangle(canvas, (left, top), (left + plate_width, top + plate_height), _MARK, -1)
    baseline = top + round(size * 1.03)
    cv2.putText(canvas, text, (left + size // 4, baseline), _DARK, face, size, 600)


def labelled(picture: Picture, label: str, *, marked: bool = False) -> Picture:
    """A copy of `picture` (H, W, 3) under a line that names it: it grows by 34 px.

    Parameters
    ----------
    picture : ndarray of uint8, shape (H, W, 3)
        sRGB.
    label : str
        A word or two.
    marked : bool
        The line is of another colour, so that one sees which picture it is without reading.
    """
    band = np.empty((_LABEL_HEIGHT, picture.shape[1], 3), np.uint8)
    band[:] = _MARK if marked else _DARK
    place = (12, _LABEL_HEIGHT - 11)
    cv2.putText(
        band, label, place, _DARK if marked else _LIGHT, cv2.FontFace("sans"), _LABEL_SIZE, 600
    )
    return np.concatenate([band, picture])
