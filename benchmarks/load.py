"""Many users at once on a small host: ``python -m benchmarks.load``.

Starts a server on loopback, held to 1 GiB by a cgroup where one can be made, and asks for its
health all the while. Then

- ``crowd``: 20 users upload a pair of 12 MP at the same time and compare;
- ``flood``: 20 users upload two of the largest files at the same time, and leave;
- ``accidents``: tabs are closed amid an upload, a worker is killed at work, the server is stopped;
- ``attack``: 43 connections announce 100 MB and send nothing, 50 don't even finish the head of a
  request, every second a request announces 10 GB, and meanwhile 5 users upload and compare;
- ``bombs``: three tabs upload an archive of 3 KB that unpacks to 600 MB, then somebody compares;
- ``row``: 200 comparisons one after the other, to see whether memory grows.
"""

from __future__ import annotations

import argparse
import io
import os
import signal
import socket
import statistics
import subprocess
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

from imgdiff.load.limits import MAX_BYTES
from tests.visitor import ARCHIVE, Visitor

from . import pictures
from .host import MIB, Watch, charged, family, health, limited, resident, server

PATIENCE = 600
"""Seconds; the last of 20 users waits for 19 others."""
ENDS = (
    *("changed.", "Nothing changed", "again in", "unexpected end", "needs longer"),
    *("more memory", "megapixels", "expected"),
)
"""One of these is in every sentence with which a comparison ends, well or not."""
Pairs = list[tuple[bytes, bytes]]


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
    pairs = _pairs(options.megapixels, options.users)
    size = sum(map(len, pairs[0])) / 1e6
    print(f"{options.users} users, each with a pair of {options.megapixels:g} MP, {size:.1f} MB")
    with ThreadPoolExecutor(options.users) as crowd:
        ends = list(crowd.map(lambda pair: _visit(address, pair), pairs))
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
    _visit(address, _pairs(1, 1)[0])
    before = resident(process)
    largest = b"\xff\xd8\xff" + bytes(MAX_BYTES - 2**16)
    told: list[str] = []

    def visit(_: int) -> None:
        with Visitor(address) as visitor:
            for side in ("Before", "After"):
                visitor.choose(side, largest)
            visitor.compare()
            told.append(visitor.wait_for(ENDS, PATIENCE))

    with ThreadPoolExecutor(options.users) as crowd:
        list(crowd.map(visit, range(options.users)))
    full = sum("holds as many" in sentence for sentence in told)
    print(
        f"{options.users} users × 2 × {len(largest) / 1e6:.0f} MB: {full} were told that the "
        f"server is full, {len(told) - full} had both let in; memory {before / MIB:.0f} → "
        f"{resident(process) / MIB:.0f} MiB"
    )
    sentence, seconds, _told = _visit(address, _pairs(options.megapixels, 1)[0])
    print(f"the next user, after {seconds:.1f} s: {sentence}")
    print(_until_forgotten(process, before))


def accidents(address: str, process: int, options: argparse.Namespace) -> None:
    """What befalls users and workers; after each the next user is served."""
    pair = _pairs(options.megapixels, 1)[0]

    def next_user() -> str:
        sentence, seconds, _told = _visit(address, pair)
        return f"the next user, after {seconds:.1f} s: {sentence}"

    with Visitor(address) as visitor:
        visitor.put(visitor.address_for("Before").upload_url, pair[0], part=0.5)
    print("a tab closed amid an upload;", next_user(), flush=True)
    with Visitor(address) as visitor:
        _upload(visitor, (pair[0], pair[1] + b"left"))
        visitor.compare()
    print("a tab closed amid a comparison;", next_user(), flush=True)
    with Visitor(address) as visitor:
        _upload(visitor, (pair[0], pair[1] + b"killed"))
        visitor.compare()
        visitor.wait_for(("Comparing",), PATIENCE)
        for member in family(process)[1:]:
            os.kill(member, signal.SIGKILL)
        print(f"a worker killed amid a comparison: {visitor.wait_for(ENDS, PATIENCE)}")
    print(next_user(), flush=True)
    _full_disk(pair)
    with tempfile.TemporaryDirectory() as name, server([], Path(name) / "log") as (other, stopped):
        with Visitor(other) as visitor:
            _upload(visitor, pair)
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
                sentence, seconds, _told = _visit(address, pair)
            left = os.statvfs(full).f_bavail
            print(f"a disk with {left} bytes left: after {seconds:.1f} s: {sentence}", flush=True)
        finally:
            subprocess.run(["umount", full], check=True)  # noqa: S607


def row(address: str, process: int, options: argparse.Namespace) -> None:
    """One comparison after the other; by how much each makes memory grow."""
    pair = _pairs(1, 1)[0]
    memory = []
    with Visitor(address) as visitor:
        for index in range(options.row):
            _upload(visitor, (pair[0], pair[1] + index.to_bytes(2, "big")))
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


