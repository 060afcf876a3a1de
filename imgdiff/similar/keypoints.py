"""Two pictures → the points that both show: proof without learning that they show the same.

References
----------
D. G. Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 60 (2004),
DOI 10.1023/B:VISI.0000029664.99615.94.
R. Arandjelović, A. Zisserman, "Three things everyone should know to improve object retrieval",
CVPR 2012, DOI 10.1109/CVPR.2012.6248018 (RootSIFT).
D. Barath et al., "MAGSAC++, a fast, reliable and accurate robust estimator", CVPR 2020,
DOI 10.1109/CVPR42600.2020.00138.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.pixels.color import luma, on_white
from imgdiff.types import Image

Positions: TypeAlias = NDArray[np.float32]
"""(N, 2): x to the right, y down, px of the picture as it was loaded; pixel centres at integers."""

FEWEST = 10
"""Matching points that confirm a pair. Unrelated pictures reach a handful by chance;
docs/similar.md says how often either error was seen."""

_SIDE = 512
"""Pictures are matched at this length of their longer side, px."""

_COUNT = 800
_CONTRAST = 0.002
"""Low, so that soft pictures have points as well: in sharp ones the best 800 are taken anyway."""
_RATIO = 0.8
_TOLERANCE = 4
"""Distance, px of the small picture, within which two points agree with a motion."""

_CELLS = 6
"""Cells along either side, each of which has its turn where points are thinned out."""

_EXTREME_SCALE = 10
"""A motion that scales more than this isn't one of a picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Keypoints:
    """What is to be recognised in one picture.

    Attributes
    ----------
    points : ndarray of float32, shape (N, 2)
        Where, in the picture's own pixels.
    descriptors : ndarray of uint8, shape (N, 128)
        What it looks like there, as SIFT describes it: a 4 × 4 grid with 8 directions each.
    shrunk : float
        Pixels of the picture for each pixel in which it was looked at.
    """

    points: Positions
    descriptors: NDArray[np.uint8]
    shrunk: float

    def spread(self, count: int) -> Keypoints:
        """So many of them at most, from all over the picture.

        The clearest alone might all lie in a caption.
        """
        if len(self.points) <= count:
            return self
        inside = (self.points - self.points.min(axis=0)) / np.ptp(self.points, axis=0).clip(1e-6)
        columns, rows = np.minimum((inside * _CELLS).astype(np.intp), _CELLS - 1).T
        cells = rows * _CELLS + columns
        by_cell = np.argsort(cells, kind="stable")
        starts = np.searchsorted(cells[by_cell], cells[by_cell])
        turn = np.empty(len(cells), np.intp)
        turn[by_cell] = np.arange(len(cells)) - starts
        kept = np.argsort(turn, kind="stable")[:count]
        return Keypoints(self.points[kept], self.descriptors[kept], self.shrunk)


@dataclass(frozen=True, slots=True, eq=False)
class SharedPoints:
    """Positions that two pictures share, all moved in the same way.

    Attributes
    ----------
    first, second : ndarray of float32, shape (N, 2)
        Where each point is in the one picture and in the other.
    mirrored : bool
        One is a mirror image of the other.
    """

    first: Positions
    second: Positions
    mirrored: bool

    @property
    def count(self) -> int:
        """How many points match."""
        return len(self.first)

    @property
    def confirmed(self) -> bool:
        """Whether they are enough to say that both show the same picture or scene."""
        return self.count >= FEWEST


_NONE = SharedPoints(np.empty((0, 2), np.float32), np.empty((0, 2), np.float32), mirrored=False)


def find_keypoints(image: Image) -> Keypoints:
    """The points of a picture that are easiest to find again, at most 800."""
    gray = luma(on_white(image.pixels, image.alpha))
    shrunk = max(gray.shape) / _SIDE
    size = [max(1, round(side / shrunk)) for side in (image.width, image.height)]
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA if shrunk > 1 else cv2.INTER_CUBIC)
    # Without the precise upscaling every point would lie a quarter of a pixel right and low.
    detector = cv2.SIFT.create(_COUNT, contrastThreshold=_CONTRAST, enable_precise_upscale=True)
    found, described = detector.detectAndCompute(small, None)
    points = np.array([keypoint.pt for keypoint in found], np.float32).reshape(-1, 2)
    # Where nothing is found, nothing is described: not even an empty array.
    descriptors = np.asarray(described if found else np.empty((0, 128)), np.uint8)
    # Pixel centres are at integers, so a picture's corner is at -0.5.
    return Keypoints(
        (points + 0.5) * np.float32(shrunk) - 0.5, descriptors.astype(np.uint8), shrunk
    )


