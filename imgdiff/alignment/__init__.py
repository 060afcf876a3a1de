"""Two pictures → one grid: the reference's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import cv2
import numpy as np

from imgdiff.alignment.geometry import Matrix, Size, moves_nothing, share_inside, shift
from imgdiff.alignment.motion import Motion, find_motion
from imgdiff.alignment.rim import saved_rim
from imgdiff.alignment.row_gaps import GAPS
from imgdiff.alignment.rows import Matching
from imgdiff.alignment.sentence import motion_in_words
from imgdiff.alignment.snap import mixes_samples
from imgdiff.errors import AlignmentError, SettingsError, SizeError
from imgdiff.pixels.color import to_uint16
from imgdiff.pixels.inside import pixels_in
from imgdiff.types import (
    Align,
    Alignment,
    Area,
    AreaLike,
    Block,
    Box,
    Image,
    LateImage,
    Mask,
    Pair,
    PointPair,
    areas_of,
    holds_everywhere,
)

if TYPE_CHECKING:
    from imgdiff.alignment.parallax import Bend

_NO_BLOCKS: tuple[Block, ...] = ()

_UNCLEAR = 2
"""Pixels nearer than this to where the test picture ends are mixed with what lies outside."""


def align(  # noqa: PLR0913 (each is an option of the user)
    reference: Image,
    test: Image,
    *,
    motion: Align = "auto",
    ignore: Sequence[AreaLike] = (),
    region: Box | None = None,
    nudge: tuple[float, float] = (0, 0),
    points: Sequence[PointPair] = (),
) -> Pair:
    """Bring the test picture onto the reference's grid, or find that the two don't belong together.

    Pixels are moved only where that is needed, and mixed only where it can't be helped: pictures
    of one size that already fit are left as they are, to the bit.

    Parameters
    ----------
    reference, test : Image
        If one has 16 bits a sample, the other is brought to 16 bits too.
    motion : {"auto", "none", "corner", "stretch", "translation", "similarity", "homography"}
        ``none`` takes the pictures as they are: they must have one size. So does ``corner``, but
        of another size: what juts out right or at the bottom was added or removed. ``stretch``
        lays the test picture on the reference edge to edge, related or not. ``translation``,
        ``similarity`` (shift, turn, one scale) and ``homography`` (a plane seen by a camera) are
        the freest motion allowed. ``auto`` allows all, a slight bend as by a lens, and whole rows
        or columns that were put in or taken out.
    ignore : sequence of Box, Polygon, AreaMask, or what stands for one
        Areas of the reference to leave out of the comparison, as in `Settings`.
    region : Box, optional
        The only area to compare.
    nudge : (float, float)
        A correction by hand, px right and down, made at the end.
    points : sequence of (x, y, x, y)
        Places of the reference and of the test file that show the same thing, px. If there are any,
        they alone tell the motion, whatever `motion` is: one a shift, two a turn and a scale too,
        three an affine motion, four and more a homography.

    Returns
    -------
    Pair
        The test picture as it lies on the reference's grid, and what was done to it.

    Raises
    ------
    SizeError
        The pictures have different sizes, and `motion` is ``none``.
    AlignmentError
        As they lie in the end, the pictures don't overlap.
    SettingsError
        `motion` is unknown, `nudge` is not finite, `points` make no motion, an area is none, or
        `region` lies outside the picture.
    """
    _check(motion, nudge)
    if motion == "none" and not points and _size(reference) != _size(test):
        raise SizeError(
            "Without alignment both pictures must have the same size, but the first is "
            f"{reference.width} × {reference.height} and the second {test.width} × {test.height} "
            "pixels: choose --align auto, or crop or resize one of them to match."
        )
    if reference.pixels.dtype != test.pixels.dtype:
        reference, test = _to_16_bit(reference), _to_16_bit(test)
    not_ignored = _to_compare((reference.height, reference.width), areas_of(ignore), region)
    if points:
        from imgdiff.alignment.by_hand import motion_by_hand  # noqa: PLC0415

        by_hand = motion_by_hand(points, _size(test), _size(reference))
        return _pair(reference, test, by_hand, nudge, not_ignored)
    if motion == "corner" and _size(reference) != _size(test):
        from imgdiff.alignment.corner import laid_at_corner  # noqa: PLC0415 (few need it)

        return laid_at_corner(reference, test, not_ignored)
    found = find_motion(reference.pixels, test.pixels, motion)
    pair = _pair(reference, test, found, nudge, not_ignored)
    return pair if motion != "auto" or pair.aligned else _without_saved_rim(pair)


def _without_saved_rim(pair: Pair) -> Pair:
    """The pair without what differs along its edges only since it was saved anew."""
    edges, noise = saved_rim(pair.reference.pixels, pair.test.pixels)
    if not edges:
        return pair
    told = replace(pair.alignment, saved_edges=edges)
    return replace(pair, valid=pair.valid & ~noise, alignment=told)


def _pair(
    reference: Image, test: Image, found: Motion, nudge: tuple[float, float], not_ignored: Mask
) -> Pair:
    """Move the test picture, and tell what that means for each pixel."""
    unmoved, onto = test, _size(reference)
    overlap: Mask = np.broadcast_to(np.True_, not_ignored.shape)
    if found.matching is not None:
        test, overlap = _matched(test, found.matching)
    matrix = shift(*nudge) @ found.matrix if any(nudge) else found.matrix
    mixed = found.bend is not None or mixes_samples(matrix)
    if found.matching is not None:
        mixed = mixed or found.matching.mixes
    laid: Image | LateImage = test
    if _size(test) != onto or found.bend is not None or not moves_nothing(matrix):
        from imgdiff.alignment.warp import seen  # noqa: PLC0415 (mostly they lie)

        there = seen(matrix, _size(test), onto, found.bend)
        laid = _laid(test, matrix, there, found.bend)
        if not holds_everywhere(overlap):
            moved_overlap = cv2.warpPerspective(overlap.view(np.uint8), matrix, onto)
            there = there & (moved_overlap > 0)
        overlap = there
    clear = _shrunk(overlap) if mixed else overlap
    if not clear.any():
        raise AlignmentError(
            "The pictures must overlap to be compared, but as they lie now they don't: nudge the "
            "picture after by less, or choose another alignment."
        )
    return Pair(
        reference=reference,
        laid=laid,
        valid=_both(clear, not_ignored),
        transform=matrix if found.matching is None else matrix @ found.matching.motion,
        related=found.related,
        alignment=_alignment(found, matrix, overlap, _size(unmoved), mixed=mixed),
        unmoved=unmoved,
        overlap=overlap,
    )


def _laid(test: Image, matrix: Matrix, there: Mask, bend: Bend | None) -> Image | LateImage:
    """The test picture on the grid, where it's `there`: once it's looked at, if that's simple."""
    from imgdiff.alignment.late import MovedLate  # noqa: PLC0415 (mostly they lie)
    from imgdiff.alignment.warp import moved_image, warps_at_once  # noqa: PLC0415

    plain = bend is None and test.alpha is None and test.pixels.dtype == np.uint8
    if plain and warps_at_once(matrix, _size(test), there.shape[::-1]):
        return MovedLate(test, matrix, there)
    return moved_image(test, matrix, there, bend)


