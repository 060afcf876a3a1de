"""A small host: a server on loopback, held to so much memory, and watched."""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
CGROUP = Path("/sys/fs/cgroup/memory") / f"imgdiff-load-{os.getpid()}"
MIB = 2**20


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


def charged() -> str:
    """What the kernel counted against the limit: pages of files too, which it may take back."""
    if not CGROUP.exists():
        return "memory not limited"
    peak = int((CGROUP / "memory.max_usage_in_bytes").read_text())
    kills = (CGROUP / "memory.oom_control").read_text().split()[-1]
    limit = int((CGROUP / "memory.limit_in_bytes").read_text())
    return f"held to {limit / MIB:.0f} MiB by a cgroup: peak {peak / MIB:.0f} MiB, {kills} killed"


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
        while health(address) is None:
            time.sleep(0.2)
        yield address, process.pid
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        process.wait(30)


def health(address: str) -> float | None:
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
    """Health and memory, five times a second, in a thread."""

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
        while not self._end.wait(0.2):
            self.health.append(health(address))
            self.memory.append(resident(process))

    def report(self) -> str:
        """Both in a line."""
        well = [seconds for seconds in self.health if seconds is not None]
        p95 = statistics.quantiles(well, n=20)[-1] if len(well) > 1 else float("nan")
        return (
            f"health p95 {p95:.3f} s, worst {max(well):.3f} s over {len(self.health)} requests, "
            f"{len(self.health) - len(well)} failed; "
            f"all processes together peaked at {max(self.memory) / MIB:.0f} MiB"
        )
