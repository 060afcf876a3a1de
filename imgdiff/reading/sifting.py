"""Which places are changes of content: not those where the same words are only drawn anew."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from statistics import median

import cv2
import numpy as np

from imgdiff.pixels.regions import largest_first
from imgdiff.reading.looks import looks_of, rule_of, usual_gain
from imgdiff.reading.sifted import Sifted
from imgdiff.reading.style import style_of
from imgdiff.reading.telling import ReadPassage, meet
from imgdiff.types import Box, Explanation, Picture, Region

_FEWEST = 3
"""Lines that have to be drawn anew before it is the drawing that changed: of one or two, the change
of look is what there is to see."""

_AIR = 0.3
"""What belongs to a line above and below its ink, in heights: accents, and what smoothing adds."""

_MUCH_LESS = 0.5
_COVERED, _LEVELS = 0.95, 8
"""Share of the pixels of a place that differ, by more than so many levels, that lines must hold."""

_UNTOUCHED = 0.35
"""Share of a line that may be equal at a stretch where text is drawn anew: on other pixels it is .1
at most; where one letter of a line became another, half of it at least in every other line."""


def sift(
    regions: Sequence[Region],
    passages: Sequence[ReadPassage],
    before: Picture,
    after: Picture,
    *,
    ignore_redrawn: bool = True,
) -> Sifted:
    """Leave out places where no word changed and writing looks as it does all over the page.

    Parameters
    ----------
    regions : sequence of Region
        With the words that were told of them.
    passages : sequence of ReadPassage
        What was read there.
    before, after : ndarray of uint8, shape (H, W, 3)
        On one grid.
    ignore_redrawn : bool
        Whether it is no change that all over the page text is drawn anew.
    """
    redrawn, pushed, ignored = [], [], []
    for region in regions:
        touched = [p for p in passages if any(meet(region.box, box) for box in p.boxes)]
        if (
            _tells_words(region)
            or _moved_itself(region, touched)
            or not touched
            or not _is_covered(region.box, touched, before, after)
        ):
            continue
        if not all(passage.agrees or passage.is_settled for passage in touched):
            continue
        if any(passage.left_out for passage in touched):
            ignored.append(region)
        elif any(passage.words or passage.shifted for passage in touched):
            pushed.append(region)
        elif ignore_redrawn:
            redrawn.append(region)
    redrawn = _unremarkable(redrawn, passages, before, after)
    lines = {box for region in redrawn for box in _lines_at(region, passages)}
    if len(lines) < _FEWEST or not _are_set_anew(lines, before, after):
        redrawn, lines = [], set()
    pushed = [region for region in pushed if _same_colours(region, before, after)]
    out = {id(region) for region in (*redrawn, *pushed, *ignored)}
    left = [
        _with_rule(_at_its_words(region, passages, before, after), passages, before, after)
        for region in regions
        if id(region) not in out
    ]
    moved = {box for region in pushed for box in _lines_at(region, passages)}
    explained = _explanations(len(lines), len(moved), len(ignored))
    return Sifted(largest_first(left), tuple(explained))


def _explanations(redrawn: int, pushed: int, ignored: int) -> Iterator[Explanation]:
    """What was left out; `ignored` counts places, the others lines."""
    if redrawn:
        yield Explanation("text", f"Text is drawn anew in {redrawn} lines, and reads the same.")
    if pushed:
        lines = "1 line" if pushed == 1 else f"{pushed} lines"
        yield Explanation("text", f"In {lines} words only moved, and are the same.")
    if ignored:
        places = "1 place" if ignored == 1 else f"{ignored} places"
        yield Explanation("ignored", f"Text that is ignored differs in {places}.")


def _at_its_words(
    region: Region, passages: Sequence[ReadPassage], before: Picture, after: Picture
) -> Region:
    """A region drawn around the words that changed, if all else in it only made room for them."""
    touched = [p for p in passages if any(meet(region.box, box) for box in p.boxes)]
    settled = all(passage.agrees or passage.is_settled for passage in touched)
    if region.text is None or region.text.stayed or not settled:
        return region
    words = [box for word in region.text.words for box in (word.before_box, word.after_box)]
    left, top = min(box.x for box in words), min(box.y for box in words)
    right = max(box.x + box.width for box in words)
    bottom = max(box.y + box.height for box in words)
    box = Box(left, top, right - left, bottom - top)
    # Where letters end isn't read to the pixel: of what is hardly wider, nothing else made room.
    wider = region.box.width - box.width > box.height
    if (
        not wider
        or box.width * box.height > _MUCH_LESS * region.area
        or not _is_covered(region.box, touched, before, after)
    ):
        return region
    corners = [[left, top], [right - 1, top], [right - 1, bottom - 1], [left, bottom - 1]]
    outline = np.array(corners, np.int32)
    return replace(region, box=box, area=float(box.width * box.height), outline=outline)


def _with_rule(
    region: Region, passages: Sequence[ReadPassage], before: Picture, after: Picture
) -> Region:
    """A region whose words stayed, with what is known of a line drawn through them."""
    lines = _lines_at(region, passages)
    if region.text is None or not region.text.stayed or not lines:
        return region
    rule = rule_of(looks_of(region.box, lines, before, after))
    return replace(region, text=replace(region.text, rule=rule))


def _moved_itself(region: Region, touched: Sequence[ReadPassage]) -> bool:
    """Whether the words that came or went there are what moved, and made no room for others."""
    return region.kind == "moved" and any(
        meet(region.box, box) for passage in touched for box in passage.word_boxes
    )


def _tells_words(region: Region) -> bool:
    return region.text is not None and not region.text.stayed


def _lines_at(region: Region, passages: Sequence[ReadPassage]) -> list[Box]:
    return [box for passage in passages for box in passage.boxes if meet(region.box, box)]


def _is_covered(box: Box, passages: Sequence[ReadPassage], before: Picture, after: Picture) -> bool:
    """Whether hardly anything differs in a place but lines of text."""
    inside = np.zeros((box.height, box.width), np.bool_)
    for line in (line for passage in passages for line in passage.boxes):
        air = round(_AIR * line.height)
        top, left = (max(0, start - air) for start in (line.y - box.y, line.x - box.x))
        bottom, right = line.y + line.height + air - box.y, line.x + line.width + air - box.x
        inside[top : max(0, bottom), left : max(0, right)] = True
    differs = cv2.absdiff(before[box.slices], after[box.slices]).max(axis=2) > _LEVELS
    return bool(inside[differs].mean() >= _COVERED) if differs.any() else True


def _are_set_anew(lines: Collection[Box], before: Picture, after: Picture) -> bool:
    """Whether lines differ all along: a letter that alone does may be one that looks alike."""
    shares = []
    for line in lines:
        columns = cv2.absdiff(before[line.slices], after[line.slices]).max(axis=(0, 2)) > _LEVELS
        spots = np.flatnonzero(columns).tolist()
        gaps = np.diff([-1, *spots, len(columns)]) - 1
        shares.append(int(gaps.max()) / len(columns))
    return median(shares) <= _UNTOUCHED


def _same_colours(region: Region, before: Picture, after: Picture) -> bool:
    """Whether writing has the same colours there, or came there from other places, or went."""
    one, two = (style_of(picture, region.box) for picture in (before, after))
    return (
        one.has_the_paper_of(two) if one.is_blank or two.is_blank else one.has_the_colours_of(two)
    )


def _unremarkable(
    regions: Sequence[Region], passages: Sequence[ReadPassage], before: Picture, after: Picture
) -> list[Region]:
    """Those where writing looks as different as it does on the whole page, not more."""
    looks = [looks_of(r.box, _lines_at(r, passages), before, after) for r in regions]
    usual = usual_gain([look for own in looks for look in own])
    return [
        region
        for region, own in zip(regions, looks, strict=True)
        if not any(look.stands_out(usual) for look in own)
    ]
