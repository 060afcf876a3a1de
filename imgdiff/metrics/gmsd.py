"""Gradient magnitude similarity deviation."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.errors import SizeError
from imgdiff.metrics.pool import deviation
from imgdiff.metrics.tiles import map_in_tiles
from imgdiff.pixels.color import levels
from imgdiff.types import ErrorMap, Mask, Pixels

_C = 170
"""Keeps the ratio steady where there is no gradient; the paper's, for levels of 0 to 255."""

_SMALLEST = 8
"""Shortest side, px: four gradients a side."""

_STEP = np.array([1, 0, -1], np.float32)
_MEAN = np.ones(3, np.float32) / 3


def gradient_dissimilarity(reference: Pixels, test: Pixels) -> ErrorMap:
    """Gradient magnitude similarity (GMSD).

    Compares how steep the edges are, at half the size, and tells how unevenly they suffered: best
    for judging blur, compression and noise in photographs, in good agreement with viewers. An
    even change of light or colour, or damage that is the same all over, counts for nothing.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, C)
        Same shape and dtype; both sides at least 8 px.

    Returns
    -------
    ndarray of float32, shape (H, W)
        ``1 − GMS`` of the pictures reduced to half their size, 0 = equal, up to 1; each value
        stands for 2 × 2 px. Several channels are compared each by itself and averaged.

    Raises
    ------
    SizeError
        A side is shorter than 8 px.

    References
    ----------
    W. Xue, L. Zhang, X. Mou, A. C. Bovik, "Gradient magnitude similarity deviation: a highly
    efficient perceptual image quality index", IEEE Transactions on Image Processing 23 (2014),
    DOI 10.1109/TIP.2013.2293423.
    """
    height, width = reference.shape[:2]
    if min(height, width) < _SMALLEST:
        raise SizeError(
            f"GMSD needs pictures of at least {_SMALLEST} × {_SMALLEST} pixels, but these are "
            f"{width} × {height}: use larger pictures or the method absdiff."
        )
    return map_in_tiles(_errors, reference, test, reach=4)


def gradient_deviation(error_map: ErrorMap, valid: Mask) -> float:
    """GMSD: the standard deviation of ``1 − GMS``, 0 = equal; SettingsError if none is valid."""
    return deviation(error_map[::2, ::2], valid[::2, ::2])


def _errors(a: Pixels, b: Pixels) -> NDArray[np.float32]:
    """``1 − GMS`` of two tiles, every value twice in each direction.

    With m, n the magnitudes, 1 − (2mn + C) / (m² + n² + C) = (m − n)² / (m² + n² + C), where
    nothing cancels.
    """
    m, n = _magnitude(a), _magnitude(b)
    difference = m - n
    difference *= difference
    m *= m
    n *= n
    m += n
    m += np.float32(_C)
    difference /= m
    if difference.ndim == 3:
        channels = [difference[..., channel] for channel in range(difference.shape[2])]
        difference = sum(channels[1:], channels[0]) / len(channels)  # faster than ``mean(axis=2)``
    twice = difference.repeat(2, axis=0).repeat(2, axis=1)
    return twice[: a.shape[0], : a.shape[1]]


def _magnitude(samples: Pixels) -> NDArray[np.float32]:
    """Length of Prewitt's gradient at half the size, in levels; 0 is assumed outside."""
    height, width = samples.shape[:2]
    whole: NDArray[Any] = levels(samples)
    if height % 2 or width % 2:
        whole = cv2.copyMakeBorder(whole, 0, height % 2, 0, width % 2, cv2.BORDER_CONSTANT)
    size = whole.shape[1] // 2, whole.shape[0] // 2
    half = cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
    outside = cv2.BORDER_CONSTANT
    across = cv2.sepFilter2D(half, cv2.CV_32F, _STEP, _MEAN, borderType=outside)
    down = cv2.sepFilter2D(half, cv2.CV_32F, _MEAN, _STEP, borderType=outside)
    return np.asarray(cv2.magnitude(across, down), np.float32)
