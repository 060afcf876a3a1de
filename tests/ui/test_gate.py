"""What the server answers, and to whom; connections that never come to the point are closed."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import h11
import pytest
import streamlit
from streamlit import config, runtime
from uvicorn.protocols.http.h11_impl import H11Protocol

from imgdiff.ui import connections, media
from imgdiff.ui.gate import Gate
from imgdiff.ui.headers import SecurityHeaders, security_headers
from tests.ui.test_uploads import run


async def answered(gate: object, scope: dict[str, Any]) -> dict[str, Any]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await gate(scope, None, send)  # type: ignore[operator]
    return sent[0]


async def app(scope: dict[str, Any], _: object, send: Any) -> None:  # noqa: ANN401
    kind = "websocket.accept" if scope["type"] == "websocket" else "http.response.start"
    await send({"type": kind, "status": 200, "headers": []})


def ask(path: str, *, host: str = "localhost:8501", origin: str = "", kind: str = "http") -> Any:  # noqa: ANN401
    headers = [(b"host", host.encode()), (b"origin", origin.encode())]
    found = run(answered(Gate(app), {"type": kind, "path": path, "headers": headers}))
    return found["type"] if kind == "websocket" else found["status"]


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/base/_stcore/metrics"])
def test_figures_of_the_server_are_nobodys_business(path: str) -> None:
    assert ask(path) == 404
    assert ask("/") == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("app.example.com", 200),
        ("APP.example.com.:8501", 200),
        ("a.b.example.org", 200),
        ("example.org", 421),
        ("evil.test", 421),
        ("127.0.0.1:8501", 421),
    ],
)
def test_other_hosts_are_refused(host: str, status: int) -> None:
    before = config.get_option("server.allowedHosts")
    config.set_option("server.allowedHosts", ["app.example.com", "*.example.org"])
    try:
        assert ask("/", host=host) == status
        assert ask("/_stcore/health", host=host) == 200
    finally:
        config.set_option("server.allowedHosts", before)


@pytest.mark.parametrize(
    ("host", "origin", "kind"),
    [
        ("localhost:8501", "http://localhost:8501", "websocket.accept"),
        ("localhost:8501", "http://localhost:3000", "websocket.close"),
        ("localhost:8501", "http://localhost", "websocket.close"),
        ("localhost:80", "http://localhost", "websocket.accept"),
        ("app.example.com", "https://app.example.com:8443", "websocket.accept"),
        ("app.example.com:443", "https://app.example.com", "websocket.accept"),
        ("localhost:8501", "", "websocket.accept"),
    ],
)
def test_pages_of_other_ports_open_no_websocket(host: str, origin: str, kind: str) -> None:
    assert ask("/_stcore/stream", host=host, origin=origin, kind="websocket") == kind


def test_pictures_are_kept_by_nobody_and_pages_connect_to_their_server_alone() -> None:
    async def of(path: str) -> dict[bytes, bytes]:
        scope = {"type": "http", "path": path}
        return dict((await answered(SecurityHeaders(app), scope))["headers"])

    assert run(of("/media/abc.png"))[b"cache-control"] == b"private, no-store"
    assert b"cache-control" not in run(of("/static/js/x.js"))
    policy = security_headers()[b"content-security-policy"].decode()
    assert "connect-src 'self' blob:;" in policy


def test_an_address_cannot_be_told_from_the_content(monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []

    def add(_data: bytes, _mime: str, _place: str, *, file_name: str) -> str:
        names.append(file_name)
        return f"/media/{file_name}"

    server = SimpleNamespace(media_file_mgr=SimpleNamespace(add=add))
    monkeypatch.setattr(runtime, "get_instance", lambda: server)
    states: tuple[dict[str, Any], ...] = ({}, {})
    for state in (*states, states[0]):
        monkeypatch.setattr(streamlit, "session_state", state)
        media.address_of(b"picture", slot="a")
    assert names[0] == names[2] != names[1]


class Transport:
    """A connection that notes whether it was closed."""

    def __init__(self) -> None:
        self.closed = False
        self.protocol: object = None

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def get_protocol(self) -> object:
        return self.protocol


@pytest.mark.parametrize(
    ("state", "cycle", "last", "closed"),
    [
        (h11.IDLE, None, None, True),
        (h11.IDLE, "request", None, False),
        (h11.IDLE, "request", "request", True),
        (h11.SEND_BODY, "request", "request", False),
        (h11.DONE, "request", "request", False),
    ],
)
def test_who_waits_to_come_to_the_point_is_closed(
    state: object, cycle: str | None, last: str | None, closed: bool
) -> None:
    transport = Transport()
    protocol = SimpleNamespace(
        transport=transport,
        cycle=cycle,
        conn=SimpleNamespace(their_state=state),
        loop=SimpleNamespace(call_later=lambda *_: None),
    )
    transport.protocol = protocol
    connections._look(protocol, last, 10)  # type: ignore[arg-type]
    assert transport.closed == closed


def test_uvicorn_is_where_we_reach_into_it() -> None:
    """A server of ours closes a connection that says nothing, and answers one that does."""

    async def served() -> tuple[bytes, bytes]:
        import uvicorn  # noqa: PLC0415

        made = H11Protocol.connection_made
        connections.close_the_silent(0.2)
        try:
            quiet = {"log_config": None, "lifespan": "off"}
            settings = uvicorn.Config(_hello, host="127.0.0.1", port=0, **quiet)  # type: ignore[arg-type]
            server = uvicorn.Server(settings)
            task = asyncio.create_task(server.serve())
            while not server.started:
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            silent, other = await asyncio.open_connection("127.0.0.1", port)
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            found = await reader.read(12), await asyncio.wait_for(silent.read(), 20)
            for end in (writer, other):
                end.close()
                await end.wait_closed()
            server.should_exit = True
            await task
            return found
        finally:
            H11Protocol.connection_made = made  # type: ignore[method-assign]

    assert run(served()) == (b"HTTP/1.1 200", b"")


async def _hello(_scope: object, _receive: object, send: Any) -> None:  # noqa: ANN401
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}
    )
    await send({"type": "http.response.body", "body": b""})
