"""The changes as the page lists them and draws them: JSON, small enough for the wire."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.comparison.pipeline import candidates
from imgdiff.types import Box, Region, TextChange
from imgdiff.view import Canvas, CountedChange, View, changes_of, place_of
from imgdiff.view.words import percent, region_words
from imgdiff.view.written import text_words

MOST_PLACES = 5000
"""So many changes reach the page, the largest: each is drawn and listed there."""
_MOST_OUTLINES = 1500
"""Smaller ones are told by their boxes: nobody sees the difference, and the page stays light."""
_MOST_PAIRS = 8
"""So many changed words a card lists, each with what it was."""
_SOFT_EDGE, _SOFT_SHARE = 8, 0.05
"""Reach of a change beyond its box: px, and share of its longer side."""
_MOST_CORNERS = 60
"""Of an outline on the page: enough to look right, and few enough for the wire."""


def places_as_json(view: View) -> str:
    """The changes and those too small to count, as JSON."""
    changes = changes_of(candidates(view.comparison, limit=MOST_PLACES))
    return _as_json(_place(change, view) for change in changes)


def faint_as_json(view: View) -> str:
    """The places that may be noise, which aren't counted: as the changes, but for their numbers."""
    changes = changes_of(view.comparison.faint[:MOST_PLACES])
    return _as_json(
        {**_place(change, view), "number": f"?{change.number}", "faint": True} for change in changes
    )


def _as_json(places: Iterable[dict[str, Any]]) -> str:
    return json.dumps(list(places), separators=(",", ":"), ensure_ascii=False)


def _place(change: CountedChange, view: View) -> dict[str, Any]:
    """One change: where, how large, and what happened there, in numbers and words."""
    region, canvas = change.region, view.canvas
    pixels = canvas.width * canvas.height
    boxes = [canvas.box_of(end) for end in change.ends]
    area = sum(end.area for end in change.ends)
    return {
        "number": change.number,
        "boxes": [_flat(box) for box in boxes],
        "place": _flat(region.box),
        "ignore": [_to_ignore(end, view) for end in change.ends],
        "area": max(end.area for end in change.ends),
        "where": place_of(region.place, view.comparison),
        "share": percent(area / pixels),
        "words": region_words(region),
        "text": None if region.text is None else _written(region, region.text, canvas),
        "strip": "" if region.block is None else region.block.axis,
        "outlines": _outlines(change, canvas, boxes),
    }


def _written(region: Region, text: TextChange, canvas: Canvas) -> dict[str, Any]:
    """What is written there: in words, and where they stand on the canvas."""
    marked = text.words if region.block is None else ()  # all of a strip is new
    return {
        "words": text_words(text),
        "pairs": [[pair.before, pair.after] for pair in text.told[:_MOST_PAIRS]],
        "before": [_flat(canvas.laid(word.before_box)) for word in marked],
        "after": [_flat(canvas.laid(word.after_box)) for word in marked],
    }


def _flat(box: Box) -> list[int]:
    return [box.x, box.y, box.width, box.height]


def _outlines(change: CountedChange, canvas: Canvas, boxes: list[Box]) -> list[list[int]]:
    """Corners on the canvas, x and y in turns, of each end."""
    if change.number > _MOST_OUTLINES:
        return []
    return [
        _simplified(canvas.outline_of(end), box).ravel().tolist()
        for end, box in zip(change.ends, boxes, strict=True)
    ]


def _to_ignore(region: Region, view: View) -> list[int]:
    """What to ignore so that nothing is left of a change; of what was put in, the lines there."""
    shape = view.comparison.errors.shape
    block = region.block
    if block is None or block.kind == "removed":
        return _with_surroundings(region.box, shape)
    at = max(0, block.at - 1)
    return [0, at, shape[1], 2] if block.axis == "rows" else [at, 0, 2, shape[0]]


def _with_surroundings(box: Box, shape: tuple[int, ...]) -> list[int]:
    """What to ignore so that nothing is left of a change: filters see it some pixels around it."""
    reach = max(_SOFT_EDGE, round(_SOFT_SHARE * max(box.width, box.height)))
    left, top = max(0, box.x - reach), max(0, box.y - reach)
    right = min(shape[1], box.x + box.width + reach)
    bottom = min(shape[0], box.y + box.height + reach)
    return [left, top, right - left, bottom - top]


def _simplified(outline: NDArray[np.int32], box: Box) -> NDArray[np.int32]:
    """An outline with few corners, none further off than it has to be."""
    tolerance = 0.5
    while len(outline) > _MOST_CORNERS and tolerance < max(box.width, box.height):
        outline = np.asarray(cv2.approxPolyDP(outline, tolerance, closed=True), np.int32)
        tolerance *= 2
    return outline.reshape(-1, 2)
