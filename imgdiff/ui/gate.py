"""What the server answers at all: to whom, on which paths."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from streamlit import config

from imgdiff.ui.headers import Scope

_METRICS: Final = "/_stcore/metrics"
HEALTH: Final = "/health"
_POLICY: Final = 1008  # of RFC 6455


class Gate:
    """ASGI middleware before all others.

    Streamlit's figures of memory and sessions are nobody's business. Hosts that
    ``server.allowedHosts`` doesn't name are refused for every request but those for health:
    Streamlit asks that of WebSockets alone. And of these, it lets in pages of other ports of the
    same host, where somebody else's program may be.
    """

    def __init__(self, app: Scope) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Scope, send: Scope) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] == "websocket" and _is_from_another_port(scope):
            await send({"type": "websocket.close", "code": _POLICY})
        elif scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"].rstrip("/").endswith(_METRICS):
            await answer(send, HTTPStatus.NOT_FOUND)
        elif not (_is_our_host(scope) or scope["path"].endswith(HEALTH)):
            await answer(send, HTTPStatus.MISDIRECTED_REQUEST)
        elif scope["path"] == HEALTH:
            await answer(send, HTTPStatus.OK, json.dumps(_health()).encode())
        else:
            await self.app(scope, receive, send)


async def answer(send: Scope, status: HTTPStatus, body: bytes = b"") -> None:
    """A whole answer; after an error, what is left of the request isn't waited for."""
    empty = status is HTTPStatus.NO_CONTENT  # which may not even say that it's empty
    headers = [] if empty else [(b"content-length", str(len(body)).encode())]
    if status >= HTTPStatus.BAD_REQUEST:
        headers.append((b"connection", b"close"))
    if body:
        headers.append((b"content-type", b"application/json"))
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _is_our_host(scope: Scope) -> bool:
    """As Streamlit takes ``server.allowedHosts``: names, or ``*.`` and a name; without any, all."""
    allowed: list[str] = config.get_option("server.allowedHosts")
    name, _ = _parted(dict(scope["headers"]).get(b"host", b"").decode("latin-1"))
    return not allowed or any(
        name.endswith(pattern[1:]) if pattern.startswith("*.") else pattern in ("*", name)
        for pattern in (entry.strip().lower().rstrip(".") for entry in allowed)
    )


def _is_from_another_port(scope: Scope) -> bool:
    """Whether a page of the same host, but of another port, opens a WebSocket.

    A proxy may have taken the port out of the host's name; then there is nothing to tell by.
    """
    headers = dict(scope["headers"])
    host, port = _parted(headers.get(b"host", b"").decode("latin-1"))
    origin = urlsplit(headers.get(b"origin", b"").decode("latin-1"))
    name, other = _parted(origin.netloc)
    usual = {"http": "80", "https": "443"}.get(origin.scheme, "")
    return bool(port) and host == name and (other or usual) != port


def _parted(host: str) -> tuple[str, str]:
    """Name and port; "" if there is none."""
    name, colon, port = host.rpartition(":")
    found = (name, port) if colon and port.isdigit() else (host, "")
    return found[0].lower().rstrip("."), found[1]


def _health() -> dict[str, object]:
    """That the server is well, what holds its worker processes, and what these are at."""
    from imgdiff.ui.jobs import POOL  # noqa: PLC0415 (the pool is the page's: made with it)

    held = POOL.protection
    return {
        "status": "ok",
        "workers": [slot.state.name.lower() for slot in POOL.slots],
        "waiting": len(POOL.line),
        "held_by": held.in_words if held else "not known before the first comparison",
    }
