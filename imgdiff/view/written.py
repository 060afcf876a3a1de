"""What changed in writing, in words."""

from __future__ import annotations

from collections.abc import Iterable

from imgdiff.types import Region, TextChange

STAYED = {
    None: "reads the same, drawn differently",
    "came": "reads the same, with a line through or under it",
    "went": "reads the same, without the line through or under it",
}

_MOST_NAMED = 2
"""So many a headline names."""

_MOST_LISTED = 4
"""So many changes of words a place lists."""

_SHORT, _LONG = 40, 160
"""Characters of a text in a headline, and at a place."""


def text_words(text: TextChange) -> str:
    """What changed at a place: "4,160 → 4,310", "added: “amended”", "reads the same, …"."""
    if text.stayed:
        return STAYED[text.rule]
    told = [words_of_change(pair.before, pair.after, _LONG) for pair in text.told[:_MOST_LISTED]]
    more = len(text.told) - _MOST_LISTED
    return "; ".join([*told, f"{more} more"] if more > 0 else told)


def with_its_text(words: str, text: TextChange) -> str:
    """What happened at a place, and what is written there: "text: 1 → 7", "added: “amended”"."""
    told = text_words(text)
    happened, _, rest = told.partition(": ")
    return f"{words}: {rest if rest and words.endswith(happened) else told}"


def named_changes(regions: Iterable[Region]) -> tuple[list[str], int]:
    """What a headline names, and of how many regions that tells all."""
    named: list[str] = []
    told = 0
    for region in regions:
        if region.text is None or region.text.stayed:
            continue
        changes = [words_of_change(pair.before, pair.after, _SHORT) for pair in region.text.told]
        new = [change for change in changes if change not in named]
        if len(named) + len(new) > _MOST_NAMED:
            continue
        named += new
        told += 1
    return named, told


def words_of_change(before: str, after: str, longest: int) -> str:
    """One text that became another, each shortened: "4,160 → 4,310", "added: “amended”"."""
    before, after = (_shortened(text, longest) for text in (before, after))
    if before and after:
        return f"{_quoted(before)} → {_quoted(after)}"
    return f"added: “{after}”" if after else f"removed: “{before}”"


def _quoted(text: str) -> str:
    """Between quotation marks if its end couldn't be told otherwise."""
    return f"“{text}”" if " " in text or text[-1] in ".,;:!?" else text


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 2].rstrip()} …"
