"""Texts that don't count: dates, times, counters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from imgdiff.errors import SettingsError

_LONGEST = 200
_PIECE = re.compile(r"\d+|[^\W\d_]+|.", re.DOTALL)


def patterns_of(texts: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """Regular expressions, ready for use; SettingsError if one of them is none."""
    return tuple(map(_compiled, texts))


def pattern_like(example: str) -> str:
    """A regular expression for texts like an example: other digits, other letters, same signs.

    "12:34" stands for any time, "3 May 2026" for any date that is written so.
    """
    return "".join(map(_like, _PIECE.findall(example.strip())))


def is_ignored(text: str, start: int, end: int, patterns: Sequence[re.Pattern[str]]) -> bool:
    """Whether the characters from `start` to `end` lie in something that a pattern matches."""
    return any(
        found.start() <= start and end <= found.end()
        for pattern in patterns
        for found in pattern.finditer(text)
    )


def _compiled(text: str) -> re.Pattern[str]:
    if len(text) > _LONGEST:
        raise SettingsError(
            f"A pattern of text to ignore may have {_LONGEST} characters, but one has {len(text)}: "
            "make it shorter."
        )
    try:
        return re.compile(text)
    except re.error as error:
        raise SettingsError(
            f"A regular expression is expected, but {text!r} is none ({error}): mend it."
        ) from None


def _like(piece: str) -> str:
    if piece.isdigit():
        return r"\d+"
    if piece.isalpha():
        return r"[^\W\d_]+"
    return r"\s*" if piece.isspace() else rf"\s*{re.escape(piece)}\s*"
