"""Which page of one document belongs to which of the other.

Pages keep their order for the most part: so the longest and best chain of alike pages is sought, as
texts are aligned line by line (Needleman and Wunsch, 1970, doi:10.1016/0022-2836(70)90057-4). What
is left over may have moved, or been repeated; what is left then in the same gap was rewritten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from imgdiff.comparison.page_likeness import is_blank_page, likeness_of_pages
from imgdiff.types import Floats, PagePair, PageSketch


@dataclass(frozen=True, slots=True)
class PartnerBounds:
    """Tuned on documents made of random words and their scans; see tests/comparison.

    Attributes
    ----------
    alike : float
        Likeness from which two pages are taken for versions of one: of scans others have ≤ .52, of
        texts of 32 random words ≤ .46.
    moved : float
        The same of pages that changed places: chance offers many more of these.
    akin : float
        Likeness that is enough between pages that have no better partner, in order.
    same : float
        What pages of the same digest have beyond their likeness: a chain of equal pages goes before
        a chain of similar ones.
    """

    alike: float = 0.6
    moved: float = 0.65
    akin: float = 0.3
    same: float = 0.5


PARTNER_BOUNDS: Final = PartnerBounds()


def find_partners(
    before: Sequence[PageSketch],
    after: Sequence[PageSketch],
    *,
    fixed: Sequence[tuple[int, int]] = (),
) -> tuple[PagePair, ...]:
    """Pair the pages of two documents.

    Parameters
    ----------
    before, after : sequence of PageSketch
        Every page of either.
    fixed : sequence of (int, int)
        Pages that the user has paired, by their numbers from 1; no page twice.

    Returns
    -------
    tuple of PagePair
        Every page of both documents once, in the order in which one would read them: as after,
        with removed pages where they were.
    """
    likeness = likeness_of_pages(before, after)
    by_hand = {(one - 1, other - 1) for one, other in fixed}
    for one, other in by_hand:
        likeness[one, :] = likeness[:, other] = 0
    gain = likeness + PARTNER_BOUNDS.same * _same(before, after, likeness)
    chain = by_hand | set(_chain(gain, least=PARTNER_BOUNDS.alike))
    chain |= set(_moved_on(likeness, before, after, chain))
    chain |= set(_chain(_between(likeness, chain), least=PARTNER_BOUNDS.akin))
    chain |= set(_rewritten(likeness.shape, chain))
    pairs = [PagePair(one + 1, other + 1) for one, other in chain]
    return _in_order([*_with_moves(pairs), *_single(before, after, chain)])


def _same(before: Sequence[PageSketch], after: Sequence[PageSketch], likeness: Floats) -> Floats:
    """1 where pages have the same digest and may be partners, else 0."""
    digests = [np.array([page.digest for page in pages]) for pages in (before, after)]
    same = (digests[0][:, None] == digests[1][None, :]) & (likeness > 0)
    return np.asarray(same, np.float64)


def _chain(gain: Floats, *, least: float) -> Iterator[tuple[int, int]]:
    """The pairs, in rising order of both, whose gains of at `least` so much come to the most."""
    gain = np.where(gain >= least, gain, 0)
    rows, columns = gain.shape
    best = np.zeros((rows + 1, columns + 1))
    for row in range(rows):
        taken = np.maximum(best[row, :-1] + gain[row], best[row, 1:])
        best[row + 1, 1:] = np.maximum.accumulate(taken)
    row, column = rows, columns
    while row and column:
        if best[row, column] == best[row - 1, column]:
            row -= 1
        elif best[row, column] == best[row, column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            yield row, column


def _moved_on(
    likeness: Floats,
    before: Sequence[PageSketch],
    after: Sequence[PageSketch],
    chain: set[tuple[int, int]],
) -> Iterator[tuple[int, int]]:
    """Of the pages left over, those that are alike wherever they stand, most alike first."""
    left = likeness.copy()
    for one, other in chain:
        left[one, :] = left[:, other] = 0
    left[[is_blank_page(page) for page in before], :] = 0
    left[:, [is_blank_page(page) for page in after]] = 0
    while left.size and left.max() >= PARTNER_BOUNDS.moved:
        one, other = divmod(int(left.argmax()), left.shape[1])
        left[one, :] = left[:, other] = 0
        yield one, other


def _between(likeness: Floats, chain: set[tuple[int, int]]) -> Floats:
    """The likeness of pages that are left over in the same gap of a chain; else 0."""
    left = np.zeros_like(likeness)
    for rows, columns in _gaps(likeness.shape, chain):
        here = np.ix_(rows, columns)
        left[here] = likeness[here]
    return left


def _rewritten(shape: tuple[int, ...], chain: set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Pages without likeness that stand in each other's place: as many before as after."""
    for rows, columns in _gaps(shape, chain):
        if len(rows) == len(columns):
            yield from zip(rows, columns, strict=True)


