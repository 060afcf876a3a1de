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

_FIRST: Final = 160 * 10**6
"""Bytes: what two JPEGs of 12 MP take while they are decoded, which is 18,000 pages of 4 KiB."""

_PAGE: Final = 2**21
_MADV_HUGEPAGE: Final = 14
"""Bytes of a large page, and Linux's name for them, as in its mman.h."""


def keep_freed() -> None:
    """Hold on to what is freed, for the arrays that come next; `return_freed` gives it back.

    By default large blocks go back to the system at once, and every new page costs an interrupt:
    of 1 to 12 MP that is a tenth of all the time. So the pages are large ones, too.
    """
    if _set(_TRIM_THRESHOLD, _KEPT) and _set(_MMAP_THRESHOLD, _KEPT):
        _expect(_FIRST)


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


def _expect(size: int) -> None:
    """Let the next so many bytes of the heap be large pages: they are no memory until written to.

    NumPy asks for them for its own arrays, OpenCV's decoders don't.
    """
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    block = libc.malloc(ctypes.c_size_t(size))
    if block:
        start = -(-block // _PAGE) * _PAGE
        length = ctypes.c_size_t(block + size - start)
        libc.madvise(ctypes.c_void_p(start), length, _MADV_HUGEPAGE)
        libc.free(ctypes.c_void_p(block))


def _set(option: int, value: int) -> bool:
    """Whether there is such an allocator, and it obeys."""
    with suppress(OSError, AttributeError, TypeError):
        return bool(ctypes.CDLL(None).mallopt(option, value))
    return False
