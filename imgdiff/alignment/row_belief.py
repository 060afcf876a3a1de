"""What a matching of rows must show to be believed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from imgdiff.alignment.row_costs import ROW, STRIP, Lines
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
    nothing : float
        Levels up to which what lines leave needs no better explanation.
    unlike, most : float
        Share of a line's pixels that must differ in place, and of what is on the moved lines, the
        share of such lines.
    enough : float
        Share of what is on the rows; if less is found again among equal rows, others that look
        alike may be a better explanation.
    most_slips : int
        Times that rows drawn anew half a row on may slip by one.
    most_snap : int
        Pixels by which what follows a block may lie nearer here than there.
    spread : float
        Share of the height that shows something over which moved columns must show something: of a
        line of text that lost a word the rest moves on, and nothing else.
    cheap : float
        What a matching may cost for no other to be looked for.
    few_thin : int
        Blocks of a few columns, as an edit may leave them; letters set apart leave one for each.
    """

    clearly: float = 0.85
    nothing: float = 0.05
    unlike: float = 0.01
    most: float = 0.5
    enough: float = 0.85
    cheap: float = 30
    few_thin: int = 3
    most_snap: int = 1
    spread: float = 0.5
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


def snaps(blocks: list[Block], reference: Gray, test: Gray) -> list[Block]:
    """Single rows of mere space, beside a real block: a page that moved by half a pixel has them.

    Browsers put each line of text on whole pixels, so that some go by one more than others.
    """
    if max(block.count for block in blocks) < ROW.least_block:
        return []
    found = [block for block in blocks if block.count == 1 and _is_space(block, reference, test)]
    steps = np.cumsum([1 if block.kind == "added" else -1 for block in found])
    return found if not found or np.ptp(steps) <= BELIEVED.most_snap else []


def _is_space(block: Block, reference: Gray, test: Gray) -> bool:
    """Whether a single row is like one beside it."""
    one, at = (test, block.test_at) if block.kind == "added" else (reference, block.at)
    beside = one[max(0, at - 1) : at + 2]
    return bool((beside == one[at]).all(axis=1).sum() > 1)


def moved_text(lines: Lines, blocks: list[Block], reference: Gray, test: Gray) -> bool:
    """Whether columns that seem put in are but words that moved on, or are set wider."""
    thin = sum(block.count < ROW.least_block for block in blocks)
    return thin > BELIEVED.few_thin or _only_a_part(lines, reference, test)


def _only_a_part(lines: Lines, reference: Gray, test: Gray) -> bool:
    """Whether moving the lines helps along a small part of what shows something only."""
    moved = np.flatnonzero((lines >= 0) & (lines != np.arange(len(lines))))
    ours = reference[moved].astype(np.int16)
    there = np.minimum(moved, len(test) - 1), lines[moved]
    here, after = ((np.abs(ours - test[at]) > ROW.most_floor).sum(axis=0) for at in there)
    shown = (np.abs(np.diff(reference.astype(np.int16), axis=0)) > ROW.most_floor).any(axis=0)
    return bool(len(moved)) and (2 * after < here).sum() < BELIEVED.spread * shown.sum()


def differ(reference: Gray, test: Gray) -> bool:
    """Whether enough rows differ in place for it to be worth looking where they are."""
    if len(reference) != len(test):
        return True
    changed = 0
    for top in range(0, len(test), STRIP):
        rows = slice(top, top + STRIP)
        gaps = cv2.absdiff(np.ascontiguousarray(reference[rows]), np.ascontiguousarray(test[rows]))
        counts = np.count_nonzero(gaps > 4 * ROW.most_floor, axis=1)
        changed += int(np.count_nonzero(counts > 0.01 * test.shape[1]))
    return bool(changed >= ROW.least_change * len(test))


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
