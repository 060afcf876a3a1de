"""Many users at once on a small host: ``python -m benchmarks.load``.

Starts a server on loopback, held to 1 GiB by a cgroup where one can be made, and asks for its
health all the while. Then

- ``crowd``: 20 users upload a pair of 12 MP at the same time and compare;
- ``flood``: 20 users upload two of the largest files at the same time, and leave;
- ``accidents``: tabs are closed amid an upload, a worker is killed at work, the server is stopped;
- ``attack``: 43 connections announce 100 MB and send nothing, 50 don't even finish the head of a
  request, every second a request announces 10 GB, and meanwhile 5 users upload and compare;
- ``bombs``: three tabs upload an archive of 600 KB that unpacks to 600 MB, then somebody compares;
- ``row``: 200 comparisons one after the other, to see whether memory grows.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from imgdiff.load.limits import MAX_BYTES
from tests.visitor import Visitor

from . import hostile
from .host import MIB, Watch, charged, family, health, limited, resident, server
from .visits import ENDS, PATIENCE, pairs_of, upload, visit


def main() -> None:
    """Measure what was asked for, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("what", nargs="*", default=list(_PARTS), choices=[*_PARTS, []])
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--limit", type=int, default=1024, help="MiB (%(default)s)")
    parser.add_argument("--row", type=int, default=200, help="comparisons in a row (%(default)s)")
    parser.add_argument("--entries", type=int, default=20, help="of a bomb (%(default)s)")
    options = parser.parse_args()
    for what in options.what:
        print(f"== {what}", flush=True)
        with (
            tempfile.TemporaryDirectory() as name,
            limited(options.limit * MIB) as prefix,
            server(prefix, Path(name) / "log") as (address, process),
        ):
            watch = Watch(address, process)
            with watch:
                _PARTS[what](address, process, options)
            print(f"server alive: {health(address) is not None}; {watch.report()}")
            print(charged(), flush=True)


def crowd(address: str, _: int, options: argparse.Namespace) -> None:
    """All upload at once; how many are answered, and after how many seconds."""
    pairs = pairs_of(options.megapixels, options.users)
    size = sum(map(len, pairs[0])) / 1e6
    print(f"{options.users} users, each with a pair of {options.megapixels:g} MP, {size:.1f} MB")
    with ThreadPoolExecutor(options.users) as crowd:
        ends = list(crowd.map(lambda pair: visit(address, pair), pairs))
    answered = [seconds for sentence, seconds, _ in ends if sentence.endswith("changed.")]
    waits = [said for *_, told in ends for said in told if "Busy" in said]
    longest = max(waits, key=lambda words: int(words.split()[1]), default="nothing")
    print(f"{len(answered)} of {options.users} answered; the last in line read “{longest}”")
    for sentence in {sentence for sentence, *_ in ends if not sentence.endswith("changed.")}:
        print(f"  else: {sentence}")
    if answered:
        print(
            f"seconds to the answer: first {min(answered):.1f}, median "
            f"{statistics.median(answered):.1f}, last {max(answered):.1f}"
        )


def flood(address: str, process: int, options: argparse.Namespace) -> None:
    """All upload the largest files at once; who is turned away is told, who comes later served."""
    visit(address, pairs_of(1, 1)[0])
    before = resident(process)
    largest = b"\xff\xd8\xff" + bytes(MAX_BYTES - 2**16)
    told: list[str] = []

    def press(_: int) -> None:
        with Visitor(address) as visitor:
            for side in ("Before", "After"):
                visitor.choose(side, largest)
            visitor.compare()
            told.append(visitor.wait_for(ENDS, PATIENCE))

    with ThreadPoolExecutor(options.users) as crowd:
        list(crowd.map(press, range(options.users)))
    full = sum("holds as many" in sentence for sentence in told)
    print(
        f"{options.users} users × 2 × {len(largest) / 1e6:.0f} MB: {full} were told that the "
        f"server is full, {len(told) - full} had both let in; memory {before / MIB:.0f} → "
        f"{resident(process) / MIB:.0f} MiB"
    )
    sentence, seconds, _told = visit(address, pairs_of(options.megapixels, 1)[0])
    print(f"the next user, after {seconds:.1f} s: {sentence}")
    print(_until_forgotten(process, before))


