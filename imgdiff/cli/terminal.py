"""What a person at a terminal sees: progress, and text that can do no harm."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from imgdiff.errors import SettingsError

_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What terminals act upon instead of showing it, but for the end of a line and the tabulator; and
what turns the order of letters round, or is no letter, as in names of files that aren't UTF-8."""


def harmless(text: str) -> str:
    """Text with its control characters written out, as JSON has them: names may hold any."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def tell(stage: str) -> None:
    """Show what is going on, on one line that the next call replaces; only to a person."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(f"\r\033[K{harmless(stage)}", end="", file=sys.stderr, flush=True)


def note(sentence: str, *, wanted: bool) -> None:
    """Say how something is done, on standard error, if that is wanted."""
    if wanted:
        complain(sentence)


def complain(sentence: str) -> None:
    """Say what went wrong, on standard error."""
    tell("")
    if sys.stderr is not None:
        print(f"imgdiff: {harmless(sentence)}", file=sys.stderr)


def complain_of(failures: Sequence[str]) -> None:
    """Say what went wrong first, and how much else did; nothing if nothing did."""
    if failures:
        others = f" {len(failures) - 1} more can't be compared." if len(failures) > 1 else ""
        complain(f"{failures[0]}{others}")


def unwritable(error: OSError, what: str, place: str | os.PathLike[str] | None) -> SettingsError:
    """The error for what can't be written: where, why, and what to do.

    Parameters
    ----------
    error : OSError
        What the system said; it doesn't always say where.
    what : str
        Such as "The results".
    place : path, optional
        Where, if the error doesn't know.
    """
    where = error.filename or place
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    remedy = "make room there, or choose another place" if full else "choose another place"
    at = f" to {os.fsdecode(where)}" if where else ""
    return SettingsError(f"{what} can't be written{at} ({error.strerror}): {remedy}.")


@contextmanager
def told_where(place: Path | None) -> Iterator[None]:
    """Let results that can't be written be the user's to put elsewhere."""
    try:
        yield
    except OSError as error:
        raise unwritable(error, "The results", place) from None
