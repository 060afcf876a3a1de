"""A motion that is nearly right → one that is right to a fraction of a pixel."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.fit import Fit, fit_motion, tukey_weights
from imgdiff.alignment.geometry import Matrix, Points, Size, covers, in_front, inverse, moved, shift
from imgdiff.alignment.quality import Gray, Reduced
from imgdiff.alignment.tracks import corner_points, even_contrast, follow, within
from imgdiff.types import Mask

_FEWEST_POINTS = 12
_MARGIN = 4
"""Points nearer to where the test picture ends aren't followed, px."""

_PATCH = 64
_PATCHES_ACROSS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """Places in the full-size pictures that show the same thing, and the motion between them.

    Attributes
    ----------
    source, target : ndarray of float64, shape (N, 2)
        In the test picture and in the reference, px.
    fit : Fit
        From the one to the other.
    """

    source: Points
    target: Points
    fit: Fit

    @property
    def gaps(self) -> NDArray[np.float64]:
        """Distances (N,) that the motion leaves, px."""
        return np.asarray(np.linalg.norm(moved(self.source, self.fit.matrix) - self.target, axis=1))


def refine(reference: Reduced, test: Reduced, matrix: Matrix, *, most: str) -> Tracks | None:
    """Follow points on the reduced pictures, and fit the motion to them.

    Parameters
    ----------
    reference, test : Reduced
    matrix : ndarray of float64, shape (3, 3)
        From the full-size test picture to the full-size reference, off by a few pixels at most.
    most : str
        The freest kind of motion allowed.

    Returns
    -------
    Tracks or None
        None if too few points can be followed.
    """
    to_reference, to_test = (inverse(picture.from_full) for picture in (reference, test))
    points = corner_points(reference.gray)
    even = even_contrast(reference.gray)
    tracks = None
    for levels in (2, 1):
        small = reference.from_full @ matrix @ to_test
        seen = _seen(small, test.size, reference.size)
        if not len(points):
            return None
        there, here = follow(
            even,
            even_contrast(_warped(test.gray, small, reference.size)),
            within(points, seen),
            levels=levels,
        )
        agreeing = _agreeing(there, here, 2.5 if levels == 2 else 1.5)
        if np.count_nonzero(agreeing) < _FEWEST_POINTS:
            return tracks
        source = moved(there, to_test @ inverse(small))
        target = moved(here, to_reference)
        fit = fit_motion(
            source[agreeing], target[agreeing], matrix, _full_size(reference), most=most
        )
        tracks = Tracks(source, target, fit)
        matrix = tracks.fit.matrix
    return tracks


def refine_at_full_size(reference: Gray, test: Gray, tracks: Tracks, *, most: str) -> Tracks:
    """Follow some of the points once more at full size, where reduced pictures blur.

    Only a small patch around each point is looked at, all of them side by side as one picture,
    so that it costs the same for pictures of any size.
    """
    matrix = tracks.fit.matrix
    centres = np.rint(_spread(tracks, _PATCHES_ACROSS**2))
    if len(centres) < _FEWEST_POINTS:
        return tracks
    ours = even_contrast(_patches(reference, centres, np.eye(3)))
    theirs = even_contrast(_patches(test, centres, inverse(matrix)))
    places = _patch_places(len(centres))
    there, here = follow(ours, theirs, places, levels=1)
    # The points that could be followed are known by where they are in the mosaic.
    index = (here // _PATCH).astype(int) @ [1, _PATCHES_ACROSS]
    target = centres[index]
    source = moved(target + there - here, inverse(matrix))
    if len(target) < _FEWEST_POINTS:
        return tracks
    size = reference.shape[1], reference.shape[0]
    return Tracks(source, target, fit_motion(source, target, matrix, size, most=most))


def _agreeing(source: Points, target: Points, tolerance: float) -> Mask:
    """Which pairs agree on any one homography: what moved by itself, or changed, doesn't."""
    inliers = None
    if len(source) >= _FEWEST_POINTS:
        _, inliers = cv2.findHomography(
            source, target, cv2.USAC_MAGSAC, tolerance, maxIters=3000, confidence=0.999
        )
    return np.zeros(len(source), np.bool_) if inliers is None else inliers.ravel() > 0


def _warped(gray: Gray, matrix: Matrix, size: Size) -> Gray:
    if size == gray.shape[::-1] and np.allclose(matrix, np.eye(3), rtol=0, atol=1e-9):
        return gray
    return np.asarray(cv2.warpPerspective(gray, matrix, size, flags=cv2.INTER_CUBIC), np.uint8)


def _seen(matrix: Matrix, size: Size, onto: Size) -> Mask:
    """Where the moved picture lies, without a margin."""
    if covers(matrix, size, onto):
        return np.broadcast_to(np.True_, onto[::-1])
    inside = np.ones(size[::-1], np.uint8)
    there = cv2.warpPerspective(inside, matrix, onto, flags=cv2.INTER_NEAREST)
    ahead = in_front(matrix, onto)
    if ahead is not None:
        there = np.asarray(there * ahead, np.uint8)
    reach = np.ones((2 * _MARGIN + 1,) * 2, np.uint8)
    return np.asarray(cv2.erode(there, reach, borderValue=1) > 0)


def _full_size(picture: Reduced) -> Size:
    scale = picture.from_full[0, 0], picture.from_full[1, 1]
    return round(picture.size[0] / scale[0]), round(picture.size[1] / scale[1])


def _spread(tracks: Tracks, count: int) -> Points:
    """At most `count` of the believed points of the reference, strongest corners first."""
    believed = tracks.target[tukey_weights(tracks.gaps) > 0.1]
    chosen = np.linspace(0, len(believed) - 1, min(count, len(believed))).astype(int)
    return np.asarray(believed[chosen])


def _patches(gray: Gray, centres: Points, matrix: Matrix) -> Gray:
    """Patches of 64 × 64 px around `centres`, as `matrix` takes them into `gray`, side by side."""
    rows = -(-len(centres) // _PATCHES_ACROSS)
    canvas = np.zeros((rows * _PATCH, _PATCHES_ACROSS * _PATCH), np.uint8)
    half = _PATCH / 2
    for index, (x, y) in enumerate(centres):
        top, left = (place * _PATCH for place in divmod(index, _PATCHES_ACROSS))
        canvas[top : top + _PATCH, left : left + _PATCH] = cv2.warpPerspective(
            gray,
            matrix @ shift(x - half, y - half),
            (_PATCH, _PATCH),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    return canvas


def _patch_places(count: int) -> Points:
    """The centres of the patches in the mosaic."""
    rows, columns = np.divmod(np.arange(count), _PATCHES_ACROSS)
    return np.stack([columns, rows], 1) * float(_PATCH) + _PATCH / 2
