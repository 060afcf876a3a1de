"""Where writing that says the same looks other than all around it: struck out, reddened, marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from imgdiff.reading.style import Style, style_of
from imgdiff.types import Box, Picture

_LETTERS = 3
"""Heights: so wide are the pieces of a line whose ink is compared."""

_STEP = 0.5
"""In pieces: so far is it from one to the next, so that one of them lies inside of a word."""

_MASS = 1.4
"""By this factor the ink of some letters may change beyond what it does on the whole page: letters
that move by a pixel or two change it by up to 1.25; bold ones by 1.4 and more."""


_RULED = 1.05
"""Ink that a line through or under letters adds at least; in a scan, noise may join letters."""


@dataclass(frozen=True, slots=True, eq=False)
class Lettering:
    """How a few letters look before and after."""

    box: Box
    before: Style
    after: Style

    @property
    def gain(self) -> float:
        """How much more ink there is."""
        return (self.after.mass + 1) / (self.before.mass + 1)

    def stands_out(self, usual: float) -> bool:
        """Whether they look other than text does that is only drawn anew, with a `usual` gain."""
        if not self.before.has_the_colours_of(self.after):
            return True
        more = self.gain / usual
        lined = int(self.after.ruled) - int(self.before.ruled)
        return not 1 / _MASS <= more <= _MASS or (lined != 0 and more**lined >= _RULED)


def looks_of(box: Box, lines: Sequence[Box], before: Picture, after: Picture) -> list[Lettering]:
    """A place on some lines of two pictures, a few letters at a time."""
    return [
        Lettering(spot, style_of(before, spot), style_of(after, spot))
        for spot in _pieces(box, lines)
    ]


def usual_gain(looks: Sequence[Lettering]) -> float:
    """How much more ink there is in most places."""
    return median([look.gain for look in looks] or [1.0])


def rule_of(looks: Sequence[Lettering]) -> Literal["came", "went"] | None:
    """Whether a line came through or under some letters, or went.

    On other paper that isn't told: the border of a ground looks like a line.
    """
    lined = [
        int(look.after.ruled) - int(look.before.ruled)
        for look in looks
        if look.before.has_the_paper_of(look.after)
    ]
    if not any(lined) or {1, -1} <= set(lined):
        return None
    return "came" if 1 in lined else "went"


def _pieces(box: Box, lines: Sequence[Box]) -> Iterator[Box]:
    """A place, of the height of its lines, in pieces that overlap: of one letter, ink varies."""
    height = max(line.height for line in lines)
    top = min(box.y, *(line.y for line in lines))
    bottom = max(box.y + box.height, *(line.y + line.height for line in lines))
    width = _LETTERS * height
    count = max(1, round((box.width / width - 1) / _STEP) + 1)
    for index in range(count):
        middle = box.x + box.width / 2
        if count > 1:
            middle = box.x + width / 2 + index * (box.width - width) / (count - 1)
        yield Box(max(0, round(middle - width / 2)), top, width, bottom - top)
