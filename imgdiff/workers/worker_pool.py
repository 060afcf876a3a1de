"""The one way to have work done in other processes: a line of tasks, and slots where they're done.

To have something done and wait for it::

    pool.run(tasks.compare_pair, job)

To show how it goes meanwhile, and let it go when its user does::

    with pool.enter(tasks.compare_pair, job, owner=session) as queued:
        while not queued.wait(0.2):
            show(queued.ahead, queued.parts)
        result = queued.result()

A task is a function of a module that worker processes know (`imgdiff.workers.preload`, or
`modules`), annotated with what it returns: that must be data (`imgdiff.workers.answers`). One that
is a generator tells of its progress: each value that it yields is there in `parts` at once, and may
take as long as a task; its result is the tuple of all. `bytes` among the arguments travel once, and
lie ready for the next task. Paths are of no use there: no file can be opened.

The pool is an executor of `concurrent.futures`, too, for whoever wants no more than that.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import Any, Final, TypeVar

from imgdiff.errors import WorkError
from imgdiff.workers.allowance import Allowance
from imgdiff.workers.launch import Launcher
from imgdiff.workers.queued import QueuedTask
from imgdiff.workers.sandbox import Protection
from imgdiff.workers.slot import State, WorkerSlot

IN_FLIGHT: Final = 2
"""Tasks that a process may have before it: it never waits for the next."""
PATIENCE: Final = 3
"""Seconds that a task may run on after its user has left: often he wants the same pictures again,
and a new process would have to load them anew."""

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class WorkerPool(Executor):
    """A number of worker processes, and a line of tasks that wait for them.

    Parameters
    ----------
    count : int
        Processes at a time.
    allowance : Allowance
        What each process, and each task, may take.
    room : int, optional
        Tasks that may wait.
    modules, forks
        As in `Launcher`; `modules` are those that tasks come from.
    """

    sends_files = True
    """Whoever hands in a task must hand in the content of files: they can't be opened there."""

    def __init__(
        self,
        count: int,
        allowance: Allowance,
        *,
        room: int | None = None,
        modules: Sequence[str] = (),
        forks: bool = True,
    ) -> None:
        self.allowance = allowance
        self.room = room
        self.changed = threading.Condition()
        self.line: list[QueuedTask[Any]] = []
        self.launcher = Launcher(allowance, modules, forks=forks)
        self.slots = [WorkerSlot(self) for _ in range(count)]
        self.closed = False
        self.in_flight = IN_FLIGHT * count
        self.protection: Protection | None = None
        self._watch: threading.Thread | None = None

    def warm_up(self) -> None:
        """Make the first task's way short."""
        self.launcher.warm_up()

    def enter(
        self, task: Callable[..., Any], /, *arguments: Any, owner: str = ""
    ) -> QueuedTask[Any]:
        """Join the line; `owner` tells whose task it is: no two share a process.

        Raises
        ------
        WorkError
            The line is full.
        """
        queued: QueuedTask[Any] = QueuedTask(self, owner, (task, arguments, {}))
        with self.changed:
            if self.room is not None and len(self.line) >= self.room:
                raise WorkError(
                    f"{len(self.line)} comparisons are waiting already, and no more can: "
                    "try again in a minute."
                )
            self._append(queued)
        return queued

    def run(self, task: Callable[..., _T], /, *arguments: Any, owner: str = "") -> _T:
        """Join the line and wait for the result."""
        with self.enter(task, *arguments, owner=owner) as queued:
            while not queued.wait(1):
                pass
            result: _T = queued.result()
            return result

    def prepare(self, task: Callable[..., Any], /, *arguments: Any, owner: str) -> None:
        """Have something done for a task to come, if a process is free now.

        Nobody waits for it: it is ended where it takes longer than `PATIENCE`.
        """
        queued: QueuedTask[Any] = QueuedTask(self, owner, (task, arguments, {}))
        queued.left = True
        with self.changed:
            if not self.line and any(slot.task is None for slot in self.slots):
                self._append(queued)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Join the line, however long it is; the future leaves it when it's cancelled."""
        return self.submit_for("", fn, args, kwargs)

    def submit_for(
        self,
        owner: str,
        task: Callable[..., Any],
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
    ) -> Future[Any]:
        """As `submit`, for somebody."""
        queued: QueuedTask[Any] = QueuedTask(self, owner, (task, arguments, keywords))
        with self.changed:
            self._append(queued)
        return queued.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes: at once if what is left to do is cancelled."""
        with self.changed:
            if not cancel_futures and wait:
                self.changed.wait_for(lambda: not self.line and not any(p.task for p in self.slots))
            self.closed = True
            for queued in self.line:
                queued.future.cancel()
            self.line.clear()
            for slot in self.slots:
                slot.close()
            self.changed.notify_all()
            self.changed.wait_for(lambda: not self._at_work(), PATIENCE)
        self.launcher.close()

    def assign(self) -> None:
        """Give tasks to free slots, those first that came first; under the lock."""
        while self.line:
            free = [slot for slot in self.slots if slot.task is None]
            if not free:
                break
            queued = self.line.pop(0)
            if not queued.future.set_running_or_notify_cancel():
                continue
            slot = max(free, key=lambda slot: _fitness(slot, queued.owner))
            slot.take(queued)
        self.changed.notify_all()

    def seconds_for(self, task: QueuedTask[Any]) -> float:
        """How long a task may take from now on."""
        return PATIENCE if task.left else self.allowance.seconds

    def ahead_of(self, queued: QueuedTask[Any], /) -> int:
        """How many tasks are to be finished before one can begin; 0 once it has."""
        with self.changed:
            return self.line.index(queued) + 1 if queued in self.line else 0

    def leave(self, queued: QueuedTask[Any], /) -> None:
        """Let a task go that nobody waits for: at once, or soon if it has begun."""
        with self.changed:
            if queued in self.line:
                self.line.remove(queued)
                queued.future.cancel()
            for slot in self.slots:
                if slot.task is queued:
                    slot.due = min(slot.due, time.monotonic() + PATIENCE)
            self.changed.notify_all()

    def note(self, protection: Protection) -> None:
        """Write into the log what holds the processes, when it's known and when it changes."""
        if protection != self.protection:
            self.protection = protection
            write = _log.info if protection.contained else _log.warning
            write("Worker processes are held by: %s", protection.in_words)

    def too_long(self) -> WorkError:
        """The error of a task that took too long."""
        return WorkError(
            f"A comparison may take {self.allowance.seconds:g} seconds, but this one needs longer: "
            "make the pictures smaller."
        )

    def _at_work(self) -> bool:
        return any(slot.task for slot in self.slots)

    def _append(self, queued: QueuedTask[Any]) -> None:
        if self.closed:
            raise RuntimeError("The pool is closed.")
        self.line.append(queued)
        if self._watch is None:
            self._watch = threading.Thread(target=self._look, name="watch", daemon=True)
            self._watch.start()
        self.assign()

    def _look(self) -> None:
        """The watch: looks after each slot when it's due."""
        with self.changed:
            while not self.closed:
                now = time.monotonic()
                for slot in self.slots:
                    if slot.due <= now:
                        slot.look_after()
                self.assign()
                due = min(slot.due for slot in self.slots)
                self.changed.wait(None if due == float("inf") else max(0, due - now))


class OwnersExecutor(Executor):
    """A pool as an executor for one owner alone.

    Parameters
    ----------
    pool : WorkerPool
        It goes on when this is shut down.
    owner : str
        As in `WorkerPool.enter`.
    """

    sends_files = True

    def __init__(self, pool: WorkerPool, owner: str) -> None:
        self._pool = pool
        self._owner = owner
        self.in_flight = pool.in_flight

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As the pool's."""
        return self._pool.submit_for(self._owner, fn, args, kwargs)


def _fitness(slot: WorkerSlot, owner: str) -> int:
    """The slot that has its owner's pictures is the best, then one whose process nobody misses."""
    if slot.state is State.READY:
        return 3 if slot.owner == owner else 0
    return 1
