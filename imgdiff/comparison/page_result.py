"""A `View` as the page needs it: small, and able to travel from one process to another."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.comparison.pipeline import candidates
from imgdiff.report import FILES, to_png
from imgdiff.types import Box, Comparison, Region, TextChange
from imgdiff.view import View, count_of_changes, place_of
from imgdiff.view.words import percent, region_words
from imgdiff.view.written import text_words

MOST_PLACES = 1000
"""So many regions reach the page, the largest; more, nobody could look through."""
_MOST_PAIRS = 8
"""So many changed words a card lists, each with what it was."""

_SOFT_EDGE, _SOFT_SHARE = 8, 0.05
"""Reach of a change beyond its box: px, and share of its longer side."""
_MOST_CORNERS = 60
"""Of an outline on the page: enough to look right, and few enough for the wire."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How the page shows one of the two pictures.

    Attributes
    ----------
    width, height : int
        Of the upright picture, px.
    as_is : bool
        Whether the browser can show the file itself; else it needs the rendition that `file_of`
        makes on the reference's grid.
    """

    width: int
    height: int
    as_is: bool


@dataclass(frozen=True, slots=True)
class PageResult:
    """What the page says about a pair; the pictures stay behind, as files to be asked for.

    Attributes
    ----------
    headline, score_name, score_text, score_help, facts
        As in `View`.
    places_changed : int
        As the headline counts them: what moved from one place to another counts once.
    before, after : Shown
        The two pictures.
    transform : tuple of float
        3×3 by rows, from the pixels of the after picture as it is shown to the reference's.
    related : bool
        False if the pictures don't show the same thing.
    alignment : str
        What was done to the after picture, in words; "" if nothing.
    mask : bytes
        PNG of one bit a pixel: what changed.
    places : str
        JSON: a list of the regions that some area threshold would let count, largest first, at
        most `MOST_PLACES`; those that count come first.
    """

    headline: str
    score_name: str
    score_text: str
    score_help: str
    facts: tuple[str, ...]
    places_changed: int
    before: Shown
    after: Shown
    transform: tuple[float, ...]
    related: bool
    alignment: str
    mask: bytes = field(repr=False)
    places: str = field(repr=False)


def page_result_of(view: View) -> PageResult:
    """What the page says about a comparison."""
    comparison = view.comparison
    pair = comparison.pair
    before = Shown(pair.reference.width, pair.reference.height, pair.reference.shown_as_is)
    if pair.unmoved.shown_as_is and not pair.alignment.bent:
        after = Shown(pair.unmoved.width, pair.unmoved.height, as_is=True)
        transform = pair.transform
    else:
        after = Shown(pair.test.width, pair.test.height, as_is=False)
        transform = np.eye(3)
    return PageResult(
        headline=view.headline,
        score_name=view.score_name,
        score_text=view.score_text,
        score_help=view.score_help,
        facts=view.facts,
        places_changed=count_of_changes(comparison),
        before=before,
        after=after,
        transform=tuple(transform.ravel().tolist()),
        related=pair.related,
        alignment=pair.alignment.sentence,
        mask=to_png(view.layers["mask"]),
        places=_places(comparison),
    )


def file_of(view: View, name: str) -> bytes:
    """A file made from a comparison: one of `imgdiff.report.FILES`, by its name."""
    return FILES[name].make(view)


def _places(comparison: Comparison) -> str:
    """The regions and those too small to count, as JSON."""
    found = candidates(comparison, limit=MOST_PLACES)
    pixels = comparison.error_map.size
    places = [_place(region, comparison, region.area / pixels) for region in found]
    return json.dumps(places, separators=(",", ":"), ensure_ascii=False)


def _place(region: Region, comparison: Comparison, share: float) -> dict[str, Any]:
    """One region: where, how large, and what happened there, in numbers and words."""
    box = region.box
    return {
        "box": _flat(box),
        "ignore": _with_surroundings(box, comparison.error_map.shape),
        "area": region.area,
        "where": place_of(box, comparison),
        "share": percent(share),
        "words": region_words(region),
        "text": None if region.text is None else _written(region.text),
        "outline": _simplified(region.outline, box).ravel().tolist(),
    }


def _written(text: TextChange) -> dict[str, Any]:
    """What is written there: in words, and where they stand."""
    return {
        "words": text_words(text),
        "pairs": [[pair.before, pair.after] for pair in text.told[:_MOST_PAIRS]],
        "before": [_flat(word.before_box) for word in text.words],
        "after": [_flat(word.after_box) for word in text.words],
    }


def _flat(box: Box) -> list[int]:
    return [box.x, box.y, box.width, box.height]


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
