"""A motion from points that somebody gave: these places show the same thing."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.geometry import Matrix, Points, Size, plausible, shift
from imgdiff.alignment.motion import Motion
from imgdiff.alignment.snap import snapped
from imgdiff.errors import SettingsError
from imgdiff.pixels.order_statistics import median
from imgdiff.types import Alignment, PointPair

_APART = 2
"""Px; points nearer together than this, in one picture, tell nothing of turn and scale."""


def motion_by_hand(points: Sequence[PointPair], size: Size, onto: Size) -> Motion:
    """The simplest motion that so many points determine.

    Parameters
    ----------
    points : sequence of (x, y, x, y)
        A place before, and the same after, px; one makes a shift, two a shift, turn and scale,
        three an affine motion, four and more a homography, by least squares.
    size, onto : (int, int)
        Of the picture after and of the one before.

    Raises
    ------
    SettingsError
        The points don't make a motion.
    """
    numbers = np.asarray(points, np.float64)
    if numbers.shape != (len(points), 4) or not np.isfinite(numbers).all():
        raise SettingsError(f"points must be four numbers each, but are {points}: change them.")
    target, source = numbers[:, :2], numbers[:, 2:]
    matrix = _matrix(source, target)
    if matrix is None or not plausible(matrix, size, onto, proven=True):
        raise SettingsError(
            "The points must be places in both pictures, apart from each other and not on one "
            f"line, but with {points} no motion brings the pictures over each other: check them."
        )
    matrix = snapped(matrix, size, onto, uncertainty=0)
    ends = np.c_[source, np.ones(len(source))] @ matrix.T
    left = np.linalg.norm(ends[:, :2] / ends[:, 2:] - target, axis=1)
    return Motion(matrix, evidence=Alignment(residual=float(median(left))))


def _matrix(source: Points, target: Points) -> Matrix | None:
    """The motion between places (N, 2); None if they determine none."""
    count = len(source)
    if count == 1:
        return shift(*(target - source)[0])
    across = [np.ptp(places, axis=0).max() for places in (source, target)]
    if min(across) < _APART:
        return None
    x, y = source.T
    one, none = np.ones(count), np.zeros(count)
    if count == 2:
        rows = [np.stack([x, -y, one, none], 1), np.stack([y, x, none, one], 1)]
        a, b, right, down = _solved(np.concatenate(rows), target.T.ravel())
        return np.array([[a, -b, right], [b, a, down], [0, 0, 1]])
    if count == 3:
        flat = np.stack([x, y, one], 1)
        if abs(np.linalg.det(flat)) < _APART**2:
            return None
        return np.vstack([np.linalg.solve(flat, target).T, [0, 0, 1]])
    return _homography(source, target)


def _homography(source: Points, target: Points) -> Matrix | None:
    matrix, _ = cv2.findHomography(source, target, 0)
    return None if matrix is None else np.asarray(matrix, np.float64)


def _solved(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.lstsq(left, right, rcond=None)[0])
