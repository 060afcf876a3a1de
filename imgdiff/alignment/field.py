"""A smooth displacement on top of a plane motion: what lenses and hand-held cameras leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.fit import Weights, tukey_weights
from imgdiff.alignment.geometry import Matrix, Points, Size, hull_share, moved
from imgdiff.alignment.refine import Tracks
from imgdiff.pixels.order_statistics import median, quantile
from imgdiff.types import Mask

_POWERS = [(i, j) for i in range(4) for j in range(4 - i)]
_ROUNDS = 12
_RIDGE, _LENS_RIDGE = 0.05, 1e-4
"""What keeps the factors of a free field, and those of a lens, small."""

Polynomial: TypeAlias = dict[tuple[int, int], float]
"""Factors of x^i y^j by (i, j)."""


@dataclass(frozen=True, slots=True)
class FieldLimits:
    """When a field is believed.

    Attributes
    ----------
    fewest_points : int
        Followed points from which on one is fitted.
    least_gain : float
        The field is kept if the remaining distances shrink to this share or less.
    least_useful : float
        Displacements, px: if nearly all are smaller, it's not worth interpolating.
    largest : float
        As a share of the long side: what bends more is no lens.
    lens_is_enough : float
        By this factor a lens may leave more than any smooth field: it has few parameters, and
        so it's right where no point anchors it, as in the corners of a typewritten page.
    least_support : float
        Share of the picture that the points must be spread over for a field that isn't a lens's.
    """

    fewest_points: int = 80
    least_gain: float = 0.8
    least_useful: float = 0.2
    largest: float = 0.06
    lens_is_enough: float = 1.15
    least_support: float = 0.6


FIELD = FieldLimits()


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

    @property
    def depth(self) -> tuple[float, float]:
        """As in `Parallax`: a lens knows nothing of it."""
        return 0.0, 0.0

    def covers(self, rows: slice) -> Mask:
        """Which pixels of whole rows nearer things cover: none, (H, W)."""
        return np.broadcast_to(np.False_, (rows.stop - rows.start, self.size[0]))


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
    if len(places) < FIELD.fewest_points:
        return None
    gaps = moved(tracks.source, matrix) - places
    powers = _powers(places, size)
    free = _fitted(powers, np.eye(2 * len(_POWERS)), gaps, size, ridge=_RIDGE)
    lens = _fitted(powers, _lens_basis(size), gaps, size, ridge=_LENS_RIDGE)
    believed = free.weights > 0
    if median(lens.left[believed]) <= FIELD.lens_is_enough * median(free.left[believed]):
        return lens.field if _worth_it(lens, gaps) else None
    supported = hull_share(places[believed], size) >= FIELD.least_support
    return free.field if supported and _worth_it(free, gaps) else None


@dataclass(frozen=True, slots=True, eq=False)
class _FieldFit:
    """A field, the distances (N,) that it leaves, px, and how far each point was believed."""

    field: Field
    left: NDArray[np.float64]
    weights: Weights


def _fitted(
    powers: NDArray[np.float64],
    basis: NDArray[np.float64],
    gaps: Points,
    size: Size,
    *,
    ridge: float,
) -> _FieldFit:
    """The field of a basis (20, K) of displacements that the points agree on most."""
    across, down = powers @ basis[: len(_POWERS)], powers @ basis[len(_POWERS) :]
    weights = np.ones(len(gaps))
    penalty = ridge * np.eye(basis.shape[1])
    for _ in range(_ROUNDS):
        right, below = across * weights[:, None], down * weights[:, None]
        normal = right.T @ across + below.T @ down + penalty
        amounts = np.linalg.solve(normal, right.T @ gaps[:, 0] + below.T @ gaps[:, 1])
        left = np.hypot(gaps[:, 0] - across @ amounts, gaps[:, 1] - down @ amounts)
        weights = tukey_weights(left)
    coefficients = (basis @ amounts).reshape(2, len(_POWERS)).T
    return _FieldFit(Field(np.ascontiguousarray(coefficients), size), left, weights)


def _lens_basis(size: Size) -> NDArray[np.float64]:
    """A lens's bend and the eight small plane motions, as coefficients of a field; (20, 9).

    A lens moves each place along its radius, by a share that grows with the radius squared. Rows
    are the powers for x, then those for y.
    """
    width, height = np.array(size) / max(size)
    one: Polynomial = {(0, 0): 1.0}
    x: Polynomial = {(1, 0): float(width)}
    y: Polynomial = {(0, 1): float(height)}
    square = {**_product(x, x), **_product(y, y)}
    none: Polynomial = {}
    fields = [
        (one, none), (none, one), (x, none), (y, none), (none, x), (none, y),
        (_product(x, x), _product(x, y)), (_product(x, y), _product(y, y)),
        (_product(x, square), _product(y, square)),
    ]  # fmt: skip
    columns = [[part.get(power, 0.0) for part in field for power in _POWERS] for field in fields]
    return np.array(columns).T


def _product(one: Polynomial, other: Polynomial) -> Polynomial:
    """Of two polynomials in x and y."""
    result: Polynomial = {}
    for (i, j), first in one.items():
        for (k, m), second in other.items():
            power = i + k, j + m
            result[power] = result.get(power, 0.0) + first * second
    return result


def _worth_it(fit: _FieldFit, gaps: Points) -> bool:
    believed = fit.weights > 0
    before = float(median(np.linalg.norm(gaps[believed], axis=1)))
    after = float(median(fit.left[believed]))
    height = fit.field.size[1]
    right, down = fit.field.over(slice(0, height, max(1, height // 64)))
    lengths = np.hypot(right, down)
    possible = lengths.max() < FIELD.largest * max(fit.field.size)
    useful = possible and quantile(lengths, 0.95) > FIELD.least_useful
    return bool(useful and after < FIELD.least_gain * before)


def _powers(points: Points, size: Size) -> NDArray[np.float64]:
    x, y = (2 * points / (np.array(size) - 1) - 1).T
    return np.stack([x**i * y**j for i, j in _POWERS], 1)
