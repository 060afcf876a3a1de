"""What a matching of rows must show to be believed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from imgdiff.alignment.row_costs import ROW, Lines
from imgdiff.alignment.row_digests import busyness
from imgdiff.types import Block

if TYPE_CHECKING:
    from imgdiff.alignment.quality import Gray


@dataclass(frozen=True, slots=True)
class BeliefOfRows:
    """When rows are believed to have moved.

    Attributes
    ----------
    clearly : float
        Lines moved on, or half a line on, must leave this share of the difference, or less. A
        rocket at night, seen through another lens, was taken for 44 rows moved: 1.8.
    unlike, most : float
        Share of a line's pixels that must differ in place, and of what is on the moved lines, the
        share of such lines.
    enough : float
        Share of what is on the rows; if less is found again among equal rows, others that look
        alike may be a better explanation.
    most_slips : int
        Times that rows drawn anew half a row on may slip by one.
    few_thin : int
        Blocks of a few columns, as an edit may leave them; letters set apart leave one for each.
    """

    clearly: float = 0.85
    unlike: float = 0.01
    most: float = 0.5
    enough: float = 0.85
    few_thin: int = 3
    most_slips: int = 2


BELIEVED = BeliefOfRows()


def lie_right_too(lines: Lines, reference: Gray, test: Gray) -> bool:
    """Whether most of the lines that would be moved fit where they are, or all do hardly worse."""
    moved = np.flatnonzero((lines >= 0) & (lines != np.arange(len(lines))))
    weights = busyness(reference[moved])
    ours, on = reference[moved].astype(np.int16), np.minimum(lines[moved] + 1, len(test) - 1)
    theirs = test[lines[moved]].astype(np.int16)
    gaps = np.abs(ours - test[moved])
    unlike = weights[(gaps > 2 * ROW.most_floor).mean(axis=1) > BELIEVED.unlike].sum()
    left = np.minimum(
        np.abs(ours - theirs).mean(axis=1), np.abs(ours - (theirs + test[on]) // 2).mean(axis=1)
    )
    hardly_worse = (weights * left).sum() > BELIEVED.clearly * (weights * gaps.mean(axis=1)).sum()
    return bool(unlike <= BELIEVED.most * weights.sum() or hardly_worse)


def swapped(blocks: list[Block]) -> bool:
    """Whether fewer lines moved than were taken out beside them and put in: they changed."""
    return any(
        one.kind != other.kind
        and other.at - one.at - (one.count if one.kind == "removed" else 0)
        < min(one.count, other.count)
        for one, other in pairwise(blocks)
    )


def finds_most(lines: Lines, reference: Gray, test: Gray) -> bool:
    """Whether so much was found again that no other matching can be better."""
    weights = busyness(reference)
    possible = min(weights.sum(), busyness(test).sum())
    return bool(weights[lines >= 0].sum() >= BELIEVED.enough * possible)


def without_slips(blocks: list[Block]) -> list[Block]:
    """The blocks, with single rows counted to the larger block that they follow.

    Between two whole numbers of rows there is no right one; and where only single rows came or
    went, all was moved by a part of a pixel.
    """
    if all(block.count == 1 for block in blocks):
        return []
    merged: list[Block] = []
    for block in blocks:
        if merged and block.count == 1 and merged[-1].count >= ROW.least_block:
            step = 1 if block.kind == merged[-1].kind else -1
            merged[-1] = replace(merged[-1], count=merged[-1].count + step)
        else:
            merged.append(block)
    return merged


def letters_apart(blocks: list[Block]) -> bool:
    """Whether columns come in between letters all over: their text is set wider or narrower."""
    return sum(block.count < ROW.least_block for block in blocks) > BELIEVED.few_thin


def differ(reference: Gray, test: Gray) -> bool:
    """Whether enough rows differ in place for it to be worth looking where they are."""
    if len(reference) != len(test):
        return True
    gaps = np.abs(reference.astype(np.int16) - test)
    rows = (gaps > 4 * ROW.most_floor).mean(axis=1) > 0.01
    return bool(rows.mean() >= ROW.least_change)


def explains(lines: Lines, reference: Gray, test: Gray, *, slips: int = 0) -> bool:
    """Whether rows that look alike are enough, and what is between them are blocks.

    Where lines are half a pixel off, rows may slip by one so many times.
    """
    weights = busyness(reference)
    enough = ROW.explained * min(weights.sum(), busyness(test).sum())
    known = np.flatnonzero(lines >= 0)
    gaps = np.diff(np.concatenate([[-1], known, [len(lines)]])) - 1
    skipped = np.diff(np.concatenate([[-1], lines[known], [len(test)]])) - 1
    sizes = np.abs(gaps - skipped)
    small = (sizes > (slips > 0)) & (sizes < ROW.least_block)
    few = np.count_nonzero(sizes == 1) <= slips
    return bool(weights[known].sum() >= enough and not small.any() and few)
