"""What the server tells browsers to allow: nothing from outside, no guessing, no framing."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import streamlit

Scope: TypeAlias = Any
"""ASGI's own types are dictionaries and coroutines: the specification is at asgi.readthedocs.io."""

_MEDIA = "/media/"
_PRIVATE = {b"cache-control": b"private, no-store"}
"""Of what users look at, no proxy and no disk keeps a copy."""

_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


class SecurityHeaders:
    """ASGI middleware that adds the headers to every answer over HTTP."""

    def __init__(self, app: Scope) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Scope, send: Scope) -> None:
        """Pass a request on, and its answer back with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Scope) -> None:
            if message["type"] == "http.response.start":
                ours = security_headers() | (_PRIVATE if _MEDIA in scope["path"] else {})
                others = [pair for pair in message["headers"] if pair[0].lower() not in ours]
                message = {**message, "headers": [*others, *ours.items()]}
            await send(message)

        await self.app(scope, receive, send_with_headers)


@cache
def security_headers() -> dict[bytes, bytes]:
    """Names in lower case, and values."""
    headers = {
        "content-security-policy": _policy(),
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",  # for browsers that don't know frame-ancestors
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
    }
    return {name.encode(): value.encode() for name, value in headers.items()}


def _policy() -> str:
    """A content security policy under which Streamlit and its components work.

    To connect to "self" includes WebSockets of the same host and port. Components of version 2
    are modules from blobs; Streamlit styles its page inline.
    """
    scripts = " ".join(["'self'", "blob:", *_inline_scripts()])
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' blob:",
            "media-src 'self' blob:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def _inline_scripts() -> list[str]:
    """Digests of the scripts within Streamlit's page, which change with its version."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    digests = (hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(page))
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
