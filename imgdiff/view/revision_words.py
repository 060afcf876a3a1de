"""What the text of two documents says otherwise, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, groupby

from imgdiff.types import Revision
from imgdiff.view.written import words_of_change

_MOST_NAMED = 3
"""Changes that a sentence names, the longest first."""
_SHORT, _LONG = 60, 400
"""Characters of a text in that sentence, and in a list."""


def revision_fact(revisions: Sequence[Revision] | None) -> str:
    """All of them in a sentence; "" if they aren't known.

    It speaks of the text that the files hold, which isn't always what their pages show.
    """
    if revisions is None:
        return ""
    if not revisions:
        return "The text that the files hold is the same, word for word, page numbers aside."
    groups = [*_grouped(revisions)]
    weights = [max(len(group[0].before), len(group[0].after)) for group in groups]
    longest = sorted(range(len(groups)), key=lambda index: -weights[index])[:_MOST_NAMED]
    named = [" (".join(_row(groups[index], _SHORT)) + ")" for index in sorted(longest)]
    more = len(groups) - len(named)
    return f"In the text: {', '.join(named)}{f' and {more} more' if more else ''}."


def revision_rows(revisions: Sequence[Revision] | None) -> list[tuple[str, ...]]:
    """A row for each: what happened, and on which page; numbers that moved on together are one."""
    return [_row(group, _LONG) for group in _grouped(revisions or ())]


def _grouped(revisions: Sequence[Revision]) -> Iterator[list[Revision]]:
    """Each by itself, but numbers that all moved on by as much, as those of sections, together."""
    alone = count(1)
    for _, group in groupby(revisions, key=lambda one: _step(one) or (next(alone), "alone")):
        yield [*group]


def _step(revision: Revision) -> int:
    """By how much a number moved on; 0 if it's none."""
    texts = revision.before, revision.after
    if not all(text.isdecimal() for text in texts):
        return 0
    return int(revision.after) - int(revision.before)


def _row(group: Sequence[Revision], longest: int) -> tuple[str, str]:
    """What happened, and where."""
    first, last = group[0], group[-1]
    words, where = _happened(first, longest), _where(first)
    if len(group) > 1:
        words = f"{words} … {_happened(last, longest)}"
    if first.after_page != last.after_page:
        where = f"pages {first.after_page} to {last.after_page}"
    return words, where


def _happened(revision: Revision, longest: int) -> str:
    if revision.before == revision.after:
        return words_of_change("", revision.after, longest).replace("added", "moved", 1)
    return words_of_change(revision.before, revision.after, longest)


def _where(revision: Revision) -> str:
    """In the document that has it."""
    if revision.before == revision.after:
        return f"from page {revision.before_page} to page {revision.after_page}"
    return f"page {revision.after_page if revision.after else revision.before_page}"
