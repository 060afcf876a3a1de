"""Keypoints of a plane seen from very different sides, found on views of it that are made up.

References
----------
J.-M. Morel, G. Yu, "ASIFT: a new framework for fully affine invariant image comparison", SIAM
Journal on Imaging Sciences 2 (2009), DOI 10.1137/080732730. Here one picture is tilted at a time:
the other is seen as it is, and between the two any tilt can be made by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.features import Described, PointMatch, agreed, root_sift
from imgdiff.alignment.geometry import Matrix, Points, inverse, moved
from imgdiff.alignment.quality import Gray, reduced


@dataclass(frozen=True, slots=True)
class ObliqueLimits:
    """Which views are made up, and what is taken of them.

    Attributes
    ----------
    side : int
        Long side, px, of the pictures that are tilted.
    tilts : tuple of float
        How many times shorter a view gets in one direction; SIFT itself bridges a factor of 2.
    turn : float
        Degrees between views of one tilt, times the tilt.
    keypoints : int
        Of the picture as it is; a view gets fewer, as it has less area.
    ratio : float
        How much more alike than the second a match must be (Lowe's ratio of distances).
    place : float
        Of the matches of one place, this many px across, only the best counts.
    """

    side: int = 512
    tilts: tuple[float, ...] = (2, 4)
    turn: float = 72
    keypoints: int = 1500
    ratio: float = 0.8
    place: float = 2


OBLIQUE = ObliqueLimits()

Words = NDArray[np.float32]

Pairs = NDArray[np.float64]
"""(N, 5): two places that look alike, x and y each, and Lowe's ratio of their distances."""


def oblique_match(reference: Gray, test: Gray) -> PointMatch | None:
    """The motion that most matches of the pictures and of their tilted views agree on.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W)
    """
    small_reference, small_test = (reduced(gray, OBLIQUE.side) for gray in (reference, test))
    ours, theirs = _described(small_reference.gray), _described(small_test.gray)
    forth = [_likest(theirs, view) for view in _views(small_reference.gray, ours)]
    back = [_likest(ours, view)[:, [2, 3, 0, 1, 4]] for view in _views(small_test.gray, theirs)]
    pairs = _one_a_place(np.concatenate([*forth, *back]))
    return agreed(
        moved(pairs[:, :2], inverse(small_test.from_full)),
        moved(pairs[:, 2:4], inverse(small_reference.from_full)),
        perspective=True,
    )


def _one_a_place(pairs: Pairs) -> Pairs:
    """The best match of each place in either picture: several views show the same place."""
    pairs = pairs[np.argsort(pairs[:, 4], kind="stable")]
    for side in (slice(0, 2), slice(2, 4)):
        places = np.rint(pairs[:, side] / OBLIQUE.place)
        pairs = pairs[np.sort(np.unique(places, axis=0, return_index=True)[1])]
    return pairs


def _described(gray: Gray) -> tuple[Points, Words]:
    return _located(root_sift(gray, OBLIQUE.keypoints))


def _located(described: Described) -> tuple[Points, Words]:
    keypoints, words = described
    if not keypoints:
        return np.empty((0, 2)), np.empty((0, 128), np.float32)
    return np.array([keypoint.pt for keypoint in keypoints], np.float64), words


def _views(gray: Gray, plain: tuple[Points, Words]) -> Iterator[tuple[Points, Words]]:
    """Keypoints of the picture, then of its tilted views, where they lie in the picture."""
    yield plain
    for tilt in OBLIQUE.tilts:
        for turn in np.arange(0, 180, OBLIQUE.turn / tilt):
            view, matrix, shown = _tilted(gray, float(turn), tilt)
            points, words = _located(root_sift(view, round(OBLIQUE.keypoints / tilt), shown))
            yield moved(points, inverse(matrix)), words


def _tilted(gray: Gray, turn: float, tilt: float) -> tuple[Gray, Matrix, Gray]:
    """A picture turned and then made shorter, the motion, and a mask of where it shows."""
    height, width = gray.shape
    angle = np.deg2rad(turn)
    cos, sin = np.cos(angle), np.sin(angle)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]]) @ [
        [cos, sin],
        [-sin, cos],
    ]
    low, high = corners.min(axis=0), corners.max(axis=0)
    matrix = np.array([[cos, -sin, -low[0]], [sin, cos, -low[1]], [0, 0, 1]])
    size = round(high[0] - low[0]), round(high[1] - low[1])
    # What is sampled more thinly is smoothed before, by the amount that the paper gives.
    turned = cv2.warpPerspective(gray, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    smooth = cv2.GaussianBlur(turned, (0, 0), sigmaX=0.8 * np.sqrt(tilt**2 - 1), sigmaY=0.01)
    shorter = np.diag([1 / tilt, 1, 1])
    final = max(1, round(size[0] / tilt)), size[1]
    view = cv2.warpPerspective(smooth, shorter, final)
    shown = cv2.warpPerspective(np.full(gray.shape, 255, np.uint8), shorter @ matrix, final)
    reach = np.ones((11, 5), np.uint8)
    inner = cv2.erode(shown, reach, borderValue=0)
    return np.asarray(view, np.uint8), shorter @ matrix, np.asarray(inner, np.uint8)


def _likest(plain: tuple[Points, Words], view: tuple[Points, Words]) -> Pairs:
    """Places of the plain picture and of a view that look alike, and like nothing else."""
    (places, words), (others, other_words) = plain, view
    if len(places) < 2 or not len(others):
        return np.empty((0, 5))
    likeness = other_words @ words.T
    top = np.argpartition(-likeness, 1, axis=1)[:, :2]
    values = np.take_along_axis(likeness, top, axis=1)
    # RootSIFT has length 1: the squared distance is 2 − 2 × likeness.
    near, far = np.sort(np.sqrt(np.maximum(2 - 2 * values, 0)), axis=1).T
    ratio = near / np.maximum(far, 1e-6)
    best = top[np.arange(len(top)), values.argmax(axis=1)]
    good = ratio < OBLIQUE.ratio
    return np.column_stack([places[best[good]], others[good], ratio[good]])
