"""What changed in writing where pixels alone showed no place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from imgdiff.reading.looks import looks_of, usual_gain
from imgdiff.reading.telling import ReadPassage, meet, written
from imgdiff.types import Box, Errors, Picture, Region, TextChange, whole_map

_FEWEST = 3
"""Lines that tell how text is drawn anew all over the page; where fewer differ, it isn't."""

_CONFIDENCE = 0.95
"""Of 1,471 drawn lines that hadn't changed, none was told to have."""


def overlooked(
    passages: Sequence[ReadPassage],
    regions: Sequence[Region],
    errors: Errors,
    *,
    in_doubt: bool,
) -> Iterator[Region]:
    """The changes of words that lie in none of the regions, as regions; told if they may be.

    Parameters
    ----------
    passages : sequence of ReadPassage
        What was read.
    regions : sequence of Region
        What was found otherwise.
    errors : ndarray of float, shape (H, W), or LateMap
        To measure what is found.
    in_doubt : bool
        As of `read_regions`: words that surely differ, but can't be told, are found as well then.
        Of blurred pages too many do.
    """
    for word in (word for passage in passages for word in passage.words):
        boxes = word.before_box, word.after_box
        if not any(meet(region.box, box) for region in regions for box in boxes):
            text = TextChange(word.before, word.after, (word,))
            yield written(_region(boxes, errors), text)
    legible = [passage for passage in passages if passage.legible and in_doubt]
    for boxes in (boxes for passage in legible for boxes in passage.unnamed):
        if not any(meet(region.box, box) for region in regions for box in boxes):
            yield _region(boxes, errors)


def standing_out(
    passages: Sequence[ReadPassage],
    regions: Sequence[Region],
    pictures: tuple[Picture, Picture],
    errors: Errors,
) -> Iterator[Region]:
    """Words that are the same, but struck out, marked or of another colour, as regions.

    Parameters
    ----------
    passages : sequence of ReadPassage
        All that is written on a page.
    regions : sequence of Region
        What was found otherwise.
    pictures : (ndarray of uint8, ndarray of uint8), shape (H, W, 3)
        On one grid.
    errors : ndarray of float, shape (H, W), or LateMap
        To measure what is found.
    """
    lines = [
        (passage, box)
        for passage in passages
        if passage.agrees
        for box in passage.boxes
        if not any(meet(region.box, box) for region in regions)
    ]
    looks = [looks_of(_with_air(box), [box], *pictures) for _, box in lines]
    many = len(lines) >= _FEWEST
    usual = usual_gain([look for own in looks for look in own]) if many else 1.0
    for (passage, _), own in zip(lines, looks, strict=True):
        for boxes in _runs([look.box if look.stands_out(usual) else None for look in own]):
            stayed = TextChange(passage.text, passage.text) if passage.text else None
            yield replace(_region(boxes, errors), text=stayed)


def _with_air(line: Box) -> Box:
    """A line with what may be drawn over it and under it."""
    air = line.height // 4
    top = max(0, line.y - air)
    return Box(line.x, top, line.width, line.y + line.height + air - top)


def _runs(boxes: Iterable[Box | None]) -> Iterator[list[Box]]:
    """Boxes that follow each other."""
    for there, run in groupby(boxes, key=lambda box: box is not None):
        if there:
            yield [box for box in run if box is not None]


def _region(boxes: Sequence[Box], errors: Errors) -> Region:
    """Around some boxes."""
    height, width = errors.shape
    left, top = (min(getattr(box, side) for box in boxes) for side in ("x", "y"))
    right = min(width, max(box.x + box.width for box in boxes))
    bottom = min(height, max(box.y + box.height for box in boxes))
    box = Box(left, top, right - left, bottom - top)
    corners = [[left, top], [right - 1, top], [right - 1, bottom - 1], [left, bottom - 1]]
    inside = whole_map(errors)[box.slices]
    return Region(
        box=box,
        area=float(box.width * box.height),
        peak=float(inside.max()),
        mean=float(inside.mean()),
        kind="changed",
        outline=np.array(corners, np.int32),
        confidence=_CONFIDENCE,
    )
