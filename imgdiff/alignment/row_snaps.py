"""Pieces of rows that moved on which lie a row or two off: browsers draw each on whole pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.row_costs import Lines
from imgdiff.alignment.row_offsets import OFFSETS, levels_beyond
from imgdiff.types import Mask, Pixels

if TYPE_CHECKING:
    from imgdiff.alignment.quality import Gray


class Snap(NamedTuple):
    """A part of the reference that the test picture shows some rows further on than its rows."""

    rows: slice
    across: slice
    offset: float


@dataclass(frozen=True, slots=True)
class SnapLimits:
    """What a piece is, and when it lies elsewhere. Tuned on pages drawn by a browser, as `OFFSETS`.

    Attributes
    ----------
    faint : int
        Levels beyond which pixels of pictures differ most of whose pixels are equal.
    equal : float
        The share of equal pixels for that; compression leaves fewer.
    joined : (int, int)
        Px right and down within which pixels that differ belong to one piece, letters to a line.
    left : float
        Share of the differing pixels that may be left.
    nearer : float
        Share of the difference that may be left where the rows around show all of a piece: edges
        that lie between two rows are smoothed, otherwise than by mixing those.
    most : int
        Pieces that are looked at: many more are no page that was drawn anew.
    steps : tuple of float
        Rows off that are tried.
    """

    faint: int = 2
    equal: float = 0.9
    joined: tuple[int, int] = (15, 3)
    left: float = 0.1
    nearer: float = 0.5
    most: int = 4000
    steps: tuple[float, ...] = tuple(quarter / 4 for quarter in range(-8, 9))


SNAPS = SnapLimits()


def snapped_pieces(lines: Lines, reference: Gray, test: Gray) -> tuple[Snap, ...]:
    """Where the reference shows what the test picture does a row or two off, in rows that moved.

    Parameters
    ----------
    lines : ndarray of int64, shape (H,)
        For each row of the reference the test picture's, or −1.
    reference, test : ndarray of uint8, shape (H, W) and (H', W)
    """
    moved = (lines >= 0) & (lines != np.arange(len(lines)))
    if not moved.any():
        return ()
    gaps = cv2.absdiff(reference, np.take(test, np.maximum(lines, 0), axis=0))
    gaps[~moved] = 0
    level = SNAPS.faint if (gaps[moved] == 0).mean() >= SNAPS.equal else OFFSETS.clear
    found: list[Snap] = []
    differs = np.asarray(gaps > level)
    for joined in (SNAPS.joined, (1, 1)):
        for box in _pieces(differs, joined):
            offset = _snap(box, lines, reference, test, level)
            if offset:
                rows, across = box
                found.append(Snap(rows, across, offset))
                differs[box] = False
    return tuple(found)


def _pieces(differs: Mask, joined: tuple[int, int]) -> Iterator[tuple[slice, slice]]:
    """Boxes around what differs, near things in one."""
    whole = differs.view(np.uint8)
    grown = cv2.dilate(whole, np.ones((2 * joined[1] - 1, 2 * joined[0] - 1), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(grown)
    if count > SNAPS.most:
        return
    for x, y, w, h, _ in stats[1:].tolist():
        inside = differs[y : y + h, x : x + w]
        down, right = (np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0))
        if len(down):
            yield (
                slice(y + int(down[0]), y + int(down[-1]) + 1),
                slice(x + int(right[0]), x + int(right[-1]) + 1),
            )


def _snap(box: tuple[slice, slice], lines: Lines, reference: Gray, test: Gray, level: int) -> float:
    """How many rows off a piece lies; 0 if it's right or has changed."""
    rows, across = box
    ours, there = reference[box], lines[rows]
    first, last = int(there[0]) - OFFSETS.slack, int(there[-1]) + OFFSETS.slack
    if first < 0 or last + 1 >= len(test) or last - first != len(there) + 2 * OFFSETS.slack - 1:
        return 0  # A block lies within it, or the page's end.
    around = test[first : last + 2, across]
    here = np.arange(len(there)) + OFFSETS.slack
    gaps = {step: cv2.absdiff(ours, rows_between(around, here + step)) for step in SNAPS.steps}
    counts = {step: np.count_nonzero(gap > level) for step, gap in gaps.items()}
    best = min(counts, key=lambda step: (counts[step], abs(step)))
    if counts[best] <= SNAPS.left * counts[0]:
        return best
    sums = {step: float(gap.sum()) for step, gap in gaps.items()}
    nearest = min(sums, key=lambda step: (sums[step], abs(step)))
    shown = (levels_beyond(ours, around[here]) <= level).all()  # Edges lie between two rows.
    return nearest if shown and sums[nearest] <= SNAPS.nearer * sums[0] else 0


def rows_between(samples: Pixels, places: NDArray[np.floating]) -> Pixels:
    """Rows at places, in rows, that may lie between two: then both are mixed."""
    whole = np.floor(places).astype(np.int64)
    share = (places - whole).reshape(-1, *[1] * (samples.ndim - 1))
    above: Pixels = samples[np.clip(whole, 0, len(samples) - 1)]
    if not share.any():
        return above
    below = samples[np.clip(whole + 1, 0, len(samples) - 1)]
    mixed: Pixels = np.rint(above * (1 - share) + below * share).astype(samples.dtype)
    return mixed
