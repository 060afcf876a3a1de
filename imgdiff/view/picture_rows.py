"""Rows of the two pictures as they are shown on the common canvas."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.pixels import render
from imgdiff.pixels.color import on_ground, on_white
from imgdiff.pixels.depth import stretched
from imgdiff.types import Image, Mask, Picture, holds_everywhere
from imgdiff.view.canvas import Canvas, Side

_REACH = 2
"""Rows around those that are seen which mixing samples may need."""


def picture_rows(canvas: Canvas, side: Side, rows: slice) -> Picture:
    """Rows of one of the pictures in 8 bits, hatched where it shows nothing."""
    pair = canvas.pair
    image = pair.reference if side == "before" else pair.test
    if canvas.is_plain and (side == "before" or holds_everywhere(pair.overlap)):
        return _shown(canvas, image, rows)
    drawn = render.hatched((rows.stop - rows.start, canvas.width), top=rows.start)
    if side == "after":
        _draw_beyond(canvas, drawn, rows)
    there = canvas.spread(lambda part: _there(canvas, side, part), rows, fill=False)
    picture = canvas.spread(lambda part: _shown(canvas, image, part), rows, fill=0)
    drawn[there] = picture[there]
    return drawn


def _shown(canvas: Canvas, image: Image, rows: slice) -> Picture:
    """Rows of a picture: squares below what is transparent, the few levels it uses stretched."""
    pixels = stretched(image.pixels[rows], canvas.levels)
    if image.alpha is None or not canvas.checkered:
        return on_white(pixels, None if image.alpha is None else image.alpha[rows])
    squares = render.checkered((image.height, image.width), rows)
    return on_ground(pixels, image.alpha[rows], squares)


def _there(canvas: Canvas, side: Side, rows: slice) -> Mask:
    """Where a picture shows something, in rows of the reference's grid."""
    if side == "after":
        return canvas.pair.overlap[rows]
    return np.broadcast_to(np.True_, (rows.stop - rows.start, canvas.pair.reference.width))


def _draw_beyond(canvas: Canvas, drawn: Picture, rows: slice) -> None:
    """What the picture after shows that the one before doesn't, in place; `drawn` is changed."""
    if canvas.has_blocks:
        _draw_blocks(canvas, drawn, rows)
    elif not (canvas.columns.is_plain and (canvas.rows.reference[rows] >= 0).all()):
        _draw_margins(canvas, drawn, rows)


def _draw_blocks(canvas: Canvas, drawn: Picture, rows: slice) -> None:
    down, across = canvas.rows.test[rows], canvas.columns.test
    at, inside = np.flatnonzero(down >= 0), np.flatnonzero(across >= 0)
    if len(at):
        first = int(down[at[0]])
        strip = _shown(canvas, canvas.pair.unmoved, slice(first, int(down[at[-1]]) + 1))
        drawn[np.ix_(at, inside)] = strip[np.ix_(down[at] - first, across[inside])]


def _draw_margins(canvas: Canvas, drawn: Picture, rows: slice) -> None:
    left, top = canvas.corner
    image = canvas.pair.unmoved
    height, width = drawn.shape[:2]
    matrix = _shift(left, top - rows.start) @ canvas.pair.transform
    needed = _source_rows(matrix, (width, height), image.height)
    if needed.stop <= needed.start:
        return
    picture = _shown(canvas, image, needed)
    matrix = matrix @ _shift(0, needed.start)
    shows = np.full(picture.shape[:2], 255, np.uint8)
    there = cv2.warpPerspective(shows, matrix, (width, height), flags=cv2.INTER_NEAREST) > 0
    warped = cv2.warpPerspective(picture, matrix, (width, height), flags=cv2.INTER_LINEAR)
    drawn[there] = warped[there]


def _source_rows(matrix: NDArray[np.float64], size: tuple[int, int], height: int) -> slice:
    """The rows of a picture of some height that a part of the canvas of `size` shows."""
    ends = [(x, y, 1) for x in (0, size[0] - 1) for y in (0, size[1] - 1)]
    _, y, depth = np.linalg.inv(matrix) @ np.array(ends, np.float64).T
    y = y / depth
    first = max(0, int(np.floor(y.min())) - _REACH)
    return slice(first, min(height, int(np.ceil(y.max())) + _REACH + 1))


def _shift(right: float, down: float) -> NDArray[np.float64]:
    return np.array([[1, 0, right], [0, 1, down], [0, 0, 1]], np.float64)
