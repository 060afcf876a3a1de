"""The columns of a page, whose rows may move by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from imgdiff.alignment.row_costs import is_drawn
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
    step, few_steps
        Levels from one row to the next that show something, and the share of rows up to which a
        column of pixels shows nothing.
    """

    gutter: int = 10
    narrowest: int = 100
    step: int = 6
    few_steps: float = 0.006


COLUMN = ColumnLimits()


def without_empty_end(blocks: list[Block], reference: Gray, test: Gray) -> list[Block]:
    """The blocks of a column without the empty space below it, of which a longer page has more."""
    if not blocks:
        return blocks
    last = blocks[-1]
    longer, at = (test, last.test_at) if last.kind == "added" else (reference, last.at)
    is_end = at + last.count == len(longer)
    return blocks[:-1] if is_end and (longer[at:] == longer[at]).all() else blocks


def page_columns(reference: Gray, test: Gray) -> list[tuple[int, int]]:
    """The columns of a page, first column of pixels and the one past the last; all across.

    They are cut in the middle of what is empty between them in both pictures.
    """
    if min(len(reference), len(test)) < 2 or not is_drawn(reference):
        return []
    empty = np.ones(reference.shape[1], np.bool_)
    for picture in (reference, test):
        steps = np.abs(np.diff(picture.astype(np.int16), axis=0)) > COLUMN.step
        empty &= steps.mean(axis=0) < COLUMN.few_steps
    edges = np.flatnonzero(np.diff(np.concatenate([[False], empty, [False]])))
    gutters = [
        (int(start) + int(stop)) // 2
        for start, stop in zip(edges[::2], edges[1::2], strict=True)
        if stop - start >= COLUMN.gutter and start > 0 and stop < len(empty)
    ]
    spans = list(pairwise([0, *gutters, len(empty)]))
    return (
        spans if gutters and all(stop - start >= COLUMN.narrowest for start, stop in spans) else []
    )
