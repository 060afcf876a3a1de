"""What whoever runs imgdiff may set without touching code: whole numbers in the environment."""

from __future__ import annotations

import os

from imgdiff.errors import SettingsError


def whole_number(name: str, default: int, *, low: int = 1) -> int:
    """The number that the environment variable `name` holds, `default` where it is not set.

    Raises
    ------
    SettingsError
        It is no whole number, or less than `low`.
    """
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) < low:
        raise SettingsError(
            f"The environment variable {name} must be a whole number from {low} up, "
            f"but is {text!r}: change it."
        )
    return int(text)
