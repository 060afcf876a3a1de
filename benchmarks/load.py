"""Many users at once on a small host: ``python -m benchmarks.load``.

Has 200 comparisons made in a row, and looks whether memory grows. Then starts a server on loopback
under a memory limit (a cgroup, where one can be made; else memory is only sampled), has 20 users
upload a pair of 12 MP at the same time, and asks for the server's health all the while.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

from . import pictures

ROOT = Path(__file__).parents[1]
CGROUP = Path("/sys/fs/cgroup/memory") / f"imgdiff-load-{os.getpid()}"
MIB = 2**20
PATIENCE = 180_000
"""Milliseconds; the last of 20 users waits for 19 others."""


@contextmanager
def limited(limit: int) -> Iterator[list[str]]:
    """What to put before a command to hold its tree to `limit` bytes; [] if that can't be done."""
    try:
        CGROUP.mkdir()
        (CGROUP / "memory.limit_in_bytes").write_text(str(limit))
    except OSError:
        yield []
        return
    try:
        yield ["sh", "-c", f'echo $$ > {CGROUP}/cgroup.procs && exec "$@"', "sh"]
    finally:
        time.sleep(1)
        with suppress(OSError):
            CGROUP.rmdir()


@contextmanager
def server(prefix: list[str], log: Path) -> Iterator[tuple[str, int]]:
    """Address and process id of a running server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "server.py", "--server.headless=true"]
    options = [f"--server.port={port}", "--server.address=127.0.0.1"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            prefix + command + options, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}"
    try:
        while not _health(address):
            time.sleep(0.2)
        yield address, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _health(address: str) -> float | None:
    """Seconds until the server said that it's well; None if it didn't."""
    start = time.perf_counter()
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=10):  # noqa: S310 (our own)
            return time.perf_counter() - start
    except OSError:
        return None


def family(process: int) -> list[int]:
    """A process and its descendants."""
    found = [process]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            with suppress(OSError):
                found += map(int, task.read_text().split())
    return found


def resident(process: int) -> int:
    """Bytes that a process's tree holds, each shared page counted once (proportional set size)."""
    total = 0
    for member in family(process):
        with suppress(OSError, StopIteration):
            lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
            total += 1024 * int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return total


class Watch:
    """Health and memory, twice a second, in a thread."""

    def __init__(self, address: str, process: int) -> None:
        self.health: list[float | None] = []
        self.memory: list[int] = []
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, args=(address, process))

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self, address: str, process: int) -> None:
        while not self._end.wait(0.5):
            self.health.append(_health(address))
            self.memory.append(resident(process))

    def report(self) -> str:
        """Both in a line."""
        well = [seconds for seconds in self.health if seconds is not None]
        p95 = statistics.quantiles(well, n=20)[-1] if len(well) > 1 else float("nan")
        return (
            f"health p95 {p95:.3f} s over {len(self.health)} requests, "
            f"{len(self.health) - len(well)} failed; peak memory {max(self.memory) / MIB:.0f} MiB"
        )


def crowd(address: str, pairs: list[tuple[Path, Path]]) -> tuple[int, list[float]]:
    """All upload at once; how many were answered, and after how many seconds."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        tabs = [browser.new_context().new_page() for _ in pairs]
        for tab in tabs:
            tab.goto(address)
            tab.get_by_label("Before", exact=True).wait_for(timeout=PATIENCE)
        start, waits = time.perf_counter(), []
        for tab, pair in zip(tabs, pairs, strict=True):
            for side, file in zip(("Before", "After"), pair, strict=True):
                tab.get_by_label(side, exact=True).locator("input[type=file]").set_input_files(file)
        for tab in tabs:
            with suppress(Error):
                _answer(tab)
                waits.append(time.perf_counter() - start)
        browser.close()
    return len(waits), waits


def _answer(tab: Page) -> None:
    tab.get_by_role("heading", name="changed.").wait_for(timeout=PATIENCE)


def in_a_row(folder: Path, count: int) -> None:
    """Comparisons by one crew, no page: whether the worker or the server grows."""
    from imgdiff.types import Settings  # noqa: PLC0415
    from imgdiff.work import worker  # noqa: PLC0415
    from imgdiff.work.crew import Crew  # noqa: PLC0415
    from imgdiff.work.job import Job, Upload  # noqa: PLC0415

    picture = pictures.photo(1)
    before, after = pictures.write_pair(folder, "row.jpg", picture, pictures.edited(picture))
    crew = Crew(workers=1, memory=700, deadline=30, room=5)
    memory = []
    for index in range(count):
        data = after.read_bytes() + bytes([index % 256])  # another file, of the same picture
        job = Job(Upload("a", before.read_bytes()), Upload("b", data), Settings())
        crew.run(job.files, worker.answer, job)
        memory.append(resident(os.getpid()) / MIB)
    settled = memory[count // 4 :]
    slope = statistics.linear_regression(range(len(settled)), settled).slope
    print(
        f"{count} comparisons in a row: {settled[0]:.0f} to {settled[-1]:.0f} MiB, "
        f"slope {slope:+.3f} MiB each",
        flush=True,
    )
    crew.posts[0].discard()


def main() -> None:
    """Make the pictures, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--limit", type=int, default=1024, help="MiB (%(default)s)")
    parser.add_argument("--row", type=int, default=200, help="comparisons in a row (%(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, limited(options.limit * MIB) as prefix:
        folder = Path(name)
        if options.row:
            in_a_row(folder, options.row)
        if not options.users:
            return
        picture = pictures.photo(options.megapixels)
        before, after = pictures.write_pair(folder, "12.jpg", picture, pictures.edited(picture))
        pairs = [(before, _own_copy(after, index)) for index in range(options.users)]
        with server(prefix, folder / "log") as (address, process), Watch(address, process) as watch:
            answered, waits = crowd(address, pairs)
            alive = _health(address) is not None
        held = f"held to {options.limit} MiB by a cgroup" if prefix else "memory not limited"
        print(f"{answered} of {options.users} users answered, {held}; server alive: {alive}")
        print(
            f"seconds to the answer: first {min(waits):.1f}, median "
            f"{statistics.median(waits):.1f}, last {max(waits):.1f}; {watch.report()}"
        )


def _own_copy(file: Path, index: int) -> Path:
    """Another file of the same picture: what follows a JPEG's end counts for its digest alone."""
    copy = file.with_name(f"{index}_{file.name}")
    copy.write_bytes(file.read_bytes() + index.to_bytes(2, "big"))
    return copy


if __name__ == "__main__":
    main()
