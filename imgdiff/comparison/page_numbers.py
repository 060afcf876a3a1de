"""Pages that are equal but for the number printed on them, as behind an inserted page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from imgdiff.load.formats import is_pdf
from imgdiff.types import Box, Comparison, Document, Floats, PagePair

if TYPE_CHECKING:
    from imgdiff.types.image import PageText

_MOST: Final = 3
"""Numbers on a page that may have moved on: at the top, at the bottom, and in a title."""
_AROUND: Final = 0.6
"""Of a word's height: how far from its letters a drawn change may reach."""
_NUMBER: Final = re.compile(r"\d+")

_Word = tuple[str, Floats]


def numbering_fact(
    before: Document, after: Document, pair: PagePair, comparison: Comparison, *, dpi: float
) -> str:
    """That nothing but the page's number changed, in a sentence; "" if more did.

    It's asked of the text layer: every word is the same, but for at most a few numbers that grew by
    as much as the page moved on, and every changed place lies on one
    of them. Pages that had to be moved to fit are left alone.
    """
    if not _may_be_renumbered(before, after, pair, comparison):
        return ""
    from imgdiff.load.page_text import page_text  # noqa: PLC0415 (PDFium is large)

    ones, others = (
        list(_words(page_text(file.data, number or 1, dpi=dpi)))
        for file, number in ((before, pair.before), (after, pair.after))
    )
    if len(ones) != len(others):
        return ""
    changed = [(one, other) for one, other in zip(ones, others, strict=True) if one[0] != other[0]]
    step = (pair.after or 0) - (pair.before or 0)
    grown = all(_moved_on(one[0], other[0], step) for one, other in changed)
    places = [box for one, other in changed for box in (one[1], other[1])]
    held = all(any(_holds(place, region.box) for place in places) for region in comparison.regions)
    if not (0 < len(changed) <= _MOST and grown and held):
        return ""
    (one, _), (other, _) = changed[0]
    return f"Only its page number changed: {one} → {other}."


def _may_be_renumbered(
    before: Document, after: Document, pair: PagePair, comparison: Comparison
) -> bool:
    """Whether two pages have other numbers, but changed in single places alone."""
    if pair.before is None or pair.after is None or pair.before == pair.after:
        return False
    still = comparison.pair.related and not comparison.pair.alignment.sentence
    return still and bool(comparison.regions) and is_pdf(before.data) and is_pdf(after.data)


def _words(layer: PageText) -> Iterator[_Word]:
    """The words of a page, each with its left, top, right and bottom, px."""
    for word in re.finditer(r"\S+", layer.text):
        boxes = layer.boxes[word.start() : word.end()]
        corners = np.hstack([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]])
        yield word[0], np.hstack([corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)])


def _moved_on(one: str, other: str, step: int) -> bool:
    """Whether two words are the same but for one number, which grew by `step`."""
    if _NUMBER.sub("", one) != _NUMBER.sub("", other):
        return False
    numbers = [[int(number) for number in _NUMBER.findall(word)] for word in (one, other)]
    return len(numbers[0]) == len(numbers[1]) == 1 and numbers[1][0] - numbers[0][0] == step


def _holds(place: Floats, box: Box) -> bool:
    """Whether a word, with some air around it, holds a box."""
    air = _AROUND * (place[3] - place[1])
    return bool(
        place[0] - air <= box.x
        and place[1] - air <= box.y
        and box.x + box.width <= place[2] + air
        and box.y + box.height <= place[3] + air
    )
