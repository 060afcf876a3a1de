"""Lines at the same place of two pictures, read and compared."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from imgdiff.reading.claims import Difference, differences, is_sure
from imgdiff.reading.detector import Detected, detect_lines
from imgdiff.reading.lines import Line, read_line, read_thrice, with_likeliest
from imgdiff.reading.shapes import Rectangle, hull
from imgdiff.reading.slots import Slot, slots_of
from imgdiff.reading.strips import Strip, turned
from imgdiff.reading.tokens import squeezed

_LEVEL = 0.25
"""By so much, in heights, a line may rise from its one end to the other before it is straightened:
an upright box around it is no more than this too high. (A box 40 % too high on either side loses
2 % of the words, one 60 % too high 12 %.)"""

_PROBED = 3
"""So many lines tell which way up a strip is."""


@dataclass(frozen=True, slots=True, eq=False)
class LinePair:
    """What is written at one place, before and after."""

    before: Line
    after: Line

    @property
    def box(self) -> Rectangle:
        """Around both."""
        return hull([self.before.box, self.after.box])

    @property
    def agrees(self) -> bool:
        """Whether the same was read in both, spaces apart."""
        return squeezed(self.before.text) == squeezed(self.after.text)


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """Lines that belong together, and what differs between them."""

    lines: tuple[LinePair, ...]
    differences: tuple[Difference, ...]

    @property
    def is_sure(self) -> bool:
        """Whether all of it could be read."""
        return all(is_sure(line) for pair in self.lines for line in (pair.before, pair.after))


def levelled(strip: Strip) -> tuple[Strip, list[Slot]]:
    """A strip turned so that its lines are level and upright, and the lines' places."""
    found = _detected(strip)
    if not any(detected.boxes for detected in found):
        return strip, []
    slant = fmean(detected.slant for detected in found if detected.boxes)
    upright = all(detected.upright for detected in found)
    if upright and _is_level(found, slant):
        return strip, slots_of(*(detected.boxes for detected in found))
    if upright:
        ways = [turned(strip, slant)]
    else:
        ways = [turned(strip, slant + quarter) for quarter in (90, -90)]
    candidates = [(way, [detected.boxes for detected in _detected(way)]) for way in ways]
    best, boxes = max(candidates, key=_legibility) if len(ways) > 1 else candidates[0]
    return best, slots_of(*boxes)


def _detected(strip: Strip) -> list[Detected]:
    return [detect_lines(picture) for picture in (strip.before, strip.after)]


def _is_level(found: Sequence[Detected], slant: float) -> bool:
    """Whether upright boxes fit the lines as they are."""
    slope = math.tan(math.radians(abs(slant)))
    boxes = [box for detected in found for box in detected.boxes]
    return all(slope * box.width <= _LEVEL * (box.height - slope * box.width) for box in boxes)


def _legibility(candidate: tuple[Strip, Sequence[tuple[Rectangle, ...]]]) -> float:
    """How surely the longest lines are read in the picture that has more of them."""
    strip, found = candidate
    picture, boxes = max(
        zip((strip.before, strip.after), found, strict=True), key=lambda pair: len(pair[1])
    )
    longest = sorted(boxes, key=lambda box: -box.width)[:_PROBED]
    sure = [fmean(read_line(picture, box).readings[0].sure or (0,)) for box in longest]
    return fmean(sure) if sure else 0


def read_passages(
    strip: Strip, slots: Sequence[Slot], *, more_than: Callable[[], None] = lambda: None
) -> Iterator[Passage]:
    """Read the lines of some slots, and compare them."""
    pairs = []
    for slot in slots:
        more_than()
        pairs.append(
            LinePair(read_line(strip.before, slot.before), read_line(strip.after, slot.after))
        )
    for group in _passages(pairs):
        yield _compared(strip, group)


def _passages(pairs: Sequence[LinePair]) -> Iterator[list[LinePair]]:
    """Lines that agree are passages of their own; others are joined with their neighbours."""
    yield from ([pair] for pair in pairs)


def _compared(strip: Strip, pairs: Sequence[LinePair]) -> Passage:
    if all(pair.agrees for pair in pairs):
        return Passage(tuple(pairs), ())
    thorough = tuple(_read_again(strip, pair) for pair in pairs)
    found = differences([pair.before for pair in thorough], [pair.after for pair in thorough])
    return Passage(thorough, tuple(found))


def _read_again(strip: Strip, pair: LinePair) -> LinePair:
    """Both lines read thrice, each with the likeliest text of all that was read in either."""
    lines = read_thrice(pair.before, strip.before), read_thrice(pair.after, strip.after)
    texts = [reading.text for line in lines for reading in line.readings]
    return LinePair(*(with_likeliest(line, [*texts, ""]) for line in lines))
