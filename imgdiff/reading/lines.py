"""A line of text that was read, once or three times."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np

from imgdiff.reading.recogniser import CUTS, Reading, read_once
from imgdiff.reading.shapes import Rectangle
from imgdiff.reading.tokens import squeezed
from imgdiff.types import Picture


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """What was read at one place.

    Attributes
    ----------
    box : Rectangle
        Around its ink, in the picture that was read.
    first : Reading
        Of all of it.
    text : str
        What is written: of the span that was read closely, the most likely of some texts.
    cut_off : (bool, bool)
        Whether it goes on beyond the edges of what was read, at its start and its end.
    span : (int, int)
        From where to where `text` was read closely: words that stay aren't.
    close : tuple of Reading
        Of that span alone, one for each of the `CUTS`, or for the first of them.
    """

    box: Rectangle
    first: Reading
    text: str
    cut_off: tuple[bool, bool]
    span: tuple[int, int]
    close: tuple[Reading, ...]

    @property
    def core(self) -> str:
        """What stands in the span that was read closely."""
        return self.text[slice(*self.span)]

    def with_core(self, text: str) -> Line:
        """The same line with other words in the span that was read closely."""
        start, end = self.span
        whole = f"{self.text[:start]}{text}{self.text[end:]}"
        return replace(self, text=whole, span=(start, start + len(text)))

    def log_likelihoods(self, texts: Sequence[str]) -> list[float]:
        """How likely each text is what is written: the mean of all close readings' logarithms.

        The texts differ from `text` within its span alone.
        """
        behind = len(self.text) - self.span[1]
        cores = [text[self.span[0] : len(text) - behind] for text in texts]
        return self.chances_of(cores)

    def chances_of(self, cores: Sequence[str]) -> list[float]:
        """The same of what may stand in the span."""
        found = [reading.log_likelihoods(cores) for reading in self.close]
        return [float(mean) for mean in np.mean(found, axis=0)]

    def sureness(self, start: int, end: int) -> list[float]:
        """How sure the characters of `text` from `start` to `end` are, 0 to 1, the least first.

        One number for each reading: 0 if it reads something else there, 1 if there are none.
        """
        at, until = self.span
        if not at <= start <= end <= until:
            return [_sureness(self.first, self.text, start, end)]
        return sorted(_sureness(one, self.core, start - at, end - at) for one in self.close)

    def apartness(self, place: int) -> float:
        """How far a character of `text` is from those that look like it, 0 to 1, the least."""
        at, until = self.span
        inside = at <= place < until
        text, readings = (self.core, self.close) if inside else (self.text, (self.first,))
        spot = place - at if inside else place
        found = [(reading, _places(text, reading.text)[spot]) for reading in readings]
        return min(0 if where is None else reading.apart[where] for reading, where in found)

    def spelled(self, start: int, end: int) -> str:
        """The characters of `text` from `start` to `end`, with the spaces that most readings see.

        Of those that are as many, with the fewest.
        """
        at = self.span[0]
        seen = [_counterpart(one, self.core, start - at, end - at) for one in self.close]
        same = [text for text in seen if squeezed(text) == squeezed(self.text[start:end])]
        counts = Counter([*same, self.text[start:end]])
        return max(counts, key=lambda text: (counts[text], -len(text)))

    def extent(self, start: int, end: int) -> tuple[float, float]:
        """From where to where the characters of `text` from `start` to `end` stand, px."""
        spots = _places(self.text, self.first.text)
        inside = [spot for spot in spots[start:end] if spot is not None]
        if not inside:
            return self._between(spots, start)
        return self.first.start(inside[0]), self.first.end(inside[-1])

    def _between(self, spots: Sequence[int | None], at: int) -> tuple[float, float]:
        """The gap in front of a character."""
        left = [spot for spot in spots[:at] if spot is not None]
        right = [spot for spot in spots[at:] if spot is not None]
        start = self.first.end(left[-1]) if left else self.box.left
        end = self.first.start(right[0]) if right else self.box.right
        return min(start, end), max(start, end)


def read_line(picture: Picture, box: Rectangle) -> Line:
    """Read a line once."""
    first = read_once(picture, box)
    near = box.height / 4
    edges = box.left < near, box.right > picture.shape[1] - near
    return Line(box, first, first.text, edges, (0, len(first.text)), (first,))


def read_closely(line: Line, picture: Picture, span: tuple[int, int]) -> Line:
    """The same line, some words of it read in more ways."""
    first = line.first.part(*span)
    limits = (
        first.left if span[0] else -math.inf,
        first.right if span[1] < len(line.text) else math.inf,
    )
    box = replace(
        line.box, left=max(line.box.left, limits[0]), right=min(line.box.right, limits[1])
    )
    more = (read_once(picture, box, cut, limits=limits) for cut in CUTS[1:])
    return replace(line, span=span, close=(first, *more))


def with_likeliest(line: Line, cores: Sequence[str]) -> Line:
    """A line with the most likely of some texts in the span that was read closely."""
    choice = list(dict.fromkeys(cores))
    if len(choice) == 1:
        return line.with_core(choice[0])
    chances = line.chances_of(choice)
    return line.with_core(choice[chances.index(max(chances))])


def _sureness(reading: Reading, text: str, start: int, end: int) -> float:
    """As `Line.sureness`, of one reading."""
    spots = _places(text, reading.text)[start:end]
    wanted = [spot for spot, sign in zip(spots, text[start:end], strict=True) if sign != " "]
    found = [spot for spot in wanted if spot is not None]
    if len(found) < len(wanted):
        return 0
    if not found:
        return 1
    between = reading.text[found[0] : found[-1] + 1]
    if squeezed(between) != squeezed(text[start:end]):
        return 0  # it has more characters in the midst of them
    return min(reading.sure[spot] for spot in found)


def _counterpart(reading: Reading, text: str, start: int, end: int) -> str:
    """What a reading has where a text has the characters from `start` to `end`."""
    found = [spot for spot in _places(text, reading.text)[start:end] if spot is not None]
    return reading.text[found[0] : found[-1] + 1] if found else ""


def _places(text: str, other: str) -> list[int | None]:
    """Where each character of a text stands in another version of it; None if it doesn't."""
    places: list[int | None] = [None] * len(text)
    if text == other:
        return list(range(len(text)))
    for i, j, size in SequenceMatcher(None, text, other, autojunk=False).get_matching_blocks():
        places[i : i + size] = range(j, j + size)
    return places
