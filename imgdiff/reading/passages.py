"""Lines that belong together, and what differs between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from imgdiff.reading.claims import Difference, differences, is_sure
from imgdiff.reading.lines import Line, read_closely, with_likeliest
from imgdiff.reading.sheets import LinePair, Sheet
from imgdiff.reading.strips import Strip
from imgdiff.reading.tokens import differing_spans, squeezed

_SAME_SIZE, _SAME_LEFT, _NEXT = 1.5, 1.2, 1.3
"""Lines of one paragraph: their heights differ by no more than this factor, their left edges and
the gaps between them by no more than so many heights."""

_SAME_ROW = 0.6
"""Share of the lower one by which lines of one row overlap."""

_NEXT_PARAGRAPH = 3.0
"""The same of a line that stands in one of the pictures only: a clause put in pushed it there."""


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """Lines that belong together, what differs between them, and whether cells of a row moved."""

    lines: tuple[LinePair, ...]
    differences: tuple[Difference, ...]
    shifted: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether all of it could be read."""
        return all(
            pair.legible and is_sure(line)
            for pair in self.lines
            for line in (pair.before, pair.after)
        )


def passages_of(sheet: Sheet) -> Iterator[Passage]:
    """The lines of a sheet, in passages, compared.

    Lines that agree are passages of their own. Cells of a table that stand elsewhere in their row
    are one: a word put in makes a column wider, and pushes the others. Other lines that differ are
    joined with their neighbours of the same paragraph: where one word more pushes others to the
    next line, it is still one.
    """
    rows = list(_shifted_rows(sheet.pairs))
    for row in rows:
        yield replace(_compared(sheet.strip, row), shifted=True)
    in_rows = {id(pair) for row in rows for pair in row}
    for pairs in _grouped([pair for pair in sheet.pairs if id(pair) not in in_rows]):
        if all(pair.agrees for pair in pairs):
            yield Passage(tuple(pairs), ())
        else:
            yield _compared(sheet.strip, pairs)


def _shifted_rows(pairs: Sequence[LinePair]) -> Iterator[list[LinePair]]:
    """Lines side by side that differ, where what stood in one of them stands in another now."""
    left = [pair for pair in pairs if not pair.agrees]
    while left:
        row = [pair for pair in left if _in_one_row(left[0], pair)]
        left = [pair for pair in left if pair not in row]
        before, after = (
            {text for pair in row if (text := squeezed(getattr(pair, side).text))}
            for side in ("before", "after")
        )
        if len(row) > 1 and before & after:
            yield sorted(row, key=lambda pair: pair.box.left)


def _in_one_row(pair: LinePair, other: LinePair) -> bool:
    return pair.box.is_in_row_with(other.box, share=_SAME_ROW, sizes=_SAME_SIZE)


def _grouped(pairs: Sequence[LinePair]) -> Iterator[list[LinePair]]:
    left = list(pairs)
    while left:
        group = [left.pop(0)]
        if not group[0].agrees:
            while follower := _follower(group[-1], left):
                left.remove(follower)
                group.append(follower)
        yield group


def _follower(pair: LinePair, others: Sequence[LinePair]) -> LinePair | None:
    """The next line of a paragraph, if that differs too."""
    return next((other for other in others if not other.agrees and _goes_on(pair, other)), None)


def _goes_on(pair: LinePair, other: LinePair) -> bool:
    whole = all(line.text.strip() for line in (other.before, other.after))
    gap = _NEXT if whole else _NEXT_PARAGRAPH
    lines = (pair.before, other.before), (pair.after, other.after)
    return any(_is_below(one, two, gap) for one, two in lines)


def _is_below(line: Line, other: Line, gap: float) -> bool:
    one, two = line.box, other.box
    low, high = sorted((one.height, two.height))
    return (
        high <= _SAME_SIZE * low
        and abs(one.left - two.left) <= _SAME_LEFT * high
        and two.top - one.top > 0
        and two.top - one.bottom <= gap * high
    )


def _compared(strip: Strip, pairs: Sequence[LinePair]) -> Passage:
    thorough = tuple(_read_again(strip, pair, alone=len(pairs) == 1) for pair in pairs)
    found = differences([pair.before for pair in thorough], [pair.after for pair in thorough])
    clear = all(pair.legible for pair in thorough)
    return Passage(thorough, tuple(replace(each, told=each.told and clear) for each in found))


def _read_again(strip: Strip, pair: LinePair, *, alone: bool) -> LinePair:
    """Both lines read closely where they differ, with the likeliest of all that was read there.

    Where they aren't `alone`, words may have moved between lines: all of them is read.
    """
    texts = pair.before.text, pair.after.text
    spans = differing_spans(*texts) if alone else tuple((0, len(text)) for text in texts)
    lines = [
        read_closely(line, picture, span)
        for line, picture, span in zip(
            (pair.before, pair.after), (strip.before, strip.after), spans, strict=True
        )
    ]
    seen = [reading.text for line in lines for reading in line.close]
    before, after = (with_likeliest(line, [*seen, ""]) for line in lines)
    return replace(pair, before=before, after=after)