def accidents(address: str, process: int, options: argparse.Namespace) -> None:
    """What befalls users and workers; after each the next user is served."""
    pair = pairs_of(options.megapixels, 1)[0]

    def next_user() -> str:
        sentence, seconds, _told = visit(address, pair)
        return f"the next user, after {seconds:.1f} s: {sentence}"

    with Visitor(address) as visitor:
        visitor.put(visitor.address_for("Before").upload_url, pair[0], part=0.5)
    print("a tab closed amid an upload;", next_user(), flush=True)
    with Visitor(address) as visitor:
        upload(visitor, (pair[0], pair[1] + b"left"))
        visitor.compare()
    print("a tab closed amid a comparison;", next_user(), flush=True)
    with Visitor(address) as visitor:
        upload(visitor, (pair[0], pair[1] + b"killed"))
        visitor.compare()
        visitor.wait_for(("Comparing",), PATIENCE)
        for member in family(process)[1:]:
            os.kill(member, signal.SIGKILL)
        print(f"a worker killed amid a comparison: {visitor.wait_for(ENDS, PATIENCE)}")
    print(next_user(), flush=True)
    _full_disk(pair)
    with tempfile.TemporaryDirectory() as name, server([], Path(name) / "log") as (other, stopped):
        with Visitor(other) as visitor:
            upload(visitor, pair)
            visitor.compare()
            visitor.wait_for(("Comparing",), PATIENCE)
            members, start = family(stopped), time.perf_counter()
            os.kill(stopped, signal.SIGTERM)
            while any(_runs(member) for member in members) and time.perf_counter() - start < 30:
                time.sleep(0.05)
        left = sum(_runs(member) for member in members)
        print(
            f"a server stopped amid a comparison: {len(members) - left} of {len(members)} "
            f"processes ended within {time.perf_counter() - start:.1f} s"
        )


def _full_disk(pair: tuple[bytes, bytes]) -> None:
    """A server whose directory for temporary files has no byte left; needs the right to mount."""
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as full:
        mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", full]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            print("a full disk: not tried, as nothing may be mounted here")
            return
        try:
            with suppress(OSError), Path(full, "filler").open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(4096))
            with server(["env", f"TMPDIR={full}"], Path(name) / "log") as (address, _):
                sentence, seconds, _told = visit(address, pair)
            left = os.statvfs(full).f_bavail
            print(f"a disk with {left} bytes left: after {seconds:.1f} s: {sentence}", flush=True)
        finally:
            subprocess.run(["umount", full], check=True)  # noqa: S607


def row(address: str, process: int, options: argparse.Namespace) -> None:
    """One comparison after the other; by how much each makes memory grow."""
    pair = pairs_of(1, 1)[0]
    memory = []
    with Visitor(address) as visitor:
        for index in range(options.row):
            upload(visitor, (pair[0], pair[1] + index.to_bytes(2, "big")))
            visitor.said.clear()
            visitor.compare()
            visitor.wait_for(ENDS, PATIENCE)
            visitor.wait_until_done()
            memory.append(resident(process) / MIB)
    settled = memory[len(memory) // 4 :]
    slope = statistics.linear_regression(range(len(settled)), settled).slope
    print(
        f"{options.row} comparisons of 1 MP in a row: {settled[0]:.0f} to {settled[-1]:.0f} MiB, "
        f"slope {slope:+.3f} MiB each (least squares, without the first quarter)"
    )


_PARTS: dict[str, Callable[[str, int, argparse.Namespace], None]] = {
    "crowd": crowd,
    "flood": flood,
    "accidents": accidents,
    "attack": hostile.attack,
    "bombs": hostile.bombs,
    "row": row,
}


def _until_forgotten(process: int, before: int) -> str:
    """How long the memory of those who have left is kept."""
    start = time.perf_counter()
    while resident(process) > before + 20 * MIB and time.perf_counter() - start < 200:
        time.sleep(1)
    return (
        f"{time.perf_counter() - start:.0f} s after the last tab was closed: "
        f"{resident(process) / MIB:.0f} MiB"
    )


def _runs(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


if __name__ == "__main__":
    main()
