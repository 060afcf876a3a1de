"""The server: what it tells browsers, and what it survives."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import waiting
from tests.visitor import Visitor
from tests.waiting import until

from .conftest import note_forbidden, started
from .doing import AFTER, BEFORE, PATIENCE, upload


@pytest.mark.parametrize("path", ["/", "/methods", "/_stcore/health", "/favicon.png", "/nothing"])
def test_every_answer_has_the_security_headers(server: str, path: str) -> None:
    with urllib.request.urlopen(server + path) as answer:  # noqa: S310 (our own)
        headers = answer.headers
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert "unsafe-inline" not in headers["content-security-policy"].split("script-src")[1][:90]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_policy_is_enforced(browser: Browser, server: str) -> None:
    """So that the other tests can fail: the browser refuses what the policy doesn't allow."""
    page = browser.new_page()
    page.goto(server)
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate(
            "document.head.append(Object.assign("
            "document.createElement('script'), {textContent: 'window.ran = 1'}))"
        )
    assert page.evaluate("window.ran") is None
    page.close()


def test_a_component_of_version_2_loads(browser: Browser, tmp_path: Path) -> None:
    with started("tests/e2e/component/server.py", tmp_path / "log") as (address, _):
        page = browser.new_page()
        forbidden: list[str] = []
        page.on("console", lambda message: note_forbidden(message.text, forbidden))
        page.goto(address)
        greeting = page.get_by_text("Hello, world")
        expect(greeting).to_be_visible(timeout=PATIENCE)
        expect(greeting).to_have_css("color", "rgb(0, 128, 0)")
        page.close()
        assert forbidden == []


def test_the_page_by_itself_runs_as_the_readme_says(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with started("app.py", log) as (address, _), urllib.request.urlopen(address) as answer:  # noqa: S310
        assert answer.status == 200


def _descendants(process: int) -> set[int]:
    answer = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, check=True, text=True)
    children: dict[int, list[int]] = {}
    for line in answer.stdout.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found, new = set(), {process}
    while new:
        new = {child for parent in new for child in children.get(parent, [])}
        found |= new
    return found


def test_a_stopped_server_leaves_nothing_behind(browser: Browser, tmp_path: Path) -> None:
    """SIGTERM amid a comparison."""
    with started("server.py", tmp_path / "log") as (address, process):
        page = browser.new_page()
        page.goto(address)
        upload(page, BEFORE, AFTER)
        family = _descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=waiting.PATIENCE)
        page.close()
    until(lambda: not [child for child in family if Path(f"/proc/{child}").exists()])


def test_a_killed_worker_is_replaced(browser: Browser, tmp_path: Path) -> None:
    with started("server.py", tmp_path / "log") as (address, process):
        page = browser.new_page()
        page.goto(address)
        upload(page, BEFORE, AFTER)
        heading = page.get_by_role("heading", name="3 places changed.")
        expect(heading).to_be_visible(timeout=PATIENCE)
        for child in _descendants(process.pid):
            os.kill(child, signal.SIGKILL)
        page.goto(f"{address}/?method=absdiff")
        page.get_by_role("button", name="Try a sample: web page").click(timeout=PATIENCE)
        expect(page.get_by_role("heading", name="places changed.")).to_be_visible(timeout=PATIENCE)
        page.close()


def test_who_leaves_amid_an_upload_disturbs_nobody(server: str, page: Page) -> None:
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            b"PUT /_stcore/upload_file/none/none HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n"
            b"Content-Length: 1000000\r\n\r\n--x\r\n"
        )
    upload(page, BEFORE, AFTER)
    expect(page.get_by_role("heading", name="3 places changed.")).to_be_visible(timeout=PATIENCE)


def test_who_leaves_amid_a_long_upload_leaves_nothing_behind(server: str) -> None:
    with Visitor(server) as visitor:
        place = visitor.address_for("Before").upload_url
        visitor.put(place, b"\xff\xd8\xff" + bytes(8 * 2**20), part=0.5)
        visitor.choose("Before", BEFORE.read_bytes())
        visitor.choose("After", AFTER.read_bytes())
        visitor.compare()
        assert visitor.wait_for(["changed."], waiting.PATIENCE) == "3 places changed."


def test_a_full_server_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMGDIFF_SERVER_MB", "100")
    with started("server.py", tmp_path / "log") as (address, _), Visitor(address) as visitor:
        assert visitor.choose("Before", bytes(29 * 2**20)) == 204
        visitor.compare()
        sentence = "The server holds as many pictures as it can: try again in a few minutes."
        assert visitor.wait_for(["The server", "picture after"], waiting.PATIENCE) == sentence
