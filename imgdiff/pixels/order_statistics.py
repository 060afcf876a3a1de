"""Medians, quantiles and distinct values.

As NumPy's own, but for the masked arrays that these import only to see that they are given none:
that takes a command as long as to compare two screenshots.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def median(values: ArrayLike, *, axis: int | None = None, keepdims: bool = False) -> NDArray[Any]:
    """The middle value, or the mean of the two middle ones; along an axis if one is given.

    As `numpy.median`: NaN if one of the values is.
    """
    array: NDArray[Any] = np.asarray(values)
    if axis is None:
        array, axis = array.ravel(), 0
    count = array.shape[axis]
    if not count:
        return np.asarray(np.mean(array, axis=axis, keepdims=keepdims))
    half = count // 2
    ordered = np.partition(array, half, axis=axis)  # by two places would take many times as long
    lower, upper = np.split(ordered, [half], axis=axis)
    middle = upper.take([0], axis=axis)
    if count % 2 == 0:
        middle = np.concatenate([lower.max(axis=axis, keepdims=True), middle], axis=axis)
    found = middle.mean(axis=axis, keepdims=keepdims)
    largest = upper.max(axis=axis, keepdims=keepdims)  # NaN if there is one
    return np.asarray(np.where(np.isnan(largest), largest, found))


def quantile(values: NDArray[Any], shares: ArrayLike) -> NDArray[Any]:
    """The values that such shares of all are below, interpolated linearly, as `numpy.quantile`."""
    every = values.ravel()
    place = np.asarray(shares, np.float64) * (every.size - 1)
    below = place.astype(np.intp)
    above = np.minimum(below + 1, every.size - 1)
    ordered = np.sort(every.astype(np.uint16) if every.dtype == np.uint8 else every)  # bytes: slow
    step, part = ordered[above] - ordered[below], place - below
    found = np.asarray(
        np.where(part < 0.5, ordered[below] + step * part, ordered[above] - step * (1 - part))
    )
    return found if not np.isnan(ordered[-1]) else np.full_like(found, np.nan)


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """The distinct values of an array, each once, in order: as `numpy.unique`."""
    return np.unique(values, return_counts=True)[0]
