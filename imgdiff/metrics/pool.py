"""Error map → one number: scores and thresholds."""

from __future__ import annotations

import cv2
import numpy as np

from imgdiff.color import gray_levels
from imgdiff.errors import SettingsError
from imgdiff.types import ErrorMap, Mask


def mean_error(error_map: ErrorMap, valid: Mask) -> float:
    """Mean of the error over the valid pixels, in float64.

    Raises
    ------
    SettingsError
        No pixel is valid.
    """
    if valid.all():
        return float(error_map.mean(dtype=np.float64))
    if not valid.any():
        raise SettingsError(
            "At least one pixel away from the border must be left to compare, but all of them are "
            "ignored: ignore less."
        )
    return float(error_map[valid].mean(dtype=np.float64))


def mean_similarity(error_map: ErrorMap, valid: Mask, *, margin: int = 3) -> float:
    """Mean of ``1 − error`` away from the border.

    Parameters
    ----------
    error_map : ndarray of float, shape (H, W)
        ``1 − similarity``.
    valid : ndarray of bool, shape (H, W)
        Where to look.
    margin : int
        Border, px, left out since windows there would reach outside the picture; 3 is half the
        7 px window of SSIM, as in scikit-image.

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
    levels = gray_levels(error_map, ceiling=ceiling)
    level, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    # A level is cut down from 255 − 255·error/ceiling, so "level ≤ L" means error > this:
    return (254 - level) * ceiling / 255
