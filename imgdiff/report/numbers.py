"""The numbers of a comparison as JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from imgdiff.types import (
    Alignment,
    Area,
    Box,
    Image,
    Judgement,
    Polygon,
    Region,
    Settings,
    TextChange,
    opinion_of,
)
from imgdiff.view import View, changed_fraction
from imgdiff.view.words import confidence_word, kind_words

REGION_COLUMNS = (
    "number", "x", "y", "width", "height", "area", "kind", "confidence",
    "text_before", "text_after", "judgement", "note", "judged_by",
)  # fmt: skip

SCHEMA_VERSION = 1
"""Of all JSON that is printed (`imgdiff schema`); keys that are added don't raise it."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet; an apostrophe before it makes it text."""


def to_dict(view: View) -> dict[str, Any]:
    """The numbers of a comparison, ready for JSON; keys are only ever added.

    Boxes are ``[x, y, width, height]`` in px, areas in px², errors and score in the method's
    unit, `transform` maps test to reference pixels. `canvas_box` is where a region lies in the
    pictures to take away, which have the size `canvas`, and `change` its number there: what moved
    has one number at both ends. The box of an added block is where it was put
    in, of its own size; its `block` tells its place in either picture. An infinite score is null,
    as JSON has none.
    """
    comparison = view.comparison
    pair = comparison.pair
    changes, judged = view.changes, view.judged
    numbers = {end.box: change.number for change in changes for end in change.ends}
    return {
        "schema": SCHEMA_VERSION,
        "method": comparison.method.key,
        "score": comparison.score if math.isfinite(comparison.score) else None,
        "score_text": view.score_text,
        "score_help": view.score_help,
        "similarity_percent": comparison.method.similarity_percent(comparison.score),
        "verdict": view.headline,
        "facts": list(view.facts),
        "alike": comparison.alike,
        "related": pair.related,
        "aligned": pair.aligned,
        "transform": pair.transform.tolist(),
        "alignment": _alignment_facts(pair.alignment),
        "reference": _image_facts(pair.reference),
        "test": _image_facts(pair.unmoved),
        "changed_fraction": changed_fraction(comparison),
        "threshold": comparison.threshold,
        "explained": [explanation.sentence for explanation in comparison.explained],
        "canvas": [view.canvas.width, view.canvas.height],
        "review": {
            "changes": [
                {"change": change.number, "opinion": opinion_of(said), "said": _said(said)}
                for change, said in zip(changes, judged, strict=True)
                if said
            ],
            "pair": _said(view.review.of_pair),
        },
        "regions": [
            _region_facts(index, region, numbers[region.box], view)
            for index, region in enumerate(view.regions, 1)
        ],
        "faint": [
            _region_facts(index, region, index, view)
            for index, region in enumerate(comparison.faint, 1)
        ],
        "settings": _settings_facts(comparison.settings),
        "seconds": dict(comparison.seconds),
    }


def to_json(
    view: View,
    *,
    seconds: Mapping[str, float] | None = None,
    more: Mapping[str, Any] | None = None,
) -> str:
    """`to_dict` as JSON text, with what the comparison can't know.

    `seconds` are times of other stages, such as loading; `more` are other keys.
    """
    facts = {**to_dict(view), **(more or {})}
    facts["seconds"] = {**(seconds or {}), **facts["seconds"]}
    return json.dumps(facts, indent=2, ensure_ascii=False)


def region_rows(view: View) -> list[dict[str, float | str]]:
    """The places of the changes as a table, under `REGION_COLUMNS`: sizes in px and px².

    Of rows or columns put in: where they lie in the picture after; else in the one before.

    Both ends of what moved have one number.
    """
    rows: list[dict[str, float | str]] = []
    for change, judged in zip(view.changes, view.judged, strict=True):
        review = opinion_of(judged), _notes(judged), "; ".join(filter(None, (j.by for j in judged)))
        rows += [_row(change.number, region, review) for region in change.ends]
    return rows