def _alignment(
    found: Motion, matrix: Matrix, overlap: Mask, size: Size, *, mixed: bool
) -> Alignment:
    """The evidence for a motion, with what was made of it for a test picture of `size`."""
    onto = overlap.shape[1], overlap.shape[0]
    if found.matching is None:
        blocks, only_in_test = _NO_BLOCKS, 1 - share_inside(matrix, size, onto)
    else:
        only_in_test = found.matching.share_added
        blocks = _ends_told(found.matching.blocks, onto, size)
        size = onto
    by_depth, covered = (0.0, 0.0) if found.bend is None else found.bend.depth
    by_lens = found.bend is not None and not by_depth
    told = motion_in_words(matrix, size, onto, bent=by_lens, parallax=by_depth)
    return replace(
        found.evidence,
        sentence=told.sentence,
        motions=told.kinds,
        interpolated=mixed,
        bent=found.bend is not None or bool(blocks),
        only_in_reference=_share_missing(overlap, covered),
        covered=covered,
        only_in_test=only_in_test,
        blocks=blocks,
    )


def _share_missing(overlap: Mask, covered: float) -> float:
    """Share of the reference that lies outside the test picture, without what is `covered`."""
    return 0.0 if holds_everywhere(overlap) else max(0, 1 - float(overlap.mean()) - covered)


