"""What is written in some boxes: in the file's own layer of text if that is honest, else read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from imgdiff.reading.layer import has_layers, layer_lines, layer_passages
from imgdiff.reading.passages import passages_of
from imgdiff.reading.patterns import patterns_of
from imgdiff.reading.sheets import MOST_LINES, read_sheets
from imgdiff.reading.telling import ReadPassage, in_the_picture
from imgdiff.reading.witness import says_otherwise
from imgdiff.types import Box, Explanation, Pair, Picture, Settings

_LIES: Final = "The text that the page {} holds in its file isn't what is seen on it."


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
        sides = ("before", "after")
        lying = [
            side
            for side, lines, picture in zip(sides, layers, pictures, strict=True)
            if says_otherwise(lines, picture, asked)
        ]
        if not lying:
            return passages, ()
        explained = tuple(Explanation("layer", _LIES.format(side)) for side in lying)
    sheets, complete = read_sheets(*pictures, pair.overlap & pair.valid, boxes)
    if not complete:
        explained += (Explanation("unread", f"Only {MOST_LINES} lines of text are read."),)
    read = [
        in_the_picture(passage, sheet.strip, patterns)
        for sheet in sheets
        for passage in passages_of(sheet)
    ]
    return read, explained
