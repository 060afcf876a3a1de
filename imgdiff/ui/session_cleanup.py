"""Forgets the uploads of users who have gone.

Streamlit keeps a closed tab's session for a while (`server.disconnectedSessionTTL`), in case it
comes back, but looks for expired ones only when another tab is closed. So after a busy hour, all of
its uploads would stay. There is no public way in: this is the one module that takes the back door,
and `tests/ui/test_session_cleanup.py` tells when it has moved.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import cache

from streamlit import runtime
from streamlit.runtime.runtime import Runtime

from imgdiff import allocator

_ROUND_SECONDS = 15
_MOMENT = 2
"""Seconds to wait at most for a server that is busy."""


@cache
def start() -> None:
    """Have a thread look for expired sessions from now on; further calls change nothing."""
    if _serves():
        threading.Thread(target=_go_round, name="session cleanup", daemon=True).start()


def _go_round() -> None:
    pause = threading.Event()
    while _serves():
        pause.wait(_ROUND_SECONDS)
        with suppress(RuntimeError):  # the server is about to stop
            clean()


def _serves() -> bool:
    """Whether this is a server, and not a page in a test, whose runtime is a puppet."""
    return runtime.exists() and isinstance(runtime.get_instance(), Runtime)


def clean(*, at_once: bool = False) -> None:
    """End the sessions that have expired, on the server's own thread, as Streamlit would.

    Parameters
    ----------
    at_once : bool
        End all whose tab is closed, expired or not, and wait until it's done; not to be asked
        for on the server's own thread.
    """
    server = runtime.get_instance()
    storage = server._session_mgr._session_storage._cache  # type: ignore[attr-defined]
    done = threading.Event()

    def expire() -> None:
        gone = [closed for _, closed in storage.expire()]
        if at_once:
            gone += [storage.pop(session) for session in list(storage)]
        for closed in gone:
            closed.session.shutdown()
        if gone:
            allocator.return_freed()
        done.set()

    server._get_async_objs().eventloop.call_soon_threadsafe(expire)
    if at_once:
        done.wait(_MOMENT)
