"""A line of text that was read, once or three times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial

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
    readings : tuple of Reading
        One for each of some `CUTS`.
    text : str
        The most likely of all that were read.
    cut_off : bool
        Whether it goes on beyond the edge of what was read.
    """

    box: Rectangle
    readings: tuple[Reading, ...]
    text: str
    cut_off: tuple[bool, bool] = (False, False)

    def log_likelihoods(self, texts: Sequence[str]) -> list[float]:
        """How likely each text is what is written: the mean of all readings' logarithms."""
        found = [reading.log_likelihoods(texts) for reading in self.readings]
        return [float(mean) for mean in np.mean(found, axis=0)]

    def sureness(self, start: int, end: int) -> list[float]:
        """How sure the characters of `text` from `start` to `end` are, 0 to 1, the least first.

        One number for each reading: 0 if it reads something else there, 1 if there are none.
        """
        return sorted(_sureness(reading, self.text, start, end) for reading in self.readings)

    def spelled(self, start: int, end: int) -> str:
        """The characters of `text` from `start` to `end`, with the spaces that most readings see.

        Of those that are as many, with the fewest.
        """
        seen = [_counterpart(reading, self.text, start, end) for reading in self.readings]
        same = [text for text in seen if squeezed(text) == squeezed(self.text[start:end])]
        counts = Counter([*same, self.text[start:end]])
        return max(counts, key=lambda text: (counts[text], -len(text)))

    def extent(self, start: int, end: int) -> tuple[float, float]:
        """From where to where the characters of `text` from `start` to `end` stand, px."""
        spots = _places(self.text, self.readings[0].text)
        inside = [spot for spot in spots[start:end] if spot is not None]
        if not inside:
            return self._between(spots, start)
        reading = self.readings[0]
        return reading.starts[inside[0]], reading.ends[inside[-1]]

    def _between(self, spots: Sequence[int | None], at: int) -> tuple[float, float]:
        """The gap in front of a character."""
        reading = self.readings[0]
        left = [spot for spot in spots[:at] if spot is not None]
        right = [spot for spot in spots[at:] if spot is not None]
        start = reading.ends[left[-1]] if left else self.box.left
        end = reading.starts[right[0]] if right else self.box.right
        return min(start, end), max(start, end)


def read_line(picture: Picture, box: Rectangle) -> Line:
    """Read a line once."""
    reading = read_once(picture, box)
    width = picture.shape[1]
    near = box.height / 4
    edges = box.left < near, box.right > width - near
    return Line(box, (reading,), reading.text, edges)


def read_thrice(line: Line, picture: Picture) -> Line:
    """The same line, read in two more ways."""
    more = tuple(map(partial(read_once, picture, line.box), CUTS[len(line.readings) :]))
    whole = Line(line.box, (*line.readings, *more), line.text, line.cut_off)
    return with_likeliest(whole, ())


def with_likeliest(line: Line, texts: Sequence[str]) -> Line:
    """A line with the most likely of what was read there, and of some other texts."""
    choice = list(dict.fromkeys([reading.text for reading in line.readings] + list(texts)))
    if len(choice) == 1:
        return line
    chances = line.log_likelihoods(choice)
    best = choice[chances.index(max(chances))]
    return Line(line.box, line.readings, best, line.cut_off)


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
