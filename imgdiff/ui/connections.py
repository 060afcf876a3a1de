"""Connections that never come to the point are closed.

Uvicorn waits for ever for the head of a request, and Streamlit offers no setting for it: this is
the one module that reaches into it, and `tests/ui/test_connections.py` tells when it has moved.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from functools import wraps
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS: Final = 10
"""In which the head of a request must have come; browsers send it at once."""


def close_the_silent(seconds: float = HEAD_SECONDS) -> None:
    """From now on, close connections whose next request doesn't come in time."""
    made = getattr(H11Protocol.connection_made, "__wrapped__", H11Protocol.connection_made)

    @wraps(made)
    def connection_made(self: H11Protocol, transport: asyncio.Transport) -> None:
        made(self, transport)
        self.loop.call_later(seconds, _look, self, None, seconds)

    H11Protocol.connection_made = connection_made  # type: ignore[method-assign]


def allow_many_connections() -> None:
    """Let the process have as many descriptors as the system grants: each connection takes one."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 (there is none on Windows)

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _look(protocol: H11Protocol, last: object, seconds: float) -> None:
    """Close the connection if it still waits for the same request as at the last look."""
    transport = protocol.transport
    if transport.is_closing() or transport.get_protocol() is not protocol:
        return
    request = protocol.cycle or protocol
    first_is_missing = protocol.cycle is None
    if protocol.conn.their_state is h11.IDLE and (first_is_missing or request is last):
        transport.close()
        return
    protocol.loop.call_later(seconds, _look, protocol, request, seconds)
