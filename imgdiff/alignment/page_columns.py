"""The columns of a page, whose rows may move by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from imgdiff.alignment.row_costs import STRIP, Lines, is_drawn
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


def without_empty_end(
    lines: Lines, blocks: list[Block], reference: Gray, test: Gray
) -> tuple[Lines, list[Block]]:
    """The matching without a last block that is but empty space, as the other page ends with too.

    It fell off the end of a window, or of a page that its other column made longer.
    """
    if not blocks:
        return lines, blocks
    last = blocks[-1]
    longer, other = (test, reference) if last.kind == "added" else (reference, test)
    at = last.test_at if last.kind == "added" else last.at
    rest = longer[at:]
    if len(rest) != last.count or not ((rest == rest[0]).all() and (other[-1] == rest[0]).all()):
        return lines, blocks
    lines = lines.copy()
    if last.kind == "removed":
        lines[at:] = len(test) - 1
    return lines, blocks[:-1]


def _neighbours(picture: Gray) -> Iterator[tuple[Gray, Gray]]:
    """Some rows and each time those that follow them, which take less memory than all."""
    for top in range(0, len(picture) - 1, STRIP):
        rows = picture[top : top + STRIP + 1]
        yield rows[1:], rows[:-1]


def page_columns(reference: Gray, test: Gray, *, numbered: bool) -> list[tuple[int, int]]:
    """The columns of a page, first column of pixels and the one past the last; all across.

    They are cut in the middle of what is empty between them in both pictures. If the page is
    `numbered`, the numbers of its lines may be one.
    """
    if min(len(reference), len(test)) < 2 or not is_drawn(reference):
        return []
    empty = np.ones(reference.shape[1], np.bool_)
    for picture in (reference, test):
        steps = (cv2.absdiff(*ends) for ends in _neighbours(picture))
        count = sum(np.count_nonzero(step > COLUMN.step, axis=0) for step in steps)
        empty &= count / (len(picture) - 1) < COLUMN.few_steps
    edges = np.flatnonzero(np.diff(np.concatenate([[False], empty, [False]])))
    gutters = [
        (int(start) + int(stop)) // 2
        for start, stop in zip(edges[::2], edges[1::2], strict=True)
        if stop - start >= COLUMN.gutter and start > 0 and stop < len(empty)
    ]
    spans = list(pairwise([0, *gutters, len(empty)]))
    if gutters and all(stop - start >= COLUMN.narrowest for start, stop in spans):
        return spans
    has_numbers = numbered and gutters and COLUMN.numbers <= gutters[0] < COLUMN.narrowest
    return [(0, gutters[0]), (gutters[0], len(empty))] if has_numbers else []
