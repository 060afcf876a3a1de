"""Homographies from matching keypoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import cv2
import numpy as np

from imgdiff.alignment.geometry import Matrix, Points, facing, moved
from imgdiff.alignment.quality import Gray
from imgdiff.pixels.order_statistics import median
from imgdiff.types import Mask

Described: TypeAlias = tuple[Sequence[cv2.KeyPoint], Any]
"""Keypoints, and an array with a row of numbers for each that tells what it looks like; None
without keypoints."""

_ORB_COUNT, _SIFT_COUNT = 1500, 3000
_RATIO = 0.8
_TOLERANCE = 3
"""Distance, px, within which a match agrees with a motion."""

_FEWEST_MATCHES = 8


@dataclass(frozen=True, slots=True, eq=False)
class PointMatch:
    """Keypoints of two pictures that agree on a motion.

    Attributes
    ----------
    source, target : ndarray of float64, shape (N, 2)
        Their places in the test picture and in the reference, as they were given, px.
    matrix : ndarray of float64, shape (3, 3)
        The motion from the one to the other.
    """

    source: Points
    target: Points
    matrix: Matrix

    def typical_gap(self, matrix: Matrix) -> float:
        """The median distance, px, that a motion leaves between them."""
        gaps = np.linalg.norm(moved(self.source, matrix) - self.target, axis=1)
        return float(median(gaps))


def corner_features(gray: Gray) -> Described:
    """By ORB: quick, for pictures that differ little in scale and viewpoint.

    References
    ----------
    E. Rublee et al., "ORB: an efficient alternative to SIFT or SURF", ICCV 2011,
    DOI 10.1109/ICCV.2011.6126544.
    """
    return cv2.ORB.create(_ORB_COUNT, fastThreshold=7).detectAndCompute(gray, None)


def blob_features(gray: Gray) -> Described:
    """By RootSIFT: slower, for all that ORB can't.

    References
    ----------
    D. G. Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 60 (2004),
    DOI 10.1023/B:VISI.0000029664.99615.94. R. Arandjelović, A. Zisserman, "Three things everyone
    should know to improve object retrieval", CVPR 2012, DOI 10.1109/CVPR.2012.6248018.
    """
    return root_sift(gray, _SIFT_COUNT)


def root_sift(gray: Gray, count: int, mask: Gray | None = None) -> Described:
    """At most `count` of SIFT's keypoints where `mask` isn't 0, with square roots of its words."""
    detector = cv2.SIFT.create(count, contrastThreshold=0.02)
    keypoints, words = detector.detectAndCompute(gray, mask)
    if not keypoints:
        return keypoints, None
    return keypoints, np.sqrt(words / (words.sum(axis=1, keepdims=True) + 1e-7))


def matched(reference: Described, test: Described, *, perspective: bool) -> PointMatch | None:
    """The motion, with or without perspective, that most keypoints agree on; None if few do."""
    pairs = _pairs(reference, test)
    if pairs is None:
        return None
    return agreed(*pairs, perspective=perspective)


def agreed(source: Points, target: Points, *, perspective: bool) -> PointMatch | None:
    """The motion that most of some pairs of places agree on; None if few do."""
    if len(source) < _FEWEST_MATCHES:
        return None
    matrix, agreeing = _fitted(source, target, perspective=perspective)
    if matrix is None or np.count_nonzero(agreeing) < _FEWEST_MATCHES:
        return None
    return PointMatch(source[agreeing], target[agreeing], matrix)


def _pairs(reference: Described, test: Described) -> tuple[Points, Points] | None:
    """Places in test and reference that look alike, and like nothing else (Lowe's ratio)."""
    (reference_keys, reference_words), (test_keys, test_words) = reference, test
    if min(len(reference_keys), len(test_keys)) < _FEWEST_MATCHES:
        return None
    norm = cv2.NORM_HAMMING if test_words.dtype == np.uint8 else cv2.NORM_L2
    nearest: dict[int, Any] = {}
    for best, second in cv2.BFMatcher(norm).knnMatch(test_words, reference_words, k=2):
        if best.distance >= _RATIO * second.distance:
            continue
        rival = nearest.get(best.trainIdx)
        if rival is None or best.distance < rival.distance:
            nearest[best.trainIdx] = best
    if len(nearest) < _FEWEST_MATCHES:
        return None
    matches = nearest.values()
    source = np.array([test_keys[match.queryIdx].pt for match in matches], np.float64)
    target = np.array([reference_keys[match.trainIdx].pt for match in matches], np.float64)
    return source, target


def _fitted(source: Points, target: Points, *, perspective: bool) -> tuple[Matrix | None, Mask]:
    """A homography, or a similarity, and which pairs agree with it.

    References
    ----------
    D. Barath et al., "MAGSAC++, a fast, reliable and accurate robust estimator", CVPR 2020,
    DOI 10.1109/CVPR42600.2020.00138.
    """
    matrix: Any
    if perspective:
        matrix, inliers = cv2.findHomography(
            source, target, cv2.USAC_MAGSAC, _TOLERANCE, maxIters=5000, confidence=0.9995
        )
    else:
        part, inliers = cv2.estimateAffinePartial2D(
            source, target, ransacReprojThreshold=_TOLERANCE, maxIters=5000, confidence=0.9995
        )
        matrix = None if part is None else np.vstack([part, [0, 0, 1]])
    if matrix is None:
        return None, np.zeros(len(source), np.bool_)
    agreeing = inliers.ravel() > 0
    return facing(np.asarray(matrix, np.float64), source[agreeing]), agreeing
