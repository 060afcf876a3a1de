"""Whole rows or columns that were put in or taken out: the longest common run of equal lines.

Screenshots, documents and web pages change like texts do: something is put in, and what follows
moves on. So they are compared as texts are, line by line.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.geometry import Matrix, shift
from imgdiff.alignment.quality import Gray
from imgdiff.types import Block, Mask, Pixels

_FEWEST_ANCHORS = 8
_SAMPLED = 16
_STRIP = 64
_LEAST_EXPLAINED = 0.5
"""Share of what is on the lines that must be found again."""

_LEAST_GAIN = 0.05
"""By this share more of it must be found again than without moving anything."""

Lines = NDArray[np.int64]
"""(N,): for each line of the reference the line of the test picture that belongs to it, or −1."""


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """Which lines belong together.

    Attributes
    ----------
    axis : {"rows", "columns"}
        What the lines are.
    lines : ndarray of int64, shape (N,)
        For each line of the reference the test picture's, or −1.
    blocks : tuple of Block
        Lines that only one picture has, in order.
    test_count : int
        Lines of the test picture.
    """

    axis: Literal["rows", "columns"]
    lines: Lines
    blocks: tuple[Block, ...]
    test_count: int

    @property
    def motion(self) -> Matrix:
        """What the matching amounts to where all lines moved by one distance; else the identity."""
        offset = -(_offset(self.lines) or 0)
        return shift(0, offset) if self.axis == "rows" else shift(offset, 0)

    @property
    def share_added(self) -> float:
        """Share of the test picture's lines that the reference doesn't have."""
        return sum(b.count for b in self.blocks if b.kind == "added") / self.test_count

    def gathered(self, samples: Pixels) -> tuple[Pixels, Mask]:
        """The test picture's samples on the reference's grid, and where there are any.

        Parameters
        ----------
        samples : ndarray, shape (H, W) or (H, W, C)
        """
        there = self.lines >= 0
        along = 0 if self.axis == "rows" else 1
        result = np.take(samples, np.maximum(self.lines, 0), axis=along)
        if along == 0:
            result[~there] = 0
            mask = np.repeat(there[:, None], result.shape[1], axis=1)
        else:
            result[:, ~there] = 0
            mask = np.repeat(there[None], result.shape[0], axis=0)
        result.setflags(write=False)
        return result, np.broadcast_to(np.True_, mask.shape) if there.all() else mask


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
    if reference.shape[0] == test.shape[0]:
        return _matched(reference.T, test.T, "columns")
    return None


def _matched(reference: Gray, test: Gray, axis: Literal["rows", "columns"]) -> Matching | None:
    if not _rows_moved(reference, test):
        return None
    reference, test = np.ascontiguousarray(reference), np.ascontiguousarray(test)
    a, b = _digests(reference), _digests(test)
    weights = _busyness(reference)
    anchors = _anchors(a, b, weights)
    moves = len(a) != len(b) or any(i != j for i, j in anchors)
    if len(anchors) < _FEWEST_ANCHORS or not moves:
        return None
    lines = _extended(anchors, a, b)
    common = min(len(a), len(b))
    in_place = weights[:common][a[:common] == b[:common]].sum()
    found = weights[lines >= 0].sum()
    enough = _LEAST_EXPLAINED * min(weights.sum(), _busyness(test).sum())
    gains = len(a) != len(b) or found >= in_place + _LEAST_GAIN * weights.sum()
    if found < enough or not gains or (len(a) == len(b) and _offset(lines) is not None):
        return None
    blocks = _close_gaps(lines, reference, test, axis)
    return Matching(axis, lines, tuple(blocks), len(b)) if blocks else None


def _offset(lines: Lines) -> int | None:
    """The distance by which all lines moved, if it is one."""
    offsets = np.unique((lines - np.arange(len(lines)))[lines >= 0])
    return int(offsets[0]) if len(offsets) == 1 else None


def _rows_moved(reference: Gray, test: Gray) -> bool:
    """A quick look, at one row in 16: whether some of the reference's are elsewhere in the test.

    No row of a photograph is found again in another; of an edited screenshot, most are where they
    were.
    """
    some = np.ascontiguousarray(reference[::_SAMPLED])
    busy = _busyness(some) > 0
    sums, where = np.unique(_sums(test), return_index=True)
    sampled = _sums(some)
    place = np.minimum(np.searchsorted(sums, sampled), len(sums) - 1)
    found = busy & (sums[place] == sampled)
    in_place = _SAMPLED * np.arange(len(some))
    elsewhere = found & (where[place] != in_place)
    if len(reference) == len(test):
        # Of several equal rows only the first was looked up.
        elsewhere &= _sums(np.ascontiguousarray(test[::_SAMPLED])) != sampled
        return bool(elsewhere.any())
    return bool(found.any())


def _sums(picture: Gray) -> NDArray[np.float64]:
    """A number for each row, quick to compute for columns too: a random combination of samples.

    It is exact, as whole numbers below 2^53 are; different rows hardly ever share one.
    """
    whole = np.random.default_rng(0).integers(1, 2**16, picture.shape[1])
    factors = np.asarray(whole, np.float64)
    total: NDArray[np.float64] = np.zeros(len(picture))
    along = 0 if picture.flags.c_contiguous else 1
    for start in range(0, picture.shape[along], _STRIP):
        part = slice(start, start + _STRIP)
        if along == 0:
            total[part] = np.asarray(picture[part].astype(np.float64) @ factors)
        else:
            total += np.asarray(picture[:, part].astype(np.float64) @ factors[part])
    return total


def _digests(picture: Gray) -> NDArray[np.int64]:
    """A number for each row: equal for equal rows."""
    return np.array([zlib.crc32(row) for row in picture], np.int64)


def _busyness(picture: Gray) -> NDArray[np.int64]:
    """For each row, how often the brightness changes along it: flat rows count nothing."""
    return np.asarray(np.count_nonzero(picture[:, 1:] != picture[:, :-1], axis=1), np.int64)


def _anchors(
    a: NDArray[np.int64], b: NDArray[np.int64], weights: NDArray[np.int64]
) -> list[tuple[int, int]]:
    """Pairs of rows that occur once in either picture, as many as keep their order.

    Patience sorting: the longest increasing run among them is a longest common subsequence.
    """
    values, places, counts = np.unique(a, return_index=True, return_counts=True)
    values_b, places_b, counts_b = np.unique(b, return_index=True, return_counts=True)
    once, once_b = counts == 1, counts_b == 1
    _, left, right = np.intersect1d(
        values[once], values_b[once_b], assume_unique=True, return_indices=True
    )
    pairs = sorted(zip(places[once][left].tolist(), places_b[once_b][right].tolist(), strict=True))
    return _longest_increasing([(i, j) for i, j in pairs if weights[i]])


def _longest_increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, sorted by the first, whose second numbers increase.

    References
    ----------
    M. L. Fredman, "On computing the length of longest increasing subsequences", Discrete
    Mathematics 11 (1975), DOI 10.1016/0012-365X(75)90103-X.
    """
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, j) in enumerate(pairs):
        place = bisect_left(ends, j)
        before.append(last[place - 1] if place else -1)
        if place == len(ends):
            ends.append(j)
            last.append(index)
        else:
            ends[place], last[place] = j, index
    run = []
    index = last[-1] if last else -1
    while index >= 0:
        run.append(pairs[index])
        index = before[index]
    return run[::-1]


