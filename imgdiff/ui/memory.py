"""How much the server process may hold: what users upload and look at is all in its memory.

What is asked for beyond that is refused, with a sentence; else the system would end the server,
and everybody's comparisons with it.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

from starlette.formparsers import MultiPartParser

from imgdiff import allocator
from imgdiff.environment import whole_number
from imgdiff.errors import WorkError
from imgdiff.ui import session_cleanup

LIMIT: Final = whole_number("IMGDIFF_SERVER_MB", 4000, low=100) * 10**6

FULL: Final = "The server holds as many pictures as it can: try again in a few minutes."

_STATM: Final = Path("/proc/self/statm")
_LARGE: Final = 2**18
"""Bytes; an upload, a rendition."""
_PAUSES: Final = (0.1, 0.3)
"""Seconds; a session's memory is free only once its last run has ended."""
_LARGEST_BODY: Final = 2**31


def keep_tidy() -> None:
    """Hold uploads in memory alone, and give it back to the system as soon as they are gone.

    Starlette would write what is over 1 MB to a file until it has come in whole.
    """
    MultiPartParser.spool_max_size = _LARGEST_BODY
    allocator.return_blocks_of(_LARGE)


def has_room(size: int) -> bool:
    """Whether the server may hold so many bytes more.

    If not, those who have closed their tab aren't waited for any longer. Where the system doesn't
    tell what a process holds (Linux does), there always is room. Takes a moment: not to be asked on
    the server's own thread.
    """
    for pause in _PAUSES:
        if _held() + size <= LIMIT:
            return True
        session_cleanup.clean(at_once=True)
        time.sleep(pause)
    return _held() + size <= LIMIT


def check_room(size: int) -> None:
    """Raise WorkError unless the server may hold so many bytes more."""
    if not has_room(size):
        raise WorkError(FULL)


def _held() -> int:
    """Bytes that this process has in memory."""
    if not _STATM.exists():
        return 0
    return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
