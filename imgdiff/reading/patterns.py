"""Texts that don't count: dates, times, counters."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PIECE = re.compile(r"\d+|[^\W\d_]+|.", re.DOTALL)


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


def _like(piece: str) -> str:
    if piece.isdigit():
        return r"\d+"
    if piece.isalpha():
        return r"[^\W\d_]+"
    return r"\s*" if piece.isspace() else rf"\s*{re.escape(piece)}\s*"
