"""Parts of two pictures on one grid that are read together, turned so that lines are level."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.reading.shapes import Rectangle, hull
from imgdiff.types import Box, Picture

_DOWN, _ACROSS = 28, 400
"""By so much is a place grown, px: to whole lines, and to most of their words."""

MOST_PIXELS = 9_000_000
"""So much of each picture is searched, in 4 s of CPU time: A4 at 300 dpi has 8.7 million."""


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """The same part of both pictures.

    Attributes
    ----------
    before, after : ndarray of uint8, shape (H, W, 3)
        sRGB.
    matrix : ndarray of float64, shape (2, 3)
        From the whole picture's pixels to the strip's.
    """

    before: Picture
    after: Picture
    matrix: NDArray[np.float64]

    def placed(self, box: Box) -> Rectangle:
        """A box of the whole picture, in the strip: the upright rectangle around it."""
        return _moved(Rectangle(box.x, box.y, box.x + box.width, box.y + box.height), self.matrix)

    def box_of(self, rectangle: Rectangle) -> Box:
        """A rectangle of the strip, in the whole picture."""
        back = _moved(rectangle, np.asarray(cv2.invertAffineTransform(self.matrix), np.float64))
        x, y = max(0, math.floor(back.left)), max(0, math.floor(back.top))
        return Box(x, y, max(1, math.ceil(back.right) - x), max(1, math.ceil(back.bottom) - y))


def strip_boxes(boxes: Iterable[Box], shape: tuple[int, int]) -> list[Box]:
    """Which parts of pictures of a shape (H, W) to read, so that all places lie in whole lines."""
    height, width = shape
    parts: list[Rectangle] = []
    for box in boxes:
        grown = Rectangle(box.x, box.y, box.x + box.width, box.y + box.height)
        grown = grown.grown(_ACROSS, _DOWN)
        while found := [part for part in parts if part.touches(grown)]:
            grown = hull([grown, *found])
            parts = [part for part in parts if not part.touches(grown)]
        parts.append(grown)
    cut = [
        (
            int(max(0, p.left)),
            int(max(0, p.top)),
            int(min(width, p.right)),
            int(min(height, p.bottom)),
        )
        for p in parts
    ]
    return sorted(
        (Box(x, y, right - x, bottom - y) for x, y, right, bottom in cut),
        key=lambda box: (box.y, box.x),
    )


def affordable(strips: Iterable[Box], boxes: Sequence[Box]) -> list[Box]:
    """What of some strips may be searched: those of the first boxes first, the last in part.

    What is left of that one begins at the first box in it.
    """
    kept, left = [], MOST_PIXELS
    first = {strip: _first_in(strip, boxes) for strip in strips}
    for strip, place in sorted(first.items(), key=lambda entry: entry[1]):
        rows = min(strip.height, left // strip.width)
        start = max(strip.y, min(boxes[place].y - _DOWN, strip.y + strip.height - rows))
        if rows > 2 * _DOWN or rows == strip.height:
            kept.append(Box(strip.x, start, strip.width, rows))
        left -= rows * strip.width
    return sorted(kept, key=lambda strip: (strip.y, strip.x))


def _first_in(strip: Box, boxes: Sequence[Box]) -> int:
    """Which of the boxes that lie in a strip comes first."""
    return next(
        place
        for place, box in enumerate(boxes)
        if strip.x <= box.x < strip.x + strip.width and strip.y <= box.y < strip.y + strip.height
    )


def strip_of(before: Picture, after: Picture, box: Box) -> Strip:
    """A part of both pictures as it is."""
    matrix = np.array([[1.0, 0, -box.x], [0, 1, -box.y]])
    return Strip(before[box.slices], after[box.slices], matrix)


def turned(strip: Strip, degrees: float) -> Strip:
    """A strip turned counterclockwise, on a ground of its own colour, large enough to hold it."""
    height, width = strip.before.shape[:2]
    spin = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1)
    cosine, sine = abs(spin[0, 0]), abs(spin[0, 1])
    size = math.ceil(width * cosine + height * sine), math.ceil(width * sine + height * cosine)
    spin[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    # Cubic keeps thin strokes as dark as they are; only the last step to 48 px must be linear.
    before, after = (
        np.asarray(
            cv2.warpAffine(
                picture, spin, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
            ),
            np.uint8,
        )
        for picture in (strip.before, strip.after)
    )
    whole = spin @ np.vstack([strip.matrix, [0, 0, 1]])
    return Strip(before, after, whole)


def _moved(rectangle: Rectangle, matrix: NDArray[np.floating]) -> Rectangle:
    corners: Sequence[tuple[float, float]] = [
        (x, y) for x in (rectangle.left, rectangle.right) for y in (rectangle.top, rectangle.bottom)
    ]
    # Pixel centres lie at integers, a rectangle's edges half a pixel outside of them.
    points = (np.array(corners) - 0.5) @ matrix[:, :2].T + matrix[:, 2] + 0.5
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return Rectangle(float(left), float(top), float(right), float(bottom))
