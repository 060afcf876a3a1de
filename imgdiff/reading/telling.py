"""What was read, told of the places that changed."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from imgdiff.reading.claims import BOUNDS, Difference
from imgdiff.reading.lines import Line
from imgdiff.reading.passages import Passage
from imgdiff.reading.patterns import is_ignored
from imgdiff.reading.shapes import Rectangle
from imgdiff.reading.sheets import LinePair
from imgdiff.reading.strips import Strip
from imgdiff.reading.tokens import Token
from imgdiff.types import Box, Kind, Region, TextChange, WordChange

_FEW = 3
"""A line of up to so many words is told as a whole."""

_SHORT = 2
"""Characters: what is so short is told with the words beside it."""

_LETTERS = 1.5
"""Heights of a line: where no more than that differs, one letter may have become another that looks
alike, so that the words aren't told to be the same."""


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage in the reference's frame.

    Attributes
    ----------
    boxes : tuple of Box
        Around each of its lines, before and after.
    words : tuple of WordChange
        What differs, as far as it may be told.
    untold : tuple of Box
        Where something differs that can't be told.
    unnamed : tuple of (Box, Box)
        Of these, before and after, where other words stand for sure.
    text : str
        All of it, as it is before; "" if it isn't sure.
    whole : (str, str) or None
        Before and after, if it is sure: all of it if it is short, else a short word that changed
        and those beside it.
    legible : bool
        Whether it's in a script that can be read.
    left_out : bool
        Whether words differ that are to be ignored.
    shifted : bool
        Whether some of it stands elsewhere in its row.
    """

    boxes: tuple[Box, ...]
    words: tuple[WordChange, ...]
    untold: tuple[Box, ...]
    unnamed: tuple[tuple[Box, Box], ...]
    text: str
    whole: tuple[str, str] | None
    legible: bool
    left_out: bool
    shifted: bool = False

    @property
    def word_boxes(self) -> list[Box]:
        """Where words changed, before and after."""
        return [box for word in self.words for box in (word.before_box, word.after_box)]

    @property
    def agrees(self) -> bool:
        """Whether the words are the same, as far as can be read."""
        return self.legible and not self.words and not self.untold

    @property
    def is_settled(self) -> bool:
        """Whether all that differs in it is told."""
        return self.legible and bool(self.words) and not self.untold


def in_the_picture(
    passage: Passage, strip: Strip, ignored: Sequence[re.Pattern[str]] = ()
) -> ReadPassage:
    """A passage with its places in the whole picture, without what is to be ignored."""
    words, untold, unnamed, left_out = [], [], [], False
    for difference in passage.differences:
        word = _word_change(passage, difference, strip)
        if _is_ignored(passage, difference, ignored):
            left_out = True
        elif difference.told:
            words.append(word)
        else:
            untold += [word.before_box, word.after_box]
            if difference.ratio >= BOUNDS.two_texts:
                unnamed.append((word.before_box, word.after_box))
    return ReadPassage(
        tuple(strip.box_of(pair.box) for pair in passage.lines),
        tuple(words),
        tuple(untold),
        tuple(unnamed),
        "" if left_out else _text(passage),
        None if left_out else _whole(passage),
        all(pair.legible and pair.is_written for pair in passage.lines),
        left_out,
        passage.shifted,
    )


def _text(passage: Passage) -> str:
    """What is written before, if it is sure."""
    return " ".join(pair.before.text.strip() for pair in passage.lines) if passage.is_sure else ""


def _is_ignored(
    passage: Passage, difference: Difference, patterns: Sequence[re.Pattern[str]]
) -> bool:
    """Whether all words that differ lie in something that one of the patterns matches."""
    run = difference.run
    spots = [(passage.lines[token.line].before.text, token) for token in run.before]
    spots += [(passage.lines[token.line].after.text, token) for token in run.after]
    return all(is_ignored(text, token.start, token.end, patterns) for text, token in spots)


def _whole(passage: Passage) -> tuple[str, str] | None:
    """What a line says around its one difference: "Order more" says more than "more".

    All of a short line, and what stands beside a short word.
    """
    if len(passage.lines) > 1 or len(passage.differences) != 1 or not passage.is_sure:
        return None
    before, after = (
        " ".join(line.text.split()) for line in (passage.lines[0].before, passage.lines[0].after)
    )
    if all(0 < len(text.split()) <= _FEW for text in (before, after)):
        return before, after
    (difference,) = passage.differences
    if len(difference.before) > _SHORT or len(difference.after) > _SHORT:
        return None
    run, gaps, line = difference.run, difference.gaps, passage.lines[0]
    return _amidst(line.before, run.before, gaps[0]), _amidst(line.after, run.after, gaps[1])


def _amidst(line: Line, words: Sequence[Token], gap: tuple[int, int]) -> str:
    """Words with one before them and one behind: of a date, "3 May" says more than "3"."""
    start, end = (words[0].start, words[-1].end) if words else (gap[1], gap[1])
    ahead, behind = line.text[:start].split()[-1:], line.text[end:].split()[:1]
    return " ".join([*ahead, *line.text[start:end].split(), *behind])


def with_text(regions: Sequence[Region], passages: Sequence[ReadPassage]) -> list[Region]:
    """The regions, each with what was read there."""
    return [_with_text(region, regions, passages) for region in regions]


def _with_text(
    region: Region, regions: Sequence[Region], passages: Sequence[ReadPassage]
) -> Region:
    touched = [passage for passage in passages if any(meet(region.box, b) for b in passage.boxes)]
    words = [
        word for passage in touched for word in passage.words if _belongs(word, region, regions)
    ]
    words = _without_moves(words)
    if any(meet(region.box, box) for passage in touched for box in passage.untold):
        return region
    if len(words) == 1 and len(touched) == 1 and touched[0].whole:
        return written(region, TextChange(*touched[0].whole, tuple(words)))
    if words:
        before, after = (
            " … ".join(filter(None, (getattr(word, side) for word in words)))
            for side in ("before", "after")
        )
        return written(region, TextChange(before, after, tuple(words)))
    low = min((box.height for passage in touched for box in passage.boxes), default=0)
    if region.box.width < _LETTERS * low:
        return region
    if touched and all(p.text and p.agrees and not p.shifted for p in touched):
        text = " ".join(passage.text for passage in touched)
        return replace(region, text=TextChange(text, text))
    return region


def _without_moves(words: Sequence[WordChange]) -> list[WordChange]:
    """Changes of words at one place, without those that went here and came there."""
    gone = Counter(word.before for word in words if not word.after)
    moved = gone & Counter(word.after for word in words if not word.before)
    return [word for word in words if (word.before and word.after) or not moved[_only(word)]]


def _only(word: WordChange) -> str:
    return word.before or word.after


def written(region: Region, text: TextChange) -> Region:
    """A region where words changed: that is its kind, unless it is more than that."""
    came, went = (not any(getattr(w, side) for w in text.words) for side in ("before", "after"))
    if region.kind == "moved" and (came or went):
        return region  # what moved is no more gone here than it's new there
    kind: Kind = region.kind
    if kind in ("changed", "added", "removed", "text", "brightness"):
        kind = "added" if came else "removed" if went else "text"
    return replace(region, kind=kind, text=text)


def _belongs(word: WordChange, region: Region, regions: Sequence[Region]) -> bool:
    """Whether of all regions this one lies nearest to the words."""
    own = _distance(word, region)
    return own == min(_distance(word, other) for other in regions)


def _distance(word: WordChange, region: Region) -> float:
    """How far words lie from a region, px; less than 0 by how much of them it covers."""
    gaps = []
    for box in (word.before_box, word.after_box):
        one, other = _rectangle(box), _rectangle(region.box)
        across, down = one.gap_across(other), one.gap_down(other)
        gaps.append(max(across, down) if max(across, down) >= 0 else across)
    return min(gaps)


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes share some pixels."""
    return _rectangle(one).touches(_rectangle(other))


