"""Likeness as numbers to keep: JSON and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from imgdiff.similar.collection import Collection
from imgdiff.similar.degrees import percent_alike
from imgdiff.similar.fingerprint import Fingerprint
from imgdiff.similar.gather import LeftOut
from imgdiff.similar.likeness import Likeness

FactRow = Mapping[str, str | int | float]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet; a quote before it makes it text."""


def pair_facts(first: Fingerprint, second: Fingerprint, found: Likeness) -> dict[str, Any]:
    """What is known of two pictures, ready for JSON; keys are only ever added."""
    match = found.match
    return {
        "model": found.model,
        "similarity": round(found.score, 4),
        "percent": found.percent,
        "relation": found.relation,
        "verdict": found.headline,
        "evidence": found.evidence,
        "matching_points": match.count if match.confirmed else 0,
        "confirmed": match.confirmed,
        "mirrored": match.confirmed and match.mirrored,
        "first": _picture_facts(first),
        "second": _picture_facts(second),
    }


def set_facts(collection: Collection, left_out: Sequence[LeftOut], *, top: int) -> dict[str, Any]:
    """What is known of a set, ready for JSON; keys are only ever added."""
    names = [picture.name for picture in collection.pictures]
    return {
        "pictures": [_picture_facts(picture) for picture in collection.pictures],
        "duplicates": [[names[index] for index in group] for group in collection.groups],
        "neighbours": list(neighbour_rows(collection, top=top)),
        "left_out": [{"name": failure.name, "reason": failure.reason} for failure in left_out],
    }


def neighbour_rows(collection: Collection, *, top: int) -> list[FactRow]:
    """For every picture, those most like it, the best first."""
    rows: list[FactRow] = []
    for index, picture in enumerate(collection.pictures):
        for rank, other in enumerate(collection.neighbours(index, top), 1):
            rows.append(
                {
                    "picture": picture.name,
                    "rank": rank,
                    "neighbour": collection.pictures[other.index].name,
                    "similarity": round(other.score, 4),
                    "percent": percent_alike(other.score),
                    "relation": collection.relation(index, other.index),
                    "matching_points": other.points,
                }
            )
    return rows


def group_rows(collection: Collection) -> list[FactRow]:
    """The near-duplicates: a line for each picture of each group."""
    return [
        {"group": number, "picture": collection.pictures[index].name}
        for number, group in enumerate(collection.groups, 1)
        for index in group
    ]


def matrix_rows(collection: Collection) -> list[FactRow]:
    """The similarity of every two pictures: a line and a column for each, like beside like."""
    named = [(index, collection.pictures[index].name) for index in collection.order]
    return [
        {"picture": name}
        | {f"{column + 1} {other_name}": round(float(collection.scores[index, other]), 4)
           for column, (other, other_name) in enumerate(named)}
        for index, name in named
    ]  # fmt: skip


def facts_to_csv(rows: Iterable[FactRow]) -> str:
    """Rows as CSV text with a header line; no cell is a formula."""
    rows = list(rows)
    text = io.StringIO()
    if rows:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([_as_text(name) for name in rows[0]])
        writer.writerows([_as_text(value) for value in row.values()] for row in rows)
    return text.getvalue()


def _as_text(value: str | float) -> str | float:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _picture_facts(picture: Fingerprint) -> dict[str, Any]:
    return {"name": picture.name, "width": picture.width, "height": picture.height}
