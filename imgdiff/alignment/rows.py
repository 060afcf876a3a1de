"""Whole rows or columns that were put in or taken out, all across or in one column of a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import cv2
import numpy as np

from imgdiff.alignment.geometry import Matrix, shift
from imgdiff.alignment.page_columns import COLUMN, page_columns, without_space
from imgdiff.alignment.row_belief import (
    BELIEVED,
    differ,
    finds_most,
    lie_right_too,
    moved_text,
    slips,
    swapped,
)
from imgdiff.alignment.row_costs import Lines, is_drawn
from imgdiff.alignment.row_digests import equal_lines
from imgdiff.alignment.row_gaps import LineAxis, close_gaps, settled_blocks
from imgdiff.alignment.row_offsets import lines_by_offset
from imgdiff.alignment.row_snaps import Snap, rows_between, snapped_pieces
from imgdiff.pixels.order_statistics import distinct
from imgdiff.types import Block, Mask, Pixels

if TYPE_CHECKING:
    from imgdiff.alignment.quality import Gray


@dataclass(frozen=True, slots=True, eq=False)
class LineStrip:
    """A part of the pictures in which lines moved alike.

    Attributes
    ----------
    start, stop : int
        The part: columns of pixels for rows, rows of pixels for columns.
    lines : ndarray of int64, shape (N,)
        For each line of the reference the test picture's, or −1.
    halves : ndarray of bool, shape (N,)
        Whether it lies half-way to the next one: a page drawn anew may put lines there.
    snaps : tuple of Snap
        Pieces of the part that lie a line or two off.
    """

    start: int
    stop: int
    lines: Lines
    halves: Mask
    snaps: tuple[Snap, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """Which lines belong together.

    Attributes
    ----------
    axis : {"rows", "columns"}
        What the lines are.
    strips : tuple of LineStrip
        Side by side, all across the pictures.
    blocks : tuple of Block
        Lines that only one picture has, in order.
    test_count : int
        Lines of the test picture.
    left, right : int
        Columns of the reference beside the strips, which a narrower page doesn't have.
    """

    axis: LineAxis
    strips: tuple[LineStrip, ...]
    blocks: tuple[Block, ...]
    test_count: int
    left: int = 0
    right: int = 0

    @property
    def motion(self) -> Matrix:
        """What the matching amounts to where all lines moved by one distance; else the identity."""
        offsets = {common_offset(strip.lines) for strip in self.strips}
        offset = -(offsets.pop() or 0) if len(offsets) == 1 else 0
        return shift(0, offset) if self.axis == "rows" else shift(offset, 0)

    @property
    def mixes(self) -> bool:
        """Whether samples of two lines are mixed."""
        return any(
            strip.halves.any() or any(snap.offset % 1 for snap in strip.snaps)
            for strip in self.strips
        )

    @property
    def share_added(self) -> float:
        """Share of the test picture's lines that the reference doesn't have."""
        across = self.strips[-1].stop - self.strips[0].start
        added = [block for block in self.blocks if block.kind == "added"]
        beside = sum(block.count for block in added if block.axis != self.axis)
        between = [
            block.count * (across if block.span is None else block.span[1] - block.span[0])
            for block in added
            if block.axis == self.axis
        ]
        total = self.test_count * (across + beside)
        return (sum(between) + self.test_count * beside) / total

    def gathered(self, samples: Pixels) -> tuple[Pixels, Mask]:
        """The test picture's samples on the reference's grid, and where there are any.

        Parameters
        ----------
        samples : ndarray, shape (H, W) or (H, W, C)
        """
        rows = self.axis == "rows"
        parts, masks = [], []
        for strip in self.strips:
            across = slice(strip.start, strip.stop)
            part = samples[:, across] if rows else samples[across].swapaxes(0, 1)
            there = strip.lines >= 0
            gathered = np.take(part, np.maximum(strip.lines, 0), axis=0)
            if strip.halves.any():
                on = np.take(part, np.minimum(strip.lines + 1, len(part) - 1), axis=0)
                middle = (gathered.astype(np.uint32) + on + 1) // 2
                gathered[strip.halves] = middle[strip.halves]
            for rows_of, columns, offset in strip.snaps:
                places = strip.lines[rows_of] + offset
                gathered[rows_of, columns] = rows_between(part[:, columns], places)
            gathered[~there] = 0
            parts.append(gathered)
            masks.append(np.repeat(there[:, None], part.shape[1], axis=1))
        for count, end in ((self.left, 0), (self.right, len(parts) + bool(self.left))):
            if count:
                nothing = np.zeros((len(gathered), count, *samples.shape[2:]), samples.dtype)
                parts.insert(end, nothing)
                masks.insert(end, np.zeros((len(gathered), count), np.bool_))
        result, mask = np.concatenate(parts, axis=1), np.concatenate(masks, axis=1)
        if not rows:
            result, mask = np.ascontiguousarray(result.swapaxes(0, 1)), mask.T
        result.setflags(write=False)
        return result, np.broadcast_to(np.True_, mask.shape) if mask.all() else mask

    def left_over(self, reference: Gray, test: Gray) -> tuple[float, Mask]:
        """Mean difference that the matched lines leave, levels, and where there are any."""
        gathered, there = self.gathered(test)
        return mean_gap(reference, np.asarray(gathered, np.uint8), there), there


def mean_gap(one: Gray, other: Gray, where: Mask) -> float:
    """Mean difference of some pixels, levels; infinite if there are none."""
    gaps = cv2.absdiff(one, other)[where]
    return float(gaps.mean()) if gaps.size else np.inf


def match_lines(reference: Gray, test: Gray) -> Matching | None:
    """Rows or columns that were put in or taken out, if that explains the pair.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W)

    Returns
    -------
    Matching or None
        None if most lines can't be found again, if nothing has to be moved for it, or if the
        pictures have one size and all lines moved by the same distance: that is a plain shift.
    """
    if reference.shape[1] == test.shape[1]:
        found = _matched(reference, test, "rows")
        if found is not None:
            return found
    line_of_text = reference.shape == test.shape and len(test) < COLUMN.narrowest
    if reference.shape[0] == test.shape[0] and not line_of_text:
        return _matched(reference.T, test.T, "columns")
    return None


def _matched(reference: Gray, test: Gray, axis: LineAxis) -> Matching | None:
    """The matching of rows all across or, if that leaves less, column by column of the page."""
    whole = _matched_in([(0, reference.shape[1])], reference, test, axis)
    numbered = whole is not None
    columns = page_columns(reference, test, numbered=numbered) if axis == "rows" else []
    left = np.inf if whole is None else whole.left_over(reference, test)[0] if columns else 0
    if not columns or left <= BELIEVED.nothing:
        return whole
    apart = _matched_in(columns, reference, test, axis)
    if apart is None or apart.left_over(reference, test)[0] > BELIEVED.clearly * left:
        return whole
    return apart


def _matched_in(
    spans: list[tuple[int, int]], reference: Gray, test: Gray, axis: LineAxis
) -> Matching | None:
    """The matching of rows in parts of a page that lie side by side, unless all moved alike."""
    strips, blocks = [], []
    for span in spans:
        across = slice(*span)
        one, other = reference[:, across], test[:, across]
        lines, found = aligned_lines(one, other, axis, None if len(spans) == 1 else span)
        if len(spans) > 1 or len(found) > 1:
            lines, found = without_space(lines, found, one, other, anywhere=len(spans) > 1)
        strips.append(laid_strip(span, lines, one, other))
        blocks.append(found)
    joined = _joined(spans, blocks)
    if len(joined) < len(spans):
        return _matched_in(joined, reference, test, axis) if len(joined) > 1 else None
    if any(blocks) and all((strip.lines >= 0).any() for strip in strips):
        return Matching(axis, tuple(strips), tuple(chain(*blocks)), len(test))
    return None


def _joined(spans: list[tuple[int, int]], blocks: list[list[Block]]) -> list[tuple[int, int]]:
    """The parts of a page, in which those beside each other are one if the same came and went."""
    joined = [spans[0]]
    for (start, stop), before, here in zip(spans[1:], blocks, blocks[1:], strict=False):
        if len(before) == len(here) and all(map(_alike, before, here)):
            joined[-1] = joined[-1][0], stop
        else:
            joined.append((start, stop))
    return joined


def _alike(block: Block, other: Block) -> bool:
    """Whether blocks of two columns may be one block."""
    near = abs(block.at - other.at) <= BELIEVED.beside * block.count
    return (block.kind, block.count) == (other.kind, other.count) and near


def aligned_lines(
    reference: Gray, test: Gray, axis: LineAxis, span: tuple[int, int] | None
) -> tuple[Lines, list[Block]]:
    """The lines of a part and its blocks; none if they lie right, or don't belong together."""
    in_place = np.arange(len(reference))
    nothing = np.where(in_place < len(test), in_place, -1), list[Block]()
    best = nothing
    for lines, is_equal in _matchings(reference, test):
        if len(reference) == len(test):
            if common_offset(lines) is not None:
                return nothing
            if lie_right_too(lines, reference, test):
                continue
        filled, blocks = close_gaps(lines, reference, test, axis, span)
        filled, blocks = settled_blocks(filled, blocks, reference, test)
        of_text = axis == "columns" and moved_text(filled, blocks, reference, test)
        if not blocks or swapped(blocks) or of_text:
            continue
        best = filled, blocks
        if not is_equal or (finds_most(lines, reference, test) and not slips(blocks)):
            break
    return best


