"""The table of places as lines of text."""

from __future__ import annotations

from collections.abc import Mapping

from imgdiff.types import TextChange
from imgdiff.view.written import with_its_text

_TOLD = 8
"""Columns of a place that a line has: what is written there stands with its kind."""


def table_line(row: Mapping[str, float | str], text: TextChange | None = None) -> str:
    """A row of the table of regions: numbers to the right, words to the left, the last first."""
    told = [*row.values()][:_TOLD]
    *numbers, kind, confidence = (
        value if isinstance(value, str) else f"{value:g}" for value in told
    )
    cells = "".join(f"{number:>8}" for number in numbers)
    kind = kind if text is None else with_its_text(kind, text)
    return f"{cells}  {confidence:<10}  {kind}".rstrip()
