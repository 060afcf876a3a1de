"""From two gray pictures to the motion between them, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import cv2
import numpy as np

from imgdiff.alignment.correlation import likely_shifts
from imgdiff.alignment.features import Described, blob_features, corner_features, matched
from imgdiff.alignment.fit import fit_motion
from imgdiff.alignment.geometry import (
    Matrix,
    distance,
    hull_share,
    inverse,
    is_simple_multiple,
    moves_nothing,
    plausible,
    quarter_turn,
    shift,
)
from imgdiff.alignment.quality import Gray
from imgdiff.alignment.registration import SAME, Registration
from imgdiff.alignment.second_look import second_look
from imgdiff.alignment.settle import settled
from imgdiff.alignment.sight import Sight
from imgdiff.alignment.snap import all_turns, snapped


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """How far one way to find a motion is followed before another one is tried.

    Attributes
    ----------
    shift_side : int
        Long side, px, of the pictures in which shifts are looked for.
    good, fair : float
        Quality from which on a motion needs no rival, only refinement; and no rival that is slow.
    tie : float
        Difference of quality that doesn't count: of equal motions the smaller one is taken.
    repeat : float
        Share of the long side by which two motions must differ to be different ones.
    worse : float
        By this factor the points of a proved motion may come to lie farther off when followed
        points refine it: from day to night, or into another season, those may go astray.
    near, least_gain : float
        Where one size is a simple multiple of the other, another motion than plain rescaling must
        lie farther off than so many of the larger pixels, and gain so much of quality: pages of
        like lines, drawn at 1.5 times the size, came out .07 better two lines lower.
    """

    shift_side: int = 512
    good: float = 0.8
    fair: float = 0.6
    tie: float = 0.02
    repeat: float = 0.02
    worse: float = 1.1
    near: float = 1.5
    least_gain: float = 0.12


SEARCH = SearchLimits()


def register(reference: Gray, test: Gray, *, most: str = "homography") -> Registration:
    """Find the motion from `test` to `reference`.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W)
        Of any sizes.
    most : {"translation", "similarity", "homography"}
        The freest kind of motion allowed.
    """
    return _Search(Sight(reference, test, most)).run()


Search: TypeAlias = tuple[Callable[[], Registration | None], float]
"""A way to find a motion, and the quality from which on it isn't needed."""


class _Search:
    """One call of `register`."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self.judge, self.most = sight.judge, sight.most
        self.reference, self.test = sight.reference, sight.test
        self.size, self.onto = sight.size, sight.onto
        self.described: dict[Callable[[Gray], Described], Described] = {}

    def run(self) -> Registration:
        start = self.sight.plain()
        if not self.judge.textured():
            other = self.size != self.onto and self.judge.one_lacks()
            return Registration(start, 0 if other else None)
        in_place = self.judge.quality(start)
        found = settled(self.sight, self.best_start(start))
        if found.doubtful and self.most == "homography" and not self.sight.sparse:
            found = self.looked_again(found)
        plain = Registration(start, in_place)
        found = self.or_plain(found, plain) if self.vouched(found) else plain
        return replace(found, in_place=in_place, sparse=self.sight.symbols)

    def or_plain(self, found: Registration, plain: Registration) -> Registration:
        """Plain rescaling, where one size is a simple multiple of the other and it does."""
        scaled = self.most != "translation" and self.size != self.onto
        if not scaled or not is_simple_multiple(self.size, self.onto):
            return found
        pixel = max(1, self.onto[0] / self.size[0])
        near = distance(found.matrix, plain.matrix, self.size) <= SEARCH.near * pixel
        gain = (found.quality or 0) - (plain.quality or 0)
        does = (plain.quality or 0) >= SAME and (near or gain < SEARCH.least_gain)
        return plain if does else found

    def vouched(self, found: Registration) -> bool:
        """Whether what is found of another size fits well enough if there's little in a picture.

        A sprite of 83 × 73 px came to lie on a drawing of a house, seen at an angle: quality .47.
        """
        scanty = self.size != self.onto and not self.sight.tells_turns
        return not scanty or found.proved or (found.quality or 0) >= SEARCH.fair

    def looked_again(self, found: Registration) -> Registration:
        """Another motion, if a second look proves one; else the one that was found."""
        proved = second_look(self.reference, self.test)
        if proved is None:
            return found
        count, quality = len(proved.source), self.judge.quality(proved.matrix)
        gap = proved.typical_gap(proved.matrix)
        matrix = snapped(proved.matrix, self.size, self.onto, uncertainty=gap)
        exact = matrix is not proved.matrix
        start = Registration(matrix, quality, count, gap, matches=count, proved=True, snapped=exact)
        refined = settled(self.sight, start)
        return refined if proved.typical_gap(refined.matrix) <= SEARCH.worse * gap else start

    def best_start(self, plain: Matrix) -> Registration:
        """The best motion that the searches find; they are tried from quick to slow."""
        best = Registration(plain, self.judge.quality(plain))
        unscaled = Registration(np.eye(3), self.judge.quality(np.eye(3)))
        if (unscaled.quality or 0) > (best.quality or 0) - SEARCH.tie:
            best = unscaled
        if self.most == "translation":
            searches: list[Search] = [(self.by_shift, SEARCH.good)]
        else:
            searches = [
                (self.by_shift, SEARCH.good),
                (self.by_corners, SEARCH.good),
                (self.by_turn, SEARCH.fair),
                (self.by_blobs, SEARCH.fair),
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
        if self.size != self.onto or self.sight.tells_turns:
            return True
        slopes = found.matrix[:2, :2]
        upright = (slopes.diagonal() > np.abs(slopes[::-1].diagonal())).all()
        return bool(upright and np.linalg.det(slopes) > 0)

    def by_shift(self) -> Registration | None:
        """By phase correlation, of the pictures as they are and stretched to one size."""
        scale = SEARCH.shift_side / max(*self.size, *self.onto)
        bases = [np.eye(3)]
        if self.most != "translation" and self.size != self.onto:
            bases.append(self.sight.plain())
        found = [
            Registration(matrix, self.judge.quality(matrix))
            for base in bases
            for matrix in self.shifts_after(base, min(1, scale))
        ]
        return self.smallest_of_the_best(found)

    def shifts_after(self, base: Matrix, scale: float) -> list[Matrix]:
        """Shifts that follow `base`, found on pictures reduced by one `scale`."""
        stretched = self.size if moves_nothing(base) else self.onto
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
        tied = [c for c in found if (c.quality or 0) >= top - SEARCH.tie]
        tied.sort(key=lambda c: distance(c.matrix, np.eye(3), self.size))
        first, last = tied[0].matrix, tied[-1].matrix
        apart = SEARCH.repeat * max(*self.size, *self.onto)
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


def _better(one: Registration, other: Registration) -> bool:
    """Whether a later find, which is a freer motion, is worth taking."""
    if max(one.quality or 0, other.quality or 0) < SAME and (one.compelling or other.compelling):
        return one.compelling
    return (one.quality or 0) > (other.quality or 0) + SEARCH.tie / 2
