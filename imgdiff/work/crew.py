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
from imgdiff.work.post import Post

_GRACE = 30
"""Seconds beyond the deadline until a process that doesn't even start or end is given up."""
_PATIENCE = 3
"""Seconds that a task may run on after its user has left: often he wants the same pictures again,
and a new process would have to load them anew."""

T = TypeVar("T")


class Crew:
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
        self.line: list[Ticket[Any]] = []
        self.posts = [Post(memory, deadline) for _ in range(workers)]

    def warm_up(self) -> None:
        """Start a process, so that the first task needn't wait for it."""
        with self.changed:
            if not self.posts[0].ticket:
                self.posts[0].start(_be_ready)

    def enter(self, key: str, task: Callable[..., T], *arguments: object) -> Ticket[T]:
        """Join the line; `key` tells which tasks share their pictures.

        Raises
        ------
        WorkError
            The line is full.
        """
        ticket = Ticket(self, key, task, arguments)
        with self.changed:
            if len(self.line) >= self.room:
                raise WorkError(
                    f"{len(self.line)} comparisons are waiting already, and no more can: "
                    "try again in a minute."
                )
            self.line.append(ticket)
        return ticket

    def run(self, key: str, task: Callable[..., T], *arguments: object) -> T:
        """Join the line and wait for the result."""
        with self.enter(key, task, *arguments) as ticket:
            while not ticket.wait(1):
                pass
            return ticket.result()

    def free_post(self, key: str) -> Post | None:
        """A post for a task to take, if possible the one with its pictures."""
        free = [post for post in self.posts if not post.ticket]
        return max(free, key=lambda post: post.last_key == key, default=None)

    def release(self, post: Post, ticket: object) -> None:
        """Make a post free, if it's still this ticket that has it."""
        with self.changed:
            if post.ticket is ticket:
                post.ticket = None
                self.changed.notify_all()


class Ticket(Generic[T]):
    """One task's place in the line, and then its result; who leaves the block leaves the line."""

    def __init__(
        self, crew: Crew, key: str, task: Callable[..., T], arguments: tuple[object, ...]
    ) -> None:
        self._crew = crew
        self._key = key
        self._task = task
        self._arguments = arguments
        self._post: Post | None = None
        self._future: Future[T] = Future()
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
        crew, post = self._crew, self._post
        if post is None:
            with crew.changed:
                crew.line.remove(self)
                crew.changed.notify_all()
        elif not self._future.done():
            timer = threading.Timer(_PATIENCE, self._abandon, (post,))
            timer.daemon = True
            timer.start()

    @property
    def ahead(self) -> int:
        """Tasks to be finished before this one can begin; 0 once it has."""
        with self._crew.changed:
            if self._post is not None:
                return 0
            free = sum(not post.ticket for post in self._crew.posts)
            return max(0, self._crew.line.index(self) + 1 - free)

    def wait(self, seconds: float) -> bool:
        """Wait so long at most; whether there is a result.

        Raises
        ------
        WorkError
            There will be none.
        """
        if self._post is None:
            self._post = self._take_post(seconds)
            if self._post is None:
                return False
            self._begin(self._post)
        wait((self._future,), seconds)
        if self._future.done():
            return not self._begin_again(self._post)
        if time.monotonic() - self._started > self._crew.deadline + _GRACE:
            self._post.discard()
            raise self._too_long()
        return False

    def result(self) -> T:
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

    def _take_post(self, seconds: float) -> Post | None:
        """A post, once this task is the first in line and one is free; None until then."""
        crew = self._crew
        with crew.changed:
            if not crew.changed.wait_for(self._may_begin, seconds):
                return None
            post = crew.free_post(self._key)
            if post is not None:
                post.ticket = self
                crew.line.remove(self)
                crew.changed.notify_all()
            return post

    def _may_begin(self) -> bool:
        return self._crew.line[0] is self and self._crew.free_post(self._key) is not None

    def _begin(self, post: Post) -> None:
        self._started = time.monotonic()
        self._future = post.start(self._task, *self._arguments)
        post.last_key = self._key
        self._future.add_done_callback(self._leave_post)

    def _leave_post(self, future: Future[T]) -> None:
        """Make room for the next as soon as there is a result."""
        if self._post is None or self._may_begin_again(future):
            return
        if isinstance(future.exception(), WorkError):  # out of memory, which stays in pieces
            self._post.discard()
        self._crew.release(self._post, self)

    def _may_begin_again(self, future: Future[T]) -> bool:
        """Whether the process was found dead before it could even begin, for the first time."""
        return self._tries_left > 0 and isinstance(future.exception(), BrokenProcessPool)

    def _begin_again(self, post: Post) -> bool:
        """Begin once more, if that makes sense; whether it does."""
        if not self._may_begin_again(self._future):
            return False
        self._tries_left -= 1
        post.discard()
        self._begin(post)
        return True

    def _abandon(self, post: Post) -> None:
        """Stop the process if it still works on what nobody waits for."""
        if not self._future.done():
            post.discard()
            self._crew.release(post, self)

    def _too_long(self) -> WorkError:
        return WorkError(
            f"A comparison may take {self._crew.deadline} seconds, but this one needs longer: "
            "make the pictures smaller."
        )


def crew_from_environment() -> Crew:
    """The crew that the environment variables ask for (the README lists them)."""
    return Crew(
        workers=whole_number("IMGDIFF_WORKERS", 1),
        memory=whole_number("IMGDIFF_WORKER_MB", 1200, low=100),
        deadline=whole_number("IMGDIFF_DEADLINE_SECONDS", 30),
        room=whole_number("IMGDIFF_WAITING", 40),
    )


def _be_ready() -> None:
    """Nothing, but by then a process has loaded all it needs."""
