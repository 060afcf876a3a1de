"""Between rows that were found again: what changed in place, and where exactly a block went in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.row_costs import ROW, Lines
from imgdiff.alignment.row_offsets import levels_beyond
from imgdiff.pixels.order_statistics import median
from imgdiff.types import Block

if TYPE_CHECKING:
    from imgdiff.alignment.quality import Gray

LineAxis: TypeAlias = Literal["rows", "columns"]


@dataclass(frozen=True, slots=True)
class GapLimits:
    """Where exactly a block went in.

    Attributes
    ----------
    left_at_end : int
        Lines that may follow what was pushed over the end, where it went by half a row more or was
        saved as JPEG: by chance the last ones fit.
    clear : int
        Levels, beside those that a whole row differs by, that make a pixel another one: more than
        JPEG makes of a letter's edge.
    exact : float
        What it counts that a row itself, not one beside it, is alike: it decides where those are.
    paper : float
        What it counts, of that, that its paper is alike: stripes may turn from a block on.
    """

    left_at_end: int = 4
    clear: int = 24
    exact: float = 0.1
    paper: float = 0.01


GAPS = GapLimits()


def close_gaps(
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


def settled_blocks(
    lines: Lines, blocks: list[Block], reference: Gray, test: Gray
) -> tuple[Lines, list[Block]]:
    """The blocks where the rows beside them agree best, looked at pixel by pixel.

    Rows were matched by what their parts look like, and there a word is like another of its length.

    Parameters
    ----------
    lines, blocks : ndarray of int64, list of Block
        As `close_gaps` gives them.
    """
    lines, settled = lines.copy(), list[Block]()
    stops = [*(block.at for block in blocks[1:]), len(reference)]
    start = 0
    for block, stop in zip(blocks, stops, strict=True):
        gone = block.count * (block.kind == "removed")
        before = block.test_at - block.at
        after = before + block.count - 2 * gone
        at = block.at
        is_last = at + gone + GAPS.left_at_end >= len(reference)
        if not is_last and block.count >= ROW.least_block:  # Else no rows tell where it belongs.
            at = _best_place(block, slice(start, stop), reference, test)
        lines[start:at] = np.arange(start, at) + before
        lines[at : at + gone] = -1
        lines[at + gone : stop] = np.arange(at + gone, stop) + after
        last = settled[-1] if settled else None
        if last is not None and last.kind == block.kind and last.at == at - (gone and last.count):
            settled[-1] = replace(last, count=last.count + block.count)
        else:
            settled.append(replace(block, at=at, test_at=at + before))
        start = at + gone
    return lines, settled


def _best_place(block: Block, rows: slice, reference: Gray, test: Gray) -> int:
    """Where a block among some rows of the reference leaves least that differs."""
    gone = block.count * (block.kind == "removed")
    before = block.test_at - block.at
    above, below = int(rows.stop) - gone, rows.start + gone
    after = before + block.count - 2 * gone
    ours = _unlike(reference[rows.start : above], test[rows.start + before : above + before])
    theirs = _unlike(reference[below : rows.stop], test[below + after : rows.stop + after])
    costs = np.zeros((len(ours) + 1, 2))
    costs[1:] = np.cumsum(ours, axis=0)
    costs[:-1] += np.cumsum(theirs[::-1], axis=0)[::-1]
    near, exact = costs.T
    if rows.stop == len(reference) and near[-1] <= near.min() + 1e-9:
        return above  # Nothing but space follows.
    total = near + GAPS.exact * exact
    best: list[int] = (rows.start + np.flatnonzero(total <= total.min() + 1e-9)).tolist()
    return min(best, key=lambda at: abs(at - block.at))


def _unlike(reference: Gray, test: Gray) -> NDArray[np.float64]:
    """How much of each row is another, whatever paper it is on, and how unlike it is: (N, 2).

    First where a row beside will do as well: half a pixel moves some lines by one more than others.
    """
    ours, theirs = _on_no_paper(reference), _on_no_paper(test)
    beyond = cv2.max(levels_beyond(ours, theirs), levels_beyond(theirs, ours))
    here = [
        np.minimum(cv2.absdiff(one, other), GAPS.clear).mean(axis=1) / GAPS.clear
        for one, other in ((ours, theirs), (reference, test))
    ]
    unlike = here[0] + GAPS.paper * here[1]
    return np.stack([(beyond > GAPS.clear).mean(axis=1), unlike], axis=1)


def _on_no_paper(picture: Gray) -> NDArray[np.int16]:
    """Rows without the level of most of each."""
    paper = median(picture[:, :: max(1, picture.shape[1] // 99)], axis=1, keepdims=True)
    return np.asarray(picture.astype(np.int16) - paper.astype(np.int16), np.int16)
