"""Likeness drawn: matching points between two pictures, and the matrix of a set, as SVG files.

They hold small copies of the pictures and no text, so they look the same on a light page and on a
dark one, and no font is needed.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.similar.collection import Collection, PairIndex
from imgdiff.similar.fingerprint import Fingerprint
from imgdiff.similar.keypoints import SharedPoints
from imgdiff.similar.matrix import SimilarityMatrix

_Area = tuple[float, float, float, float]
"""x, y, width and height in the drawing."""

_HEIGHT = 480
_GAP = 40
_MOST_LINES = 60

_LINE_COLORS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")
"""M. Okabe, K. Ito, "Color universal design", 2008: told apart by all kinds of colour vision."""

_MATRIX = 1000
_LARGEST_CELL = 80
_SMALLEST_THUMBNAIL = 40
_MOST_THUMBNAILS = 120
_RAMP = np.array([(0xF1, 0xF4, 0xFA), (0x6C, 0x93, 0xE6), (0x17, 0x3F, 0x96), (0x08, 0x1A, 0x47)])
"""sRGB of the similarities 0, 1/3, 2/3 and 1: ever darker, so it's read without colour vision."""


def similarity_colors(scores: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The colour of each similarity, (H, W) → (H, W, 3) uint8 sRGB; below 0 as 0."""
    stops = np.linspace(0, 1, len(_RAMP))
    channels = [np.interp(scores, stops, _RAMP[:, channel]) for channel in range(3)]
    return np.asarray(np.rint(np.stack(channels, axis=-1)), np.uint8)


def matched_svg(first: Fingerprint, second: Fingerprint, match: SharedPoints) -> bytes:
    """Two pictures side by side, with lines between the points that both show."""
    scales = [_HEIGHT / picture.height for picture in (first, second)]
    widths = [picture.width * scale for picture, scale in zip((first, second), scales, strict=True)]
    start = widths[0] + _GAP
    body = [
        _image(first.thumbnail, (0, 0, widths[0], _HEIGHT)),
        _image(second.thumbnail, (start, 0, widths[1], _HEIGHT)),
    ]
    if match.confirmed:
        ours = (match.first + 0.5) * scales[0]
        theirs = (match.second + 0.5) * scales[1] + (start, 0)
        body += _lines(ours, theirs)
    return _svg(start + widths[1], _HEIGHT, body)


def _lines(ours: NDArray[np.floating], theirs: NDArray[np.floating]) -> Iterator[str]:
    """A line for each of some points, spread over the picture from left to right."""
    order = np.argsort(ours[:, 0], kind="stable")
    kept = order[np.linspace(0, len(order) - 1, min(len(order), _MOST_LINES)).astype(int)]
    for number, index in enumerate(kept):
        (x1, y1), (x2, y2) = ours[index], theirs[index]
        path = f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"
        color = _LINE_COLORS[number % len(_LINE_COLORS)]
        yield f'<path d="{path}" stroke="#000" stroke-opacity=".35" stroke-width="3.2"/>'
        yield f'<path d="{path}" stroke="{color}" stroke-width="1.6"/>'
        for x, y in ((x1, y1), (x2, y2)):
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{color}" stroke="#000"/>'


def matrix_svg(collection: Collection, matrix: SimilarityMatrix) -> bytes:
    """Every two pictures of a set as a square, darker where more alike; like stands by like.

    The pictures themselves stand above the columns and left of the rows, unless there are too
    many; a dot marks the pairs that matching points confirm.
    """
    order = matrix.order
    count = len(order)
    cell = min(_LARGEST_CELL, _MATRIX / count)
    # Where a column is narrower than a thumbnail must be, they are staggered in several rows.
    rows = max(1, min(4, round(_SMALLEST_THUMBNAIL / cell))) if count <= _MOST_THUMBNAILS else 0
    edge = rows * rows * cell
    scores = matrix.scores[np.ix_(order, order)]
    side = edge + count * cell
    squares = (edge, edge, count * cell, count * cell)
    body = [_image(_png(similarity_colors(scores)), squares, sharp=True)]
    if rows:
        for place, index in enumerate(order):
            body += _thumbnails(collection.pictures[index].thumbnail, place, cell, rows)
    body += _dots(collection.points, order, cell, edge)
    return _svg(side, side, body)


def _thumbnails(picture: bytes, place: int, cell: float, rows: int) -> Iterator[str]:
    """One picture above its column and left of its row."""
    size = rows * cell
    along = rows * size + place * cell - (size - cell) / 2
    across = (rows - 1 - place % rows) * size
    yield _image(picture, (along, across, size, size), square=True)
    yield _image(picture, (across, along, size, size), square=True)


def _dots(
    pairs: Iterable[PairIndex], order: Sequence[int], cell: float, edge: float
) -> Iterator[str]:
    place = {index: number for number, index in enumerate(order)}
    for pair in pairs:
        first, second = (place[index] for index in pair)
        for x, y in ((first, second), (second, first)):
            center = f'cx="{edge + (x + 0.5) * cell:.1f}" cy="{edge + (y + 0.5) * cell:.1f}"'
            yield f'<circle {center} r="{cell / 6:.1f}" fill="#ffb000" stroke="none"/>'


def _svg(width: float, height: float, body: list[str]) -> bytes:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}"'
    size = f'width="{width:.0f}" height="{height:.0f}"'
    return f"{head} {size} fill='none'>{''.join(body)}</svg>".encode()


def _image(file: bytes, area: _Area, *, sharp: bool = False, square: bool = False) -> str:
    """A picture file in an area: whole and stretched, or filling a square."""
    x, y, width, height = area
    kind = "png" if file.startswith(b"\x89PNG") else "jpeg"
    data = base64.b64encode(file).decode()
    fit = "xMidYMid slice" if square else "none"
    style = ' style="image-rendering:pixelated"' if sharp else ""
    place = f'x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"'
    source = f"data:image/{kind};base64,{data}"
    return f'<image {place} preserveAspectRatio="{fit}"{style} href="{source}"/>'


def _png(picture: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".png", np.ascontiguousarray(picture[..., ::-1]))[1].tobytes()
