"""Feature maps → vectors of length 1."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float32]
"""(D,), of length 1."""

_POWER = 3
_SMALLEST = 1e-6


def unit(values: NDArray[np.float32]) -> Vector:
    """`values` at length 1; zeros stay zeros."""
    length = max(float(np.linalg.norm(values)), 1e-9)
    return (values / np.float32(length)).astype(np.float32)


def pooled(features: NDArray[np.float32]) -> Vector:
    """A feature map in one vector: what is there on the whole, and what stands out.

    Parameters
    ----------
    features : ndarray of float32, shape (C, H, W)
        At least 0.

    Returns
    -------
    ndarray of float32, shape (2·C,)
        Average and generalised mean, each at length 1, together at length 1.

    References
    ----------
    F. Radenović, G. Tolias, O. Chum, "Fine-tuning CNN image retrieval with no human annotation",
    TPAMI 41 (2019), DOI 10.1109/TPAMI.2018.2846566 (generalised-mean pooling, p = 3).
    """
    average = features.mean(axis=(1, 2))
    powers = np.maximum(features, _SMALLEST) ** _POWER
    return unit(np.concatenate([unit(average), unit(np.cbrt(powers.mean(axis=(1, 2))))]))
