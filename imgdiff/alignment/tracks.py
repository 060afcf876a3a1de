"""Points followed from one picture to another, to a fraction of a pixel."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.geometry import Points
from imgdiff.alignment.quality import Gray
from imgdiff.types import Mask

_COUNT = 1200
_WINDOW = 21
_AGREEMENT = 0.5
"""Followed there and back, a point must end within this distance, px, of where it began."""

_CONTRAST_SIDE = 21
_CONTRAST_FLOOR = 16
"""Variance, levels²: what is flatter than this is noise, and stays faint."""


def corner_points(gray: Gray) -> Points:
    """Places that can be followed, spread over the picture.

    References
    ----------
    J. Shi, C. Tomasi, "Good features to track", CVPR 1994, DOI 10.1109/CVPR.1994.323794.
    """
    height, width = gray.shape
    apart = max(5, 0.55 * (height * width / _COUNT) ** 0.5)
    smooth = cv2.GaussianBlur(gray, (0, 0), 1)
    found = cv2.goodFeaturesToTrack(smooth, _COUNT, 0.001, apart)
    return np.empty((0, 2)) if found is None else found.reshape(-1, 2).astype(np.float64)


def follow(reference: Gray, test: Gray, points: Points, *, levels: int) -> tuple[Points, Points]:
    """Where `points` of the reference lie in `test`, a picture nearly on the same grid.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W)
        As `even_contrast` makes them.
    points : ndarray of float64, shape (N, 2)
        In the reference, px.
    levels : int
        Times that the pictures are halved, to catch larger distances.

    Returns
    -------
    source, target : ndarray of float64, shape (M, 2)
        In test and reference: those points that come back when they are followed back.

    References
    ----------
    J.-Y. Bouguet, "Pyramidal implementation of the affine Lucas Kanade feature tracker", Intel
    Corporation (2001). Z. Kalal, K. Mikolajczyk, J. Matas, "Forward-backward error", ICPR 2010,
    DOI 10.1109/ICPR.2010.675.
    """
    if not len(points):
        return points, points
    start = points.astype(np.float32).reshape(-1, 1, 2)
    there, found = _followed(reference, test, start, levels)
    back, returned = _followed(test, reference, there, levels)
    good = found & returned & (np.linalg.norm((back - start).reshape(-1, 2), axis=1) < _AGREEMENT)
    return there.reshape(-1, 2)[good].astype(np.float64), points[good]


def _followed(
    one: Gray, other: Gray, points: NDArray[np.float32], levels: int
) -> tuple[NDArray[np.float32], Mask]:
    """Where points (N, 1, 2) of the one lie in the other, and whether they were found."""
    window = (_WINDOW, _WINDOW)
    guess = points.copy()
    ends, found, _ = cv2.calcOpticalFlowPyrLK(
        one, other, points, guess, winSize=window, maxLevel=levels
    )
    return np.asarray(ends, np.float32), found.ravel() > 0


def within(points: Points, mask: Mask) -> Points:
    """Those points that lie on true pixels."""
    x, y = np.rint(points).astype(int).T
    return np.asarray(points[mask[y, x]])


def even_contrast(gray: Gray) -> Gray:
    """Brightness and contrast evened out over the picture, so that light hardly matters.

    Local contrast normalisation: the distance from the mean nearby over the deviation nearby,
    ±3 deviations spread over 0 to 255.
    """
    samples = gray.astype(np.float32)
    window = (_CONTRAST_SIDE, _CONTRAST_SIDE)
    samples -= cv2.blur(samples, window)
    variance = cv2.blur(samples * samples, window)
    variance += _CONTRAST_FLOOR
    samples /= cv2.sqrt(variance)
    levels = cv2.convertScaleAbs(np.clip(samples, -3, 3, out=samples) + 3, alpha=255 / 6)
    return np.asarray(levels, np.uint8)
