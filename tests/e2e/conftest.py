"""The app on a loopback port, and a real Chromium."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.waiting import until

from .doing import PATIENCE as MILLISECONDS
from .doing import compare_sample

ROOT = Path(__file__).parents[2]
_TRIES = 3
"""A port that was free may be another's by the time the app wants it."""
QUIET = (
    "--no-sandbox",  # as root, as in containers, Chromium starts only without it
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def started(script: str, log: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A running app on a free port: its address and process."""
    with log.open("wb") as output, ExitStack() as stack:
        for _ in range(_TRIES):
            port = free_port()
            process = stack.enter_context(_launched(script, port, output))
            address = f"http://127.0.0.1:{port}"
            if _serves(process, address):
                yield address, process
                return
    pytest.fail(f"The app didn't start:\n{log.read_text()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _launched(script: str, port: int, output: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless=true"]
    options = [f"--server.port={port}", "--server.address=127.0.0.1"]
    with subprocess.Popen(
        command + options, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def _answers(address: str) -> bool:
    """Whether somebody serves there."""
    with suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health"):  # noqa: S310
        return True
    return False


def _serves(process: subprocess.Popen[bytes], address: str) -> bool:
    """Wait for the app; whether it was this one that answered: it ends if the port was taken."""
    until(lambda: process.poll() is not None or _answers(address))
    with suppress(subprocess.TimeoutExpired):
        process.wait(0.5)
    return process.poll() is None


@pytest.fixture(scope="session")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A running app, as it's hosted, with the security headers: its address and process."""
    log = tmp_path_factory.mktemp("server") / "log"
    with started("server.py", log) as (address, process):
        yield address, process.pid


@pytest.fixture(scope="session")
def server(hosted: tuple[str, int]) -> str:
    """The address of the running app."""
    return hosted[0]


@pytest.fixture(scope="module")
def viewer_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page that shows nothing but the viewer; `?case=` says what in it."""
    with started("tests/e2e/alone.py", tmp_path_factory.mktemp("alone") / "log") as (address, _):
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium if there is one, else Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    expect.set_options(timeout=MILLISECONDS)  # a busy machine is no defect
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        _make_patient(chromium)
        yield chromium
        chromium.close()


def _make_patient(browser: Browser) -> None:
    """Give every tab as much time as `expect`: a browser has no such setting for all of its own."""
    opened = browser.new_context

    def new_context(**options: Any) -> BrowserContext:
        context = opened(**options)
        context.set_default_timeout(MILLISECONDS)
        return context

    browser.new_context = new_context  # type: ignore[method-assign]
    browser.new_page = lambda **options: new_context(**options).new_page()  # type: ignore[method-assign]


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A desktop page on the empty app.

    It fails the test if it asks anything outside, or does what the security policy forbids.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    tab = context.new_page()
    outside: list[str] = []
    forbidden: list[str] = []
    tab.on("console", lambda message: note_forbidden(message.text, forbidden))
    tab.on("request", lambda request: _note_outside(request.url, server, outside))
    tab.goto(server)
    yield tab
    context.close()
    assert outside == []
    assert forbidden == []


def note_forbidden(message: str, forbidden: list[str]) -> None:
    """Keep what the browser says about its security policy."""
    if "Content Security Policy" in message or "Refused to" in message:
        forbidden.append(message)


def _note_outside(url: str, server: str, outside: list[str]) -> None:
    own = (server, server.replace("http", "ws"), "data:", "blob:")
    if not url.startswith(own):
        outside.append(url)


@pytest.fixture
def coffee(page: Page) -> Page:
    compare_sample(page, "cup of coffee", 3)
    return page
