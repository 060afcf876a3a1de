"""Many pairs: which belong together, what becomes of each, and of workers that die."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imgdiff.batch import FilePair, Row, compare_pairs, pair_folders, pair_list
from imgdiff.batch.row import most_changed_first, summary
from imgdiff.batch.run import ATTEMPTS
from imgdiff.batch.task import run_task, task_of
from imgdiff.configuration.rules import Rules
from imgdiff.environment import limit_threads, thread_count
from imgdiff.errors import PairingError
from imgdiff.metrics import tiles
from imgdiff.types import Settings
from imgdiff.workers.allowance import Allowance
from imgdiff.workers.worker_pool import WorkerPool
from tests import chores
from tests.pictures import drawing, edited, photo, write

SETTINGS = Settings(method="ssim", align="none")


def write_folders(folder: Path, count: int = 8) -> tuple[Path, Path]:
    """`count` pairs: the even ones changed."""
    before, after = folder / "before", folder / "after"
    for side in (before, after):
        side.mkdir(parents=True)
    for number in range(count):
        picture = drawing(80, 100, seed=number)
        write(before, f"{number}.png", picture)
        write(after, f"{number}.png", picture if number % 2 else edited(picture, seed=number))
    return before, after


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return write_folders(tmp_path)


@pytest.fixture
def workers() -> Iterator[WorkerPool]:
    executor = WorkerPool(
        2,
        Allowance(600, 60, threads=1),
        modules=("imgdiff.batch.task", "imgdiff.environment", "tests.chores"),
    )
    yield executor
    executor.shutdown(cancel_futures=True)


def by_name(rows: Iterator[Row]) -> dict[str, Row]:
    return {row.name: row for row in rows}


def test_folders_pair_by_relative_path(tmp_path: Path) -> None:
    for path in ("before/a/x.png", "before/gone.png", "after/a/x.png", "after/new.PNG",
                 "after/notes.txt", "after/.hidden.png", "after/.git/y.png"):  # fmt: skip
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    pairs = pair_folders(tmp_path / "before", tmp_path / "after")
    assert [(pair.name, bool(pair.before), bool(pair.after)) for pair in pairs] == [
        ("a/x.png", True, True),
        ("gone.png", True, False),
        ("new.PNG", False, True),
    ]


def test_by_stem_another_format_is_the_same_picture(tmp_path: Path) -> None:
    for path in ("before/x.png", "after/x.webp"):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).touch()
    before, after = tmp_path / "before", tmp_path / "after"
    assert len(pair_folders(before, after)) == 2
    (pair,) = pair_folders(before, after, match="stem")
    assert (pair.name, pair.before, pair.after) == ("x.webp", before / "x.png", after / "x.webp")
    (before / "x.jpg").touch()
    with pytest.raises(PairingError, match="must differ before the dot"):
        pair_folders(before, after, match="stem")


def test_a_list_names_its_pairs(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("before,after,name\na.png,b.png,first\n,c.png,\n", "utf-8-sig")
    assert pair_list(path) == [
        FilePair("first", tmp_path / "a.png", tmp_path / "b.png"),
        FilePair("c.png", None, tmp_path / "c.png"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "columns before and after"),
        ("one,two\n1,2\n", "columns before and after"),
        ("before,after\na,b\nx,b\n", "b comes twice"),
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(PairingError, match=reason):
        pair_list(path)


def test_each_pair_gets_its_row(folders: tuple[Path, Path], workers: WorkerPool) -> None:
    before, after = folders
    (before / "0.png").unlink()
    (after / "1.png").unlink()
    (after / "2.png").write_bytes(b"no picture")
    write(after, "3.png", drawing(40, 50))
    rows = by_name(compare_pairs(pair_folders(before, after), SETTINGS, workers))
    assert [rows[f"{number}.png"].status for number in range(6)] == [
        "added", "removed", "failed", "failed", "changed", "equal",
    ]  # fmt: skip
    assert rows["2.png"].verdict.startswith("After: A JPEG, PNG, ")
    assert "same size" in rows["3.png"].verdict
    assert rows["4.png"].regions > 0
    assert rows["5.png"].similarity_percent == 100
    assert summary(rows.values()) == ("8 pairs: 2 changed, 2 failed, 1 added, 1 removed, 2 equal.")


def test_any_executor_gives_the_same_rows(folders: tuple[Path, Path], workers: WorkerPool) -> None:
    pairs = pair_folders(*folders)
    expected = by_name(compare_pairs(pairs, SETTINGS, workers))
    with ThreadPoolExecutor(2) as threads:
        assert by_name(compare_pairs(pairs, SETTINGS, threads)) == expected
    in_memory = [
        FilePair(pair.name, pair.before.read_bytes(), pair.after.read_bytes())  # type: ignore[union-attr]
        for pair in pairs
    ]
    found = by_name(compare_pairs(in_memory, SETTINGS, workers))
    assert {name: row.key for name, row in found.items()} == {
        name: row.key for name, row in expected.items()
    }


def test_known_rows_stand_until_file_or_settings_change(folders: tuple[Path, Path]) -> None:
    pairs = pair_folders(*folders)
    known = {
        pair.name: replace(run_task(task_of(pair, Rules(SETTINGS))), verdict="old")
        for pair in pairs
    }
    folders[1].joinpath("0.png").write_bytes(folders[0].joinpath("0.png").read_bytes())
    with ThreadPoolExecutor(2) as threads:
        found = by_name(compare_pairs(pairs, SETTINGS, threads, known=known))
        assert {name for name, row in found.items() if row.verdict != "old"} == {"0.png"}
        other = replace(SETTINGS, min_area=41)
        found = by_name(compare_pairs(pairs, other, threads, known=known))
        assert not any(row.verdict == "old" for row in found.values())


def test_the_most_changed_come_first() -> None:
    rows = [
        Row("e", "equal", ""),
        Row("little", "changed", "", changed_fraction=0.1),
        Row("much", "changed", "", changed_fraction=0.9),
        Row("broken", "failed", ""),
    ]
    assert [row.name for row in most_changed_first(rows)] == ["much", "little", "broken", "e"]


def test_pictures_of_different_things_have_no_similarity(tmp_path: Path) -> None:
    before = write(tmp_path, "cat.png", photo("chelsea", 240, 300))
    after = write(tmp_path, "rocket.png", photo("rocket", 240, 300))
    row = run_task(task_of(FilePair("pair", before, after), Rules(), pictures=False))
    assert row.score is not None
    assert row.similarity_percent is None
    assert most_changed_first([Row("a", "changed", "", similarity_percent=3), row])[0] is row


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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
@pytest.mark.parametrize("name", ["pipe.png", "device.png"])
def test_what_never_ends_is_refused(tmp_path: Path, name: str) -> None:
    picture = write(tmp_path, "x.png", drawing(80, 100))
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "device.png").symlink_to("/dev/zero")
    row = run_task(task_of(FilePair("pair", picture, tmp_path / name), Rules(SETTINGS)))
    assert row.status == "failed"
    assert row.verdict.startswith("After: A picture file is expected, but this is a pipe or a")


def test_an_error_of_our_own_fails_its_row_and_is_logged(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("imgdiff.batch.task.compare", lambda *_: 1 / 0)
    with ThreadPoolExecutor(1) as threads:
        rows = list(compare_pairs(pair_folders(*folders), SETTINGS, threads))
    assert {row.status for row in rows} == {"failed"}
    assert "imgdiff itself failed (ZeroDivisionError)" in rows[0].verdict
    assert "ZeroDivisionError" in caplog.text


def test_pictures_travel_with_the_rows_that_ask_for_them(folders: tuple[Path, Path]) -> None:
    with ThreadPoolExecutor(2) as threads:
        rows = by_name(compare_pairs(pair_folders(*folders), SETTINGS, threads, pictures=True))
    assert {*rows["0.png"].files} == {"before.jpg", "after.jpg", "diff.jpg", "comparison.html"}
    assert {*rows["1.png"].files} == {"before.jpg", "after.jpg", "diff.jpg"}
    assert rows["0.png"].files["diff.jpg"].startswith(b"\xff\xd8\xff")


def test_a_worker_uses_one_thread(workers: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert workers.submit(thread_count).result() == 1
    monkeypatch.setattr(tiles, "ThreadPoolExecutor", None)  # whoever starts threads fails
    before = thread_count()
    limit_threads(1)
    try:
        pieces = [tiles.Tile(0, 1000, 0, 1000)] * 4
        assert tiles.sum_over(lambda tile, _: tile.area, pieces) == 4e6
    finally:
        limit_threads(before)
