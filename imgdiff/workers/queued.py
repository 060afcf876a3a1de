"""One task's place in the line before the worker processes, and then its result."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

_T = TypeVar("_T")


class WaitingLine(Protocol):
    """What a task waits in."""

    def ahead_of(self, queued: QueuedTask[Any], /) -> int:
        """How many tasks come before one of them."""

    def leave(self, queued: QueuedTask[Any], /) -> None:
        """Let a task go that nobody waits for any longer."""


class QueuedTask(Generic[_T]):
    """Who leaves the block leaves the line.

    Attributes
    ----------
    owner : str
        Whose task it is.
    call : tuple
        Function, arguments and keywords.
    future : Future
        The result, as `concurrent.futures` has it.
    parts : list
        What a generator has yielded so far.
    left : bool
        Whether nobody waits for it any longer.
    """

    def __init__(
        self,
        line: WaitingLine,
        owner: str,
        call: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]],
    ) -> None:
        self.owner = owner
        self.call = call
        self.future: Future[_T] = Future()
        self.parts: list[Any] = []
        self.left = False
        self._line = line
        self._told = threading.Event()
        self.future.add_done_callback(lambda _: self._told.set())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.leave()

    def leave(self) -> None:
        """Wait no longer; what has begun may still end by itself for a moment."""
        self.left = True
        self._line.leave(self)

    @property
    def ahead(self) -> int:
        """Tasks to be finished before this one can begin; 0 once it has."""
        return self._line.ahead_of(self)

    def wait(self, seconds: float) -> bool:
        """Wait so long at most, or until the task tells something; whether there is a result."""
        if not self.future.done():
            self._told.wait(seconds)
            self._told.clear()
        return self.future.done()

    def tell(self, part: Any) -> None:  # noqa: ANN401 (what the task yields)
        """Note a part of the result."""
        self.parts.append(part)
        self._told.set()

    def result(self) -> _T:
        """What the task returned; or the error that it raised.

        Raises
        ------
        WorkError
            It took too long or too much, or its process came to an end that nobody wanted.
        """
        return self.future.result(0)
