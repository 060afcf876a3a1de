"""A smooth displacement on top of a plane motion: what lenses and hand-held cameras leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.fit import tukey_weights
from imgdiff.alignment.geometry import Matrix, Points, Size, moved
from imgdiff.alignment.refine import Tracks

_POWERS = [(i, j) for i in range(4) for j in range(4 - i)]
_ROUNDS = 12
_FEWEST_POINTS = 80
_RIDGE = 0.05
_LEAST_GAIN = 0.8
"""The field is kept if the remaining distances shrink to this share or less."""

_LEAST_USEFUL, _LARGEST = 0.2, 30
"""Displacements, px: if nearly all are below the one, it's not worth interpolating; above the
other, it's not a lens."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Displacements of the reference's pixels: cubic polynomials of their place.

    Attributes
    ----------
    coefficients : ndarray of float64, shape (10, 2)
        Of the powers x^i y^j, i + j ≤ 3, for x and y from −1 to 1 over the picture; in px.
    size : (int, int)
        Of the reference.
    """

    coefficients: NDArray[np.float64]
    size: Size

    def at(self, points: Points) -> Points:
        """Displacements (N, 2) at `points` (N, 2), px."""
        return np.asarray(_powers(points, self.size) @ self.coefficients)

    def over(self, rows: slice) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Displacements right and down of whole rows, each (H, W)."""
        width, height = self.size
        x = np.linspace(-1, 1, width, dtype=np.float32)
        y = np.linspace(-1, 1, height, dtype=np.float32)[rows]
        right = np.zeros((len(y), width), np.float32)
        down = np.zeros_like(right)
        for (i, j), (dx, dy) in zip(_POWERS, self.coefficients, strict=True):
            power = np.multiply.outer(y**j, x**i)
            right += np.float32(dx) * power
            down += np.float32(dy) * power
        return right, down


def fit_field(tracks: Tracks, matrix: Matrix, size: Size) -> Field | None:
    """The displacements that a plane motion leaves, if they are smooth and worth it.

    Parameters
    ----------
    tracks : Tracks
        Points that were followed.
    matrix : ndarray of float64, shape (3, 3)
        The plane motion between them.
    size : (int, int)
        Of the reference.

    Returns
    -------
    Field or None
        So that the test picture's place of a reference pixel p is that of p + field(p) under the
        plane motion. None unless it makes the points agree clearly better.
    """
    places = tracks.target
    if len(places) < _FEWEST_POINTS:
        return None
    gaps = moved(tracks.source, matrix) - places
    powers = _powers(places, size)
    weights = np.ones(len(places))
    ridge = _RIDGE * np.eye(len(_POWERS))
    for _ in range(_ROUNDS):
        weighted = powers * weights[:, None]
        normal = weighted.T @ powers + ridge
        coefficients = np.linalg.solve(normal, weighted.T @ gaps)
        left = np.linalg.norm(gaps - powers @ coefficients, axis=1)
        weights = tukey_weights(left)
    field = Field(np.asarray(coefficients, np.float64), size)
    return field if _worth_it(field, gaps, left, weights) else None


def _worth_it(
    field: Field, gaps: Points, left: NDArray[np.float64], weights: NDArray[np.float64]
) -> bool:
    believed = weights > 0
    before = float(np.median(np.linalg.norm(gaps[believed], axis=1)))
    after = float(np.median(left[believed]))
    right, down = field.over(slice(0, field.size[1], max(1, field.size[1] // 64)))
    lengths = np.hypot(right, down)
    useful = np.quantile(lengths, 0.95) > _LEAST_USEFUL and lengths.max() < _LARGEST
    return bool(useful and after < _LEAST_GAIN * before)


def _powers(points: Points, size: Size) -> NDArray[np.float64]:
    x, y = (2 * points / (np.array(size) - 1) - 1).T
    return np.stack([x**i * y**j for i, j in _POWERS], 1)
