"""The template of worker processes, on Linux: it has imported everything, and forks on demand.

A fork takes 20 ms, where a new interpreter takes a second; and what it has in memory it shares with
the template. The template has one thread, and never sees a file of anybody's: a fork of it knows
nothing but its own tasks. (All forks have one layout of memory; a process of its own for each user
would have others.)
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import socket
import sys
from typing import Final

from imgdiff.workers.allowance import Allowance
from imgdiff.workers.preload import preload
from imgdiff.workers.worker import serve

_LONGEST_ORDER: Final = 64
READY: Final = b"ready"
_PR_SET_PDEATHSIG: Final = 1


def be_template() -> None:
    """Fork as often as the server at the other end of a socket asks, until it's gone."""
    server = socket.socket(fileno=int(sys.argv[1]))
    gc.disable()
    preload(sys.argv[2:])
    gc.freeze()  # what was imported stays, and forks need no copy of it to find that out
    gc.enable()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends is gone
    server.send(READY)
    while True:
        # What the process may take, and the descriptors of its pipes.
        order, descriptors, _, _ = socket.recv_fds(server, _LONGEST_ORDER, 2)
        if not order:
            os._exit(0)  # at once, and not by taking everything apart
        _fork(server, Allowance.unpacked(order), (descriptors[0], descriptors[1]))


def _fork(server: socket.socket, allowance: Allowance, descriptors: tuple[int, int]) -> None:
    """Let a copy of this process serve; the server gets a handle on it."""
    template = os.getpid()
    process = os.fork()
    if process == 0:
        _begin(allowance, descriptors, template)
    handle = os.pidfd_open(process)
    socket.send_fds(server, [READY], [handle])
    for descriptor in (*descriptors, handle):
        os.close(descriptor)


def _begin(allowance: Allowance, descriptors: tuple[int, int], template: int) -> None:
    """In the copy: serve, and end."""
    try:
        os.setsid()
        # The template ends when the server does, and with it this process, whatever it is doing.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == template:
            serve(descriptors, allowance)
    finally:
        os._exit(0)


if __name__ == "__main__":
    be_template()
