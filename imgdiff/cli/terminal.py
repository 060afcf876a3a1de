"""What a person at a terminal sees while the command works."""

from __future__ import annotations

import errno
import os
import sys

from imgdiff.errors import SettingsError


def tell(stage: str) -> None:
    """Show what is going on, on one line that the next call replaces; only to a person."""
    if sys.stderr.isatty():
        print(f"\r\033[K{stage}", end="", file=sys.stderr, flush=True)


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
