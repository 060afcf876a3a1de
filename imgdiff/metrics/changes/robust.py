"""Robust estimates: what holds for most of the samples, whatever the rest does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imgdiff.pixels.biweight import biweight
from imgdiff.pixels.order_statistics import median

MAD_TO_SIGMA = 1.4826
"""Median absolute deviation → standard deviation of a normal distribution."""


def tukey_fit(
    design: NDArray[np.floating],
    values: NDArray[np.floating],
    *,
    floor: float,
    ridge: float = 0,
    rounds: int = 10,
) -> NDArray[np.float64]:
    """Linear least squares with Tukey's biweight, by iterated reweighting.

    Parameters
    ----------
    design : ndarray, shape (N, K)
    values : ndarray, shape (N,)
    floor : float
        The least scale of the residuals, so that a perfect fit doesn't throw out the rest.
    ridge : float
        Holds back coefficients that the data don't determine.
    rounds : int
        How often to reweight.
    """
    design = np.asarray(design, np.float64)
    weights: NDArray[np.float64] = np.ones(len(values))
    penalty = ridge**2 * np.eye(design.shape[1])
    fit: NDArray[np.float64] = np.zeros(design.shape[1])
    for _ in range(rounds):
        weighted = design * weights[:, None]
        normal = weighted.T @ design + penalty + 1e-9 * np.eye(len(penalty))
        fit = np.asarray(np.linalg.solve(normal, weighted.T @ values), np.float64)
        residuals = np.abs(values - design @ fit)
        scale = max(floor, MAD_TO_SIGMA * float(median(residuals)))
        weights = biweight(residuals, scale)
    return fit
