"""Small motions fitted to displacements, by iterated weighted least squares.

A homography near the identity is, to first order, a sum of eight simple motions: two shifts, a
turn, an enlargement, two stretches, two tilts. The first two of them make a translation, the
first four a similarity, all of them a homography.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.geometry import Matrix, Points, Size, corners, moved, shift
from imgdiff.pixels.biweight import biweight
from imgdiff.pixels.order_statistics import median

TERMS = {"translation": 2, "similarity": 4, "homography": 8}
"""How many of the simple motions each kind has, in order of freedom."""

Weights: TypeAlias = NDArray[np.float64]
"""(N,), 0 to 1."""

_ROUNDS = 8

_LEAST_SCATTER = 0.03
"""Tracking is never more certain than this, px."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A small motion and how well it is known.

    Attributes
    ----------
    kind : str
        One of `TERMS`.
    matrix : ndarray of float64, shape (3, 3)
        The motion.
    weights : ndarray of float64, shape (N,)
        How far each displacement was believed, 0 to 1.
    scatter : float
        Weighted root mean square of the remaining distances, px.
    uncertainty : float
        Standard error of the worst corner, px.
    """

    kind: str
    matrix: Matrix
    weights: Weights
    scatter: float
    uncertainty: float


def fit_motion(
    source: Points, target: Points, start: Matrix, size: Size, *, most: str = "homography"
) -> Fit:
    """The simplest motion from `source` to `target` that does as well as the freest allowed.

    Parameters
    ----------
    source, target : ndarray of float64, shape (N, 2)
        Places in the test picture and in the reference, px.
    start : ndarray of float64, shape (3, 3)
        A motion of the kind `most` that is nearly right.
    size : (int, int)
        Of the reference.
    most : {"translation", "similarity", "homography"}
        The freest kind allowed.
    """
    pairs = _Pairs(source, target, size)
    freest = pairs.descended(start, most)
    for fit in simpler_fits(freest, source, target, size):
        if fit.scatter**2 <= 1.05 * freest.scatter**2 + 0.02**2:
            return fit
    return freest


def simpler_fits(freest: Fit, source: Points, target: Points, size: Size) -> Iterator[Fit]:
    """Least-squares fits of the simpler kinds, simplest first, that believe what `freest` does."""
    pairs = _Pairs(source, target, size)
    weights = tukey_weights(np.linalg.norm(pairs.gaps(freest.matrix), axis=1))
    for kind, solve in (("translation", _translation), ("similarity", _similarity)):
        if TERMS[kind] < TERMS[freest.kind]:
            yield pairs.judged(kind, solve(source, target, weights), weights)


def tukey_weights(distances: NDArray[np.float64]) -> Weights:
    """Weights 0 to 1: the farther out, the less; 0 from 4.7 times the robust scatter on."""
    # The median distance of a two-dimensional Gaussian is 1.1774 times its scatter.
    scatter = max(_LEAST_SCATTER, float(median(distances)) / 1.1774)
    return biweight(distances, scatter)


def _translation(source: Points, target: Points, weights: Weights) -> Matrix:
    return shift(*np.average(target - source, axis=0, weights=weights))


def _similarity(source: Points, target: Points, weights: Weights) -> Matrix:
    """Least squares in closed form; as complex numbers, target = factor · source + offset.

    A mirrored picture has no similarity of this sort: its fit is bad, and isn't taken.
    """
    a, b = (points @ [1, 1j] for points in (source, target))
    mean_a, mean_b = (np.average(numbers, weights=weights) for numbers in (a, b))
    a, b = a - mean_a, b - mean_b
    factor = (weights * a.conj() * b).sum() / max((weights * abs(a) ** 2).sum(), 1e-9)
    offset = mean_b - factor * mean_a
    return np.array(
        [
            [factor.real, -factor.imag, offset.real],
            [factor.imag, factor.real, offset.imag],
            [0, 0, 1],
        ]
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Places in the test picture and in a reference of `size`, px."""

    source: Points
    target: Points
    size: Size

    def gaps(self, matrix: Matrix) -> Points:
        return self.target - moved(self.source, matrix)

    def descended(self, start: Matrix, kind: str) -> Fit:
        """Gauss–Newton from `start`, with Tukey's weights."""
        frame = _frame(self.size)
        matrix = start
        for _ in range(_ROUNDS):
            gaps = self.gaps(matrix)
            weights = tukey_weights(np.linalg.norm(gaps, axis=1))
            basis = self.basis(matrix, kind)
            slope = np.einsum("n,nij,ni->j", weights, basis, gaps * frame[0, 0])
            step = np.linalg.solve(_normal(basis, weights), slope)
            matrix = np.linalg.inv(frame) @ _small_motion(step) @ frame @ matrix
        return self.judged(kind, np.asarray(matrix / abs(matrix[2, 2]), np.float64), weights)

    def basis(self, matrix: Matrix, kind: str) -> NDArray[np.float64]:
        places = moved(moved(self.source, matrix), _frame(self.size))
        return _basis(places)[:, :, : TERMS[kind]]

    def judged(self, kind: str, matrix: Matrix, weights: Weights) -> Fit:
        """How far the points scatter about a motion, and what that means for the corners."""
        squares = (self.gaps(matrix) ** 2).sum(axis=1)
        scatter = float(np.sqrt(np.average(squares, weights=weights)))
        ends = _basis(moved(corners(self.size), _frame(self.size)))[:, :, : TERMS[kind]]
        covariance = np.linalg.inv(_normal(self.basis(matrix, kind), weights))
        variance = np.einsum("nij,jk,nik->n", ends, covariance, ends).max()
        # The scatter is that of both coordinates, and so is the sum of the variances.
        return Fit(kind, matrix, weights, scatter, float(np.sqrt(variance / 2) * scatter))


def _normal(basis: NDArray[np.float64], weights: Weights) -> NDArray[np.float64]:
    """The matrix of the normal equations; never singular."""
    rows = basis.reshape(-1, basis.shape[-1])  # einsum of three takes ten times as long
    normal = (rows * np.repeat(weights, 2)[:, None]).T @ rows
    return np.asarray(normal + 1e-9 * np.eye(len(normal)), np.float64)


def _frame(size: Size) -> Matrix:
    """From pixels to a square of about −1 to 1 around the middle."""
    scale = max(size) / 2
    middle = (np.array(size) - 1) / 2
    return np.array(
        [[1 / scale, 0, -middle[0] / scale], [0, 1 / scale, -middle[1] / scale], [0, 0, 1]]
    )


def _basis(points: Points) -> NDArray[np.float64]:
    """(N, 2, 8): where each simple motion takes each point, per unit."""
    x, y = points.T
    one, zero = np.ones_like(x), np.zeros_like(x)
    across = [one, zero, -y, x, x, y, x * x, x * y]
    down = [zero, one, x, y, -y, x, x * y, y * y]
    return np.stack([np.stack(across, 1), np.stack(down, 1)], 1)


def _small_motion(amounts: NDArray[np.float64]) -> Matrix:
    """The matrix that moves by `amounts` of the simple motions, to first order."""
    x, y, turn, grow, stretch, shear, tilt_x, tilt_y = np.pad(amounts, (0, 8 - len(amounts)))
    return np.array(
        [
            [1 + grow + stretch, shear - turn, x],
            [shear + turn, 1 + grow - stretch, y],
            [-tilt_x, -tilt_y, 1],
        ]
    )
