"""Rows as Markdown: the comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from imgdiff.batch.row import Row, most_changed_first, summary
from imgdiff.view.words import percent

_MOST_ROWS: Final = 100
"""So many rows; hosts cut comments off at 65,536 characters."""

_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()<>#|!~@&])")
_SIGNS: Final = {"changed": "≠", "failed": "!", "added": "+", "removed": "−", "equal": "="}


def rows_to_markdown(
    rows: Sequence[Row], link: Callable[[Row], str] | None = None, *, note: str = ""
) -> str:
    """A heading with the summary, and a table of what isn't equal, most changed first.

    Parameters
    ----------
    rows : sequence of Row
    link : callable, optional
        The address of a row's page; "" where it has none.
    note : str
        A sentence to put under the heading.
    """
    told = [row for row in most_changed_first(rows) if row.status != "equal"]
    lines = [f"### imgdiff: {summary(rows)}", ""]
    if note:
        lines += [note, ""]
    if told:
        lines += ["| | picture | verdict | changed |", "|---|---|---|---|"]
        lines += [_line(row, link(row) if link else "") for row in told[:_MOST_ROWS]]
    if len(told) > _MOST_ROWS:
        lines += ["", f"{len(told) - _MOST_ROWS} more aren't listed here."]
    return "\n".join(lines).rstrip() + "\n"


def _line(row: Row, address: str) -> str:
    name = _text(row.name)
    shown = f"[{name}]({address})" if address else name
    share = percent(row.changed_fraction) if row.changed_fraction else ""
    verdict = " ".join((row.verdict, *row.facts[:1]))
    return f"| {_SIGNS[row.status]} {row.status} | {shown} | {_text(verdict)} | {share} |"


def _text(text: str) -> str:
    """Text that is no markup, on one line; "@name" would call people."""
    line = " ".join(text.encode("utf-8", "replace").decode().split())
    return _MARKUP.sub(r"\\\1", line).replace("\\@", "@\u200b")
