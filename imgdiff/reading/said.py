"""What is written in some boxes: in the file's own layer of text if that is honest, else read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from imgdiff.pixels.color import on_white
from imgdiff.reading.displaced import without_moves
from imgdiff.reading.layer import (
    LayerLine,
    has_layers,
    layer_lines,
    layer_passages,
    unmoved_lines,
)
from imgdiff.reading.passages import passages_of
from imgdiff.reading.sheets import MOST_LINES, read_sheets
from imgdiff.reading.strips import MOST_PIXELS
from imgdiff.reading.telling import ReadPassage, in_the_picture
from imgdiff.reading.witness import says_otherwise
from imgdiff.types import Box, Explanation, Mask, Pair, Picture, Settings
from imgdiff.types.expressions import patterns_of

_LIES: Final = "The text that the page {} holds in its file isn't what is seen on it."

_SEAM = 3
"""Px on either side of where rows came in: letters that reach so far are cut."""

_PARTLY_READ = Explanation(
    "unread",
    "Only a part of the text is read: "
    f"at most {MOST_LINES} lines, on {MOST_PIXELS / 1e6:.0f} million pixels.",
)


def read_passages(
    pair: Pair, pictures: tuple[Picture, Picture], boxes: Sequence[Box], settings: Settings
) -> tuple[list[ReadPassage], tuple[Explanation, ...]]:
    """What is written in some boxes: as the pages themselves say, if that is what is seen."""
    patterns = patterns_of(settings.ignore_text)
    explained: tuple[Explanation, ...] = ()
    if has_layers(pair) and not patterns:
        layers = layer_lines(pair)
        passages = layer_passages(*layers)
        asked = [*boxes, *(box for passage in passages for box in passage.word_boxes)]
        lying = [
            side
            for side, witness in (
                ("before", (layers[0], pictures[0], asked)),
                ("after", _witness_after(pair, layers[1], pictures[1], asked)),
            )
            if says_otherwise(*witness)
        ]
        if not lying:
            return passages, ()
        explained = tuple(Explanation("layer", _LIES.format(side)) for side in lying)
    torn = _torn(pair)
    seen = (pair.overlap & pair.valid) | torn
    sheets, complete = read_sheets(*pictures, seen, boxes, torn)
    if not complete:
        explained += (_PARTLY_READ,)
    read = [
        in_the_picture(passage, sheet.strip, patterns)
        for sheet in sheets
        for passage in passages_of(sheet)
    ]
    return without_moves(read), explained


def of_whole_pages(pair: Pair, explained: Sequence[Explanation], settings: Settings) -> bool:
    """Whether `read_passages` told of the whole text of both pages, as these hold it themselves."""
    lies = any(known.cause == "layer" for known in explained)
    return has_layers(pair) and not lies and not settings.ignore_text


def _witness_after(
    pair: Pair, lines: Sequence[LayerLine], picture: Picture, asked: Sequence[Box]
) -> tuple[Sequence[LayerLine], Picture, Sequence[Box], Sequence[LayerLine] | None]:
    """What tells whether the page after shows its text: where rows came in, that page as it is.

    On the reference's grid they have no place.
    """
    if not pair.alignment.blocks:
        return lines, picture, asked, None
    own = on_white(pair.unmoved.pixels, pair.unmoved.alpha)
    return lines, own, asked, unmoved_lines(pair)


def _torn(pair: Pair) -> Mask:
    """Where rows or columns came in or went: letters there are cut, or in one picture alone."""
    torn = np.zeros(pair.overlap.shape, np.bool_)
    for block in pair.alignment.blocks:
        across = slice(*block.span) if block.span else slice(None)
        gone = block.count if block.kind == "removed" else 0
        along = slice(max(0, block.at - _SEAM), block.at + gone + _SEAM)
        torn[(along, across) if block.axis == "rows" else (across, along)] = True
    return torn
