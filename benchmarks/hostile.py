"""Clients that mean harm: slow ones, boasting ones, archives that unpack to more than there is."""

from __future__ import annotations

import argparse
import io
import socket
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

from tests.visitor import ARCHIVE, Visitor

from .visits import PATIENCE, pairs_of, visit


def attack(address: str, _: int, options: argparse.Namespace) -> None:
    """Slow and boasting clients all the while: who compares meanwhile is served."""
    pairs = pairs_of(options.megapixels, 5)
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
            ends = list(crowd.map(lambda pair: visit(address, pair), pairs))
        end.set()
        for attacker in attackers:
            attacker.join()
    served = [seconds for sentence, seconds, _ in ends if sentence.endswith("changed.")]
    print(f"{len(served)} of 5 served under attack, the last after {max(served, default=0):.1f} s")
    for sentence in {sentence for sentence, *_ in ends if not sentence.endswith("changed.")}:
        print(f"  else: {sentence}")


def bombs(address: str, _: int, options: argparse.Namespace) -> None:
    """Three tabs with an archive that unpacks to far more than there is."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(options.entries):
            archive.writestr(f"{number}.png", bytes(30 * 2**20))
    bomb = content.getvalue()
    pair = pairs_of(options.megapixels, 1)[0]
    with ExitStack() as stack:
        for _tab in range(3):
            tab = stack.enter_context(Visitor(address, page="similar", uploaders=ARCHIVE))
            tab.choose(ARCHIVE[0], bomb, name="bomb.zip")
            tab.compare()
        sentence, seconds, _told = visit(address, pair)
        print(f"three bombs of {len(bomb) / 1e3:.0f} KB; next user, {seconds:.1f} s: {sentence}")
        print(f"  they read: {tab.wait_for(('archive', 'rchive'), PATIENCE)}")


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
