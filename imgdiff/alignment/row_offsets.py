"""Rows that moved on by few distances, though hardly two of them are equal.

Where content moves by a part of a pixel a browser draws each line of text, and each box, on whole
pixels by itself, one row more or less; and JPEG or WebP leaves no row as it was. So the distances
by which many rows moved are looked for first, and then for each row the one at which it shows the
same, a row more or less; it changes where that costs less than what stays unlike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.row_costs import ROW, Lines, unlikeness_of_rows

if TYPE_CHECKING:
    from imgdiff.alignment.quality import Gray

Costs: TypeAlias = NDArray[np.float64]
Shades: TypeAlias = NDArray[np.uint8 | np.int16]


@dataclass(frozen=True, slots=True)
class OffsetLimits:
    """How distances are found and weighed. Tuned on pages drawn by a browser, seeds 501 to 504.

    Attributes
    ----------
    bands : int
        Things that stand below one another in a page, at least: an arrow turned round is no page.
    most : int
        Distances that are tried.
    voters : int
        Rows of the reference, about, that tell where they may have gone.
    slack : int
        Rows by which what moved may lie higher or lower: screens may have 2 pixels to a point.
    near : float
        Levels beside the best row within which others are as good for a vote.
    clear : int
        Levels beyond which a pixel is another one: more than JPEG makes of a letter's edge.
    opening : float
        What a block costs: so large a share of the pixels that show something.
    longer : tuple of float
        Shares of the pixels that show something that it costs if only one picture has them.
    row : float
        So many pixels more are counted in each row, for space.
    explained : float
        Share of what differs in place that may be left.
    elsewhere : int
        Rows further on, where a page shows something else.
    left : float
        Share of the pixels that show something that may be left.
    across : int
        So many samples of a row, about, tell what it shows.
    """

    bands: int = 5
    most: int = 10
    voters: int = 600
    slack: int = 2
    near: float = 0.5
    clear: int = 24
    opening: float = 0.01
    longer: tuple[float, ...] = (0.5, 0.15)
    row: float = 2
    explained: float = 0.5
    elsewhere: int = 7
    left: float = 0.25
    across: int = 2000


OFFSETS = OffsetLimits()

_BEGINS = -1

_PIECE = 512
"""Rows of which all ways are priced together."""


@dataclass(frozen=True, slots=True, eq=False)
class _Prices:
    """What blocks cost, in pixels: each, and all that is shown on rows that only one picture has.

    Attributes
    ----------
    opening : float
        Of each block.
    gone, come : ndarray of float64, shape (H + 1,) and (H' + 1,)
        Of the first rows, however many, of the reference and of the test picture.
    """

    opening: float
    gone: Costs
    come: Costs

    @classmethod
    def of(cls, shown: list[Costs], longer: float) -> _Prices:
        """The prices, by how much the rows of the two pictures show, for a share of that."""
        opening = OFFSETS.opening * shown[0].sum() + 1
        per_row = (longer * (counts + OFFSETS.row) for counts in shown)
        return cls(opening, *(np.concatenate([[0], np.cumsum(prices)]) for prices in per_row))

    @property
    def grown(self) -> int:
        """By how many rows the test picture is longer."""
        return len(self.come) - len(self.gone)

    def jump(self, start: Lines, stop: Lines, on: Lines, end: Lines) -> Costs:
        """Of going from a row of the reference, and of the test picture, to others further on."""
        gone = self.gone.take(stop, mode="clip") - self.gone.take(start, mode="clip")
        come = self.come.take(end, mode="clip") - self.come.take(on, mode="clip")
        return np.where((stop > start) | (end > on), self.opening + gone + come, 0.0)


def lines_by_offset(reference: Gray, test: Gray) -> Iterator[Lines]:
    """For each row of the reference the test picture's, found by the distances that rows moved.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W) and (H', W)

    Yields
    ------
    ndarray of int64, shape (H,)
        Likely ones, −1 where there is no such row; none where too much is left unlike, or hardly
        less than without moving anything. First what came and went counts as much as what changed;
        then less, for rows that repeat lie right nearly anywhere.
    """
    step = max(1, reference.shape[1] // OFFSETS.across)
    reference, test = (np.ascontiguousarray(page[:, ::step]) for page in (reference, test))
    if min(map(_bands, (reference, test))) < OFFSETS.bands:
        return
    offsets = _likely_offsets(reference, test)
    costs = np.stack([_unlike(reference, test, int(offset)) for offset in offsets])
    in_place = costs[np.searchsorted(offsets, 0)]
    before = in_place[np.isfinite(in_place)].sum()
    shown = [_shown(picture) for picture in (reference, test)]
    most = min(OFFSETS.explained * before, OFFSETS.left * shown[0].sum())
    for longer in OFFSETS.longer:
        lines = _cheapest(costs, offsets, _Prices.of(shown, longer))
        found = np.flatnonzero(lines >= 0)
        if costs[np.searchsorted(offsets, lines[found] - found), found].sum() <= most:
            yield lines


def _bands(picture: Gray) -> int:
    """How many lines, boxes or other things stand below one another: one thing has no rows."""
    if len(picture) < 2:
        return 0
    steps = (cv2.absdiff(picture[1:], picture[:-1]) > OFFSETS.clear).any(axis=1)
    return int(np.count_nonzero(np.diff(np.concatenate([[0], steps])) == 1))


def _likely_offsets(reference: Gray, test: Gray) -> Lines:
    """Distances by which many rows seem to have moved, in order; none, and to the end, too."""
    step = max(1, len(reference) // OFFSETS.voters)
    busy, unlike = unlikeness_of_rows(reference, test, step)
    votes = np.zeros(len(reference) + len(test) + 2)
    if len(busy):
        good = unlike <= unlike.min(axis=1, keepdims=True) + OFFSETS.near
        rows, places = np.nonzero(good)
        weights = 1 / good.sum(axis=1)
        np.add.at(votes, places - busy[rows] + len(reference), weights[rows])
    votes = np.convolve(votes, [0.5, 1, 0.5], "same")
    offsets = {0, len(test) - len(reference)}
    while len(offsets) < OFFSETS.most and votes.max() > 1:
        best = int(votes.argmax())
        if all(abs(best - len(reference) - other) >= ROW.least_block for other in offsets):
            offsets.add(best - len(reference))
        votes[max(0, best - ROW.least_block + 1) : best + ROW.least_block] = 0
    return np.array(sorted(offsets), np.int64)


def _unlike(reference: Gray, test: Gray, offset: int) -> Costs:
    """For each row, pixels that no row beside it shows at one distance; infinite past the ends."""
    start, stop = max(0, -offset), min(len(reference), len(test) - offset)
    costs = np.full(len(reference), np.inf)
    if start >= stop:
        return costs
    ours, theirs = reference[start:stop], test[start + offset : stop + offset]
    beyond = np.maximum(levels_beyond(ours, theirs), levels_beyond(theirs, ours))
    costs[start:stop] = np.count_nonzero(beyond > OFFSETS.clear, axis=1)
    return costs


def levels_beyond(ours: Shades, theirs: Shades) -> Shades:
    """Levels by which pixels lie outside of what theirs, and those above and below, show.

    Parameters
    ----------
    ours, theirs : ndarray of uint8 or int16, shape (H, W)
    """
    reach = np.ones((2 * OFFSETS.slack + 1, 1), np.uint8)
    lowest, highest = cv2.erode(theirs, reach), cv2.dilate(theirs, reach)
    return np.asarray(cv2.max(cv2.subtract(lowest, ours), cv2.subtract(ours, highest)))


def _shown(picture: Gray) -> Costs:
    """How many pixels of each row show something: those that are others some rows further on."""
    costs = _unlike(picture, picture, OFFSETS.elsewhere)
    return np.where(np.isfinite(costs), costs, 0)


def _cheapest(costs: Costs, offsets: Lines, prices: _Prices) -> Lines:
    """The lines that cost least, blocks and what stays unlike counted together.

    Parameters
    ----------
    costs : ndarray of float64, shape (K, H)
        Of each row at each distance; infinite where there is no such row.
    offsets : ndarray of int64, shape (K,)
        The distances, in order.
    """
    count, states = costs.shape[1], len(offsets)
    begun = _begun(count, offsets, prices)
    total = np.full((count + 1, states), np.inf)
    came = np.full((count + 1, states), _BEGINS)
    flat = total.ravel()
    for top in range(0, count, _PIECE):
        rows = np.arange(top, min(top + _PIECE, count))
        places, jumps = _jumps(rows, offsets, prices)
        for i, place, jump in zip(rows, places, jumps, strict=True):
            ways = flat.take(place) + jump
            best = np.minimum(ways.min(axis=0), begun[i])
            came[i + 1] = np.where(begun[i] <= best, _BEGINS, ways.argmin(axis=0))
            total[i + 1] = best + costs[:, i]
    return _traced(total + _ends(count, offsets, prices), came, offsets)


def _jumps(rows: Lines, offsets: Lines, prices: _Prices) -> tuple[Lines, Costs]:
    """What it costs to come to a distance from another one, for each row that is the first there.

    Returns
    -------
    places : ndarray of int64, shape (N, K, K)
        Where the total of the way so far stands: of the last row at the old distance (second
        axis), before the new one (third).
    costs : ndarray of float64, shape (N, K, K)
        Infinite where there is no such way.
    """
    steps = offsets - offsets[:, None]
    too_small = (steps != 0) & (np.abs(steps) < ROW.least_block)
    here = rows[:, None, None]
    last = here - np.maximum(-steps, 0)
    jumps = prices.jump(last, here, last + offsets[:, None], here + offsets)
    jumps[too_small | (last <= 0)] = np.inf
    return np.maximum(last, 0) * len(offsets) + np.arange(len(offsets))[:, None], jumps


def _begun(count: int, offsets: Lines, prices: _Prices) -> Costs:
    """What it costs that a row is the first that is matched: at the top of either picture."""
    rows, zero = np.arange(count)[:, None], np.zeros((1, 1), np.int64)
    tops = (rows == 0) | (rows + offsets == 0)
    return np.where(tops, prices.jump(zero, rows, zero, rows + offsets), np.inf)


def _ends(count: int, offsets: Lines, prices: _Prices) -> Costs:
    """What it costs to have matched the last row: what is left over came or went."""
    ends = np.full((count + 1, len(offsets)), np.inf)
    test_count = count + prices.grown
    last = count - np.maximum(0, offsets - prices.grown)
    costs = prices.jump(last, np.full_like(last, count), last + offsets, last * 0 + test_count)
    ends[last[last > 0], np.flatnonzero(last > 0)] = costs[last > 0]
    return ends


def _traced(total: Costs, came: Lines, offsets: Lines) -> Lines:
    """The path back from the cheapest end: for each row the one that it's matched with, or −1."""
    lines = np.full(len(total) - 1, -1, np.int64)
    i, state = map(int, np.unravel_index(int(np.argmin(total)), total.shape))
    while i > 0:
        lines[i - 1] = i - 1 + offsets[state]
        before = int(came[i, state])
        if before == _BEGINS:
            break
        i -= 1 + max(0, int(offsets[before] - offsets[state]))
        state = before
    return lines
