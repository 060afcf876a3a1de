"""What a worker process gives up before it touches a file: files, memory without end."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

if sys.platform != "win32":
    import resource

from imgdiff import allocator
from imgdiff.errors import WorkError
from imgdiff.workers import sandbox
from imgdiff.workers.sandbox import Protection

_STATUS: Final = Path("/proc/self/statm")
_LAST: Final = 2**16
"""Descriptors over this number are nobody's."""


def give_up(memory: int, *, keep: tuple[int, int]) -> Protection:
    """Confine this process, for good; by now it has imported and opened all that it will need.

    Parameters
    ----------
    memory : int
        MB of address space for pictures, beyond what the process has by now.
    keep : (int, int)
        The descriptors that stay open.

    Returns
    -------
    Protection
        What holds on this system: all of it on Linux; elsewhere little.

    Raises
    ------
    WorkError
        Memory can't be limited where the system should be able to.
    """
    _go_first()
    _leave(keep)
    allocator.share_one_arena()
    limited = _limit_resources(memory)
    sandbox.hide_process()
    seccomp, landlock = sandbox.lock()
    return Protection(seccomp, landlock, limited)


def _go_first() -> None:
    """Should the host run out of memory, let Linux end this process, and not the server."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _leave(keep: tuple[int, int]) -> None:
    """Close what was inherited; what libpng and libtiff print about a file goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        if descriptor not in keep:
            os.dup2(nowhere, descriptor)
    if sys.platform == "win32":
        return
    first, last = sorted(keep)
    for low, high in ((3, first), (first + 1, last), (last + 1, _LAST)):
        os.closerange(max(3, low), high)


def _limit_resources(memory: int) -> bool:
    """Whether address space is limited."""
    if sys.platform == "win32":
        return False
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(kind, (0, 0))
    try:
        return limit_memory(memory)
    except (OSError, ValueError):
        raise WorkError(
            "A worker process must have a limit of memory, but the system sets none: "
            "check its own limits (ulimit -v)."
        ) from None


def limit_memory(memory: int) -> bool:
    """Limit this process's address space, for good, to so many MB beyond what it has by now.

    Returns
    -------
    bool
        Whether that was done: Linux alone knows such a limit, and tells how much there is.
    """
    limit = _address_space(memory)
    if limit is None:
        return False
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return True


@contextmanager
def limited_memory(memory: int) -> Iterator[None]:
    """Limit this process's address space as `limit_memory` does, as long as the block runs.

    What is started meanwhile inherits the limit.
    """
    limit = _address_space(memory)
    if limit is None:
        yield
        return
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, most))


def _address_space(memory: int) -> int | None:
    """How many bytes it may have, with so many MB more than now; None where that isn't told."""
    if not _STATUS.exists():
        return None
    used = int(_STATUS.read_text().split()[0]) * resource.getpagesize()
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = used + memory * 10**6
    return limit if most == resource.RLIM_INFINITY else min(limit, most)
