"""Curves that bring the levels of one picture to those of another, channel by channel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.look import Samples
from imgdiff.metrics.changes.robust import tukey_fit
from imgdiff.pixels.order_statistics import distinct, median, quantile

Curves = NDArray[np.float32]
"""(256, 3): the new value of each level, by channel."""

_LEVELS = np.arange(256)
_BINS = 48
_ENOUGH = 20
"""Samples that a bin needs for its median."""


def gamma_curves(given: Samples, wanted: Samples) -> Curves | None:
    """Gain and gamma, ``wanted = g · given^p``: a robust line through the logarithms.

    Parameters
    ----------
    given, wanted : ndarray of float, shape (N, 3)
        Levels of the same places.

    Returns
    -------
    ndarray of float32, shape (256, 3), or None
        None if there's too little to go by, or no sensible gamma.
    """
    curves = []
    for x, y in zip(given.T, wanted.T, strict=True):
        use = (x > 6) & (x < 249) & (y > 4) & (y < 251)
        if use.sum() < 300:
            return None
        log_x, log_y = np.log(x[use] / 255), np.log(y[use] / 255)
        gain, power = tukey_fit(np.stack([np.ones_like(log_x), log_x], 1), log_y, floor=0.01)
        if not 0.4 < power < 2.5:
            return None
        curves.append(255 * np.exp(gain) * (np.maximum(_LEVELS, 0.5) / 255) ** power)
    return np.stack(curves, 1).astype(np.float32)


def median_curves(given: Samples, wanted: Samples) -> Curves | None:
    """The median of `wanted` at each level of `given`: any monotone curve. As `gamma_curves`."""
    curves = []
    for x, y in zip(given.T, wanted.T, strict=True):
        order = np.argsort(x)
        sorted_x, sorted_y = x[order], y[order]
        edges = distinct(quantile(sorted_x, np.linspace(0, 1, _BINS + 1)))
        starts = np.searchsorted(sorted_x, edges[1:-1])
        rises = np.split(sorted_y - sorted_x, starts)
        bins = [
            ((level[(len(level) - 1) // 2] + level[len(level) // 2]) / 2, median(rise))
            for level, rise in zip(np.split(sorted_x, starts), rises, strict=True)
            if len(level) >= _ENOUGH
        ]
        if len(bins) < 3:
            return None
        level, rise = np.array(bins).T
        if len(rise) > 5:
            rise = np.convolve(np.pad(rise, 2, "edge"), (0.1, 0.2, 0.4, 0.2, 0.1), "valid")
        values = _LEVELS + np.interp(_LEVELS, level, rise)
        curves.append(np.maximum.accumulate(_going_on(values, level[-1])))
    return np.stack(curves, 1).astype(np.float32)


def histogram_curves(given: Samples, wanted: Samples) -> Curves | None:
    """What gives `given` the histogram of `wanted`, wherever each level lies. As `gamma_curves`."""
    curves = []
    shares = np.linspace(0, 1, 256)
    for x, y in zip(given.T, wanted.T, strict=True):
        level, first = np.unique(quantile(x, shares), return_index=True)
        if len(level) < 4:
            return None
        values = np.interp(_LEVELS, level, quantile(y, shares)[first])
        curves.append(_going_on(values, level[-1]))
    return np.stack(curves, 1).astype(np.float32)


def _going_on(values: NDArray[np.float64], last: float) -> NDArray[np.float64]:
    """A curve that goes on as a gain beyond the last level sampled.

    Highlights are often too small to be sampled, and a constant would darken them.
    """
    known = int(last)
    beyond = values[known] * _LEVELS / max(known, 1)
    return np.where(known < _LEVELS, beyond, values)
