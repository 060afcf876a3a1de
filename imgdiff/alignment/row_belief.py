"""What a matching of rows must show to be believed."""

from __future__ import annotations

from dataclasses import dataclass
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
    spread : float
        Share of the height that shows something over which moved columns must show something: of a
        line of text that lost a word the rest moves on, and nothing else.
    beside : float
        Heights of a block by which one beside it may lie higher and be a part of it: where rows
        repeat, nobody can tell which of them is new.
    few_thin : int
        Blocks of a few columns, as an edit may leave them; letters set apart leave one for each.
    """

    clearly: float = 0.85
    nothing: float = 0.05
    unlike: float = 0.01
    most: float = 0.5
    enough: float = 0.85
    beside: float = 2
    few_thin: int = 3
    spread: float = 0.5


BELIEVED = BeliefOfRows()


def lie_right_too(lines: Lines, reference: Gray, test: Gray) -> bool:
    """Whether most of the lines that would be moved fit where they are, or all do hardly worse."""
    moved = np.flatnonzero((lines >= 0) & (lines != np.arange(len(lines))))
    weights = busyness(reference[moved])
    ours, on = reference[moved].astype(np.int16), np.minimum(lines[moved] + 1, len(test) - 1)
    theirs = test[lines[moved]].astype(np.int16)
    gaps = np.abs(ours - test[moved])
    unlike = weights[(gaps > 2 * ROW.noise).mean(axis=1) > BELIEVED.unlike].sum()
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


def slips(blocks: list[Block]) -> bool:
    """Whether some lines went by a little more or less than others: each is drawn by itself."""
    thin = [block.count < ROW.least_block for block in blocks]
    return any(thin) and not all(thin)


def moved_text(lines: Lines, blocks: list[Block], reference: Gray, test: Gray) -> bool:
    """Whether columns that seem put in are but words that moved on, or are set wider."""
    thin = sum(block.count < ROW.least_block for block in blocks)
    return thin > BELIEVED.few_thin or _only_a_part(lines, reference, test)


def _only_a_part(lines: Lines, reference: Gray, test: Gray) -> bool:
    """Whether moving the lines helps along a small part of what shows something only."""
    moved = np.flatnonzero((lines >= 0) & (lines != np.arange(len(lines))))
    ours = reference[moved].astype(np.int16)
    there = np.minimum(moved, len(test) - 1), lines[moved]
    here, after = ((np.abs(ours - test[at]) > ROW.noise).sum(axis=0) for at in there)
    shown = (np.abs(np.diff(reference.astype(np.int16), axis=0)) > ROW.noise).any(axis=0)
    return bool(len(moved)) and (2 * after < here).sum() < BELIEVED.spread * shown.sum()


def differ(reference: Gray, test: Gray) -> bool:
    """Whether enough rows differ in place for it to be worth looking where they are."""
    if len(reference) != len(test):
        return True
    lies_down = reference.strides[1] < reference.strides[0]  # else these are columns: taken as rows
    one, other = (reference, test) if lies_down else (reference.T, test.T)
    strips = (slice(top, top + STRIP) for top in range(0, len(one), STRIP))
    far = (cv2.absdiff(one[strip], other[strip]) > 4 * ROW.noise for strip in strips)
    counts = [np.count_nonzero(pixels, axis=1 if lies_down else 0) for pixels in far]
    of_rows = np.concatenate(counts) if lies_down else np.sum(counts, axis=0)
    changed = np.count_nonzero(of_rows > 0.01 * test.shape[1])
    return bool(changed >= ROW.least_change * len(test))
