"""Parts of both pictures whose lines were found, and read once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import cv2

from imgdiff.reading.detector import Detected, detect_lines
from imgdiff.reading.lines import Line, read_line
from imgdiff.reading.scripts import legible
from imgdiff.reading.shapes import Rectangle, hull
from imgdiff.reading.slots import Slot, slots_of
from imgdiff.reading.strips import Strip, affordable, strip_boxes, strip_of, turned
from imgdiff.reading.tokens import squeezed
from imgdiff.types import Box, Mask, Picture

MOST_LINES = 60
"""So many lines of a pair are read, those of the largest places first: some 3 s of CPU time."""

_LEVEL = 0.25
"""By so much, in heights, a line may rise from its one end to the other before it is straightened:
an upright box around it is no more than this too high. (A box 40 % too high on either side loses
2 % of the words, one 60 % too high 12 %.)"""

_UNDER = 0.25
"""Heights of the ink: so far under it a line may be drawn that belongs to it."""

_PROBED = 3
"""So many lines tell which way up a strip is."""


@dataclass(frozen=True, slots=True, eq=False)
class LinePair:
    """What is written at one place, before and after.

    Attributes
    ----------
    before, after : Line
        As read; once, unless they differ.
    legible : bool
        False if it's in a script that can't be read.
    """

    before: Line
    after: Line
    legible: bool = True

    @property
    def box(self) -> Rectangle:
        """Around both."""
        return hull([self.before.box, self.after.box])

    @property
    def is_written(self) -> bool:
        """Whether anything was read."""
        return bool(self.before.text.strip() or self.after.text.strip())

    @property
    def agrees(self) -> bool:
        """Whether the same was read in both, spaces apart."""
        return squeezed(self.before.text) == squeezed(self.after.text)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A part of both pictures, and the lines on it."""

    strip: Strip
    pairs: tuple[LinePair, ...]


def read_sheets(
    before: Picture, after: Picture, overlap: Mask, boxes: Sequence[Box], torn: Mask
) -> tuple[list[Sheet], bool]:
    """Read the lines that touch some boxes and that both pictures show whole.

    Parameters
    ----------
    before, after : ndarray of uint8, shape (H, W, 3)
        On one grid.
    overlap : ndarray of bool, shape (H, W)
        Where both show something.
    boxes : sequence of Box
        What matters most comes first.
    torn : ndarray of bool, shape (H, W)
        Where letters may be cut in one of them: such lines are read, but not legible.

    Returns
    -------
    list of Sheet and bool
        And whether all lines were read, or there are too many.
    """
    strips = strip_boxes(boxes, before.shape[:2])
    searched = affordable(strips, boxes)
    found = [
        (strip, slot)
        for part in searched
        for strip, slots in [levelled(strip_of(before, after, part))]
        for slot in _touched(strip, slots, boxes)
        if overlap[strip.box_of(slot.both).slices].all() and _difference(strip, slot)
    ]
    ordered = sorted(found, key=lambda entry: _rank(entry[0], entry[1], boxes))
    kept = {id(slot) for _, slot in ordered[:MOST_LINES]}
    read = [
        (strip, read_line(strip.before, slot.before), read_line(strip.after, slot.after))
        for strip, slot in found
        if id(slot) in kept
    ]
    complete = len(found) <= MOST_LINES and set(searched) == set(strips)
    return list(_sheets(read, torn)), complete


def _sheets(read: Sequence[tuple[Strip, Line, Line]], torn: Mask) -> Iterable[Sheet]:
    """The lines by their strips, with what can't be read marked."""
    known = [
        all(both)
        for both in zip(
            legible([before for _, before, _ in read]),
            legible([after for _, _, after in read]),
            strict=True,
        )
    ]
    strips = {id(strip): strip for strip, _, _ in read}
    for key, strip in strips.items():
        pairs = [
            LinePair(before, after, clear)
            for (own, before, after), clear in zip(read, known, strict=True)
            if id(own) == key
        ]
        yield Sheet(strip, tuple(_as_torn(pair, strip, torn) for pair in pairs))


def _as_torn(pair: LinePair, strip: Strip, torn: Mask) -> LinePair:
    """A line, not legible if letters of it may be cut."""
    if not torn[strip.box_of(pair.box).slices].any():
        return pair
    return replace(pair, legible=False)


def _touched(strip: Strip, slots: Iterable[Slot], boxes: Sequence[Box]) -> list[Slot]:
    near = [strip.placed(box) for box in boxes]
    return [slot for slot in slots if any(_touches(slot, box) for box in near)]


def _rank(strip: Strip, slot: Slot, boxes: Sequence[Box]) -> tuple[int, float]:
    """First what touches the first of the boxes, and of that, what differs most."""
    touched = (place for place, box in enumerate(boxes) if _touches(slot, strip.placed(box)))
    return next(touched, len(boxes)), -_difference(strip, slot)


def _difference(strip: Strip, slot: Slot) -> float:
    """By how much the pixels of a line differ, and what may run under it, levels."""
    both = slot.both.grown(0, _UNDER * slot.both.height)
    rows = slice(max(0, round(both.top)), max(1, round(both.bottom)))
    columns = slice(max(0, round(both.left)), max(1, round(both.right)))
    one, other = strip.before[rows, columns], strip.after[rows, columns]
    return cv2.norm(one, other, cv2.NORM_L1) / max(1, one.size)


def _touches(slot: Slot, box: Rectangle) -> bool:
    return slot.before.touches(box) or slot.after.touches(box)


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
    sure = [fmean(read_line(picture, box).first.sure or (0,)) for box in longest]
    return fmean(sure) if sure else 0
