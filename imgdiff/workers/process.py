"""One worker process: Pebble starts, watches, stops and renews it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing import spawn
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from pebble import ProcessPool

from imgdiff.workers.confinement import give_up

_MAX_TASKS = 50
"""After so many, a process makes way for a fresh one."""

_LAUNCHING = threading.Lock()
_preparation_data = spawn.get_preparation_data

_T = TypeVar("_T")


class WorkerProcess:
    """A worker process, started when it's first needed, and anew whenever it's lost.

    It does one task at a time. Several processes are several pools of one process, rather than one
    pool: so a lost process is nobody else's, and a task can go to the one that has its pictures.

    Attributes
    ----------
    owner : object or None
        The queued task that has it.
    last_key : str
        Which pictures it had last.
    """

    def __init__(self, memory: int, deadline: int) -> None:
        self.owner: object | None = None
        self.last_key = ""
        self._memory = memory
        self._deadline = deadline
        self._pool: ProcessPool | None = None

    def start(self, task: Callable[..., _T], *arguments: object) -> Future[_T]:
        """Hand over a task."""
        if self._pool is None or not self._pool.active:
            self.discard()
            self._pool = ProcessPool(
                1, _MAX_TASKS, initializer=give_up, initargs=(self._memory,), context=Context()
            )
        return self._pool.schedule(task, args=arguments, timeout=self._deadline)

    def discard(self) -> None:
        """Stop the process, without waiting for its end; the next task starts another."""
        pool, self._pool, self.last_key = self._pool, None, ""
        if pool is not None:
            pool.stop()
            threading.Thread(target=pool.join, daemon=True).start()


class _Process(SpawnProcess):
    """A process that knows nothing of the program that starts it.

    Multiprocessing would run that program's main module in it once more: here a page of
    Streamlit's, and with it all of Streamlit.
    """

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: ANN401, N802 (multiprocessing's)
        return launched(SpawnProcess._Popen, process_obj)


def launched(launch: Callable[[BaseProcess], _T], process_obj: BaseProcess) -> _T:
    """Start a process by `launch` without telling it of the program's main module."""
    with _LAUNCHING:
        spawn.get_preparation_data = _without_main
        try:
            return launch(process_obj)
        finally:
            spawn.get_preparation_data = _preparation_data


def _without_main(name: str) -> dict[str, Any]:
    data = _preparation_data(name)
    return {key: value for key, value in data.items() if not key.startswith("init_main")}


class Context(SpawnContext):
    """How such processes are started: for Pebble's pools."""

    Process = _Process
