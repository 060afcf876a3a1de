"""Text that runs on over pages: where a change pushes lines to the next page, it's said as that."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from imgdiff.types import PagePair, PageSketch

_RUN = 5
"""Words in a row: as many don't come twice by chance."""
_LEAST = 4
"""Such runs that must have moved on, more or less a line of text."""
_MOSTLY = 0.5
"""Share of what is new on a page: below it, something else is the news."""


def text_moved_on(
    pairs: Sequence[PagePair], before: Sequence[PageSketch], after: Sequence[PageSketch]
) -> dict[PagePair, str]:
    """Of pages whose news were on a neighbouring page before: a sentence that says so.

    Returns
    -------
    mapping of PagePair to str
        "Text moved here from page 2."; pages of which that can't be said are left out.
    """
    runs = [_runs(page.text) for page in before]
    said = {}
    for pair in pairs:
        if pair.after is None:
            continue
        own = runs[pair.before - 1] if pair.before else set()
        news = _runs(after[pair.after - 1].text) - own
        around = pair.before or _place_before(pairs, pair)
        near = [number for number in (around - 1, around + 1, around) if number != pair.before]
        moved = {n: len(news & runs[n - 1]) for n in near if 1 <= n <= len(runs)}
        most = max(moved, key=moved.__getitem__, default=0)
        if most and moved[most] >= max(_LEAST, _MOSTLY * len(news)):
            said[pair] = f"Text moved here from page {most} before."
    return said


def _place_before(pairs: Sequence[PagePair], pair: PagePair) -> int:
    """The page before after which an added page stands."""
    earlier = islice(pairs, pairs.index(pair))
    return max((other.before for other in earlier if other.before), default=1)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return set(zip(*(words[start:] for start in range(_RUN)), strict=False))
