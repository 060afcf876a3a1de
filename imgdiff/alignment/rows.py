"""Whole rows or columns that were put in or taken out, all across or in one column of a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.geometry import Matrix, shift
from imgdiff.alignment.row_belief import (
    BELIEVED,
    differ,
    explains,
    finds_most,
    letters_apart,
    lie_right_too,
    swapped,
    without_slips,
)
from imgdiff.alignment.row_costs import Lines, cost_of_lines, is_drawn, likely_lines
from imgdiff.alignment.row_digests import equal_lines
from imgdiff.types import Block, Mask, Pixels

if TYPE_CHECKING:
    from imgdiff.alignment.quality import Gray

LineAxis: TypeAlias = Literal["rows", "columns"]

_GUTTER = 10
"""Width, px, of the empty space between two columns of a page."""
_NARROWEST = 100
"""Px: a column is wider. What is narrower is a line of text on a page that lies on its side."""

_STEP, _FEW_STEPS = 6, 0.006
"""Levels from one row to the next that show something, and the share of rows up to which a column
of pixels shows nothing."""


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
    """

    start: int
    stop: int
    lines: Lines
    halves: Mask


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
    """

    axis: LineAxis
    strips: tuple[LineStrip, ...]
    blocks: tuple[Block, ...]
    test_count: int

    @property
    def motion(self) -> Matrix:
        """What the matching amounts to where all lines moved by one distance; else the identity."""
        offsets = {_offset(strip.lines) for strip in self.strips}
        offset = -(offsets.pop() or 0) if len(offsets) == 1 else 0
        return shift(0, offset) if self.axis == "rows" else shift(offset, 0)

    @property
    def mixes(self) -> bool:
        """Whether samples of two lines are mixed."""
        return any(strip.halves.any() for strip in self.strips)

    @property
    def share_added(self) -> float:
        """Share of the test picture's lines that the reference doesn't have."""
        across = self.strips[-1].stop
        added = [
            block.count * (across if block.span is None else block.span[1] - block.span[0])
            for block in self.blocks
            if block.kind == "added"
        ]
        return sum(added) / (self.test_count * across)

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
            gathered[~there] = 0
            parts.append(gathered)
            masks.append(np.repeat(there[:, None], part.shape[1], axis=1))
        result, mask = np.concatenate(parts, axis=1), np.concatenate(masks, axis=1)
        if not rows:
            result, mask = np.ascontiguousarray(result.swapaxes(0, 1)), mask.T
        result.setflags(write=False)
        return result, np.broadcast_to(np.True_, mask.shape) if mask.all() else mask


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
    line_of_text = reference.shape == test.shape and len(test) < _NARROWEST
    if reference.shape[0] == test.shape[0] and not line_of_text:
        return _matched(reference.T, test.T, "columns")
    return None


def _matched(reference: Gray, test: Gray, axis: LineAxis) -> Matching | None:
    """The matching of rows, all across if that does, else column by column."""
    whole = 0, reference.shape[1]
    columns = _columns(reference, test) if axis == "rows" else []
    for spans in ([whole], columns):
        strips, blocks = [], []
        for span in spans:
            across = slice(*span)
            told = None if len(spans) == 1 else span
            one, other = reference[:, across], test[:, across]
            lines, found = _aligned(one, other, axis, told)
            strips.append(LineStrip(span[0], span[1], lines, _halves(lines, one, other)))
            blocks += found
        if blocks and all((strip.lines >= 0).any() for strip in strips):
            return Matching(axis, tuple(strips), tuple(blocks), len(test))
    return None


def _aligned(
    reference: Gray, test: Gray, axis: LineAxis, span: tuple[int, int] | None
) -> tuple[Lines, list[Block]]:
    """The lines of a part and its blocks; none if they lie right, or don't belong together."""
    found: list[tuple[Lines, list[Block]]] = []
    for search in (_equal, _alike):
        for lines in search(reference, test):
            if len(reference) == len(test):
                if _offset(lines) is not None:
                    return np.arange(len(reference)), []
                if lie_right_too(lines, reference, test):
                    continue
            filled, blocks = _close_gaps(lines, reference, test, axis, span)
            if search is _alike:
                blocks = without_slips(blocks)
            if blocks and not swapped(blocks) and not (axis == "columns" and letters_apart(blocks)):
                found.append((filled, blocks))
                break
        if found and finds_most(lines, reference, test):
            break
    if len(found) > 1:
        found.sort(key=lambda way: cost_of_lines(way[0], reference, test))
    return found[0] if found else (np.arange(len(reference)), [])


