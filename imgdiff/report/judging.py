"""What a report holds so that it can be judged in the report itself; see the .js."""

from __future__ import annotations

import json
from dataclasses import replace

from imgdiff.errors import ReviewError
from imgdiff.report.tables import MOST
from imgdiff.review.judgement_text import corners_of
from imgdiff.review.review_text import Enclosed, ReviewFile, layer_of_settings, review_to_json
from imgdiff.types import Image, Review
from imgdiff.view import View


def judging_facts(view: View, pages: tuple[int, int] | None) -> str:
    """The text of a review as a part of a page; "" where no review file could hold it.

    Parameters
    ----------
    view : View
        What is reported.
    pages : (int, int) or None
        Of documents, the numbers of the two pages.
    """
    pair = view.comparison.pair
    before, after = _enclosed(pair.reference), _enclosed(pair.unmoved)
    settings = view.comparison.settings
    if before is None or after is None:
        return ""
    try:
        file = ReviewFile(
            before,
            after,
            layer=layer_of_settings(settings),
            nudge=settings.nudge,
            verdict=view.headline,
            review=_in_place(view),
        )
        facts = json.loads(review_to_json(file))
    except ReviewError:  # areas that are masks, or judgements without end
        return ""
    boxes = [corners_of(change.region.box) for change in view.changes[:MOST]]
    facts |= {"changes": len(view.changes), "boxes": boxes, "pages": pages}
    # No text in it ends the element that holds it.
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" class="facts">{text}</script>'


def _enclosed(image: Image) -> Enclosed | None:
    return None if image.file is None else Enclosed(image.name, image.file.sha256)


def _in_place(view: View) -> Review:
    """The review, with what was said of a change at the very place where it is now."""
    placed = {
        one: replace(one, box=change.region.box)
        for change, said in zip(view.changes, view.judged, strict=True)
        for one in said
    }
    return Review(tuple(placed.get(one, one) for one in view.review.judgements))
