"""Plane motions as 3×3 matrices; pixel centres lie at whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgdiff.pixels.order_statistics import median
from imgdiff.types import Mask

Matrix: TypeAlias = NDArray[np.float64]
"""(3, 3), maps homogeneous points (x, y, 1) of one picture to those of another."""

Points: TypeAlias = NDArray[np.float64]
"""(N, 2), x and y in px."""

Size: TypeAlias = tuple[int, int]
"""Width and height, px: as OpenCV has it."""

_GRID = 24
"""Places across and down at which a motion is looked at."""


@dataclass(frozen=True, slots=True)
class OverlapLimits:
    """What a camera or a scanner may have done to the part that both pictures show.

    Attributes
    ----------
    enlargement : float
        The area, relative to the share of the grid that it fills, by which that part may have
        grown or shrunk.
    skew, proven_skew : float
        By what factor areas may grow in one place more than in another. With 64, matching SIFT
        solves 14 of 17 homographies measured by hand, and no extreme view wrongly; the truth of
        the widest of ten further views, proved by other means, is 178.
    fewest_places : int
        Of the 24 × 24 places looked at, how many must be seen in both pictures.
    """

    enlargement: float = 60
    skew: float = 64
    proven_skew: float = 1000
    fewest_places: int = 12


OVERLAP = OverlapLimits()


def shift(x: float, y: float) -> Matrix:
    """Move by (x, y) px."""
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], np.float64)


def rescale(from_size: Size, to_size: Size) -> Matrix:
    """Stretch one whole picture onto another, edge to edge."""
    x, y = to_size[0] / from_size[0], to_size[1] / from_size[1]
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]], np.float64)


def is_simple_multiple(size: Size, onto: Size) -> bool:
    """Whether one size is 2, 3 or 4 times the other, or 3 : 2 or 4 : 3, to the pixel."""
    return any(
        all(abs(down * to - up * one) < max(up, down) for one, to in zip(size, onto, strict=True))
        for one_way, other_way in ((2, 1), (3, 1), (4, 1), (3, 2), (4, 3))
        for up, down in ((one_way, other_way), (other_way, one_way))
    )


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


def grid_points(size: Size, count: int) -> Points:
    """`count` × `count` places spread over the whole picture, row by row."""
    x, y = (np.linspace(0, side - 1, count) for side in size)
    return np.asarray(np.stack(np.meshgrid(x, y), -1).reshape(-1, 2), np.float64)


def hull_share(points: Points, size: Size) -> float:
    """Share of a picture that the convex hull of some of its points covers, 0 to 1."""
    hull = cv2.convexHull(points.astype(np.float32))
    return float(cv2.contourArea(hull)) / (size[0] * size[1])


def distance(one: Matrix, other: Matrix, size: Size) -> float:
    """How far apart two motions take a corner of a picture of `size`, px, at most."""
    with np.errstate(all="ignore"):
        gaps = np.linalg.norm(moved(corners(size), one) - moved(corners(size), other), axis=1)
    return float(gaps.max()) if np.isfinite(gaps).all() else np.inf


def enlargement(matrix: Matrix, size: Size, onto: Size) -> float:
    """By what factor lengths grow: the median over what is seen of a picture of `size`."""
    growth = _growth(matrix, size, onto)
    return float(np.sqrt(median(growth))) if len(growth) else 1.0


def plausible(matrix: Matrix, size: Size, onto: Size, *, proven: bool = False) -> bool:
    """Whether a camera or a scanner could have made this of a picture of `size`.

    Only the part that both pictures show is judged: the rest of a picture taken at a flat angle
    may well lie beyond the horizon. Not plausible is what blows that part up or shrinks it beyond
    measure, or one place of it much more than another.

    Parameters
    ----------
    matrix : ndarray of float64, shape (3, 3)
        The motion, in front where its third coordinate is positive.
    size, onto : (int, int)
        Of the picture that is moved and of the one that it's moved onto.
    proven : bool
        Whether there's other evidence for it, so that more may be believed.
    """
    if not np.isfinite(matrix).all() or abs(np.linalg.det(matrix)) < 1e-12:
        return False
    growth = _growth(matrix, size, onto)
    if len(growth) < OVERLAP.fewest_places:
        return False
    relative = float(median(growth)) * size[0] * size[1] / (onto[0] * onto[1])
    skew = OVERLAP.proven_skew if proven else OVERLAP.skew
    return bool(
        1 / OVERLAP.enlargement < relative < OVERLAP.enlargement
        and growth.max() < skew * growth.min()
    )


def facing(matrix: Matrix, points: Points) -> Matrix:
    """The same motion with a sign such that most of `points` lie in front of its camera.

    A homography takes what lies beyond its horizon somewhere too, as a ghost; where the third
    coordinate is positive is what the camera sees.
    """
    depth = points @ matrix[2, :2] + matrix[2, 2]
    return -matrix if median(depth) < 0 else matrix


def in_front(matrix: Matrix, onto: Size) -> Mask | None:
    """Which pixels of a grid of the size `onto` show no ghost, (H, W); None if all do."""
    back = inverse(matrix)  # If M p = w q, then M⁻¹ q = p / w: the signs are one.
    if (corners(onto) @ back[2, :2] + back[2, 2] > 0).all():
        return None
    x, y = np.arange(onto[0]), np.arange(onto[1])
    return np.asarray(np.add.outer(back[2, 1] * y, back[2, 0] * x) + back[2, 2] > 0)


def covers(matrix: Matrix, size: Size, onto: Size) -> bool:
    """Whether each pixel's centre of the grid lies in the moved picture."""
    if in_front(matrix, onto) is not None:
        return False
    ends = moved(corners(onto), inverse(matrix))
    reach = np.array(size) - 0.5
    return bool((ends >= -0.5 - 1e-9).all() and (ends <= reach + 1e-9).all())


