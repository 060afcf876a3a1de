"""What is written on rows that only one of the pictures has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from imgdiff.reading.claims import is_mark, is_sure
from imgdiff.reading.detector import detect_lines
from imgdiff.reading.lines import Line, read_closely, read_line, with_likeliest
from imgdiff.reading.scripts import legible
from imgdiff.reading.strips import MOST_PIXELS
from imgdiff.reading.writing import may_hold_writing
from imgdiff.types import Block, Box, Picture, Region, TextChange, WordChange

_LOWEST = 12
"""Rows: in fewer no line of text stands."""

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
    strip = _strip_of(block, before if block.kind == "removed" else unmoved)
    height, width = strip.shape[:2]
    if height * width > MOST_PIXELS or not may_hold_writing(strip, Box(0, 0, width, height)):
        return region
    text = " … ".join(_parts(strip))
    if not text:
        return region
    words = ("", text) if block.kind == "added" else (text, "")
    change = WordChange(*words, region.box, region.box)
    return replace(region, text=TextChange(*words, (change,)))


def _strip_of(block: Block, picture: Picture) -> Picture:
    """The rows that one picture has alone."""
    start = block.at if block.kind == "removed" else block.test_at
    left, right = block.span or (0, picture.shape[1])
    return picture[start : start + block.count, left:right]


def _parts(strip: Picture) -> Iterator[str]:
    """What is written on a strip; what isn't sure parts it."""
    boxes = detect_lines(strip).boxes[:_MOST_LINES]
    lines = [_closely(read_line(strip, box), strip) for box in boxes]
    run: list[str] = []
    for line, known in zip(lines, legible(lines), strict=True):
        text = " ".join(line.spelled(0, len(line.text)).split())
        if known and text and not is_mark(text) and is_sure(line) and not _is_cut(line, strip):
            run.append(text)
        elif run:
            yield " ".join(run)
            run = []
    if run:
        yield " ".join(run)


def _closely(line: Line, strip: Picture) -> Line:
    """The line read in all ways, with the likeliest of what was read."""
    close = read_closely(line, strip, (0, len(line.text)))
    return with_likeliest(close, [reading.text for reading in close.close])


def _is_cut(line: Line, strip: Picture) -> bool:
    """Whether the strip may end within the letters."""
    return line.box.top < 1 or line.box.bottom > strip.shape[0] - 1
