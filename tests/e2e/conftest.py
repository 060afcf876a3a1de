"""The app on a loopback port, and a real Chromium."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from .doing import compare_sample

ROOT = Path(__file__).parents[2]
START_TIMEOUT = 60
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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless=true"]
    options = [f"--server.port={port}", "--server.address=127.0.0.1"]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command + options, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, process, log)
            yield address, process
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running app, as it's hosted: with the security headers."""
    with started("server.py", tmp_path_factory.mktemp("server") / "log") as (address, _):
        yield address


@pytest.fixture(scope="module")
def viewer_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page that shows nothing but the viewer; `?case=` says what in it."""
    with started("tests/e2e/alone.py", tmp_path_factory.mktemp("alone") / "log") as (address, _):
        yield address


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers; fail with its log if it doesn't."""
    end = time.monotonic() + START_TIMEOUT
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health"):  # noqa: S310 (our own)
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"The app didn't start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium if there is one, else Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    expect.set_options(timeout=60_000)  # a busy machine is no defect
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()


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
    tab.set_default_timeout(60_000)
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
