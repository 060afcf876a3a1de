"""Which motion to believe: none, rows put in, one that was searched for, or that there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from imgdiff.alignment.geometry import Matrix, Size, moves_nothing, rescale
from imgdiff.alignment.in_place import (
    IN_PLACE,
    edges_in_place,
    equal_pixels,
    moves_something,
    share_equal,
    shows_one_thing,
    stretches_an_axis,
)
from imgdiff.alignment.rows import Matching, match_lines, mean_gap
from imgdiff.environment import of_both
from imgdiff.pixels.color import luma
from imgdiff.types import Align, Alignment, Mask, Pixels

# Most pictures lie in place already: what searches is imported for those that don't.
if TYPE_CHECKING:
    from imgdiff.alignment.parallax import Bend
    from imgdiff.alignment.quality import Gray
    from imgdiff.alignment.registration import Registration


_NEARLY_EQUAL, _CLEARLY = 1.0, 0.85
"""Mean difference that matched lines leave, levels, below which no motion can be better: lines that
are equal leave 0. Else a motion is believed if it leaves less than such a share of it: of whole
pages moved by parts of a pixel .8 at most, and where lines were put in 2.5 and more (30 pages)."""


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """What is to be done to the test picture, and how sure that is.

    Attributes
    ----------
    matrix : ndarray of float64, shape (3, 3)
        From the full-size test picture to the full-size reference.
    related : bool
        Whether the two belong together at all.
    bend : Bend or None
        What is to be added to the motion.
    matching : Matching or None
        Which lines of the test picture belong to which of the reference, before the motion.
    evidence : Alignment
        How sure it is; what was made of it is still to be filled in.
    """

    matrix: Matrix
    related: bool = True
    bend: Bend | None = None
    matching: Matching | None = None
    evidence: Alignment = field(default_factory=Alignment)


def find_motion(reference: Pixels, test: Pixels, motion: Align) -> Motion:
    """The motion from `test` to `reference`, as `imgdiff.align` promises it.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W, 3)
        Of one dtype.
    """
    size, onto = _size(test), _size(reference)
    one_size = size == onto
    still = motion in ("none", "corner", "stretch")
    if still or (one_size and equal_pixels(reference, test)):
        return Motion(np.eye(3) if one_size else rescale(size, onto))
    a, b = of_both(_gray, reference, test)
    matching = _matching(a, b) if motion == "auto" else None
    if matching is not None:
        by_lines = Motion(np.eye(3), matching=matching)
        left, there = matching.left_over(a, b)
        if left < _NEARLY_EQUAL:
            return by_lines
    equal = share_equal(a, b) if one_size else 0
    if matching is None and equal >= IN_PLACE.mostly_equal:
        return Motion(np.eye(3))
    from imgdiff.alignment.search import register  # noqa: PLC0415

    found = register(a, b, most="homography" if motion == "auto" else motion)
    if matching is not None:
        # Rows were believed to have moved rather than to lie in place: only a motion is a rival.
        moves = found.related and moves_something(found.matrix, None, size)
        if not moves or _left_by(found.matrix, a, b, there) >= _CLEARLY * left:
            return by_lines
    if not found.related:
        return _unrelated(found, (a, b), equal)
    settled = _bent(a, b, found) if motion == "auto" else _settled(found, None)
    symbol = found.sparse and (found.quality or 0) < IN_PLACE.symbol
    stays = one_size and (symbol or _lies_right(a, b, settled))
    return Motion(np.eye(3)) if stays else settled


def _matching(reference: Gray, test: Gray) -> Matching | None:
    """Lines that were put in or taken out, of pages of one width or of two."""
    if reference.shape[0] == test.shape[0] or reference.shape[1] == test.shape[1]:
        return match_lines(reference, test)
    from imgdiff.alignment.row_widths import match_widths  # noqa: PLC0415 (few need it)

    return match_widths(reference, test)


def _left_by(matrix: Matrix, reference: Gray, test: Gray, there: Mask) -> float:
    """Mean difference that a motion leaves, levels, of what it shows of some pixels."""
    from imgdiff.alignment.warp import moved_gray, seen  # noqa: PLC0415

    onto = reference.shape[1], reference.shape[0]
    shown = seen(matrix, (test.shape[1], test.shape[0]), onto, None)
    return mean_gap(reference, moved_gray(test, matrix, None, onto), there & shown)


def _bent(reference: Gray, test: Gray, found: Registration) -> Motion:
    """A motion with the bend of a lens, or of a scene with depth, if it has one."""
    from imgdiff.alignment.bending import bent  # noqa: PLC0415
    from imgdiff.alignment.parallax import find_parallax  # noqa: PLC0415

    found, by_lens = bent(reference, test, found)
    return _settled(found, by_lens or find_parallax(reference, test, found))


def _settled(found: Registration, bend: Bend | None) -> Motion:
    evidence = Alignment(
        quality=found.quality,
        inliers=found.inliers,
        residual=found.residual,
        uncertainty=found.uncertainty,
        ambiguous=found.ambiguous,
    )
    return Motion(found.matrix, bend=bend, evidence=evidence)


def _lies_right(reference: Gray, test: Gray, found: Motion) -> bool:
    """Whether what a motion would move lies where it was already, and the rest has changed."""
    if found.bend is None and moves_nothing(found.matrix):
        return False
    onto = _size(reference)
    if found.bend is None and stretches_an_axis(found.matrix, onto):
        return True
    if shows_one_thing(reference, test):
        return True
    here = edges_in_place(reference, test)
    is_far = moves_something(found.matrix, found.bend, onto, by=IN_PLACE.far_motion)
    enough = IN_PLACE.some_edges if is_far else IN_PLACE.same_edges
    if here.kept < IN_PLACE.kept and here.common < enough:
        return False
    from imgdiff.alignment.warp import moved_gray  # noqa: PLC0415

    laid = edges_in_place(reference, moved_gray(test, found.matrix, found.bend, onto))
    far = moves_something(found.matrix, found.bend, onto)
    if here.kept < IN_PLACE.kept:
        return far and here.common >= laid.common
    least = IN_PLACE.least_explained if far else IN_PLACE.least_help
    return laid.kept < here.kept + least * (1 - here.kept)


def _unrelated(found: Registration, pictures: tuple[Gray, Gray], equal: float) -> Motion:
    """No motion is believed; pictures of one size may have something in common all the same."""
    onto, size = (picture.shape[::-1] for picture in pictures)
    if size != onto:
        evidence = Alignment(quality=found.quality)
        return Motion(rescale(size, onto), related=False, evidence=evidence)
    from imgdiff.alignment.registration import PERHAPS  # noqa: PLC0415

    in_place = found.in_place or 0
    related = equal >= IN_PLACE.partly_equal or in_place >= PERHAPS or found.sparse
    if not related:
        common = edges_in_place(*pictures).common
        related = common >= IN_PLACE.same_edges
        in_place = common if related else in_place
    evidence = Alignment(quality=in_place if related else found.quality)
    return Motion(np.eye(3), related=related, evidence=evidence)


def _gray(pixels: Pixels) -> Gray:
    gray = luma(pixels)
    return (
        np.asarray(gray >> 8, np.uint8) if gray.dtype == np.uint16 else np.asarray(gray, np.uint8)
    )


def _size(pixels: Pixels) -> Size:
    return pixels.shape[1], pixels.shape[0]
