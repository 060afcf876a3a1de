"""The pictures that show a comparison: the only module that draws.

All drawing happens in RGB. The recipe's colours are given in OpenCV's BGR order, so its box
colour (36, 255, 12) is (12, 255, 36) here, and the files come out the same.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from imgdiff.types import Box, Mask, Picture

BOX_COLOR = (12, 255, 36)
FILL_COLOR = (0, 255, 0)
BOX_THICKNESS = 2


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
