"""What is written on a line, and how sure each character is."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from unicodedata import normalize

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.reading.ctc import BLANK, log_likelihoods
from imgdiff.reading.networks import character_probabilities, characters, column_of_character
from imgdiff.reading.shapes import Rectangle
from imgdiff.types import Picture

_HEIGHT = 48
_FRAME = 8
"""Height of a line as the network sees it, and the width that gives one frame, px."""

_NIL = 1e-6
"""A character that is less probable than this in every frame counts as this probable."""

_LONGEST = 3200
"""Px: the widest line that the network was made for; a longer one is made narrower."""

_BROKEN_NUMBER = re.compile(r"(?<=\d)(?:[.:/]|,(?= \d{3}(?!\d))) (?=\d)")
"""Networks see a space after the comma of 4,160, where there is none."""

_ALIKE = ("1lI|", "0OoQ")
"""Characters that many fonts draw alike, the digit first."""

_DIGITS = str.maketrans("lI|Oo", "11100")
_NUMBER = re.compile(
    r"(?<!\S)(?=(?:[^\s\d]*\d){2})[^\w\s|]*[\dlI|Oo][\d.,:/\-lI|Oo]*[^\w\s|]*(?!\S)"
)
"""Two digits and more, no letters but such as look like digits, and signs before and after them."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A way to cut a line out of its picture.

    Attributes
    ----------
    across, down : float
        Air around the ink, in heights of the ink.
    stretch : float
        How much wider it's made.
    interpolation : int
        OpenCV's, for bringing it to the network's height.
    """

    across: float
    down: float
    stretch: float
    interpolation: int


CUTS = (
    Cut(0.35, 0.15, 1.0, cv2.INTER_LINEAR),
    Cut(0.20, 0.25, 1.15, cv2.INTER_LINEAR),
    Cut(0.30, 0.20, 1.0, cv2.INTER_AREA),
)
"""Three looks at a line: what is written there is the same in all of them, what is misread often
isn't. Air down of .15 to .25 reads best (words right 98 %; 0: 97.6, .4: 97.5, .6: 88); a stretch of
1.15 tells "ll" from "l"; cubic interpolation loses spaces. Measured on 2,080 drawn lines."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A line as it was read once.

    Attributes
    ----------
    text : str
        The most probable character of each frame, joined.
    sure : tuple of float
        Of each character, how probable it was, 0 to 1; of a digit, with the letters it looks like.
    apart : tuple of float
        Of each character, its share of the probability of all that look like it, 0 to 1.
    spans : tuple of (int, int)
        From which frame to which each character stands: its peak, which may be narrower than it.
    left, frame : float
        Where the first frame begins in the picture, and the width of each, px.
    probabilities : ndarray of float32, shape (T, K)
        Of the characters that may be there, in each frame; the first is "blank", the last stands
        for all that can't be there.
    columns : mapping of str to int
        Which of them each of these characters is.
    """

    text: str
    sure: tuple[float, ...]
    apart: tuple[float, ...]
    spans: tuple[tuple[int, int], ...]
    left: float
    frame: float
    probabilities: NDArray[np.float32]
    columns: Mapping[str, int]

    def start(self, place: int) -> float:
        """Where a character begins in the picture, px."""
        return self.left + self.frame * self.spans[place][0]

    def end(self, place: int) -> float:
        """Where a character ends in the picture, px."""
        return self.left + self.frame * self.spans[place][1]

    def part(self, start: int, end: int) -> Reading:
        """The words from one character to another: to the middle of the spaces around them."""
        first = sum(self.spans[start - 1]) // 2 if start else 0
        last = -(-sum(self.spans[end]) // 2) if end < len(self.text) else len(self.probabilities)
        return Reading(
            self.text[start:end],
            self.sure[start:end],
            self.apart[start:end],
            tuple((one - first, two - first) for one, two in self.spans[start:end]),
            self.left + self.frame * first,
            self.frame,
            self.probabilities[first:last],
            self.columns,
        )

    @property
    def right(self) -> float:
        """Where the last frame ends in the picture, px."""
        return self.left + self.frame * len(self.probabilities)

    def log_likelihoods(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """How likely each of some texts is what is written there: natural logarithms, (N,)."""
        other = self.probabilities.shape[1] - 1
        labels = [[self.columns.get(character, other) for character in text] for text in texts]
        return log_likelihoods(self.probabilities, labels)


def read_once(
    picture: Picture,
    box: Rectangle,
    cut: Cut = CUTS[0],
    *,
    limits: tuple[float, float] = (-math.inf, math.inf),
) -> Reading:
    """Read the line whose ink lies in a box of a picture, shape (H, W, 3).

    Air goes no further than to the `limits`: what stands beyond them are other words.
    """
    height = min(box.height, box.width)
    outer = box.grown(cut.across * height, cut.down * height)
    outer = replace(
        outer, left=max(outer.left, limits[0]), right=max(limits[0], min(outer.right, limits[1]))
    )
    left, top = round(outer.left), round(outer.top)
    crop = _cropped(picture, left, top, round(outer.right), round(outer.bottom))
    width = max(_FRAME, min(_LONGEST, round(crop.shape[1] * cut.stretch * _HEIGHT / len(crop))))
    line = cv2.resize(crop, (width, _HEIGHT), interpolation=cut.interpolation)
    samples = line[..., ::-1].astype(np.float32) / 127.5 - 1
    padded = np.pad(samples, ((0, 0), (0, -width % _FRAME), (0, 0)))
    probabilities = character_probabilities(padded.transpose(2, 0, 1)[None])
    return _decoded(probabilities, left, _FRAME * crop.shape[1] / width)


def _cropped(picture: Picture, left: int, top: int, right: int, bottom: int) -> Picture:
    """A part of a picture, of one pixel at least; beyond its edges it goes on as at the edge."""
    height, width = picture.shape[:2]
    left, top = min(left, width - 1), min(top, height - 1)
    right, bottom = max(right, left + 1, 1), max(bottom, top + 1, 1)
    inner = picture[max(0, top) : min(height, bottom), max(0, left) : min(width, right)]
    edges = max(0, -top), max(0, bottom - height), max(0, -left), max(0, right - width)
    return np.asarray(cv2.copyMakeBorder(inner, *edges, cv2.BORDER_REPLICATE), np.uint8)


def _decoded(probabilities: NDArray[np.float32], left: float, frame: float) -> Reading:
    """The most probable character of each frame; those that repeat without a blank are one."""
    best = probabilities.argmax(axis=1)
    runs = np.flatnonzero(np.diff(best, prepend=-1))
    ends = np.append(runs[1:], len(best))
    kept = [(s, e) for s, e in zip(runs.tolist(), ends.tolist(), strict=True) if best[s] != BLANK]
    names = characters()
    written = "".join(names[best[start]] for start, _ in kept)
    broken = {found.end() - 1 for found in _BROKEN_NUMBER.finditer(written)}
    kept = [spot for place, spot in enumerate(kept) if place not in broken]
    text = with_digits("".join(names[best[start]] for start, _ in kept))
    heights = [probabilities[start:end].max(axis=0) for start, end in kept]
    sure, apart = zip(*map(_sureness, text, heights), strict=True) if text else ((), ())
    # The others, nearly all, would take 8 MB a line. Counting them as more likely than they are
    # makes claims harder, never easier.
    possible = [BLANK, *(np.flatnonzero(probabilities[:, 1:].max(axis=0) > _NIL) + 1).tolist()]
    return Reading(
        text=text,
        sure=sure,
        apart=apart,
        spans=tuple(kept),
        left=left,
        frame=frame,
        probabilities=np.pad(probabilities[:, possible], ((0, 0), (0, 1)), constant_values=_NIL),
        columns={names[column]: place for place, column in enumerate(possible)},
    )


def _sureness(character: str, heights: NDArray[np.float32]) -> tuple[float, float]:
    """How sure a character is, and how far from those that look like it."""
    columns = column_of_character()
    own = float(heights[columns[character]])
    all_alike = min(1.0, sum(float(heights[columns[sign]]) for sign in _alike(character)))
    return (all_alike if character.isdigit() else own), own / max(own, all_alike)


@cache
def _alike(character: str) -> str:
    """All that look like a character, itself among them: of an accented one, with other accents."""
    known = next((signs for signs in _ALIKE if character in signs), None)
    base = normalize("NFD", character)[0]
    if known or base == character or not base.isascii():
        return known or character
    return "".join(sign for sign in characters() if sign and normalize("NFD", sign)[0] == base)


def with_digits(text: str) -> str:
    """A text with the digits that letters in the midst of numbers stand for: of "2O:33" 20:33.

    A word of two digits and more, and of no letters but such that look like digits, is a number.
    """
    return _NUMBER.sub(lambda found: found.group().translate(_DIGITS), text)
