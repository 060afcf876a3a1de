"""From two gray pictures to the motion between them, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from typing import TypeAlias

import cv2
import numpy as np

from imgdiff.alignment.correlation import likely_shifts
from imgdiff.alignment.features import Described, blob_features, corner_features, matched
from imgdiff.alignment.fit import fit_motion, simpler_fits, tukey_weights
from imgdiff.alignment.geometry import (
    Matrix,
    distance,
    hull_share,
    inverse,
    plausible,
    quarter_turn,
    rescale,
    shift,
)
from imgdiff.alignment.quality import Gray, Judge, reduced
from imgdiff.alignment.refine import Tracks, refine, refine_at_full_size
from imgdiff.alignment.registration import SAME, Registration
from imgdiff.alignment.snap import all_turns, snapped

_SIDE = 960
"""Long side, px, of the pictures in which points are looked for."""

_SHIFT_SIDE = 512

_GOOD, _FAIR = 0.8, 0.6
"""Quality from which on a motion needs no rival, only refinement; and no rival that is slow."""

_TIE = 0.02
"""Difference of quality that doesn't count: of equal motions the smaller one is taken."""

_REPEAT = 0.02
"""Share of the long side by which two motions must differ to be different ones."""

_UNSURE = 0.35
"""Uncertainty and scatter, px of the reduced pictures, above which points alone prove nothing."""

_EXACT, _MOST = 0.15, 0.8
"""Scatter, px, and share of the points that agree on it, that leave no room for doubt."""

_MANY, _NEAR = 50, 5
"""Points that needn't fear the judge, and how small, px, a correction is that they may make."""


def register(reference: Gray, test: Gray, *, most: str = "homography") -> Registration:
    """Find the motion from `test` to `reference`.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W)
        Of any sizes.
    most : {"translation", "similarity", "homography"}
        The freest kind of motion allowed.
    """
    return _Search(reference, test, most).run()


Search: TypeAlias = tuple[Callable[[], Registration | None], float]
"""A way to find a motion, and the quality from which on it isn't needed."""