def match_keypoints(first: Keypoints, second: Keypoints) -> SharedPoints:
    """The points that two pictures share, or that one shares with the other's mirror image."""
    straight = _agreeing(first, first.descriptors, second, mirrored=False)
    if straight.confirmed:
        return straight
    mirrored = _agreeing(first, _mirror_image(first.descriptors), second, mirrored=True)
    return max(straight, mirrored, key=lambda found: found.count)


def _mirror_image(descriptors: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The descriptors that the mirrored picture would have, without looking at it.

    A descriptor is a grid of 4 rows and 4 columns, turned into the keypoint's own direction, with
    8 directions in each cell. A mirror swaps the rows' order and the sense of rotation.
    """
    grid = descriptors.reshape(-1, 4, 4, 8)[:, ::-1]
    return np.ascontiguousarray(grid[..., -np.arange(8) % 8]).reshape(-1, 128)


def _agreeing(
    first: Keypoints, descriptors: NDArray[np.uint8], second: Keypoints, *, mirrored: bool
) -> SharedPoints:
    """The matches that agree with one motion; none if there is no such motion."""
    chosen = _pairs(_root(descriptors), _root(second.descriptors))
    if len(chosen) < FEWEST:
        return _NONE
    ours, theirs = first.points[chosen[:, 0]], second.points[chosen[:, 1]]
    # OpenCV takes no motion that turns a picture inside out, so a mirrored one is turned back.
    source = ours / first.shrunk * ((-1, 1) if mirrored else (1, 1))
    matrix, inliers = cv2.findHomography(
        source,
        theirs / second.shrunk,
        cv2.USAC_MAGSAC,
        _TOLERANCE,
        maxIters=1500,
        confidence=0.999,
    )
    if matrix is None or not _is_plausible(np.asarray(matrix, np.float64)):
        return _NONE
    kept = np.flatnonzero(inliers)
    kept = kept[_distinct(ours[kept] / first.shrunk) & _distinct(theirs[kept] / second.shrunk)]
    return SharedPoints(ours[kept], theirs[kept], mirrored)


def _root(descriptors: NDArray[np.uint8]) -> NDArray[np.float32]:
    """RootSIFT: the roots of each descriptor's shares, whose dot product is a Hellinger kernel."""
    values = descriptors.astype(np.float32)
    sums = np.maximum(values.sum(axis=1, keepdims=True), 1)
    return np.asarray(np.sqrt(values / sums), np.float32)


def _pairs(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> NDArray[np.intp]:
    """Indices (N, 2) of descriptors that look alike, and like no other (Lowe's ratio)."""
    if min(len(ours), len(theirs)) < FEWEST:
        return np.empty((0, 2), np.intp)
    products = ours @ theirs.T
    rows = np.arange(len(ours))
    nearest = products.argmax(axis=1)
    best = products[rows, nearest]
    mutual = products.argmax(axis=0)[nearest] == rows
    products[rows, nearest] = -1
    second = products.max(axis=1)
    # Distances of unit vectors: |a − b|² = 2 − 2 a·b.
    clear = 1 - best < _RATIO**2 * (1 - second)
    kept = rows[mutual & clear]
    return np.stack([kept, nearest[kept]], axis=1)


def _is_plausible(matrix: NDArray[np.float64]) -> bool:
    """Whether a motion keeps the pictures' sense of rotation, and a size one can believe."""
    area = float(np.linalg.det(matrix[:2, :2]))
    return _EXTREME_SCALE**-2 < area < _EXTREME_SCALE**2


def _distinct(points: Positions) -> NDArray[np.bool_]:
    """True for the first point at each pixel: many keypoints at one spot prove no more than one."""
    _, index = np.unique(points.round(), axis=0, return_index=True)
    distinct = np.zeros(len(points), bool)
    distinct[index] = True
    return distinct