def _extended(anchors: list[tuple[int, int]], a: NDArray[np.int64], b: NDArray[np.int64]) -> Lines:
    """Anchors with the equal rows next to them, down and then up, as far as there is room."""
    lines = np.full(len(a), -1, np.int64)
    stops = [(-1, -1), *anchors, (len(a), len(b))]
    for (i, j), (next_i, next_j) in pairwise(stops):
        if i >= 0:
            lines[i] = j
        room = min(next_i - i, next_j - j) - 1
        down = _run_length(a[i + 1 : i + 1 + room], b[j + 1 : j + 1 + room])
        lines[i + 1 : i + 1 + down] = np.arange(j + 1, j + 1 + down)
        room -= down
        up = _run_length(a[next_i - room : next_i][::-1], b[next_j - room : next_j][::-1])
        lines[next_i - up : next_i] = np.arange(next_j - up, next_j)
    return lines


def _run_length(a: NDArray[np.int64], b: NDArray[np.int64]) -> int:
    """How many of the first elements are equal."""
    differs = np.flatnonzero(a != b)
    return int(differs[0]) if len(differs) else len(a)


def _close_gaps(
    lines: Lines, reference: Gray, test: Gray, axis: Literal["rows", "columns"]
) -> list[Block]:
    """PointMatch the rows that changed in place, in `lines`; what is left over are the blocks."""
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
            blocks.append(Block(kind, axis, abs(test_rows - rows), at, test_at))
    return blocks


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