def _gaps(
    shape: tuple[int, ...], chain: set[tuple[int, int]]
) -> Iterator[tuple[list[int], list[int]]]:
    """The pages left over between pairs that didn't move: rows and columns."""
    ones = {one for one, _ in chain}
    others = {other for _, other in chain}
    steady = [(one - 1, other - 1) for one, other in _steady(chain)]
    ends = [(-1, -1), *steady, (shape[0], shape[1])]
    for (low, left), (high, right) in pairwise(ends):
        rows = [one for one in range(low + 1, high) if one not in ones]
        yield rows, [other for other in range(left + 1, right) if other not in others]


def _steady(chain: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs that didn't move, as numbers from 1, in order."""
    pairs = [PagePair(one + 1, other + 1) for one, other in sorted(chain)]
    return [(pair.before or 0, pair.after or 0) for pair in _with_moves(pairs) if not pair.moved]


def _with_moves(pairs: list[PagePair]) -> list[PagePair]:
    """The pairs by their page before; moved are those outside the longest chain in order."""
    pairs = sorted(pairs, key=lambda pair: pair.before or 0)
    places = [pair.after or 0 for pair in pairs]
    lengths: list[int] = []
    previous: list[int] = []
    for index, place in enumerate(places):
        earlier = [other for other in range(index) if places[other] < place]
        best = max(earlier, key=lengths.__getitem__, default=-1)
        previous.append(best)
        lengths.append(lengths[best] + 1 if best >= 0 else 1)
    steady = set()
    index = max(range(len(pairs)), key=lengths.__getitem__, default=-1)
    while index >= 0:
        steady.add(index)
        index = previous[index]
    return [replace(pair, moved=index not in steady) for index, pair in enumerate(pairs)]


def _single(
    before: Sequence[PageSketch], after: Sequence[PageSketch], chain: set[tuple[int, int]]
) -> Iterator[PagePair]:
    """The pages without a partner; an added one may be the copy of another."""
    ones = {one for one, _ in chain}
    others = {other for _, other in chain}
    yield from (PagePair(row + 1, None) for row in range(len(before)) if row not in ones)
    first: dict[str, int] = {}
    for number, page in enumerate(before, 1):
        if not is_blank_page(page):
            first.setdefault(page.digest, number)
    for column, page in enumerate(after):
        if column not in others:
            yield PagePair(None, column + 1, copy_of=first.get(page.digest))


def _in_order(pairs: list[PagePair]) -> tuple[PagePair, ...]:
    """As after; a removed page follows the page that it followed before."""
    place = {pair.before: float(pair.after) for pair in pairs if pair.before and pair.after}
    behind = 0.0
    for pair in sorted((pair for pair in pairs if pair.before), key=lambda pair: pair.number):
        if pair.after is None:
            place[pair.number] = behind
        elif not pair.moved:
            behind = pair.after + 0.5
    return tuple(sorted(pairs, key=lambda pair: (pair.after or place[pair.number], pair.number)))
