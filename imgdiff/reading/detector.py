"""Where a picture has lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.pixels.order_statistics import median
from imgdiff.reading.networks import text_likelihood
from imgdiff.reading.shapes import Rectangle
from imgdiff.types import Picture

# As PP-OCRv6 tiny was published (inference.yml), and so on both networks' training.
_TEXT, _BOX, _UNCLIP = 0.2, 0.4, 1.4
_MEAN = np.array([0.406, 0.456, 0.485], np.float32)
_DEVIATION = np.array([0.225, 0.224, 0.229], np.float32)

_UNIT = 32
_TILE = 768
"""Height and width of what the network sees at once, px: 0.6 MP keep it within 160 MB."""

_OVERLAP = 96
"""By so much do tiles overlap, px: a line lies whole in one of them from top to bottom."""

_SMALLEST = 3
_AIR = 0.18
"""The network's boxes reach so far beyond the ink, as a share of its height, on each side."""

_WORD = 2.5
"""From this ratio on does a box tell whether its line runs across or down: single digits, as in the
cells of a table, are higher than wide, a 1 up to twice as high."""

_LONG = 4.0
"""From this ratio of width to height on does a box tell how its line slants."""


@dataclass(frozen=True, slots=True)
class Detected:
    """The lines of a picture.

    Attributes
    ----------
    boxes : tuple of Rectangle
        Around the ink of each, from top to bottom.
    slant : float
        How they are turned, degrees, clockwise; 0 if that can't be told.
    upright : bool
        False if most of them run from top to bottom.
    """

    boxes: tuple[Rectangle, ...]
    slant: float
    upright: bool


def detect_lines(picture: Picture) -> Detected:
    """Find the lines of text in a picture, shape (H, W, 3), of 7 to 48 px."""
    likelihood = _likelihood(picture)
    over = (likelihood > _TEXT).view(np.uint8)
    outlines, _ = cv2.findContours(over, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes, slants, across = [], [], 0.0
    for outline in (np.asarray(outline, np.int32) for outline in outlines):
        x, y, width, height = cv2.boundingRect(outline)
        if min(width, height) < _SMALLEST or _mean(likelihood, outline) < _BOX:
            continue
        boxes.append(_unclipped(x, y, width, height))
        across += _along(boxes[-1])
        slants += [slant] * width if (slant := _slant(outline)) is not None else []
    slant = float(median(slants)) if slants else 0.0
    ordered = sorted(boxes, key=lambda box: (box.top, box.left))
    return Detected(tuple(ordered), slant, across >= 0)


def _likelihood(picture: Picture) -> NDArray[np.float32]:
    """Of the whole picture, from tiles that overlap; where two do, the larger counts."""
    height, width = picture.shape[:2]
    whole = np.zeros((height, width), np.float32)
    for rows in _steps(height):
        for columns in _steps(width):
            seen = text_likelihood(_tensor(picture[rows, columns]))
            part = whole[rows, columns]
            np.maximum(part, seen[: part.shape[0], : part.shape[1]], out=part)
    return whole


def _steps(length: int) -> Iterator[slice]:
    """Pieces of a length, of about the same size."""
    count = max(1, -(-(length - _OVERLAP) // (_TILE - _OVERLAP)))
    size = -(-(length + (count - 1) * _OVERLAP) // count)
    for index in range(count):
        start = min(index * (size - _OVERLAP), max(0, length - size))
        yield slice(start, min(length, start + size))


def _tensor(picture: Picture) -> NDArray[np.float32]:
    """As the network wants it; the sides are filled up with what is at the edge."""
    below, right = (-side % _UNIT for side in picture.shape[:2])
    padded = cv2.copyMakeBorder(picture, 0, below, 0, right, cv2.BORDER_REPLICATE)
    samples = (padded[..., ::-1].astype(np.float32) / 255 - _MEAN) / _DEVIATION
    return np.asarray(samples.transpose(2, 0, 1)[None], np.float32)


def _mean(likelihood: NDArray[np.float32], outline: NDArray[np.int32]) -> float:
    """Mean likelihood inside of an outline."""
    x, y, width, height = cv2.boundingRect(outline)
    inside = np.zeros((height, width), np.uint8)
    cv2.drawContours(inside, [outline - (x, y)], 0, 1, cv2.FILLED)
    return float(cv2.mean(likelihood[y : y + height, x : x + width], inside)[0])


def _unclipped(x: int, y: int, width: int, height: int) -> Rectangle:
    """The ink's box: the network draws lines thinner than they are, by a rule of its training."""
    reach = width * height * _UNCLIP / (2 * (width + height))
    box = Rectangle(x, y, x + width, y + height).grown(reach, reach)
    air = _AIR * min(box.height, box.width) / (1 + 2 * _AIR)
    return box.grown(-air, -air)


def _along(box: Rectangle) -> float:
    """How far a line runs across, px, or less than 0 down; of a letter or two that isn't known."""
    if max(box.width, box.height) < _WORD * min(box.width, box.height):
        return 0
    return box.width if box.width >= box.height else -box.height


def _slant(outline: NDArray[np.int32]) -> float | None:
    """The angle of a long line to the nearer axis, degrees, -45 to 45; None of what isn't long."""
    _, (width, height), angle = cv2.minAreaRect(outline)
    if max(width, height) < _LONG * min(width, height):
        return None
    return float((angle + 45) % 90 - 45)
