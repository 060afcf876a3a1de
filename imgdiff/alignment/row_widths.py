"""Pages of two widths, as windows of two widths make them: rows first, then what juts out beside.

A page that is laid out anew for a narrower window keeps most of its rows, to the pixel, at the left
or in the middle; what doesn't fit any more goes below, and what follows moves on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from imgdiff.alignment.row_costs import is_drawn
from imgdiff.alignment.rows import Matching, aligned_lines, common_offset, laid_strip
from imgdiff.types import Block

if TYPE_CHECKING:
    from imgdiff.alignment.quality import Gray

_LEAST_COMMON = 0.4
"""Share of the wider page that the narrower one must have: a phone's page is another page."""


def match_widths(reference: Gray, test: Gray) -> Matching | None:
    """The matching of rows of pages of two widths, and the columns that only one has.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W) and (H', W')

    Returns
    -------
    Matching or None
        None if they aren't drawn, if most rows aren't equal, or if all moved by one distance.
    """
    widths = reference.shape[1], test.shape[1]
    common = min(widths)
    if common < _LEAST_COMMON * max(widths) or not (is_drawn(reference) and is_drawn(test)):
        return None
    for left, test_left in _places(*widths):
        one = reference[:, left : left + common]
        other = test[:, test_left : test_left + common]
        lines, blocks = aligned_lines(one, other, "rows", None)
        if blocks and common_offset(lines) is None:
            strip = laid_strip((test_left, test_left + common), lines, one, other)
            beside = _beside(widths, left, test_left)
            lacking = left, max(0, widths[0] - left - common)
            return Matching("rows", (strip,), (*blocks, *beside), len(test), *lacking)
    return None


def _places(width: int, test_width: int) -> Iterator[tuple[int, int]]:
    """Where what both have may begin in either: at the left, or in the middle."""
    yield 0, 0
    more = abs(width - test_width)
    for half in sorted({more // 2, (more + 1) // 2} - {0, more}):  # browsers round either way
        yield (half, 0) if width > test_width else (0, half)


def _beside(widths: tuple[int, int], left: int, test_left: int) -> Iterator[Block]:
    """The columns at either side that only the wider page has."""
    kind: Literal["added", "removed"] = "removed" if widths[0] > widths[1] else "added"
    before = max(left, test_left)
    after = abs(widths[0] - widths[1]) - before
    common = min(widths)
    if before:
        yield Block(kind, "columns", before, 0, 0)
    yield Block(kind, "columns", after, left + common, test_left + common)
