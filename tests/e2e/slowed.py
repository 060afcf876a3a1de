"""A slow machine, on any machine: what takes a moment can be looked at while it goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_STOPPED, _RUNNING = 0.2, 0.05
"""Seconds, in turns: workers get a fifth of their time."""


@contextmanager
def slowed_workers(server: int) -> Iterator[None]:
    """Let the processes that a server started, told by its own, work at a fifth of their pace."""
    over = threading.Event()
    thread = threading.Thread(target=_slow, args=(server, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _slow(server: int, over: threading.Event) -> None:
    while not over.wait(_RUNNING):
        workers = _descendants(server)
        _send(workers, signal.SIGSTOP)
        over.wait(_STOPPED)
        _send(workers, signal.SIGCONT)


def _send(processes: set[int], what: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, what)


def _descendants(process: int) -> set[int]:
    """Those that a process started, and those that they did."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    parents = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    found, new = set[int](), {process}
    while new:
        new = {child for child, parent in parents if parent in new} - found
        found |= new
    return found
