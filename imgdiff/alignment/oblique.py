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
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.features import Described, PointMatch, agreed, root_sift
from imgdiff.alignment.geometry import Matrix, Points, inverse, moved
from imgdiff.alignment.quality import Gray, Reduced, reduced


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
    first_tilts, first_turn : tuple of float, float
        The same of the few views that are made up first: if they have nothing that agrees, no
        others are. Of 17 photographs seen at 62 to 79° all with 14 points or more of all views
        agree on these; with a tilt of 3 alone those seen five times shorter didn't.
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
    first_tilts: tuple[float, ...] = (3, 4)
    first_turn: float = 144
    keypoints: int = 1500
    ratio: float = 0.8
    place: float = 2


OBLIQUE = ObliqueLimits()

Located: TypeAlias = tuple[Points, NDArray[np.float32]]
"""Places (N, 2), and what each looks like (N, 128)."""

Pairs: TypeAlias = NDArray[np.float64]
"""(N, 5): two places that look alike, x and y each, and Lowe's ratio of their distances."""

_SWAPPED = [2, 3, 0, 1, 4]


def oblique_match(reference: Gray, test: Gray) -> PointMatch | None:
    """The motion that most matches of the pictures and of their tilted views agree on.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W)
    """
    ours, theirs = (_Seen.of(reduced(gray, OBLIQUE.side)) for gray in (reference, test))
    pairs = _likest(theirs.points, ours.points)
    for tilts, turn in ((OBLIQUE.first_tilts, OBLIQUE.first_turn), (OBLIQUE.tilts, OBLIQUE.turn)):
        forth = [_likest(theirs.points, view) for view in ours.tilted(tilts, turn)]
        back = [_likest(ours.points, view)[:, _SWAPPED] for view in theirs.tilted(tilts, turn)]
        pairs = _one_a_place(np.concatenate([pairs, *forth, *back]))
        found = agreed(
            moved(pairs[:, :2], inverse(theirs.picture.from_full)),
            moved(pairs[:, 2:4], inverse(ours.picture.from_full)),
            perspective=True,
        )
        if found is None:
            return None
    return found


def _one_a_place(pairs: Pairs) -> Pairs:
    """The best match of each place in either picture: several views show the same place."""
    pairs = pairs[np.argsort(pairs[:, 4], kind="stable")]
    for side in (slice(0, 2), slice(2, 4)):
        places = np.rint(pairs[:, side] / OBLIQUE.place)
        pairs = pairs[np.sort(np.unique(places, axis=0, return_index=True)[1])]
    return pairs


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A reduced picture with its keypoints."""

    picture: Reduced
    points: Located

    @classmethod
    def of(cls, picture: Reduced) -> _Seen:
        return cls(picture, _located(root_sift(picture.gray, OBLIQUE.keypoints)))

    def tilted(self, tilts: tuple[float, ...], turn: float) -> Iterator[Located]:
        """Keypoints of tilted views of the picture, where they lie in it."""
        for tilt in tilts:
            for degrees in np.arange(0, 180, turn / tilt):
                view, matrix, shown = _tilted(self.picture.gray, float(degrees), tilt)
                points, words = _located(root_sift(view, round(OBLIQUE.keypoints / tilt), shown))
                yield moved(points, inverse(matrix)), words


def _located(described: Described) -> Located:
    keypoints, words = described
    if not keypoints:
        return np.empty((0, 2)), np.empty((0, 128), np.float32)
    return np.array([keypoint.pt for keypoint in keypoints], np.float64), words


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


def _likest(plain: Located, view: Located) -> Pairs:
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
