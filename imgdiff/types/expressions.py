"""Regular expressions that users write."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from imgdiff.errors import SettingsError

_LONGEST: Final = 200
"""Characters."""


def patterns_of(texts: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """Regular expressions, ready for use; SettingsError if one of them is none."""
    return tuple(map(_compiled, texts))


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
