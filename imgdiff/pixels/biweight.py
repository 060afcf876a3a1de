"""Tukey's biweight: how far a residual is believed."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_CUTOFF: Final = 4.685
"""In units of the scale: gives least squares' efficiency of 95 % on Gaussian errors."""


def biweight(residuals: NDArray[np.floating], scale: float) -> NDArray[np.float64]:
    """Weights of residuals, 1 where there is none, 0 from 4.685 scales on.

    Parameters
    ----------
    residuals : ndarray, shape (N,)
    scale : float
        Their standard deviation, in the same unit.

    References
    ----------
    A. E. Beaton, J. W. Tukey, "The fitting of power series, meaning polynomials, illustrated on
    band-spectroscopic data", Technometrics 16 (1974), DOI 10.1080/00401706.1974.10489171.
    """
    return np.asarray(np.clip(1 - (residuals / (_CUTOFF * scale)) ** 2, 0, 1) ** 2, np.float64)