def _row(number: int, region: Region, review: tuple[str, str, str]) -> dict[str, float | str]:
    """A place as a row, with what was said about its change."""
    box = region.place
    text = region.text or TextChange("", "")
    words = kind_words(region), confidence_word(region.confidence), text.before, text.after
    values = (number, box.x, box.y, box.width, box.height, region.area, *words, *review)
    return dict(zip(REGION_COLUMNS, values, strict=True))


def _notes(judgements: Sequence[Judgement]) -> str:
    return "; ".join(" ".join(one.note.split()) for one in judgements if one.note)


def _said(judgements: Sequence[Judgement]) -> list[dict[str, Any]]:
    """Judgements of one place, all of what they say but the place itself."""
    return [
        {name: value for name, value in asdict(one).items() if name not in ("box", "pages")}
        for one in judgements
    ]


def to_csv(view: View) -> str:
    """`region_rows` as CSV text with a header line."""
    return csv_text(REGION_COLUMNS, region_rows(view))


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, float | str]]) -> str:
    """Rows of regions as CSV text with a header line."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(_without_formulas, rows))
    return text.getvalue()


def _without_formulas(row: Mapping[str, float | str]) -> dict[str, float | str]:
    """A row that no spreadsheet takes for something to compute: "+ added" has no sign there."""
    names = ("text_before", "text_after", "note", "judged_by")
    texts = {name: _as_text(str(row[name])) for name in names}
    return {**row, "kind": str(row["kind"])[2:], **texts}


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _settings_facts(settings: Settings) -> dict[str, Any]:
    return {
        "grayscale": settings.grayscale,
        "align": settings.align,
        "nudge": list(settings.nudge),
        "points": [list(pair) for pair in settings.points],
        "min_area": settings.min_area,
        "threshold": settings.threshold,
        "ignore": [_area_facts(area) for area in settings.ignored_areas],
        "region": None if settings.region_box is None else _corners(settings.region_box),
        "params": dict(settings.params),
        "read": settings.read,
        "ignore_redrawn": settings.ignore_redrawn,
        "ignore_text": list(settings.ignore_text),
    }


def _image_facts(image: Image) -> dict[str, Any]:
    return {
        "name": image.name,
        "width": image.width,
        "height": image.height,
        "notes": list(image.notes),
        "file": None if image.file is None else asdict(image.file),
    }


def _alignment_facts(alignment: Alignment) -> dict[str, Any]:
    """All of it by the names of its attributes; places are px, shares 0 to 1."""
    return asdict(alignment)


def _region_facts(index: int, region: Region, number: int, view: View) -> dict[str, Any]:
    return {
        "id": index,
        "change": number,
        "box": _corners(region.box),
        "canvas_box": _corners(view.canvas.box_of(region)),
        "area": region.area,
        "peak": region.peak,
        "mean": region.mean,
        "kind": region.kind,
        "confidence": region.confidence,
        "move": None if region.move is None else asdict(region.move),
        "block": None if region.block is None else asdict(region.block),
        "text": None if region.text is None else _text_facts(region.text),
    }


def _text_facts(text: TextChange) -> dict[str, Any]:
    words = [
        {
            "before": word.before,
            "after": word.after,
            "box_before": _corners(word.before_box),
            "box_after": _corners(word.after_box),
        }
        for word in text.words
    ]
    return {"before": text.before, "after": text.after, "words": words}


def _area_facts(area: Area) -> list[int] | dict[str, Any]:
    """A box as ever; of a polygon its corners, of a mask its digest."""
    if isinstance(area, Box):
        return _corners(area)
    if isinstance(area, Polygon):
        return {"polygon": [list(corner) for corner in area.corners]}
    return {"mask": area.sha256}


def _corners(box: Box) -> list[int]:
    return [box.x, box.y, box.width, box.height]
