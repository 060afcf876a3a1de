"""Likeness as numbers to keep: JSON and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from imgdiff.similar.collection import Collection
from imgdiff.similar.degrees import percent_alike, relation
from imgdiff.similar.embedding import bands_of
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


def neighbour_rows(collection: Collection, *, top: int) -> Iterator[FactRow]:
    """For every picture, those most like it, the best first."""
    names = [picture.name for picture in collection.pictures]
    bands = bands_of(collection.pictures[0].model)
    for index, name in enumerate(names):
        for rank, other in enumerate(collection.neighbours(index, top), 1):
            yield {
                "picture": name,
                "rank": rank,
                "neighbour": names[other.index],
                "similarity": round(other.score, 4),
                "percent": percent_alike(other.score),
                "relation": relation(other.score, bands),
                "matching_points": other.points,
            }


def group_rows(collection: Collection) -> Iterator[FactRow]:
    """The near-duplicates: a line for each picture of each group."""
    for number, group in enumerate(collection.groups, 1):
        for index in group:
            yield {"group": number, "picture": collection.pictures[index].name}


def matrix_rows(collection: Collection) -> Iterator[FactRow]:
    """The similarity of every two pictures: a line and a column for each, like beside like."""
    matrix = collection.matrix
    if matrix is None:
        return
    named = [(index, collection.pictures[index].name) for index in matrix.order]
    for index, name in named:
        yield {"picture": name} | {
            f"{column} {other_name}": round(float(matrix.scores[index, other]), 4)
            for column, (other, other_name) in enumerate(named, 1)
        }


def facts_to_csv(rows: Iterable[FactRow]) -> str:
    """Rows as CSV text with a header line; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, row in enumerate(rows):
        if not number:
            writer.writerow([_as_text(name) for name in row])
        writer.writerow([_as_text(value) for value in row.values()])
    return text.getvalue()


def _as_text(value: str | float) -> str | float:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _picture_facts(picture: Fingerprint) -> dict[str, Any]:
    return {"name": picture.name, "width": picture.width, "height": picture.height}