def _matchings(reference: Gray, test: Gray) -> Iterator[tuple[Lines, bool]]:
    """Ways to match the lines, and whether those are equal; of drawn pages all that are likely."""
    equal = equal_lines(reference, test)
    if equal is not None:
        yield equal, True
    if is_drawn(reference) and is_drawn(test) and differ(reference, test):
        yield from ((lines, False) for lines in lines_by_offset(reference, test))


def laid_strip(span: tuple[int, int], lines: Lines, reference: Gray, test: Gray) -> LineStrip:
    """A part of the page with its lines, and what lies a part of a line, or a line or two, off."""
    halves = _halves(lines, reference, test)
    return LineStrip(*span, lines, halves, snapped_pieces(lines, reference, test))


def _halves(lines: Lines, reference: Gray, test: Gray) -> Mask:
    """Where runs of lines fit clearly better half a line further on."""
    halves = np.zeros(len(lines), np.bool_)
    found = np.flatnonzero(lines >= 0)
    for run in np.split(found, np.flatnonzero(np.diff(lines[found] - found)) + 1):
        whole = run[lines[run] + 1 < len(test)]
        if not len(whole) or (lines[whole] == whole).all():
            continue
        rows, on = test[lines[whole]].astype(np.float32), test[lines[whole] + 1]
        gaps = [
            np.abs(reference[whole] - rows).mean(),
            np.abs(reference[whole] - (rows + on) / 2).mean(),
        ]
        halves[whole] = gaps[1] < BELIEVED.clearly * gaps[0] and gaps[0] > 1
    return halves


def common_offset(lines: Lines) -> int | None:
    """The distance by which all lines moved, if it is one."""
    offsets = distinct((lines - np.arange(len(lines)))[lines >= 0])
    return int(offsets[0]) if len(offsets) == 1 else None
