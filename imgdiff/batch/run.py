"""Hand pairs out to an executor, and take their rows back as they end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from dataclasses import dataclass, field
from typing import Final

from imgdiff.batch.pairing import FilePair
from imgdiff.batch.row import Row
from imgdiff.batch.task import Task, failed_row, run_task, task_of, unexpected, with_contents
from imgdiff.configuration.rules import Rules, with_layer
from imgdiff.errors import ImgdiffError, PairingError, WorkerLostError
from imgdiff.types import Settings
from imgdiff.workers.allowance import Allowance
from imgdiff.workers.worker_pool import IN_FLIGHT, WorkerPool

ATTEMPTS: Final = 3
"""How often a pair is begun before it counts as the cause of its workers' deaths."""

_IN_FLIGHT: Final = IN_FLIGHT * (os.cpu_count() or 1)
"""Pairs handed out at a time to an executor that doesn't say how many it wants: memory doesn't grow
with the number of pairs."""

_MEGABYTES: Final = 4000
_SECONDS: Final = 120
"""For one pair, unless the environment says otherwise: more than on the page, as the largest
pictures and a busy machine need it, and nobody else waits."""


def machine(count: int | None = None) -> WorkerPool:
    """The default executor: `count` processes of this machine, one for each processor by default.

    Each has one thread, and is confined as those of the page are (docs/threats.md).
    """
    return WorkerPool(
        count or os.cpu_count() or 1,
        Allowance.from_environment(_MEGABYTES, _SECONDS, threads=1),
        modules=("imgdiff.batch.task",),
    )


def compare_pairs(
    pairs: Iterable[FilePair],
    settings: Settings | Callable[[FilePair], Rules] | None = None,
    executor: Executor | None = None,
    *,
    pictures: bool = False,
    known: Mapping[str, Row] | None = None,
) -> Iterator[Row]:
    """Compare many pairs of files, each by itself, in any order.

    Parameters
    ----------
    pairs : iterable of FilePair
        Taken as they are needed.
    settings : Settings or callable, optional
        As for `imgdiff.compare`; or what gives the rules of each pair. An `ImgdiffError` of it
        fails the pair's row.
    executor : concurrent.futures.Executor, optional
        Where the work is done; by default a process for each processor, with one thread each. It
        isn't shut down. Should it break, the rest is done by the default one. It may say by an
        attribute `in_flight` how many pairs it can have at a time, and by `sends_files` that its
        processes open no files, so that these are read here.
    pictures : bool
        Let rows carry thumbnails, and a page for each pair that changed.
    known : mapping of str to Row, optional
        Rows of an earlier run by name: those whose files and settings are the same are returned
        without comparing again.

    Yields
    ------
    Row
        One for each pair, as they end. What is wrong with a file fails its row, and so does a pair
        whose worker dies three times.
    """
    rules_of = settings if callable(settings) else _same(Rules(settings or Settings()))
    known = known or {}
    work = (_ready(pair, rules_of, known.get(pair.name), pictures=pictures) for pair in pairs)
    run = _Run(executor)
    try:
        yield from run.rows(work)
    finally:
        run.end()


def _same(rules: Rules) -> Callable[[FilePair], Rules]:
    return lambda pair: with_layer(rules, pair.layer)


def _ready(
    pair: FilePair, rules_of: Callable[[FilePair], Rules], known: Row | None, *, pictures: bool
) -> Task | Row:
    """The task of a pair; its row at once if the file can't be had."""
    try:
        _check_name(pair.name)
        return task_of(pair, rules_of(pair), pictures=pictures, known=known)
    except ImgdiffError as error:
        return Row(pair.name, "failed", str(error))


def _check_name(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        raise PairingError(
            "The name must be text in UTF-8, but holds other bytes: rename the file."
        ) from None


@dataclass(slots=True)
class _Run:
    """The state of one run: what is at work, and where."""

    executor: Executor | None
    _own: WorkerPool | None = None
    _at_work: dict[Future[Row], tuple[Task, int]] = field(default_factory=dict)

    def rows(self, work: Iterator[Task | Row]) -> Iterator[Row]:
        """Keep as many tasks at work as the executor wants until all have a row."""
        exhausted = False
        in_flight = getattr(self._place(), "in_flight", _IN_FLIGHT)
        while not exhausted or self._at_work:
            while not exhausted and len(self._at_work) < in_flight:
                item = next(work, None)
                if item is None:
                    exhausted = True
                elif isinstance(item, Row):
                    yield item
                else:
                    self._begin(item, attempt=1)
            if self._at_work:
                done, _ = wait(self._at_work, return_when=FIRST_COMPLETED)
                for future in done:
                    yield from self._ended(future)

    def end(self) -> None:
        """Leave nothing running."""
        for future in self._at_work:
            future.cancel()
        if self._own is not None:
            self._own.shutdown(cancel_futures=True)

    def _begin(self, task: Task, *, attempt: int) -> None:
        try:
            future = self._submitted(task)
        except (BrokenExecutor, RuntimeError):  # what pools say that have broken or were closed
            self._replace()
            future = self._submitted(task)
        self._at_work[future] = task, attempt

    def _submitted(self, task: Task) -> Future[Row]:
        place = self._place()
        sends_files = getattr(place, "sends_files", False)
        return place.submit(run_task, with_contents(task) if sends_files else task)

    def _place(self) -> Executor:
        if self.executor is None:
            self.executor = self._own = machine()
        return self.executor

    def _replace(self) -> None:
        """Go on elsewhere when the executor is broken."""
        if self._own is not None:
            self._own.shutdown(cancel_futures=True)
        self.executor = self._own = None

    def _ended(self, future: Future[Row]) -> Iterator[Row]:
        """The row of a task that ended; none yet if it's to be tried again."""
        task, attempt = self._at_work.pop(future)
        # An executor that goes away cancels what it had: that is lost just as well.
        error = CancelledError() if future.cancelled() else future.exception()
        if error is None:
            yield future.result()
        elif not isinstance(error, (BrokenExecutor, CancelledError, WorkerLostError)):
            yield failed_row(task, _sentence(error))
        elif attempt < ATTEMPTS:
            self._begin(task, attempt=attempt + 1)
        else:
            yield failed_row(
                task,
                f"Comparing this pair ended its process {attempt} times, perhaps for want of "
                "memory: try it with smaller pictures.",
            )


def _sentence(error: BaseException) -> str:
    if isinstance(error, ImgdiffError):
        return str(error)
    return unexpected(error)
