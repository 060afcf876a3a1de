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

ROOT = Path(__file__).parents[2]
START_TIMEOUT = 60
QUIET = (
    "--no-sandbox",  # as root, as in containers, Chromium starts only without it
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running app."""
    with serving("app.py", tmp_path_factory.mktemp("server") / "log") as address:
        yield address


@pytest.fixture(scope="module")
def viewer_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page that shows nothing but the viewer; `?case=` says what in it."""
    log = tmp_path_factory.mktemp("alone") / "log"
    with serving("tests/e2e/alone.py", log) as address:
        yield address


@contextmanager
def serving(script: str, log: Path) -> Iterator[str]:
    """Run Streamlit on a script."""
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
            yield address
        finally:
            process.terminate()


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
    expect.set_options(timeout=20_000)  # a busy machine is no defect
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A desktop page on the empty app, which fails the test if it asks anything outside."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    tab = context.new_page()
    outside: list[str] = []
    tab.on("request", lambda request: _note_outside(request.url, server, outside))
    tab.goto(server)
    yield tab
    context.close()
    assert outside == []


def _note_outside(url: str, server: str, outside: list[str]) -> None:
    own = (server, server.replace("http", "ws"), "data:", "blob:")
    if not url.startswith(own):
        outside.append(url)
