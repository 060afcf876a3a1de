"""glibc's allocator, the one place that speaks to it; elsewhere these calls do nothing.

The constants are those of its malloc.h. Integers are what `mallopt` takes: 1 means that it worked.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import Final

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8


_KEPT: Final = 268 * 10**6
"""Bytes: more than the arrays of a picture of 12 MP take."""


def keep_freed() -> None:
    """Hold on to what is freed, for the arrays that come next; `return_freed` gives it back.

    By default large blocks go back to the system at once, and every new page costs an interrupt:
    of 1 to 12 MP that is a tenth of all the time.
    """
    _set(_TRIM_THRESHOLD, _KEPT)
    _set(_MMAP_THRESHOLD, _KEPT)


def return_blocks_of(size: int) -> None:
    """Give blocks of `size` bytes and more back as soon as they are freed.

    By default the size grows with what was freed before, and nobody knows what is really in use.
    """
    _set(_MMAP_THRESHOLD, size)


def share_one_arena() -> None:
    """Let all threads share one pool of address space: each would get 64 MiB of it, used or not."""
    _set(_ARENA_MAX, 1)


def return_freed() -> None:
    """Give what is free back to the system: the process's neighbours may need it."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _set(option: int, value: int) -> None:
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(option, value)
