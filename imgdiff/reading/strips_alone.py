"""What is written on rows that only one of the pictures has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from imgdiff.reading.claims import is_mark, is_sure
from imgdiff.reading.detector import detect_lines
from imgdiff.reading.lines import Line, read_closely, read_line, with_likeliest
from imgdiff.reading.scripts import legible
from imgdiff.reading.shapes import Rectangle
from imgdiff.reading.slots import slots_of
from imgdiff.reading.strips import MOST_PIXELS
from imgdiff.reading.writing import may_hold_writing
from imgdiff.types import Block, Box, Picture, Region, TextChange, WordChange

_LOWEST = 12
"""Rows: in fewer no line of text stands."""

_AIR = 28
"""Rows around them in which lines are looked for: in a strip of one line they fall into pieces."""

_CUT = 0.25
"""Share of a line's height that may lie on other rows than the rest of it: blank ones are as well
the end of the rows before as of those that came in."""

_LEFT_OUT = "…"
"""Stands for lines that aren't sure."""

_MOST_LINES = 20
"""So many lines of rows that came in are read, from the top."""


def with_words_of_strips(
    regions: Sequence[Region], before: Picture, unmoved: Picture
) -> list[Region]:
    """The regions; those of rows that came or went with what is written there.

    Where anything else changed, rows may be found in another place than they came to, as in tables
    whose rows look alike: then nothing is said of any.

    Parameters
    ----------
    regions : sequence of Region
        All that changed.
    before, unmoved : ndarray of uint8, shape (H, W, 3)
        The reference, and the test picture as it came.
    """
    if not all(region.block for region in regions):
        return list(regions)
    return [_with_words(region, before, unmoved) for region in regions]


def _with_words(region: Region, before: Picture, unmoved: Picture) -> Region:
    block = region.block
    if block is None or block.axis != "rows" or block.count < _LOWEST or block.at_end:
        return region
    strip, rows = _strip_of(block, before if block.kind == "removed" else unmoved)
    height, width = strip.shape[:2]
    if height * width > MOST_PIXELS or not may_hold_writing(strip, Box(0, 0, width, height)):
        return region
    text = " ".join(key for key, _ in groupby(_parts(strip, rows)))
    if text in ("", _LEFT_OUT):
        return region
    words = ("", text) if block.kind == "added" else (text, "")
    change = WordChange(*words, region.box, region.box)
    return replace(region, text=TextChange(*words, (change,)))


def _strip_of(block: Block, picture: Picture) -> tuple[Picture, slice]:
    """The rows that one picture has alone with some around them, and which of these they are."""
    start = block.at if block.kind == "removed" else block.test_at
    top = max(0, start - _AIR)
    left, right = block.span or (0, picture.shape[1])
    strip = picture[top : start + block.count + _AIR, left:right]
    return strip, slice(start - top, start - top + block.count)


def _parts(strip: Picture, rows: slice) -> Iterator[str]:
    """What is written on some rows of a strip, and a sign for each line that isn't sure.

    Nothing if the rows begin or end within a line: then they may be those of another.
    """
    boxes = [slot.before for slot in slots_of(detect_lines(strip).boxes, ())]
    inside = [_share_inside(box, rows) for box in boxes]
    if any(_CUT <= share <= 1 - _CUT for share in inside):
        return
    boxes = [box for box, share in zip(boxes, inside, strict=True) if share > _CUT]
    lines = [_closely(read_line(strip, box), strip) for box in _in_order(boxes)[:_MOST_LINES]]
    for line, known in zip(lines, legible(lines), strict=True):
        text = " ".join(line.spelled(0, len(line.text)).split())
        told = known and text and is_sure(line) and not is_mark(text)
        yield text if told else _LEFT_OUT


def _share_inside(box: Rectangle, rows: slice) -> float:
    """How much of a line lies on some rows."""
    inside = min(box.bottom, float(rows.stop)) - max(box.top, float(rows.start))
    return max(0.0, inside) / box.height


def _in_order(boxes: Sequence[Rectangle]) -> list[Rectangle]:
    """From top to bottom, those of one row from left to right."""
    left, ordered = sorted(boxes, key=lambda box: box.top), []
    while left:
        row = [box for box in left if left[0].is_in_row_with(box, share=0.6, sizes=2)]
        left = [box for box in left if box not in row]
        ordered += sorted(row, key=lambda box: box.left)
    return ordered


def _closely(line: Line, strip: Picture) -> Line:
    """The line read in all ways, with the likeliest of what was read."""
    close = read_closely(line, strip, (0, len(line.text)))
    return with_likeliest(close, [reading.text for reading in close.close])
