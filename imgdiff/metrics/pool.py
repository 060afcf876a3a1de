"""Error map → one number: scores and thresholds."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.errors import SettingsError
from imgdiff.metrics.tiles import Tile
from imgdiff.metrics.windows import UNIFORM_REACH
from imgdiff.pixels.color import gray_levels
from imgdiff.types import ErrorMap, Mask, holds_everywhere

_STRIP = 32
"""Rows looked at together, so that they stay in the processor's cache."""

_COLUMNS = 1024
"""Of them: few enough for what is equal to be passed over."""

_EPSILON = float(np.finfo(np.float32).eps)
"""OpenCV's bound for a class that is as good as empty."""


def mean_error(error_map: ErrorMap, valid: Mask) -> float:
    """Mean of the error over the valid pixels, in float64.

    Raises
    ------
    SettingsError
        No pixel is valid.
    """
    if holds_everywhere(valid):
        return float(cv2.mean(error_map)[0])
    return float(_valid_errors(error_map, valid).mean(dtype=np.float64))


def deviation(error_map: ErrorMap, valid: Mask) -> float:
    """Standard deviation of the error over the valid pixels; SettingsError as `mean_error`."""
    errors = error_map if holds_everywhere(valid) else _valid_errors(error_map, valid)
    return float(cv2.meanStdDev(errors)[1][0, 0])


def share_over(error_map: ErrorMap, valid: Mask, *, limit: float) -> float:
    """Share of the valid pixels whose error exceeds `limit`, 0 to 1; errors as `mean_error`."""
    errors = error_map if holds_everywhere(valid) else _valid_errors(error_map, valid)
    return int(np.count_nonzero(errors > limit)) / errors.size


def _valid_errors(error_map: ErrorMap, valid: Mask) -> ErrorMap:
    """The errors of the valid pixels, in a row."""
    if not valid.any():
        raise SettingsError(
            "At least one pixel away from the border must be left to compare, but all of them are "
            "ignored: ignore less."
        )
    return error_map[valid]


def mean_similarity(error_map: ErrorMap, valid: Mask, *, margin: int = UNIFORM_REACH) -> float:
    """Mean of ``1 − error`` away from the border.

    Parameters
    ----------
    error_map : ndarray of float, shape (H, W)
        ``1 − similarity``.
    valid : ndarray of bool, shape (H, W)
        Where to look.
    margin : int
        Border, px, left out since windows there would reach outside the picture: by default half
        the window of SSIM, as in scikit-image.

    Returns
    -------
    float
        1 = equal. Raises SettingsError as `mean_error` does.
    """
    inner = slice(margin, -margin), slice(margin, -margin)
    return 1 - mean_error(error_map[inner], valid[inner])


def otsu_threshold(error_map: ErrorMap, ceiling: float) -> float:
    """Error above which a pixel is changed, found by Otsu's method on the 8-bit diff picture.

    Otsu's level best splits the picture's gray levels into two classes, so it always finds two,
    even where nothing but noise differs.

    Parameters
    ----------
    error_map : ndarray of float, shape (H, W)
        0 = equal.
    ceiling : float
        The error that is black in the diff picture.

    Returns
    -------
    float
        Such that ``error > threshold`` holds where the diff picture is at or below Otsu's level.

    References
    ----------
    N. Otsu, "A threshold selection method from gray-level histograms", IEEE Transactions on
    Systems, Man, and Cybernetics 9 (1979), DOI 10.1109/TSMC.1979.4310076.
    """
    return otsu_threshold_of(level_counts(error_map, ceiling), ceiling)


def otsu_threshold_of(counts: NDArray[np.float64], ceiling: float) -> float:
    """The same by how many pixels of the diff picture have each level, 0 to 255."""
    # A level is cut down from 255 − 255·error/ceiling, so "level ≤ L" means error > this:
    return (254 - _otsu_level(counts)) * ceiling / 255


def level_counts(error_map: ErrorMap, ceiling: float) -> NDArray[np.float64]:
    """How many pixels of the diff picture have each level, 0 to 255."""
    counts = np.zeros(256)
    for tile in Tile(0, error_map.shape[0], 0, error_map.shape[1]).split(_STRIP, _COLUMNS):
        errors = error_map[tile.slices]
        if not cv2.hasNonZero(errors):
            counts[255] += errors.size
            continue
        levels = gray_levels(errors, ceiling=ceiling)
        counts += cv2.calcHist([levels], [0], None, [256], [0, 256]).ravel()
    return counts


def _otsu_level(counts: NDArray[np.float64]) -> int:
    """The last level of the darker class; 0 if there is but one class, as OpenCV has it.

    The arithmetic is OpenCV's, step by step, so that ties fall the same way.
    """
    shares = counts * (1 / counts.sum())
    mean = float(np.arange(256) @ counts) * (1 / float(counts.sum()))
    best, level = 0.0, 0
    dark_share = dark_mean = 0.0
    for value, share in enumerate(shares.tolist()):
        dark_mean *= dark_share
        dark_share += share
        light_share = 1 - dark_share
        if min(dark_share, light_share) < _EPSILON or max(dark_share, light_share) > 1 - _EPSILON:
            continue
        dark_mean = (dark_mean + value * share) / dark_share
        light_mean = (mean - dark_share * dark_mean) / light_share
        between = dark_share * light_share * (dark_mean - light_mean) ** 2
        if between > best:
            best, level = between, value
    return level
