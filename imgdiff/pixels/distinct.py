"""Which values occur."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """The distinct values of an array, each once, in order.

    As `numpy.unique` has them, which imports masked arrays to see whether they are none unless it
    is asked for more: that takes as long as to compare two screenshots.
    """
    return np.unique(values, return_counts=True)[0]
