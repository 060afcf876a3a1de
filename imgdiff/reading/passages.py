"""Lines that belong together, and what differs between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from imgdiff.reading.claims import Difference, differences, is_sure
from imgdiff.reading.lines import Line, read_thrice, with_likeliest
from imgdiff.reading.sheets import LinePair, Sheet
from imgdiff.reading.strips import Strip

_SAME_SIZE, _SAME_LEFT, _NEXT = 1.5, 1.2, 1.3
"""Lines of one paragraph: their heights differ by no more than this factor, their left edges and
the gaps between them by no more than so many heights."""


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """Lines that belong together, and what differs between them."""

    lines: tuple[LinePair, ...]
    differences: tuple[Difference, ...]

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

    Lines that agree are passages of their own. Those that don't are joined with their neighbours
    of the same paragraph: where one word more pushes others to the next line, it is still one.
    """
    for pairs in _grouped(sheet.pairs):
        if all(pair.agrees for pair in pairs):
            yield Passage(tuple(pairs), ())
        else:
            yield _compared(sheet.strip, pairs)


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
    return any(_is_below(getattr(pair, side), getattr(other, side)) for side in ("before", "after"))


def _is_below(line: Line, other: Line) -> bool:
    one, two = line.box, other.box
    low, high = sorted((one.height, two.height))
    return (
        high <= _SAME_SIZE * low
        and abs(one.left - two.left) <= _SAME_LEFT * high
        and two.top - one.top > 0
        and two.top - one.bottom <= _NEXT * high
    )


def _compared(strip: Strip, pairs: Sequence[LinePair]) -> Passage:
    thorough = tuple(_read_again(strip, pair) for pair in pairs)
    found = differences([pair.before for pair in thorough], [pair.after for pair in thorough])
    clear = all(pair.legible for pair in thorough)
    return Passage(thorough, tuple(replace(each, told=each.told and clear) for each in found))


def _read_again(strip: Strip, pair: LinePair) -> LinePair:
    """Both lines read thrice, each with the likeliest text of all that was read in either."""
    lines = read_thrice(pair.before, strip.before), read_thrice(pair.after, strip.after)
    texts = [reading.text for line in lines for reading in line.readings]
    before, after = (with_likeliest(line, [*texts, ""]) for line in lines)
    return replace(pair, before=before, after=after)
