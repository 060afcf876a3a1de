"""Many pairs whose workers die, dawdle or leave: nothing is lost but what kills them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from imgdiff.batch import FilePair, Row, compare_pairs, pair_folders
from imgdiff.batch.run import ATTEMPTS
from imgdiff.workers.allowance import Allowance
from imgdiff.workers.worker_pool import WorkerPool
from tests import chores
from tests.pictures import drawing, write

from .eight_pairs import SETTINGS, by_name


class Deadly(Executor):
    """Hands tasks to worker processes, but kills them where a name says so."""

    sends_files = True

    def __init__(self, inner: Executor) -> None:
        self.inner = inner
        self.begun: list[str] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.begun.append(args[0].name)
        deadly = args[0].name == "3.png"
        return self.inner.submit(chores.crash_at if deadly else fn, *args, **kwargs)


def die(task: object) -> Row:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError(task)


def test_a_pair_that_kills_its_workers_fails_alone(
    folders: tuple[Path, Path], workers: WorkerPool
) -> None:
    deadly = Deadly(workers)
    rows = by_name(compare_pairs(pair_folders(*folders), SETTINGS, deadly))
    assert len(rows) == 8
    assert [name for name, row in rows.items() if row.status == "failed"] == ["3.png"]
    assert f"ended its process {ATTEMPTS} times" in rows["3.png"].verdict
    assert deadly.begun.count("3.png") == ATTEMPTS


def test_workers_killed_from_outside_lose_nothing(
    folders: tuple[Path, Path], workers: WorkerPool
) -> None:
    pairs = [
        FilePair(f"{turn} {pair.name}", pair.before, pair.after)
        for turn in range(10)
        for pair in pair_folders(*folders)
    ]
    with ThreadPoolExecutor(2) as threads:
        expected = by_name(compare_pairs(pairs, SETTINGS, threads))
    rows = []
    for row in compare_pairs(pairs, SETTINGS, workers):
        rows.append(row)
        if len(rows) in (10, 30, 50):
            os.kill(workers.submit(os.getpid).result(), signal.SIGKILL)
    assert len(rows) == len(pairs)
    assert by_name(iter(rows)) == expected


def test_a_pool_of_the_standard_library_that_breaks_is_replaced(
    folders: tuple[Path, Path],
) -> None:
    with ProcessPoolExecutor(1) as pool:
        rows = by_name(compare_pairs(pair_folders(*folders), SETTINGS, DiesOnce(pool)))
    assert [row.status for row in rows.values()].count("changed") == 4
    assert len(rows) == 8


class DiesOnce(Deadly):
    """As `Deadly`, but the first task of all is the deadly one."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.begun.append(args[0].name)
        return self.inner.submit(die if len(self.begun) == 1 else fn, *args, **kwargs)


def test_what_an_executor_cancels_is_done_elsewhere(folders: tuple[Path, Path]) -> None:
    rows = by_name(compare_pairs(pair_folders(*folders), SETTINGS, Leaving()))
    assert len(rows) == 8
    assert "failed" not in {row.status for row in rows.values()}


class Leaving(Executor):
    """Takes two tasks, cancels them, and is gone."""

    def __init__(self) -> None:
        self.taken = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.taken += 1
        if self.taken > 2:
            raise RuntimeError(f"cannot schedule new futures: {fn}, {args}, {kwargs}")
        future: Future[Any] = Future()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


def test_a_pair_that_takes_too_long_fails_alone(tmp_path: Path) -> None:
    workers = WorkerPool(1, Allowance(600, 3), modules=("imgdiff.batch.task", "tests.chores"))
    picture = write(tmp_path, "x.png", drawing(80, 100))
    pairs = [FilePair("3.png", picture, picture), FilePair("x", picture, picture)]
    rows = by_name(compare_pairs(pairs, SETTINGS, Endless(workers)))
    workers.shutdown(cancel_futures=True)
    assert rows["3.png"].status == "failed"
    assert "may take 3 seconds" in rows["3.png"].verdict
    assert rows["x"].status == "equal"


class Endless(Deadly):
    """As `Deadly`, but what a name says takes for ever."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        endless = args[0].name == "3.png"
        return self.inner.submit(chores.wait_at if endless else fn, *args, **kwargs)