class _Search:
    """One call of `register`: the pictures in the sizes in which they are looked at."""

    def __init__(self, reference: Gray, test: Gray, most: str) -> None:
        self.full = reference, test
        self.most = most
        self.reference, self.test = reduced(reference, _SIDE), reduced(test, _SIDE)
        self.judge = Judge.of(self.reference, self.test)
        self.size, self.onto = test.shape[::-1], reference.shape[::-1]
        self.described: dict[Callable[[Gray], Described], Described] = {}

    def run(self) -> Registration:
        start = self.plain()
        if not self.judge.textured():
            return Registration(start, None)
        in_place = self.judge.quality(start)
        found = self.refined(self.best_start(start))
        return replace(found, in_place=in_place, sparse=self.sparse)

    @cached_property
    def sparse(self) -> bool:
        """Whether there's little in the pictures."""
        return self.judge.sparse()

    def plain(self) -> Matrix:
        """The two pictures simply laid on each other, stretched if that is allowed."""
        if self.most == "translation" or self.size == self.onto:
            return np.eye(3)
        whole = rescale(self.size, self.onto)
        if self.most == "similarity":
            scale = np.sqrt(whole[0, 0] * whole[1, 1])
            middle = (np.array(self.size) - 1) / 2, (np.array(self.onto) - 1) / 2
            offset = middle[1] - scale * middle[0]
            return np.array([[scale, 0, offset[0]], [0, scale, offset[1]], [0, 0, 1]])
        return whole

    def best_start(self, plain: Matrix) -> Registration:
        """The best motion that the searches find; they are tried from quick to slow."""
        best = Registration(plain, self.judge.quality(plain))
        unscaled = Registration(np.eye(3), self.judge.quality(np.eye(3)))
        if (unscaled.quality or 0) > (best.quality or 0) - _TIE:
            best = unscaled
        if self.most == "translation":
            searches: list[Search] = [(self.by_shift, _GOOD)]
        else:
            searches = [
                (self.by_shift, _GOOD),
                (self.by_corners, _GOOD),
                (self.by_turn, _FAIR),
                (self.by_blobs, _FAIR),
                (partial(self.by_corners, mirrored=True), SAME),
                (partial(self.by_blobs, mirrored=True), SAME),
            ]
        for search, good_enough in searches:
            if (best.quality or 0) >= good_enough:
                break
            found = search()
            if found is not None and self.believable(found) and _better(found, best):
                best = found
        return best

    def believable(self, found: Registration) -> bool:
        """Whether there's enough in the pictures for so large a motion.

        Where an arrow points the other way, the arrow has changed, not the sheet.
        """
        if self.size != self.onto or not self.sparse:
            return True
        slopes = found.matrix[:2, :2]
        upright = (slopes.diagonal() > np.abs(slopes[::-1].diagonal())).all()
        return bool(upright and np.linalg.det(slopes) > 0)

    def by_shift(self) -> Registration | None:
        """By phase correlation, of the pictures as they are and stretched to one size."""
        scale = _SHIFT_SIDE / max(*self.size, *self.onto)
        bases = [np.eye(3)]
        if self.most != "translation" and self.size != self.onto:
            bases.append(self.plain())
        found = [
            Registration(matrix, self.judge.quality(matrix))
            for base in bases
            for matrix in self.shifts_after(base, min(1, scale))
        ]
        return self.smallest_of_the_best(found)

    def shifts_after(self, base: Matrix, scale: float) -> list[Matrix]:
        """Shifts that follow `base`, found on pictures reduced by one `scale`."""
        stretched = self.size if np.array_equal(base, np.eye(3)) else self.onto
        small = [
            cv2.resize(
                gray,
                (max(1, round(scale * size[0])), max(1, round(scale * size[1]))),
                interpolation=cv2.INTER_AREA,
            )
            for gray, size in ((self.reference.gray, self.onto), (self.test.gray, stretched))
        ]
        reference, test = (np.asarray(gray, np.uint8) for gray in small)
        found = np.rint(np.divide(likely_shifts(reference, test), scale))
        return [shift(x, y) @ base for x, y in found]

    def smallest_of_the_best(self, found: list[Registration]) -> Registration:
        """Of motions that do equally well the smallest, as repeated patterns have many."""
        top = max(candidate.quality or 0 for candidate in found)
        tied = [c for c in found if (c.quality or 0) >= top - _TIE]
        tied.sort(key=lambda c: distance(c.matrix, np.eye(3), self.size))
        first, last = tied[0].matrix, tied[-1].matrix
        apart = _REPEAT * max(*self.size, *self.onto)
        return replace(tied[0], ambiguous=distance(first, last, self.size) > apart)

    def by_turn(self) -> Registration | None:
        """By quarter turns and mirroring of the whole sheet."""
        found = [
            Registration(matrix, self.judge.quality(matrix))
            for matrix in all_turns(self.size, self.onto)
        ]
        return max(found, key=lambda candidate: candidate.quality or 0)

    def by_corners(self, *, mirrored: bool = False) -> Registration | None:
        """By ORB keypoints of the reduced pictures."""
        return self.by_features(corner_features, mirrored=mirrored)

    def by_blobs(self, *, mirrored: bool = False) -> Registration | None:
        """By RootSIFT keypoints of the reduced pictures."""
        return self.by_features(blob_features, mirrored=mirrored)

    def by_features(
        self, describe: Callable[[Gray], Described], *, mirrored: bool
    ) -> Registration | None:
        gray, first = self.test.gray, np.eye(3)
        if mirrored:
            gray = np.ascontiguousarray(gray[:, ::-1])
            first = quarter_turn(0, self.size, mirrored=True)
        if describe not in self.described:
            self.described[describe] = describe(self.reference.gray)
        found = matched(
            self.described[describe], describe(gray), perspective=self.most == "homography"
        )
        if found is None or not plausible(found.matrix, self.test.size, self.reference.size):
            return None
        size = self.reference.size
        fit = fit_motion(found.source, found.target, found.matrix, size, most=self.most)
        matrix = inverse(self.reference.from_full) @ fit.matrix @ self.test.from_full @ first
        matrix /= abs(matrix[2, 2])
        quality = self.judge.quality(matrix)
        count = len(found.source)
        spread = min(
            1.0 if fit.kind == "translation" else hull_share(points, picture.size)
            for points, picture in (
                (found.source, self.test),
                (found.target, self.reference),
            )
        )
        return Registration(
            matrix, quality, inliers=count, matches=count, spread=spread, snapped=False
        )

    def refined(self, found: Registration) -> Registration:
        """Followed points make a motion exact; where they'd make it worse it stays as it is."""
        tracks = refine(self.reference, self.test, found.matrix, most=self.most)
        if tracks is None or not self.improves(tracks, found):
            matrix = snapped(found.matrix, self.size, self.onto, uncertainty=1)
            same = matrix is found.matrix
            return replace(found, matrix=matrix, snapped=not same)
        tracks = self.simplest(tracks)
        closer = tracks
        if not self.full_size:
            closer = refine_at_full_size(*self.full, tracks, most=self.most)
        fit = closer.fit
        matrix = snapped(fit.matrix, self.size, self.onto, uncertainty=fit.uncertainty)
        believed = tukey_weights(closer.gaps) > 0
        return replace(
            found,
            matrix=matrix,
            quality=self.judge.quality(matrix),
            inliers=int(np.count_nonzero(believed)),
            residual=float(np.median(closer.gaps[believed])),
            uncertainty=fit.uncertainty,
            tracks=tracks,
            snapped=matrix is not fit.matrix,
        )

    @property
    def full_size(self) -> bool:
        """Whether neither picture had to be reduced."""
        return self.reference.gray.shape == self.full[0].shape and (
            self.test.gray.shape == self.full[1].shape
        )

    def improves(self, tracks: Tracks, found: Registration) -> bool:
        """Whether followed points are to be believed rather than the motion they began with.

        Quality hardly sees a fraction of a pixel, likes the blur that interpolation brings, and in
        line drawings counts every block into which that blur brings a shade of a line; so it's
        overruled where many points agree closely on a small correction.
        """
        fit = tracks.fit
        if not plausible(fit.matrix, self.size, self.onto):
            return False
        gain = self.judge.quality(fit.matrix) - (found.quality or 0)
        scale = 1 / self.reference.from_full[0, 0]
        if gain > _TIE / 2 or fit.uncertainty > _UNSURE * scale:
            return gain > (_TIE / 2 if fit.uncertainty <= _UNSURE * scale else 0.05)
        many = np.count_nonzero(fit.weights) >= max(_MANY, _MOST * len(fit.weights))
        near = distance(fit.matrix, found.matrix, self.size) < _NEAR * scale
        if near and many and fit.scatter < _EXACT * scale:
            return True
        agreed = np.count_nonzero(fit.weights) >= _MANY and fit.scatter < _UNSURE * scale
        return gain > -_TIE / 2 or bool(gain > -0.1 and agreed and near)

    def simplest(self, tracks: Tracks) -> Tracks:
        """Where points are followed but roughly, a freer motion must show that it's better."""
        scale = 1 / self.reference.from_full[0, 0]
        if tracks.fit.scatter < _UNSURE * scale:
            return tracks
        enough = self.judge.quality(tracks.fit.matrix) - _TIE / 2
        for fit in simpler_fits(tracks.fit, tracks.source, tracks.target, self.onto):
            if self.judge.quality(fit.matrix) >= enough:
                return replace(tracks, fit=fit)
        return tracks


def _better(one: Registration, other: Registration) -> bool:
    """Whether a later find, which is a freer motion, is worth taking."""
    if max(one.quality or 0, other.quality or 0) < SAME and (one.compelling or other.compelling):
        return one.compelling
    return (one.quality or 0) > (other.quality or 0) + _TIE / 2
