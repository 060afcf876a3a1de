"""Rows of pages with a text of their own that came or went only because lines stand elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imgdiff.pixels.color import on_white
from imgdiff.pixels.order_statistics import median
from imgdiff.reading.layer import LayerLine, layer_lines, unmoved_lines
from imgdiff.reading.sifted import Sifted
from imgdiff.reading.telling import ReadPassage, box_around, meet
from imgdiff.types import Block, Box, Explanation, Pair, WordChange

_AIR = 0.4
"""What belongs to a line above and below its characters, in heights: accents, a line under it."""

_LEVELS = 24
"""What differs by more from the colour of most of a strip is drawn there."""


def without_spacing(found: Sifted, pair: Pair, passages: Sequence[ReadPassage]) -> Sifted:
    """Leave out rows that are blank, or hold nothing but lines whose words aren't new.

    The other page has them too, or they are told at another place. The passages tell of the whole
    text of both pages, as these hold it themselves.
    """
    on_grid = layer_lines(pair)
    own = on_grid[0], unmoved_lines(pair)
    told = [word for region in found.regions if region.text for word in region.text.words]
    words = [word for passage in passages for word in passage.words if word not in told]
    changed = [
        [
            line
            for line, spot in zip(own[side], on_grid[side], strict=True)
            if any(meet(box_around(spot.box), box) for box in _boxes(words, side))
        ]
        for side in (0, 1)
    ]
    spaces = [
        region
        for region in found.regions
        if region.block is not None and _is_spacing(region.block, pair, own, changed)
    ]
    if not spaces:
        return found
    places = "1 place" if len(spaces) == 1 else f"{len(spaces)} places"
    sentence = f"At {places} lines of text only stand closer together or further apart."
    out = set(map(id, spaces))
    left = tuple(region for region in found.regions if id(region) not in out)
    return Sifted(left, (*found.explained, Explanation("text", sentence)))


def _boxes(words: Sequence[WordChange], side: int) -> list[Box]:
    """Where words changed on one of the pages, on the reference's grid."""
    if side == 0:
        return [word.before_box for word in words if word.before]
    return [word.after_box for word in words if word.after]


def _is_spacing(
    block: Block,
    pair: Pair,
    lines: tuple[Sequence[LayerLine], Sequence[LayerLine]],
    changed: Sequence[Sequence[LayerLine]],
) -> bool:
    if block.axis != "rows":
        return False
    side = 0 if block.kind == "removed" else 1
    start = (block.at, block.test_at)[side]
    rows = slice(start, start + block.count)
    if any(_reaches(line, rows) for line in changed[side]):
        return False
    image = (pair.reference, pair.unmoved)[side]
    left, right = block.span or (0, image.width)
    strip = on_white(image.pixels, image.alpha)[rows, left:right]
    paper = median(strip.reshape(-1, strip.shape[2]), axis=0)
    drawn = np.abs(strip - paper).max(axis=2) > _LEVELS
    for line in lines[side]:
        air = _AIR * line.box.height
        box = line.box.grown(air, air)
        top, bottom = (max(0, round(edge) - start) for edge in (box.top, box.bottom))
        first, last = (max(0, round(edge) - left) for edge in (box.left, box.right))
        drawn[top:bottom, first:last] = False
    return not drawn.any()


def _reaches(line: LayerLine, rows: slice) -> bool:
    return bool(line.box.top < rows.stop and line.box.bottom > rows.start)
