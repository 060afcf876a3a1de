"""What is written in pictures, read offline by networks that come with imgdiff.

Importing this room costs nothing: a network is loaded when the first place looks like writing.
"""

from __future__ import annotations

from collections.abc import Sequence

from imgdiff.pixels.color import on_white
from imgdiff.pixels.regions import largest_first
from imgdiff.reading.layer import has_layers, layer_lines, layer_passages
from imgdiff.reading.overlooked import overlooked
from imgdiff.reading.passages import passages_of
from imgdiff.reading.patterns import patterns_of
from imgdiff.reading.sheets import MOST_LINES, read_sheets
from imgdiff.reading.sifting import Sifted, sift
from imgdiff.reading.telling import ReadPassage, in_the_picture, with_text
from imgdiff.reading.witness import says_otherwise
from imgdiff.reading.writing import is_page, may_hold_writing
from imgdiff.types import Box, ErrorMap, Explanation, Pair, Picture, Region, Settings

_MOST_PLACES = 200
"""So many regions are looked at, the largest."""

_LIES = "The text that the page {} holds in its file isn't what is seen on it."


def read_regions(
    pair: Pair, regions: Sequence[Region], error_map: ErrorMap, settings: Settings
) -> Sifted:
    """Read what is written in places that changed, or wherever pixels differ.

    Parameters
    ----------
    pair : Pair
        The pictures on one grid.
    regions : sequence of Region
        Largest first.
    error_map : ndarray of float, shape (H, W)
        What they were found in.
    settings : Settings
        Of these `read`, `ignore_redrawn` and `ignore_text`.

    Returns
    -------
    Sifted
        The regions that are left and those that reading found, each with the words that changed
        there if they can be read for sure; and what else differs.
    """
    before, after = (on_white(image.pixels, image.alpha) for image in (pair.reference, pair.test))
    written = [region for region in regions[:_MOST_PLACES] if _is_written(region, before, after)]
    boxes = [region.box for region in written]
    if (settings.read == "page" or not regions) and is_page(before, after):
        boxes.append(Box(0, 0, pair.reference.width, pair.reference.height))
    if not boxes:
        return Sifted(tuple(regions))
    passages, explained = _passages(pair, (before, after), boxes, settings)
    told = dict(zip(map(id, written), with_text(written, passages), strict=True))
    all_told = [told.get(id(region), region) for region in regions]
    sifted = sift(all_told, passages, before, after, ignore_redrawn=settings.ignore_redrawn)
    found = (*sifted.regions, *overlooked(passages, regions, error_map))
    return Sifted(largest_first(found), (*explained, *sifted.explained))


def _passages(
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


def _is_written(region: Region, before: Picture, after: Picture) -> bool:
    if region.block is not None:
        return False
    return any(may_hold_writing(picture, region.box) for picture in (before, after))