def attack(address: str, _: int, options: argparse.Namespace) -> None:
    """Slow and boasting clients all the while: who compares meanwhile is served."""
    pairs = _pairs(options.megapixels, 5)
    end = threading.Event()
    with Visitor(address) as intruder:
        place = urlsplit(intruder.address_for("Before").upload_url).path
        attackers = [
            *(threading.Thread(target=_announce, args=(address, place, end)) for _ in range(43)),
            *(threading.Thread(target=_stammer, args=(address, end)) for _ in range(50)),
            threading.Thread(target=_boast, args=(address, place, end)),
        ]
        for attacker in attackers:
            attacker.start()
        time.sleep(3)
        with ThreadPoolExecutor(5) as crowd:
            ends = list(crowd.map(lambda pair: _visit(address, pair), pairs))
        end.set()
        for attacker in attackers:
            attacker.join()
    served = [seconds for sentence, seconds, _ in ends if sentence.endswith("changed.")]
    print(f"{len(served)} of 5 served under attack, the last after {max(served, default=0):.1f} s")
    for sentence in {sentence for sentence, *_ in ends if not sentence.endswith("changed.")}:
        print(f"  else: {sentence}")


def _sent(address: str, head: str, end: threading.Event, *, seconds: float) -> None:
    """Send the beginning of a request, and wait until it's cut off or so long."""
    parts = urlsplit(address)
    with suppress(OSError), socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.settimeout(0.2)
        connection.sendall(head.encode())
        start = time.monotonic()
        while not end.is_set() and time.monotonic() - start < seconds:
            with suppress(TimeoutError):
                if not connection.recv(1000):
                    return


def _put(place: str, length: int) -> str:
    return (
        f"PUT {place} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    )


def _announce(address: str, place: str, end: threading.Event) -> None:
    while not end.is_set():
        _sent(address, _put(place, 100 * 10**6), end, seconds=60)


def _stammer(address: str, end: threading.Event) -> None:
    while not end.is_set():
        _sent(address, "GET / HTTP/1.1\r\nHost: l", end, seconds=60)


def _boast(address: str, place: str, end: threading.Event) -> None:
    while not end.is_set():
        _sent(address, _put(place, 10**10), end, seconds=1)
        time.sleep(1)


def bombs(address: str, _: int, options: argparse.Namespace) -> None:
    """Three tabs with an archive that unpacks to far more than there is."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_BZIP2) as archive:
        for number in range(options.entries):
            archive.writestr(f"{number}.png", bytes(30 * 2**20))
    bomb = content.getvalue()
    pair = _pairs(options.megapixels, 1)[0]
    with ExitStack() as stack:
        for _tab in range(3):
            tab = stack.enter_context(Visitor(address, page="similar", uploaders=ARCHIVE))
            tab.choose(ARCHIVE[0], bomb, name="bomb.zip")
            tab.compare()
        sentence, seconds, _told = _visit(address, pair)
        print(f"three bombs of {len(bomb) / 1e3:.0f} KB; next user, {seconds:.1f} s: {sentence}")
        print(f"  they read: {tab.wait_for(('archive', 'rchive'), PATIENCE)}")


_PARTS: dict[str, Callable[[str, int, argparse.Namespace], None]] = {
    "crowd": crowd,
    "flood": flood,
    "accidents": accidents,
    "attack": attack,
    "bombs": bombs,
    "row": row,
}


def _pairs(megapixels: float, count: int) -> Pairs:
    """Pairs of photographs; each pair's files are its own, so that none is known already."""
    picture = pictures.photo(megapixels)
    with tempfile.TemporaryDirectory() as name:
        files = pictures.write_pair(Path(name), "p.jpg", picture, pictures.edited(picture))
        before, after = (file.read_bytes() for file in files)
    # What follows a JPEG's end counts for its digest alone.
    marks = [time.time_ns().to_bytes(8, "big") + bytes([index]) for index in range(count)]
    return [(before + mark, after + mark) for mark in marks]


def _upload(visitor: Visitor, pair: tuple[bytes, bytes]) -> None:
    for side, data in zip(("Before", "After"), pair, strict=True):
        visitor.choose(side, data)


def _visit(address: str, pair: tuple[bytes, bytes]) -> tuple[str, float, list[str]]:
    """Upload and compare; the last sentence, after how many seconds, and all that was said."""
    with Visitor(address) as visitor:
        start = time.perf_counter()
        _upload(visitor, pair)
        visitor.compare()
        sentence = visitor.wait_for(ENDS, PATIENCE)
        return sentence, time.perf_counter() - start, visitor.said


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