def _equal(reference: Gray, test: Gray) -> Iterator[Lines]:
    """The matching of the rows that are equal, if there is one."""
    lines = equal_lines(reference, test)
    if lines is not None:
        yield lines


def _alike(reference: Gray, test: Gray) -> Iterator[Lines]:
    """Ways to match the rows that look alike."""
    if not (is_drawn(reference) and is_drawn(test) and differ(reference, test)):
        return
    reference, test = np.ascontiguousarray(reference), np.ascontiguousarray(test)
    for smooth in (0, 1):
        lines = likely_lines(reference, test, smooth=smooth)
        slips = BELIEVED.most_slips if smooth else 0
        if lines is not None and explains(lines, reference, test, slips=slips):
            yield lines


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


def _offset(lines: Lines) -> int | None:
    """The distance by which all lines moved, if it is one."""
    offsets = np.unique((lines - np.arange(len(lines)))[lines >= 0])
    return int(offsets[0]) if len(offsets) == 1 else None


def _columns(reference: Gray, test: Gray) -> list[tuple[int, int]]:
    """The columns of a page, first column of pixels and the one past the last; all across.

    They are cut in the middle of what is empty between them in both pictures.
    """
    if len(reference) != len(test) or len(test) < 2 or not is_drawn(reference):
        return []
    empty = np.ones(reference.shape[1], np.bool_)
    for picture in (reference, test):
        steps = np.abs(np.diff(picture.astype(np.int16), axis=0)) > _STEP
        empty &= steps.mean(axis=0) < _FEW_STEPS
    edges = np.flatnonzero(np.diff(np.concatenate([[False], empty, [False]])))
    gutters = [
        (int(start) + int(stop)) // 2
        for start, stop in zip(edges[::2], edges[1::2], strict=True)
        if stop - start >= _GUTTER and start > 0 and stop < len(empty)
    ]
    spans = list(pairwise([0, *gutters, len(empty)]))
    return spans if gutters and all(stop - start >= _NARROWEST for start, stop in spans) else []


def _close_gaps(
    lines: Lines, reference: Gray, test: Gray, axis: LineAxis, span: tuple[int, int] | None
) -> tuple[Lines, list[Block]]:
    """With the rows that changed in place matched as well; what is left over are the blocks."""
    lines = lines.copy()
    blocks = []
    known = np.flatnonzero(lines >= 0).tolist()
    stops = [(-1, -1), *((i, int(lines[i])) for i in known), (len(reference), len(test))]
    for (i, j), (next_i, next_j) in pairwise(stops):
        rows, test_rows = next_i - i - 1, next_j - j - 1
        shared = min(rows, test_rows)
        top = _best_split(reference[i + 1 : next_i], test[j + 1 : next_j], shared)
        lines[i + 1 : i + 1 + top] = np.arange(j + 1, j + 1 + top)
        bottom = shared - top
        lines[next_i - bottom : next_i] = np.arange(next_j - bottom, next_j)
        if rows != test_rows:
            kind: Literal["added", "removed"] = "added" if test_rows > rows else "removed"
            at, test_at = i + 1 + top, j + 1 + top
            blocks.append(Block(kind, axis, abs(test_rows - rows), at, test_at, span=span))
    return lines, blocks


def _best_split(reference: Gray, test: Gray, shared: int) -> int:
    """How many of `shared` rows to match from the top, the others from the bottom."""
    if len(reference) == len(test) or not shared:
        return shared
    from_top = _row_distances(reference[:shared], test[:shared])
    from_bottom = _row_distances(reference[-shared:], test[-shared:])
    above = np.concatenate([[0], np.cumsum(from_top)])
    below = np.concatenate([np.cumsum(from_bottom[::-1])[::-1], [0]])
    return int(np.argmin(above + below))


def _row_distances(a: Gray, b: Gray) -> NDArray[np.float64]:
    return np.asarray(np.abs(a.astype(np.int16) - b).mean(axis=1), np.float64)
