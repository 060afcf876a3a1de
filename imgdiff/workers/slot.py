"""One slot of a pool: a process at most, a thread that speaks to it, and what it is at."""

from __future__ import annotations

import threading
import time
from concurrent.futures import CancelledError
from enum import Enum
from typing import Any, Final, Protocol

from imgdiff.errors import WorkerLostError, WorkError
from imgdiff.workers.allowance import Allowance
from imgdiff.workers.handle import WorkerEndedError, WorkerHandle
from imgdiff.workers.launch import Launcher
from imgdiff.workers.queued import QueuedTask
from imgdiff.workers.sandbox import Protection

_START_SECONDS: Final = 150
"""In which a process must be there: a template that has to be made takes some, on a busy host."""
_IDLE_SECONDS: Final = 120
"""For how long a process keeps what its user may ask for again."""
_MOST_TASKS: Final = 50
"""After so many, a process makes way for a fresh one."""
_ATTEMPTS: Final = 2
"""A process that is found dead before it begins a task costs nothing but another start."""


class State(Enum):
    """What a slot is at. The one who changes it is the slot's thread, but for `STOPPING`."""

    EMPTY = "has no process"
    STARTING = "has a task, and waits for a process"
    BUSY = "has a task and a process that works on it"
    STOPPING = "has a task whose process was ended"
    READY = "has a process and nothing to do"


STEPS: Final = {
    State.EMPTY: {State.STARTING},
    State.STARTING: {State.BUSY, State.STOPPING, State.EMPTY},
    State.BUSY: {State.READY, State.STARTING, State.STOPPING, State.EMPTY},
    State.STOPPING: {State.EMPTY},
    State.READY: {State.BUSY, State.STARTING, State.EMPTY},
}
"""From which state which can follow."""


class Host(Protocol):
    """The pool, as its slots know it."""

    changed: threading.Condition
    allowance: Allowance
    launcher: Launcher
    closed: bool

    def assign(self) -> None:
        """Give tasks to free slots."""

    def note(self, protection: Protection, /) -> None:
        """Be told what holds a process."""

    def too_long(self) -> WorkError:
        """The error of a task that took too long."""

    def seconds_for(self, task: QueuedTask[Any], /) -> float:
        """How long a task may take."""


class WorkerSlot:
    """Where one task at a time is done.

    Everything but the talk with the process happens under the pool's lock.

    Attributes
    ----------
    state : State
        Only `move` changes it.
    task : QueuedTask or None
        What is at work here.
    due : float
        When the pool's watch has to look after this slot: time.monotonic, or infinity.
    """

    def __init__(self, pool: Host) -> None:
        self.state = State.EMPTY
        self.task: QueuedTask[Any] | None = None
        self.due = float("inf")
        self._pool = pool
        self._process: WorkerHandle | None = None
        self._why = ""
        self._worn = False
        self._thread: threading.Thread | None = None

    @property
    def owner(self) -> str:
        """Whose files lie ready here."""
        return self._process.owner if self._process else ""

    @property
    def protection(self) -> str:
        """What holds the process, in words; "" if there is none."""
        return self._process.protection.in_words if self._process else ""

    def move(self, state: State, seconds: float = float("inf")) -> None:
        """Go on to another state, which may last so long; the pool's watch hears of it."""
        if state not in STEPS[self.state]:
            raise AssertionError(f"A slot that {self.state.value} can't be one that {state.value}")
        self.state = state
        self.due = time.monotonic() + seconds
        self._pool.changed.notify_all()

    def take(self, task: QueuedTask[Any]) -> None:
        """Begin with a task; the slot must be free."""
        self.task, self._why, self._worn = task, "", False
        fits = self._process is not None and self._process.owner == task.owner
        if self.state is State.READY and fits:
            self.move(State.BUSY, self._pool.seconds_for(task))
        else:
            self.move(State.STARTING, _START_SECONDS)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="slot", daemon=True)
            self._thread.start()

    def stop(self, why: str) -> None:
        """End what is at work here; `why` is "late", "left" or "closed"."""
        self._why = why
        if self.state is not State.STOPPING:
            self.move(State.STOPPING)
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End what there is, task or no task."""
        if self.task is not None:
            self.stop("closed")
        else:
            self._empty()

    def look_after(self) -> None:
        """Do what is due."""
        if self.state is State.READY:
            self._empty()
        else:
            self.stop("left" if self.task and self.task.left else "late")

    def _work(self) -> None:
        """The slot's thread: one task after the other; whatever happens, the slot gets free."""
        pool = self._pool
        while True:
            with pool.changed:
                pool.changed.wait_for(lambda: self.task is not None or pool.closed)
                task = self.task
                if task is None:
                    self._empty()
                    return
            try:
                self._do(task)
            finally:
                with pool.changed:
                    self._release()
                    pool.assign()

    def _do(self, task: QueuedTask[Any]) -> None:
        """Have a task done, and let whoever waits know how it ended."""
        try:
            result = self._result(task)
        except Exception as error:  # noqa: BLE001 (it is the task's to raise)
            self._worn = type(error) is WorkError  # out of memory, which stays in pieces
            task.future.set_exception(error)
        else:
            task.future.set_result(result)

    def _result(self, task: QueuedTask[Any]) -> Any:  # noqa: ANN401
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                process = self._ready_process(task)
                result = process.perform(*task.call, on_part=self._add_part)
                return tuple(task.parts) if task.parts else result
            except WorkerEndedError as error:
                if self._why or error.begun or attempt == _ATTEMPTS:
                    raise self._reason() from None
                with self._pool.changed:
                    self._start_over()
        raise AssertionError

    def _add_part(self, part: Any) -> None:  # noqa: ANN401 (what the task yields)
        """Note a part of the result; the next one may take as long as a task.

        A part that is words alone says what goes on, and buys no time.
        """
        with self._pool.changed:
            if self.task is not None:
                self.task.tell(part)
                is_work = not isinstance(part, str)
                if is_work and self.state is State.BUSY and not self.task.left:
                    self.due = time.monotonic() + self._pool.allowance.seconds

    def _ready_process(self, task: QueuedTask[Any]) -> WorkerHandle:
        """The process that lies ready, or a new one."""
        if self.state is State.BUSY and self._process is not None:
            return self._process
        with self._pool.changed:
            self._drop()
        process = self._pool.launcher.start()
        with self._pool.changed:
            self._process = process
            if self.state is State.STOPPING:
                process.kill()
        process.greet()
        process.owner = task.owner
        with self._pool.changed:
            if self.state is State.STARTING:
                self.move(State.BUSY, self._pool.seconds_for(task))
        self._pool.note(process.protection)
        return process

    def _start_over(self) -> None:
        if self.state is State.BUSY:
            self.move(State.STARTING, _START_SECONDS)

    def _release(self) -> None:
        """Let go of the task; keep the process, if it is still good."""
        self.task = None
        process = self._process
        fresh = process is not None and not process.ended and process.tasks < _MOST_TASKS
        if self.state is State.BUSY and fresh and not self._worn:
            self.move(State.READY, _IDLE_SECONDS)
        else:
            self._empty()

    def _empty(self) -> None:
        if self.state is not State.EMPTY:
            self.move(State.EMPTY)
        self._drop()

    def _drop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def _reason(self) -> Exception:
        """What to tell whoever waits for a task that was lost."""
        if self._why == "late":
            return self._pool.too_long()
        if self._why:
            return CancelledError()
        return WorkerLostError(
            "The comparison came to an unexpected end: try once more, and then with smaller "
            "pictures or files saved anew."
        )
