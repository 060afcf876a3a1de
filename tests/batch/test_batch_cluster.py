"""A real Dask scheduler on loopback, with workers that can be killed."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from imgdiff.batch import FilePair, Row, compare_pairs, pair_folders
from imgdiff.batch.cluster import cluster
from imgdiff.errors import WorkError
from imgdiff.types import Settings
from tests.pictures import drawing, edited, write

distributed = pytest.importorskip("distributed", reason="the extra imgdiff-app[cluster] is missing")

SETTINGS = Settings(method="ssim", align="none")
PAIRS = 200
START_TIMEOUT = 300


@dataclass
class Cluster:
    address: str
    workers: list[subprocess.Popen[bytes]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and two workers, each a process of its own."""
    tmp_path = tmp_path_factory.mktemp("cluster")
    port, elsewhere = free_port(), tmp_path / "elsewhere"
    elsewhere.mkdir()
    address = f"tcp://127.0.0.1:{port}"
    here = ["--host", "127.0.0.1"]
    commands = [
        ["scheduler", *here, "--port", str(port), "--no-dashboard"],
        *[["worker", address, *here, "--nthreads", "1", "--no-nanny", "--no-dashboard"]] * 2,
    ]
    with (tmp_path / "log").open("wb") as log:
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_" + command, *rest],
                stdout=log,
                stderr=log,
                cwd=elsewhere,
            )
            for command, *rest in commands
        ]
        try:
            wait_for_workers(address, 2)
            yield Cluster(address, started[1:])
        finally:
            for process in reversed(started):
                process.kill()
                process.wait()


def wait_for_workers(address: str, count: int) -> None:
    end = time.monotonic() + START_TIMEOUT
    while True:
        try:
            with distributed.Client(address, timeout=START_TIMEOUT, set_as_default=False) as client:
                client.wait_for_workers(count, timeout=START_TIMEOUT)
                return
        except OSError:
            assert time.monotonic() < end, "the scheduler didn't start"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 pairs, one in five changed."""
    tmp_path = tmp_path_factory.mktemp("pairs")
    for side in ("before", "after"):
        (tmp_path / side).mkdir()
    for number in range(PAIRS):
        picture = drawing(120, 160, seed=number)
        after = edited(picture, seed=number) if number % 5 == 0 else picture
        write(tmp_path / "before", f"{number:03}.png", picture)
        write(tmp_path / "after", f"{number:03}.png", after)
    return tmp_path


@pytest.fixture
def pairs(folder: Path) -> list[FilePair]:
    return pair_folders(folder / "before", folder / "after")


def in_order(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.name)


def test_files_travel_along_where_workers_dont_see_them(
    running: Cluster, pairs: list[FilePair], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imgdiff.batch.cluster._all_see", lambda *_: False)
    with cluster(running.address, pairs) as place:
        assert place.sends_files
        rows = list(compare_pairs(pairs[:3], SETTINGS, place))
    assert in_order(rows) == in_order(list(compare_pairs(pairs[:3], SETTINGS)))


def test_paths_are_sent_where_all_workers_see_them(
    running: Cluster, pairs: list[FilePair], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cluster(running.address, pairs) as place:
        assert not place.sends_files
    monkeypatch.chdir(folder)
    relative = pair_folders(Path("before"), Path("after"))[:2]
    with cluster(running.address, relative) as place:
        rows = list(compare_pairs(relative, SETTINGS, place))
    assert [row.status for row in in_order(rows)] == ["changed", "equal"]


def test_a_scheduler_that_isnt_there_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imgdiff.batch.cluster._TIMEOUT", 0.5)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(WorkError, match="none answers"), cluster(address, []):
        pass


def test_a_worker_killed_in_the_middle_loses_nothing(
    running: Cluster, pairs: list[FilePair]
) -> None:
    """Last, since the cluster is one worker short from then on."""
    local = in_order(list(compare_pairs(pairs, SETTINGS)))
    found = []
    with cluster(running.address, pairs) as place:
        for row in compare_pairs(pairs, SETTINGS, place):
            found.append(row)
            if len(found) == PAIRS // 4:
                running.workers[0].kill()
    assert running.workers[0].wait() == -9
    assert len(found) == PAIRS
    assert in_order(found) == local
    assert {row.status for row in found} == {"changed", "equal"}
