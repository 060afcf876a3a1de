"""What a person at a terminal sees while the command works."""

from __future__ import annotations

import sys


def tell(stage: str) -> None:
    """Show what is going on, on one line that the next call replaces; only to a person."""
    if sys.stderr.isatty():
        print(f"\r\033[K{stage}", end="", file=sys.stderr, flush=True)