def _ends_told(blocks: tuple[Block, ...], onto: Size, size: Size) -> tuple[Block, ...]:
    """The blocks, with what others only pushed over the end of a picture told as that."""
    told = []
    for block in blocks:
        kinds = {other.kind for other in blocks if other.axis == block.axis}
        side = 1 if block.axis == "rows" else 0
        end = block.at + block.count * (block.kind == "removed")
        test_end = block.test_at + block.count * (block.kind == "added")
        left = onto[side] - end, size[side] - test_end
        is_last = onto[side] == size[side] and left[0] == left[1] <= GAPS.left_at_end
        told.append(replace(block, at_end=is_last and len(kinds) == 2))
    return tuple(told)


def _matched(image: Image, matching: Matching) -> tuple[Image, Mask]:
    """Lines of a picture put where those of the reference are, and where there are any."""
    pixels, overlap = matching.gathered(image.pixels)
    alpha = None if image.alpha is None else matching.gathered(image.alpha)[0]
    return replace(image, pixels=pixels, alpha=alpha), overlap


def _check(motion: Align, nudge: tuple[float, float]) -> None:
    known = get_args(Align)
    if motion not in known:
        raise SettingsError(
            f"align may be {', '.join(known[:-1])} or {known[-1]}, but is {motion!r}: choose one "
            "of them."
        )
    if not np.isfinite(nudge).all():
        raise SettingsError(f"nudge must be two numbers of pixels, but is {nudge}: change it.")


def _size(image: Image) -> Size:
    return image.width, image.height


def _shrunk(overlap: Mask) -> Mask:
    """Without the pixels next to where the test picture ends; the reference's own edge is none."""
    if holds_everywhere(overlap):
        return overlap
    reach = np.ones((2 * _UNCLEAR + 1,) * 2, np.uint8)
    return cv2.erode(overlap.view(np.uint8), reach, borderValue=1).view(np.bool_)


def _both(one: Mask, other: Mask) -> Mask:
    """Where both masks hold; in no memory if that's everywhere."""
    if holds_everywhere(one):
        return other
    return one if holds_everywhere(other) else one & other


def _to_16_bit(image: Image) -> Image:
    alpha = None if image.alpha is None else to_uint16(image.alpha)
    return replace(image, pixels=to_uint16(image.pixels), alpha=alpha)


def _to_compare(shape: tuple[int, int], ignore: Sequence[Area], region: Box | None) -> Mask:
    """Mask of `shape` (H, W), True in the region and outside ignored areas.

    It takes no memory if there are none.
    """
    if not ignore and region is None:
        return np.broadcast_to(np.True_, shape)
    not_ignored = ~pixels_in(ignore, shape)
    if region is None:
        return not_ignored
    wanted = pixels_in([region], shape)
    if not wanted.any():
        raise SettingsError(
            f"The region must overlap the {shape[1]} × {shape[0]} picture, but begins at "
            f"({region.x}, {region.y}): choose another."
        )
    return wanted & not_ignored