def _growth(matrix: Matrix, size: Size, onto: Size) -> NDArray[np.float64]:
    """By what factor areas grow, at those of 24 × 24 places of the picture that land in `onto`."""
    places = grid_points(size, _GRID)
    ends = places @ matrix[:, :2].T + matrix[:, 2]
    ahead = ends[:, 2] > 1e-9
    ends = ends[ahead]
    landed = ends[:, :2] / ends[:, 2:]
    inside = ((landed > -0.5) & (landed < np.array(onto) - 0.5)).all(axis=1)
    return np.asarray(abs(np.linalg.det(matrix)) / ends[inside, 2] ** 3)


def moves_nothing(matrix: Matrix) -> bool:
    """Whether it leaves every point where it is."""
    return bool(np.array_equal(matrix, np.eye(3)))


def share_inside(matrix: Matrix, size: Size, onto: Size) -> float:
    """Share of a picture of `size` that lands inside one of the size `onto`, 0 to 1."""
    if size == onto and moves_nothing(matrix):  # as mostly, and the rest takes its time
        return 1.0
    back = inverse(matrix)
    ends = _cut(outline(onto) @ back[:, :2].T + back[:, 2])
    if len(ends) < 3:
        return 0.0
    quad = (ends[:, :2] / ends[:, 2:]).astype(np.float32)
    area, _ = cv2.intersectConvexConvex(quad, outline(size).astype(np.float32))
    return min(1.0, float(area) / (size[0] * size[1]))


def _cut(ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """A polygon of homogeneous points (N, 3) without the part beyond the horizon."""
    least = 1e-6 * float(abs(ends[:, 2]).max())
    kept = []
    for one, other in zip(ends, np.roll(ends, -1, 0), strict=True):
        if one[2] >= least:
            kept.append(one)
        if (one[2] >= least) != (other[2] >= least):
            part = (least - one[2]) / (other[2] - one[2])
            kept.append(one + part * (other - one))
    return np.array(kept).reshape(-1, 3)
