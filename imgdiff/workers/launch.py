"""How worker processes are started: forked from a template on Linux, elsewhere each by itself."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from imgdiff.errors import WorkError
from imgdiff.workers.allowance import Allowance
from imgdiff.workers.handle import WorkerHandle
from imgdiff.workers.template import READY

_PATIENCE: Final = 120
"""Seconds in which a template must have imported everything: it takes one."""
_FORKS: Final = sys.platform == "linux" and hasattr(os, "pidfd_open")
_PASSED_ON: Final = frozenset(
    ("PATH", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "SYSTEMROOT")
)
_SET: Final = {
    # Nothing there multiplies matrices, and a thread of numpy's wouldn't survive a fork.
    "OPENBLAS_NUM_THREADS": "1",
    # OpenCV would look for it in 40 places.
    "OPENCV_OPENCL_RUNTIME": "disabled",
}
_PREFIXES: Final = ("LC_", "IMGDIFF_", "OPENBLAS_", "OPENCV_", "PYTHONHASHSEED")


class Launcher:
    """Starts worker processes of one kind.

    Parameters
    ----------
    allowance : Allowance
        What each may take.
    modules : sequence of str
        What is imported there besides all that imgdiff itself needs, as functions to be called
        there must be.
    forks : bool
        Whether to fork them from a template; where that can't be done, each is started by itself.
    """

    def __init__(
        self, allowance: Allowance, modules: Sequence[str] = (), *, forks: bool = True
    ) -> None:
        self._allowance = allowance
        self._modules = modules
        self._forks = forks and _FORKS
        self._one_at_a_time = threading.Lock()
        self._template: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> WorkerHandle:
        """Start a process; it may be asked to do something at once.

        Raises
        ------
        WorkError
            The system starts none.
        """
        try:
            return self._forked() if self._forks else self._spawned()
        except OSError:
            raise WorkError(
                "A worker process is needed, but the system starts none: "
                "give the server more memory or processes."
            ) from None

    def warm_up(self) -> None:
        """Have the template ready, so that the first process needn't wait for it."""
        if self._forks:
            with self._one_at_a_time, suppress(OSError):
                self._connected()

    def close(self) -> None:
        """End the template, and all processes that it has begot."""
        with self._one_at_a_time:
            self._disconnect()

    def _forked(self) -> WorkerHandle:
        theirs, requests = os.pipe()
        answers, theirs_too = os.pipe()
        try:
            with self._one_at_a_time:
                handle = self._handle_of_fork([theirs, theirs_too])
        except OSError:
            os.close(requests)
            os.close(answers)
            raise
        finally:
            os.close(theirs)
            os.close(theirs_too)
        return WorkerHandle(requests, answers, _Killer(handle))

    def _handle_of_fork(self, descriptors: list[int]) -> int:
        """Have the template fork, a new one if it's gone; a descriptor of the process."""
        for _ in range(2):
            template = self._connected()
            with suppress(OSError):
                socket.send_fds(template, [self._allowance.packed()], descriptors)
                said, handles, _, _ = socket.recv_fds(template, len(READY), 1)
                if said == READY and handles:
                    return handles[0]
            self._disconnect()
        raise OSError("no template")

    def _connected(self) -> socket.socket:
        """The template's end of a socket."""
        if self._template is None:
            self._template, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self._template.settimeout(_PATIENCE)
            try:
                with theirs:
                    self._process = _started(
                        "template", [theirs.fileno(), *self._modules], pass_fds=(theirs.fileno(),)
                    )
                atexit.register(self._process.kill)
                if self._template.recv(len(READY)) != READY:
                    raise OSError("no template")
            except OSError:
                self._disconnect()
                raise
        return self._template

    def _disconnect(self) -> None:
        if self._template is not None:
            self._template.close()
        if self._process is not None:
            self._process.kill()  # which all that it has forked notice
            self._process.wait()
        self._template = self._process = None

    def _spawned(self) -> WorkerHandle:
        process = _started(
            "worker",
            [self._allowance.packed().hex(), *self._modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdin is not None and process.stdout is not None  # noqa: PT018, S101
        descriptors = os.dup(process.stdin.fileno()), os.dup(process.stdout.fileno())
        process.stdin.close()
        process.stdout.close()
        return WorkerHandle(*descriptors, _Popened(process))


class _Killer:
    """Ends a forked process, and no other, whatever has become of its number."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def close(self) -> None:
        os.close(self._handle)


class _Popened:
    """Ends a process that was started by itself."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.kill = process.kill
        self.close = process.wait


def _started(
    module: str, arguments: Sequence[object], **options: object
) -> subprocess.Popen[bytes]:
    """A fresh interpreter that runs a module of this folder, with none of the server's secrets."""
    command = [sys.executable, "-P", "-m", f"imgdiff.workers.{module}", *map(str, arguments)]
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # noqa: S603
        command, env=_environment(), start_new_session=True, **options
    )


def _environment() -> dict[str, str]:
    """Of the server's environment, what a child needs; keys and passwords aren't among it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _PASSED_ON or name.startswith(_PREFIXES)
    }
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path)  # noqa: PTH100
    return kept | _SET | {"PYTHONPATH": path}
