"""The rule against jumps is put into Streamlit's page, and into nothing else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from imgdiff.ui.first_paint import FirstPaint
from imgdiff.ui.headers import Scope


@pytest.mark.parametrize(
    ("kind", "status", "is_page"),
    [
        ("text/html; charset=utf-8", 200, True),
        ("text/html", 404, False),
        ("image/png", 200, False),
    ],
)
def test_pages_alone_get_the_rule(kind: str, status: int, is_page: bool) -> None:
    async def app(_scope: Scope, _receive: Scope, send: Scope) -> None:
        headers = [(b"content-type", kind.encode()), (b"content-length", b"26")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"<head></he", "more_body": True})
        await send({"type": "http.response.body", "body": b"ad><body></body>"})

    told: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    asyncio.run(FirstPaint(app)({"type": "http", "method": "GET"}, None, send))
    body = b"".join(message.get("body", b"") for message in told)
    assert (b"imgdiff-skip" in body) == is_page
    assert body.endswith(b"</head><body></body>")
    assert dict(told[0]["headers"])[b"content-length"] == str(len(body)).encode()
