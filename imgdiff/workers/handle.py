"""A worker process as the server sees it: what to send, what comes back, how to end it."""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Callable
from typing import Any, Final, Protocol

from imgdiff.workers.answers import type_of_result, unpack, unpack_error
from imgdiff.workers.frames import Frame, FrameError, receive, send
from imgdiff.workers.sandbox import Protection

_LARGE: Final = 2**16
"""Bytes, from which on they are sent once and then named."""


_MOST_PARTS: Final = 10_000


class WorkerEndedError(Exception):
    """The process has come to an end; `begun` tells whether it had begun with the task."""

    def __init__(self, *, begun: bool) -> None:
        super().__init__("a worker process has ended")
        self.begun = begun


class Killer(Protocol):
    """What ends a process."""

    def kill(self) -> object:
        """End it at once."""

    def close(self) -> object:
        """Let go of it, once it has ended."""


class WorkerHandle:
    """One worker process.

    Attributes
    ----------
    owner : str
        Whose files it may have seen: it does nothing for anybody else.
    tasks : int
        How many it has been given.
    ended : bool
        Whether it is known to have ended.
    protection : Protection
        What holds it.
    """

    def __init__(self, requests: int, answers: int, process: Killer) -> None:
        self.owner = ""
        self.tasks = 0
        self.ended = False
        self.protection = Protection()
        self._requests = open(requests, "wb", 0)  # noqa: SIM115 (closed by `close`)
        self._answers = open(answers, "rb", 0)  # noqa: SIM115
        self._process = process
        self._held: set[str] = set()

    def greet(self) -> None:
        """Wait until the process is locked; WorkerEndedError or WorkError if it never is."""
        said = self._heard(begun=False)
        if said.kind == "error":
            raise unpack_error(said.body)
        self.protection = unpack(said.body, said.blobs, Protection)

    def perform(
        self,
        task: Callable[..., Any],
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        *,
        on_part: Callable[[Any], None],
    ) -> Any:  # noqa: ANN401 (what the task returns)
        """Have a task done: what it returns, or raises.

        Raises
        ------
        WorkerEndedError
            The process has ended, or said what no task may say.
        """
        self.tasks += 1
        self._ask(task, arguments, keywords)
        if self._heard(begun=False).kind != "begun":
            raise self._ended(begun=True)
        expected = type_of_result(task)
        for _ in range(_MOST_PARTS):
            said = self._heard(begun=True)
            try:
                if said.kind == "error":
                    raise unpack_error(said.body)
                value = None if said.kind == "end" else unpack(said.body, said.blobs, expected)
            except FrameError:
                raise self._ended(begun=True) from None
            if said.kind != "part":
                return value
            on_part(value)
        raise self._ended(begun=True)

    def kill(self) -> None:
        """End the process at once; whoever waits for its answer learns of it."""
        self._process.kill()

    def close(self) -> None:
        """End the process, and let go of it."""
        self._process.kill()
        self._requests.close()
        self._answers.close()
        self._process.close()

    def _ask(
        self, task: Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any]
    ) -> None:
        files: dict[str, bytes] = {}
        call = io.BytesIO()
        _Writer(call, files).dump((task, arguments, keywords))
        new = [digest for digest in files if digest not in self._held]
        body = {"files": list(files), "new": new}
        try:
            send(
                self._requests,
                Frame("task", body, [call.getvalue(), *(files[digest] for digest in new)]),
            )
        except OSError:
            raise self._ended(begun=False) from None
        self._held = set(files)

    def _heard(self, *, begun: bool) -> Frame:
        try:
            return receive(self._answers)
        except (EOFError, OSError):
            raise self._ended(begun=begun) from None
        except FrameError:
            raise self._ended(begun=True) from None

    def _ended(self, *, begun: bool) -> WorkerEndedError:
        self.ended = True
        return WorkerEndedError(begun=begun)


class _Writer(pickle.Pickler):
    """Writes a task down; large bytes among its arguments go to `files`, by their digest."""

    def __init__(self, call: io.BytesIO, files: dict[str, bytes]) -> None:
        super().__init__(call)
        self._files = files

    def persistent_id(self, value: Any) -> str | None:  # noqa: ANN401 (as pickle has it)
        if type(value) is not bytes or len(value) < _LARGE:
            return None
        digest = hashlib.sha256(value).hexdigest()
        self._files[digest] = value
        return digest
