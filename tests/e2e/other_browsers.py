"""Firefox and WebKit, steered by what each of them speaks itself: WebDriver BiDi, and WebDriver.

Playwright has builds of its own of both, which no distribution has; these are Debian's.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from websockets.sync.client import ClientConnection, connect

from tests.waiting import PATIENCE, until

from .conftest import free_port

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
WEBKIT = shutil.which("WebKitWebDriver")
XVFB = shutil.which("Xvfb")
_MINI_BROWSERS = "usr/lib*/**/webkit2gtk-4.1/MiniBrowser"
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The name that W3C's WebDriver gives to references to elements."""


class Steered(Protocol):
    """A browser with one page in it."""

    def open(self, address: str) -> None:
        """Go to an address."""

    def run(self, script: str) -> Any:  # noqa: ANN401 (whatever JSON knows)
        """Evaluate an expression on the page, and return its value."""

    def give(self, selector: str, files: list[Path]) -> None:
        """Choose files in an input."""

    def press(self, key: str) -> None:
        """Press a key, wherever the focus is."""


class Firefox:
    """Over WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/)."""

    def __init__(self, pipe: ClientConnection) -> None:
        self._pipe, self._sent = pipe, 0
        self._call("session.new", capabilities={})
        self._context = self._call("browsingContext.getTree")["contexts"][0]["context"]

    def open(self, address: str) -> None:
        self._call("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def run(self, script: str) -> Any:  # noqa: ANN401
        answer = self._evaluated(f"JSON.stringify({script}) ?? 'null'")
        return json.loads(answer["result"]["value"])

    def give(self, selector: str, files: list[Path]) -> None:
        node = self._evaluated(f"document.querySelector({selector!r})")["result"]
        paths = [str(file) for file in files]
        element = {"sharedId": node["sharedId"]}
        self._call("input.setFiles", context=self._context, element=element, files=paths)

    def press(self, key: str) -> None:
        keys = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        actions = [{"type": "key", "id": "keys", "actions": keys}]
        self._call("input.performActions", context=self._context, actions=actions)

    def _evaluated(self, expression: str) -> dict[str, Any]:
        target = {"context": self._context}
        answer = self._call(
            "script.evaluate", expression=expression, target=target, awaitPromise=True
        )
        assert answer["type"] == "success", answer
        return answer

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._sent += 1
        self._pipe.send(json.dumps({"id": self._sent, "method": method, "params": parameters}))
        while True:
            answer: dict[str, Any] = json.loads(self._pipe.recv(PATIENCE))
            if answer.get("id") == self._sent:
                assert answer["type"] == "success", answer
                result: dict[str, Any] = answer["result"]
                return result


class WebKit:
    """Over WebDriver (https://www.w3.org/TR/webdriver2/)."""

    def __init__(self, driver: str) -> None:
        binary = str(next(Path("/").glob(_MINI_BROWSERS)))
        options = {"binary": binary, "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self._session = ""
        self._driver = driver
        begun = self._post("/session", capabilities=wanted)
        self._session = f"/session/{begun['sessionId']}"

    def open(self, address: str) -> None:
        self._post("/url", url=address)

    def run(self, script: str) -> Any:  # noqa: ANN401
        return self._post("/execute/sync", script=f"return {script};", args=[])

    def give(self, selector: str, files: list[Path]) -> None:
        found = self._post("/element", using="css selector", value=selector)
        text = "\n".join(str(file) for file in files)
        self._post(f"/element/{found[_ELEMENT]}/value", text=text)

    def press(self, key: str) -> None:
        keys = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._post("/actions", actions=[{"type": "key", "id": "keys", "actions": keys}])

    def end(self) -> None:
        """Close the browser."""
        request = urllib.request.Request(self._driver + self._session, method="DELETE")  # noqa: S310
        urllib.request.urlopen(request, timeout=PATIENCE).close()  # noqa: S310

    def _post(self, place: str, **body: object) -> Any:  # noqa: ANN401
        address = self._driver + self._session + place
        data = json.dumps(body).encode()
        with urllib.request.urlopen(address, data, timeout=PATIENCE) as answer:  # noqa: S310
            return json.load(answer)["value"]


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """A Firefox with a profile of its own in `folder`."""
    assert FIREFOX
    log = folder / "firefox.log"
    command = [FIREFOX, "--headless", "--no-remote", "--profile", str(folder)]
    with _running([*command, "--remote-debugging-port=0"], log):
        pipe = _told(log, r"WebDriver BiDi listening on (ws://\S+)")
        with connect(f"{pipe}/session", max_size=None) as connection:
            yield Firefox(connection)


@contextmanager
def webkit(folder: Path) -> Iterator[WebKit]:
    """A MiniBrowser of WebKitGTK, on a screen that nobody sees."""
    assert WEBKIT
    assert XVFB
    screen, log = folder / "screen", folder / "webkit.log"
    with ExitStack() as stack:
        server = [XVFB, "-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
        stack.enter_context(_running(server, screen))
        display = _told(screen, r"^(\d+)$")
        environment = {"DISPLAY": f":{display}", "WEBKIT_DISABLE_DMABUF_RENDERER": "1"}
        port = free_port()
        driver = [WEBKIT, "--host=127.0.0.1", f"--port={port}"]
        stack.enter_context(_running(driver, log, environment))
        address = f"http://127.0.0.1:{port}"
        until(lambda: _is_there(address))
        browser = WebKit(address)
        stack.callback(browser.end)
        yield browser


@contextmanager
def _running(
    command: list[str], log: Path, environment: dict[str, str] | None = None
) -> Iterator[None]:
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        ) as process,
    ):
        try:
            yield
        finally:
            process.terminate()


def _is_there(address: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"{address}/status"):  # noqa: S310
        return True
    return False


def _told(log: Path, pattern: str) -> str:
    """What a program says of itself, once it does."""
    found = until(lambda: re.search(pattern, log.read_text(errors="replace"), re.MULTILINE))
    assert found, log.read_text(errors="replace")
    return str(found[1])
