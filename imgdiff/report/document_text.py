"""A document's comparison as JSON, CSV and lines of text."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from imgdiff.report.document import ComparedPage, ComparedPages
from imgdiff.report.numbers import REGION_COLUMNS, SCHEMA_VERSION, csv_text
from imgdiff.view import View, count_of_changes
from imgdiff.view.words import gate_sentences


def pages_to_json(found: ComparedPages) -> str:
    """All pages' numbers as JSON text; keys are only ever added.

    Of each page there are `status` (changed, failed, added, removed, moved or equal), its numbers
    `before` and `after` from 1 (null where it has none), `page`, the one before if there is one,
    `notes` on it as a page, and what `to_dict` has of two pictures. `revisions` are what the text
    that the files hold says otherwise, in the order of reading; null where that isn't known.
    """
    files = [
        {"name": name, "pages": outline.pages}
        for name, outline in zip(found.names, found.outlines, strict=True)
    ]
    facts = {
        "schema": SCHEMA_VERSION,
        "verdict": found.headline,
        "facts": list(found.facts),
        "alike": found.alike,
        "passed": found.passes,
        "reference": files[0],
        "test": files[1],
        "revisions": None if found.revisions is None else [*map(asdict, found.revisions)],
        "pages": [_page_facts(page) for page in found.pages],
    }
    return json.dumps(facts, indent=2, ensure_ascii=False)


def only_page(view: View, notes: tuple[str, ...]) -> dict[str, Any]:
    """What `pages` holds of documents with a single page: the rest is that of two pictures."""
    status = "equal" if view.comparison.alike else "changed"
    place = {"page": 1, "before": 1, "after": 1, "status": status, "copy_of": None}
    return {**place, "notes": list(notes), "places": count_of_changes(view.comparison)}


def pages_to_csv(found: ComparedPages) -> str:
    """The places of all pages, with the page's number in front."""
    rows = [{"page": page.pair.number, **row} for page in found.pages for row in page.rows]
    return csv_text(("page", *REGION_COLUMNS), rows)


def pages_to_text(found: ComparedPages) -> str:
    """The verdict, what else differs, and a line for each page, changed ones first."""
    gate = () if found.passes == found.alike else gate_sentences((), alike=found.alike)
    lines = [" ".join((page_line(page), *_gate(page))) for page in found.worst_first]
    return "\n".join([found.headline, *found.facts, *gate, *lines])


def _gate(page: ComparedPage) -> tuple[str, ...]:
    """Why two pages pass a gate or not, where that isn't plain."""
    if page.status not in ("equal", "changed") or not page.numbers:
        return ()
    return gate_sentences(page.failures, alike=page.alike)


def page_line(page: ComparedPage) -> str:
    """A page's verdict: "Page 3, now 4: moved. 2 places changed."."""
    moved = ("Moved.",) if page.status == "moved" else ()
    return f"{page.title}: {' '.join((*moved, page.headline, *page.facts, *page.said))}"


def _page_facts(page: ComparedPage) -> dict[str, Any]:
    without = {"verdict": page.headline, "alike": False, "regions": []}
    return {
        "page": page.pair.number,
        "before": page.pair.before,
        "after": page.pair.after,
        "status": page.status,
        "copy_of": page.pair.copy_of,
        "notes": list(page.facts),
        "places": page.places,
        "passed": not page.failures,
        "failures": list(page.failures),
        "said": list(page.said),
        **(page.numbers or without),
    }
