"""The default executor: worker processes of this machine, one thread each.

The pool of `concurrent.futures` breaks as a whole when one worker dies. Pebble's loses only the
pair that the worker had in hand, and can end a pair that takes too long; but its workers share a
lock, and one that is killed while it waits for work keeps the others out of it for a minute. So
each worker is a pool of its own here, and a dead one is replaced at once.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from functools import partial
from multiprocessing.context import BaseContext, ForkServerContext, ForkServerProcess
from multiprocessing.process import BaseProcess
from typing import Any, Final

from pebble import ProcessExpired, ProcessPool

from imgdiff.environment import limit_threads
from imgdiff.workers.confinement import give_up
from imgdiff.workers.process import Context, launched

DEADLINE: Final = 300
"""Seconds that one pair may take; the largest pictures take ten."""

IN_FLIGHT: Final = 2
"""Pairs a worker may have before it: it never waits for the next."""

_KEPT: Final = 2**28
"""Bytes that a process may hold on to."""

WorkerLost = ProcessExpired
"""The error of a pair whose worker was ended from outside, or ended itself."""


class Workers(Executor):
    """Processes of this machine.

    Parameters
    ----------
    count : int, optional
        How many; by default one for each processor.
    deadline : float
        Seconds that a pair may take.
    memory : int, optional
        MB that each may use for its pictures; it may neither write files nor open connections
        then. For files from anybody.
    """

    def __init__(
        self, count: int | None = None, *, deadline: float = DEADLINE, memory: int | None = None
    ) -> None:
        new_pool = partial(
            ProcessPool, 1, initializer=_begin, initargs=(memory,), context=_context()
        )
        self._lanes = [_Lane(new_pool, deadline) for _ in range(count or os.cpu_count() or 1)]
        self.in_flight = IN_FLIGHT * len(self._lanes)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a function called in the process that has the least to do."""
        return min(self._lanes, key=_Lane.load).schedule(fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes: at once if what is left to do is cancelled."""
        for lane in self._lanes:
            lane.close(at_once=cancel_futures)
        if wait:
            for lane in self._lanes:
                lane.join()


class _Lane:
    """One process, and what it has to do."""

    def __init__(self, new_pool: Callable[[], ProcessPool], deadline: float) -> None:
        self._new_pool = new_pool
        self._deadline = deadline
        self._futures: list[Future[Any]] = []
        self._pool = new_pool()

    def load(self) -> int:
        """How many calls haven't ended."""
        self._futures = [future for future in self._futures if not future.done()]
        return len(self._futures)

    def schedule(
        self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Future[Any]:
        try:
            future = self._pool.schedule(fn, args, kwargs, self._deadline)
        except RuntimeError:  # the process died while it had nothing to do
            self._pool = self._new_pool()
            future = self._pool.schedule(fn, args, kwargs, self._deadline)
        self._futures.append(future)
        return future

    def close(self, *, at_once: bool) -> None:
        if at_once:
            self._pool.stop()
        else:
            self._pool.close()

    def join(self) -> None:
        self._pool.join()


def _begin(memory: int | None) -> None:
    """What a process does first."""
    limit_threads(1)
    _keep_memory()
    if memory is not None:
        give_up(memory)


def _keep_memory() -> None:
    """Let the arrays of the next pair take the place of the last one's.

    By default glibc gives large blocks back to the system, and every new page costs an interrupt:
    at 1080p that is a fifth of all the time. (The constants are those of its malloc.h.)
    """
    trim_threshold, mmap_threshold = -1, -3
    with suppress(OSError, AttributeError):
        for option in (trim_threshold, mmap_threshold):
            ctypes.CDLL(None).mallopt(option, _KEPT)


class _Process(ForkServerProcess):
    """A copy of the fork server: it knows nothing of the program that starts it."""

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: ANN401, N802 (multiprocessing's)
        return launched(ForkServerProcess._Popen, process_obj)


class _Context(ForkServerContext):
    Process = _Process


def _context() -> BaseContext:
    """How processes are started: never by forking this one, which may run threads.

    A fork server imports everything once, and workers start as copies of it in a few ms.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return Context()
    # The server would let numpy start threads for matrices, and threads don't survive a fork.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    context = _Context()
    context.set_forkserver_preload(["imgdiff.batch.task"])
    return context
