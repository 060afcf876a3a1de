"""The pictures that show a comparison: the only module that draws.

All drawing happens in RGB. The recipe's colours are given in OpenCV's BGR order, so its box
colour (36, 255, 12) is (12, 255, 36) here, and the files come out the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

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

_HATCH = (176, 208)
"""Gray levels of the two stripes."""
_HATCH_PERIOD = 16

_SQUARES = (255, 220)
"""Gray levels of the squares below what is transparent: as the viewer has them."""
_LEAST_SQUARE, _SQUARES_ACROSS = 8, 128

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


def hatched(shape: tuple[int, int], *, top: int = 0) -> Picture:
    """Stripes that stand for "nothing is shown here": (H, W, 3), of grays that no page has.

    `top` is where in the whole picture these rows begin, px, so that strips fit each other.
    """
    down = np.arange(top, top + shape[0])[:, None]
    stripes = (np.arange(shape[1])[None] + down) % _HATCH_PERIOD < _HATCH_PERIOD // 2
    return np.where(stripes[..., None], np.uint8(_HATCH[0]), np.uint8(_HATCH[1])).repeat(3, axis=2)


def checkered(whole: tuple[int, int], rows: slice) -> Picture:
    """Rows of the squares that stand for "transparent" below a picture of a height and width.

    (H, W, 3), of a size that is still seen when the whole is shown small.
    """
    side = max(_LEAST_SQUARE, max(whole) // _SQUARES_ACROSS)
    down, across = (np.arange(whole[0])[rows] // side)[:, None], np.arange(whole[1])[None] // side
    light, dark = map(np.uint8, _SQUARES)
    return np.where((down + across)[..., None] % 2 == 0, light, dark).repeat(3, axis=2)


def filled(picture: Picture, mask: Mask) -> Picture:
    """A copy of `picture` (H, W, 3) with the pixels of `mask` painted green."""
    canvas = picture.copy()
    canvas[mask] = FILL_COLOR
    return canvas


def black_and_white(mask: Mask) -> Picture:
    """`mask` as a gray picture: 255 where true, 0 elsewhere."""
    return np.multiply(mask, 255, dtype=np.uint8)


def numbered(
    picture: Picture, boxes: Sequence[tuple[int, Box]], *, height: int, top: int = 0
) -> Picture:
    """A copy of `picture` (H, W, 3) with each box framed and numbered as it says.

    Frames and numbers grow with the picture, so that both are still seen when it is shown small.
    `picture` may be a strip of a whole of this `height` that begins at `top`, px.
    """
    canvas = picture.copy()
    size = max(12, round(max(height, picture.shape[1]) / 60))
    gap = size // 4  # so that a frame hides nothing of what it frames
    seen = [
        (number, box)
        for number, box in boxes
        if box.y - 2 * size <= top + len(picture) and box.y + box.height + 2 * size >= top
    ]
    for _, box in seen:
        near_corner = (box.x - gap, box.y - gap - top)
        far_corner = (box.x + box.width + gap, box.y + box.height + gap - top)
        for color, thickness in ((_DARK, size // 4 + 1), (_MARK, size // 8 + 1)):
            cv2.rectangle(canvas, near_corner, far_corner, color, thickness)
    for number, box in reversed(seen):  # the largest last: on top
        plate = _plate(number, box, size, (picture.shape[1], height))
        _write_number(canvas, number, replace(plate, y=plate.y - top), size)
    return canvas


def _plate(number: int, box: Box, size: int, whole: tuple[int, int]) -> Box:
    """Where a number stands: above its box, or inside where there is no room above.

    `whole` is width and height of the picture.
    """
    width, height = round(size * (0.66 * len(str(number)) + 0.5)), round(size * 1.3)
    left = max(0, min(box.x, whole[0] - width))
    above = box.y - size // 4 - height
    top = above if above >= 0 else max(0, min(box.y, whole[1] - height))
    return Box(left, top, width, height)


def _write_number(canvas: Picture, number: int, plate: Box, size: int) -> None:
    corner = plate.x + plate.width, plate.y + plate.height
    cv2.rectangle(canvas, (plate.x, plate.y), corner, _MARK, -1)
    place = plate.x + size // 4, plate.y + round(size * 1.03)
    cv2.putText(canvas, str(number), place, _DARK, cv2.FontFace("sans"), size, 600)


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
