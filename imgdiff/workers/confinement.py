"""What a worker process gives up before it touches a file: memory without end, writing, calling."""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

_FORBIDDEN = frozenset(
    {
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.spawn",
        "os.startfile",
        "os.system",
        "pty.spawn",
        "socket.__new__",
        "subprocess.Popen",
    }
)
_GLANCE = 0.5
"""Seconds between two looks at whether the server is still there."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def give_up(memory: int) -> None:
    """Begin a worker process.

    Parameters
    ----------
    memory : int
        MB of address space for pictures, beyond what the process has by now. Where the system
        knows no such limit (Windows; macOS doesn't enforce it), the deadline alone holds.
    """
    for module in ("imgdiff.workers.tasks", "imgdiff.load.decode"):
        importlib.import_module(module)  # while files may be opened, and before memory is counted
    _silence_codecs()
    _go_first()
    _limit_resources(memory * 10**6)
    sys.addaudithook(_refuse)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(server: int) -> None:
    """End when the server has ended, even if it was killed amid a comparison."""
    while os.getppid() == server:
        time.sleep(_GLANCE)
    os._exit(1)


def _silence_codecs() -> None:
    """Keep what libpng and libtiff print about a file from whoever runs the server."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _go_first() -> None:
    """Should the host run out of memory, let Linux end this process, and not the server."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _limit_resources(memory: int) -> None:
    try:
        import resource  # noqa: PLC0415 (there is none on Windows)
    except ImportError:
        return
    status = Path("/proc/self/statm")
    used = int(status.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE") if status.exists() else 0
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0}
    if used:
        limits[resource.RLIMIT_AS] = used + memory
    for kind, limit in limits.items():
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (limit, limit))
    # Each thread would get a pool of address space of its own, used or not.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(-8, 1)  # M_ARENA_MAX


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Let no decoder start a program, open a connection or write a file."""
    if event in _FORBIDDEN:
        raise PermissionError(f"A worker process may not do this: {event}")
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        raise PermissionError("A worker process may not write files.")