def _rectangle(box: Box) -> Rectangle:
    return Rectangle(box.x, box.y, box.x + box.width, box.y + box.height)


def box_around(rectangle: Rectangle) -> Box:
    """A rectangle of the whole picture as whole pixels."""
    x, y = max(0, math.floor(rectangle.left)), max(0, math.floor(rectangle.top))
    width, height = math.ceil(rectangle.right) - x, math.ceil(rectangle.bottom) - y
    return Box(x, y, max(1, width), max(1, height))


def _word_change(passage: Passage, difference: Difference, strip: Strip) -> WordChange:
    run = difference.run
    before, after = (
        _place(passage.lines, side, tokens, difference.gaps[side])
        for side, tokens in enumerate((run.before, run.after))
    )
    return WordChange(
        difference.before, difference.after, strip.box_of(before), strip.box_of(after)
    )


def _place(
    pairs: Sequence[LinePair], side: int, tokens: Sequence[Token], gap: tuple[int, int]
) -> Rectangle:
    """Around the words of a difference, or the gap where they would stand, in the strip."""
    spots = [(token.line, token.start, token.end) for token in tokens] or [(*gap, gap[1])]
    parts = list(_parts(pairs, side, spots))
    return Rectangle(
        min(part.left for part in parts),
        min(part.top for part in parts),
        max(part.right for part in parts),
        max(part.bottom for part in parts),
    )


def _parts(
    pairs: Sequence[LinePair], side: int, spots: Sequence[tuple[int, int, int]]
) -> Iterator[Rectangle]:
    for number, start, end in spots:
        line = (pairs[number].before, pairs[number].after)[side]
        left, right = line.extent(start, end)
        yield Rectangle(left, line.box.top, right, line.box.bottom)
