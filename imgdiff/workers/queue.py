"""The line before the worker processes: first come, first served, and nobody waits for the gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from pebble import ProcessExpired

from imgdiff.environment import whole_number
from imgdiff.errors import WorkError
from imgdiff.workers.process import WorkerProcess

_GRACE = 30
"""Seconds beyond the deadline until a process that doesn't even start or end is given up."""
_PATIENCE = 3
"""Seconds that a task may run on after its user has left: often he wants the same pictures again,
and a new process would have to load them anew."""

_T = TypeVar("_T")


class WorkQueue:
    """A number of worker processes, and a line of tasks that wait for them.

    Parameters
    ----------
    workers : int
        Processes.
    memory : int
        MB that each may use for its pictures.
    deadline : int
        Seconds that a task may take once it has begun.
    room : int
        Tasks that may wait.
    """

    def __init__(self, *, workers: int, memory: int, deadline: int, room: int) -> None:
        self.deadline = deadline
        self.room = room
        self.changed = threading.Condition()
        self.line: list[QueuedTask[Any]] = []
        self.processes = [WorkerProcess(memory, deadline) for _ in range(workers)]

    def warm_up(self) -> None:
        """Start a process, so that the first task needn't wait for it."""
        with self.changed:
            if not self.processes[0].owner:
                self.processes[0].start(_be_ready)

    def enter(self, key: str, task: Callable[..., _T], *arguments: object) -> QueuedTask[_T]:
        """Join the line; `key` tells which tasks share their pictures.

        Raises
        ------
        WorkError
            The line is full.
        """
        queued = QueuedTask(self, key, task, arguments)
        with self.changed:
            if len(self.line) >= self.room:
                raise WorkError(
                    f"{len(self.line)} comparisons are waiting already, and no more can: "
                    "try again in a minute."
                )
            self.line.append(queued)
        return queued

    def run(self, key: str, task: Callable[..., _T], *arguments: object) -> _T:
        """Join the line and wait for the result."""
        with self.enter(key, task, *arguments) as queued:
            while not queued.wait(1):
                pass
            return queued.result()

    def free_process(self, key: str) -> WorkerProcess | None:
        """A process for a task to take, if possible the one with its pictures."""
        free = [process for process in self.processes if not process.owner]
        return max(free, key=lambda process: process.last_key == key, default=None)

    def release(self, process: WorkerProcess, owner: object) -> None:
        """Make a process free, if it's still this task that has it."""
        with self.changed:
            if process.owner is owner:
                process.owner = None
                self.changed.notify_all()


class QueuedTask(Generic[_T]):
    """One task's place in the line, and then its result; who leaves the block leaves the line."""

    def __init__(
        self, queue: WorkQueue, key: str, task: Callable[..., _T], arguments: tuple[object, ...]
    ) -> None:
        self._queue = queue
        self._key = key
        self._task = task
        self._arguments = arguments
        self._process: WorkerProcess | None = None
        self._future: Future[_T] = Future()
        self._started = 0.0
        self._tries_left = 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        queue, process = self._queue, self._process
        if process is None:
            with queue.changed:
                queue.line.remove(self)
                queue.changed.notify_all()
        elif not self._future.done():
            timer = threading.Timer(_PATIENCE, self._abandon, (process,))
            timer.daemon = True
            timer.start()

    @property
    def ahead(self) -> int:
        """Tasks to be finished before this one can begin; 0 once it has."""
        with self._queue.changed:
            if self._process is not None:
                return 0
            free = sum(not process.owner for process in self._queue.processes)
            return max(0, self._queue.line.index(self) + 1 - free)

    def wait(self, seconds: float) -> bool:
        """Wait so long at most; whether there is a result.

        Raises
        ------
        WorkError
            There will be none.
        """
        if self._process is None:
            self._process = self._take_process(seconds)
            if self._process is None:
                return False
            self._begin(self._process)
        wait((self._future,), seconds)
        if self._future.done():
            return not self._begin_again(self._process)
        if time.monotonic() - self._started > self._queue.deadline + _GRACE:
            self._process.discard()
            raise self._too_long()
        return False

    def result(self) -> _T:
        """What the task returned, or the error that it raised.

        Raises
        ------
        WorkError
            The process took too long, or came to an end that nobody wanted.
        """
        try:
            return self._future.result(0)
        except TimeoutError:
            raise self._too_long() from None
        except (ProcessExpired, BrokenProcessPool):
            raise WorkError(
                "The comparison came to an unexpected end: try once more, and then with smaller "
                "pictures or files saved anew."
            ) from None

    def _take_process(self, seconds: float) -> WorkerProcess | None:
        """A process, once this task is the first in line and one is free; None until then."""
        queue = self._queue
        with queue.changed:
            if not queue.changed.wait_for(self._may_begin, seconds):
                return None
            process = queue.free_process(self._key)
            if process is not None:
                process.owner = self
                queue.line.remove(self)
                queue.changed.notify_all()
            return process

    def _may_begin(self) -> bool:
        return self._queue.line[0] is self and self._queue.free_process(self._key) is not None

    def _begin(self, process: WorkerProcess) -> None:
        self._started = time.monotonic()
        self._future = process.start(self._task, *self._arguments)
        process.last_key = self._key
        self._future.add_done_callback(self._leave_process)

    def _leave_process(self, future: Future[_T]) -> None:
        """Make room for the next as soon as there is a result."""
        if self._process is None or self._may_begin_again(future):
            return
        if isinstance(future.exception(), WorkError):  # out of memory, which stays in pieces
            self._process.discard()
        self._queue.release(self._process, self)

    def _may_begin_again(self, future: Future[_T]) -> bool:
        """Whether the process was found dead before it could even begin, for the first time."""
        return self._tries_left > 0 and isinstance(future.exception(), BrokenProcessPool)

    def _begin_again(self, process: WorkerProcess) -> bool:
        """Begin once more, if that makes sense; whether it does."""
        if not self._may_begin_again(self._future):
            return False
        self._tries_left -= 1
        process.discard()
        self._begin(process)
        return True

    def _abandon(self, process: WorkerProcess) -> None:
        """Stop the process if it still works on what nobody waits for."""
        if not self._future.done():
            process.discard()
            self._queue.release(process, self)

    def _too_long(self) -> WorkError:
        return WorkError(
            f"A comparison may take {self._queue.deadline} seconds, but this one needs longer: "
            "make the pictures smaller."
        )


def queue_from_environment() -> WorkQueue:
    """The queue that the environment variables ask for (docs/hosting.md lists them)."""
    return WorkQueue(
        workers=whole_number("IMGDIFF_WORKERS", 1),
        memory=whole_number("IMGDIFF_WORKER_MB", 1200, low=100),
        deadline=whole_number("IMGDIFF_DEADLINE_SECONDS", 30),
        room=whole_number("IMGDIFF_WAITING", 40),
    )


def _be_ready() -> None:
    """Nothing, but by then a process has loaded all it needs."""
