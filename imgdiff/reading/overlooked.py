"""Words that changed where pixels alone showed no place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from imgdiff.reading.telling import ReadPassage, meet, written
from imgdiff.types import Box, ErrorMap, Region, TextChange, WordChange

_CONFIDENCE = 0.95
"""Of 1,471 drawn lines that hadn't changed, none was told to have."""


def overlooked(
    passages: Sequence[ReadPassage], regions: Sequence[Region], error_map: ErrorMap
) -> Iterator[Region]:
    """The changes of words that lie in none of the regions, as regions.

    Parameters
    ----------
    passages : sequence of ReadPassage
        What was read.
    regions : sequence of Region
        What was found otherwise.
    error_map : ndarray of float, shape (H, W)
        To measure what is found.
    """
    for word in (word for passage in passages for word in passage.words):
        boxes = word.before_box, word.after_box
        if not any(meet(region.box, box) for region in regions for box in boxes):
            yield _region(word, error_map)


def _region(word: WordChange, error_map: ErrorMap) -> Region:
    boxes = word.before_box, word.after_box
    height, width = error_map.shape
    left, top = (min(getattr(box, side) for box in boxes) for side in ("x", "y"))
    right = min(width, max(box.x + box.width for box in boxes))
    bottom = min(height, max(box.y + box.height for box in boxes))
    box = Box(left, top, right - left, bottom - top)
    corners = [[left, top], [right - 1, top], [right - 1, bottom - 1], [left, bottom - 1]]
    errors = error_map[box.slices]
    region = Region(
        box=box,
        area=float(box.width * box.height),
        peak=float(errors.max()),
        mean=float(errors.mean()),
        kind="changed",
        outline=np.array(corners, np.int32),
        confidence=_CONFIDENCE,
    )
    return written(region, TextChange(word.before, word.after, (word,)))
