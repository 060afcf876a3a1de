"""Plane motions as 3×3 matrices; pixel centres lie at whole numbers."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Matrix: TypeAlias = NDArray[np.float64]
"""(3, 3), maps homogeneous points (x, y, 1) of one picture to those of another."""

Points: TypeAlias = NDArray[np.float64]
"""(N, 2), x and y in px."""

Size: TypeAlias = tuple[int, int]
"""Width and height, px: as OpenCV has it."""

_LARGEST_ENLARGEMENT = 60
_LARGEST_DISTORTION = 8


def shift(x: float, y: float) -> Matrix:
    """Move by (x, y) px."""
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], np.float64)


def rescale(from_size: Size, to_size: Size) -> Matrix:
    """Stretch one whole picture onto another, edge to edge."""
    x, y = to_size[0] / from_size[0], to_size[1] / from_size[1]
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]], np.float64)


def quarter_turn(turns: int, size: Size, *, mirrored: bool = False) -> Matrix:
    """Turn a whole picture clockwise by 0 to 3 right angles, after mirroring left and right."""
    width, height = size
    matrix = np.eye(3)
    if mirrored:
        matrix = np.array([[-1, 0, width - 1], [0, 1, 0], [0, 0, 1]], np.float64)
    for _ in range(turns):
        matrix = np.array([[0, -1, height - 1], [1, 0, 0], [0, 0, 1]], np.float64) @ matrix
        width, height = height, width
    return matrix


def moved(points: ArrayLike, matrix: Matrix) -> Points:
    """Where `matrix` takes `points` (N, 2)."""
    points = np.asarray(points, np.float64)
    ends = points @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(ends[:, :2] / ends[:, 2:], np.float64)


def inverse(matrix: Matrix) -> Matrix:
    """The motion back."""
    return np.asarray(np.linalg.inv(matrix), np.float64)


def corners(size: Size) -> Points:
    """Centres of the four corner pixels, clockwise from the top left."""
    right, bottom = size[0] - 1, size[1] - 1
    return np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]], np.float64)


def outline(size: Size) -> Points:
    """Outer corners of the picture, half a pixel further out than `corners`."""
    return (corners(size) * 2 + [[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2


def distance(one: Matrix, other: Matrix, size: Size) -> float:
    """How far apart two motions take a corner of a picture of `size`, px, at most."""
    with np.errstate(all="ignore"):
        gaps = np.linalg.norm(moved(corners(size), one) - moved(corners(size), other), axis=1)
    return float(gaps.max()) if np.isfinite(gaps).all() else np.inf


def enlargement(matrix: Matrix, size: Size) -> float:
    """By what factor lengths grow, on average over a picture of `size`."""
    area = abs(cv2.contourArea(moved(outline(size), matrix).astype(np.float32)))
    return float(np.sqrt(area / (size[0] * size[1])))


def plausible(matrix: Matrix, size: Size, onto: Size) -> bool:
    """Whether a camera or a scanner could have made this of a picture of `size`.

    Not if it folds the picture, blows it up or shrinks it beyond measure, or pulls one side much
    longer than another.
    """
    if not np.isfinite(matrix).all() or abs(np.linalg.det(matrix)) < 1e-12:
        return False
    ends = outline(size) @ matrix[:, :2].T + matrix[:, 2]
    if (ends[:, 2] * np.sign(ends[0, 2]) <= 1e-6).any():
        return False
    quad = (ends[:, :2] / ends[:, 2:]).astype(np.float32)
    area = cv2.contourArea(quad) / (onto[0] * onto[1])
    if not 1 / _LARGEST_ENLARGEMENT < area < _LARGEST_ENLARGEMENT:
        return False
    sides = np.linalg.norm(np.roll(quad, -1, 0) - quad, axis=1) / (size * 2)
    return bool(cv2.isContourConvex(quad) and sides.max() < _LARGEST_DISTORTION * sides.min())


def share_inside(matrix: Matrix, size: Size, onto: Size) -> float:
    """Share of a picture of `size` that lands inside one of the size `onto`, 0 to 1."""
    back = inverse(matrix)
    quad = moved(outline(onto), back).astype(np.float32)
    area, _ = cv2.intersectConvexConvex(quad, outline(size).astype(np.float32))
    return min(1.0, float(area) / (size[0] * size[1]))
