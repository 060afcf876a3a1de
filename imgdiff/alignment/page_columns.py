"""The columns of a page, whose rows may move by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from imgdiff.alignment.row_costs import STRIP, Lines, is_drawn
from imgdiff.alignment.row_offsets import OFFSETS, levels_beyond
from imgdiff.types import Block

if TYPE_CHECKING:
    from imgdiff.alignment.quality import Gray


@dataclass(frozen=True, slots=True)
class ColumnLimits:
    """What a column of a page is.

    Attributes
    ----------
    gutter : int
        Width, px, of the empty space between two of them.
    narrowest : int
        Px: a column is wider. What is narrower is a line of text on a page that lies on its side.
    numbers : int
        Px: where an editor numbers its lines, what is before them may be as narrow as this.
    step, few_steps
        Levels from one row to the next that show something, and the share of rows up to which a
        column of pixels shows nothing.
    """

    gutter: int = 10
    narrowest: int = 100
    numbers: int = 24
    step: int = 6
    few_steps: float = 0.006


COLUMN = ColumnLimits()


def without_space(
    lines: Lines, blocks: list[Block], reference: Gray, test: Gray, *, anywhere: bool
) -> tuple[Lines, list[Block]]:
    """The matching without blocks that are but empty space, as the other page has it there too.

    It fell off the end of a window, or its other column made a page longer: then it may be
    `anywhere` in this one.
    """
    lines = lines.copy()
    kept = []
    for block in blocks:
        longer, other = (test, reference) if block.kind == "added" else (reference, test)
        at, there = block.at, block.test_at
        if block.kind == "added":
            at, there = there, at
        space = longer[at : at + block.count]
        beside = other[min(there, len(other) - 1)], other[max(0, there - 1)]
        is_end = anywhere or at + block.count == len(longer)
        met_there = any((row == space[0]).all() for row in beside)
        if not (is_end and met_there and (space == space[0]).all()):
            kept.append(block)
        elif block.kind == "removed":
            met = there if (beside[0] == space[0]).all() else there - 1
            lines[at : at + block.count] = min(met, len(other) - 1)
    return lines, kept


def _without_ends(reference: Gray, test: Gray) -> tuple[Gray, Gray]:
    """What lies between the heads, and between the feet, that both pages have."""
    common = min(len(reference), len(test))
    head = _equal_rows(reference[:common], test[:common])
    foot = _equal_rows(reference[-common:][::-1], test[-common:][::-1])
    if common - head - foot < COLUMN.narrowest:
        return reference, test
    return reference[head : len(reference) - foot], test[head : len(test) - foot]


def _equal_rows(reference: Gray, test: Gray) -> int:
    """How many of the first rows show the same, a row more or less."""
    for top in range(0, len(reference), STRIP):
        first = max(0, top - OFFSETS.slack)
        rows = slice(first, top + STRIP + OFFSETS.slack)
        ours, theirs = reference[rows], test[rows]
        beyond = cv2.max(levels_beyond(ours, theirs), levels_beyond(theirs, ours))
        differs = first + np.flatnonzero((beyond > OFFSETS.clear).any(axis=1))
        differs = differs[(differs >= top) & (differs < top + STRIP)]
        if len(differs):
            return int(differs[0])
    return len(reference)


def _neighbours(picture: Gray) -> Iterator[tuple[Gray, Gray]]:
    """Some rows and each time those that follow them, which take less memory than all."""
    for top in range(0, len(picture) - 1, STRIP):
        rows = picture[top : top + STRIP + 1]
        yield rows[1:], rows[:-1]


def page_columns(reference: Gray, test: Gray, *, numbered: bool) -> list[tuple[int, int]]:
    """The columns of a page, first column of pixels and the one past the last; all across.

    They are cut in the middle of what is empty between them in both pictures, the widest spaces
    first. If the page is `numbered`, the numbers of its lines may be one.
    """
    if min(len(reference), len(test)) < 2 or not is_drawn(reference):
        return []
    reference, test = _without_ends(reference, test)
    empty = np.ones(reference.shape[1], np.bool_)
    for picture in (reference, test):
        steps = (cv2.absdiff(*ends) for ends in _neighbours(picture))
        count = sum(np.count_nonzero(step > COLUMN.step, axis=0) for step in steps)
        empty &= count / (len(picture) - 1) < COLUMN.few_steps
    edges = np.flatnonzero(np.diff(np.concatenate([[False], empty, [False]])))
    gutters = [
        (int(stop - start), (int(start) + int(stop)) // 2)
        for start, stop in zip(edges[::2], edges[1::2], strict=True)
        if stop - start >= COLUMN.gutter and start > 0 and stop < len(empty)
    ]
    kept: list[int] = []
    for _, middle in sorted(gutters, reverse=True):
        edges_of = sorted([0, middle, len(empty), *kept])
        if min(stop - start for start, stop in pairwise(edges_of)) >= COLUMN.narrowest:
            kept.append(middle)
    if kept:
        return list(pairwise([0, *sorted(kept), len(empty)]))
    first = min((middle for _, middle in gutters), default=0)
    has_numbers = numbered and COLUMN.numbers <= first < COLUMN.narrowest
    return [(0, first), (first, len(empty))] if has_numbers else []
