"""What is found out about one pair of a batch: one row of every table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final, Literal, TypeAlias

from imgdiff.types import Opinion

Status: TypeAlias = Literal["changed", "failed", "added", "removed", "equal"]

MOST_BOXES: Final = 50
"""Of a row, so that many rows can be kept."""

STATUSES: Final[tuple[Status, ...]] = ("changed", "failed", "added", "removed", "equal")
"""In the order in which people want to see them."""


@dataclass(frozen=True, slots=True)
class Row:
    """The result of one pair; small, so that a million of them can be kept.

    Attributes
    ----------
    name : str
        What the pair is called: the path inside its folder.
    status : str
        One of `STATUSES`: "equal" means that no region is left, "added" that there is no picture
        before, "removed" that there is none after.
    verdict : str
        The answer, or what went wrong, in one sentence.
    before, after : str
        The files, for people to find; empty where there is none.
    key : str
        Digest of both contents and of the settings: as long as it's the same, so is the row.
    method : str
        Key of the method.
    score, similarity_percent : float or None
        As in `Comparison`; None where nothing was compared. Pictures of different things have no
        percentage either: it would mean nothing.
    changed_fraction : float or None
        Share of the compared pixels that lie in a region, 0 to 1.
    regions : int
        How many places changed.
    seconds : float
        Wall time of reading, comparing and drawing.
    facts : tuple of str
        What else there is to know, as in `View`.
    boxes : tuple of (x, y, width, height)
        Of the largest places, px of the picture before; at most `MOST_BOXES`.
    words : tuple of str
        What happened in each of them, as far as the method can tell.
    judgement : {"", "meant", "not meant", "conflict"}
        What people said of the pair as a whole.
    note : str
        Why.
    files : mapping of str to bytes
        Pictures and pages of this pair, by file name, as far as they were asked for.
    """

    name: str
    status: Status
    verdict: str
    before: str = ""
    after: str = ""
    key: str = ""
    method: str = ""
    score: float | None = None
    similarity_percent: float | None = None
    changed_fraction: float | None = None
    regions: int = 0
    seconds: float = field(default=0, compare=False)
    facts: tuple[str, ...] = ()
    boxes: tuple[tuple[int, int, int, int], ...] = ()
    words: tuple[str, ...] = ()
    judgement: Opinion = ""
    note: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict, compare=False, repr=False)


COLUMNS: Final = tuple(column.name for column in fields(Row) if column.name != "files")
"""Everything about a row that is text or number."""


def row_to_dict(row: Row) -> dict[str, Any]:
    """The columns of a row, ready for JSON; keys are only ever added."""
    return {name: value for name, value in asdict(row).items() if name in COLUMNS}


def most_changed_first(rows: Iterable[Row]) -> list[Row]:
    """Sorted by status, then by how much changed, then by name."""
    return sorted(rows, key=_rank)


def _rank(row: Row) -> tuple[int, float, float, str]:
    similarity = -1 if row.similarity_percent is None else row.similarity_percent
    return STATUSES.index(row.status), -(row.changed_fraction or 0), similarity, row.name


def counts(rows: Iterable[Row]) -> dict[Status, int]:
    """How many rows there are of each status, in the order of `STATUSES`."""
    found = dict.fromkeys(STATUSES, 0)
    for row in rows:
        found[row.status] += 1
    return found


def summary(rows: Iterable[Row]) -> str:
    """The whole batch in one sentence: "60 pairs: 5 changed, 1 failed, 54 equal."."""
    found = counts(rows)
    total = sum(found.values())
    parts = ", ".join(f"{count} {status}" for status, count in found.items() if count)
    pairs = "1 pair" if total == 1 else f"{total} pairs"
    return f"{pairs}: {parts}." if parts else "There are no pairs."
