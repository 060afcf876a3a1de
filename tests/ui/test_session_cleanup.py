"""The janitor's way into Streamlit is still there."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit import runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from imgdiff.ui import session_cleanup


class Session:
    id = "gone"
    ended = False

    def shutdown(self) -> None:
        self.ended = True


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> tuple[Session, Session]:
    """Tabs closed 50 and 0 s ago, of which each is to be kept for 60."""
    now = 0.0
    storage = MemorySessionStorage(ttl_seconds=60)
    storage._cache._timer = lambda: now  # type: ignore[attr-defined]
    old, young = Session(), Session()
    young.id = "still here"
    storage.save(SimpleNamespace(session=old))  # type: ignore[arg-type]
    now = 50.0
    storage.save(SimpleNamespace(session=young))  # type: ignore[arg-type]
    server = SimpleNamespace(
        _session_mgr=SimpleNamespace(_session_storage=storage),
        _get_async_objs=lambda: SimpleNamespace(
            eventloop=SimpleNamespace(call_soon_threadsafe=lambda call: call())
        ),
    )
    monkeypatch.setattr(runtime, "get_instance", lambda: server)
    return old, young


def test_expired_sessions_are_ended_and_others_are_not(closed: tuple[Session, Session]) -> None:
    old, young = closed
    session_cleanup.clean()
    assert (old.ended, young.ended) == (False, False)
    storage = runtime.get_instance()._session_mgr._session_storage  # type: ignore[attr-defined]
    storage._cache._timer = lambda: 70.0
    session_cleanup.clean()
    assert (old.ended, young.ended) == (True, False)


def test_where_memory_is_short_nobody_who_has_gone_is_waited_for(
    closed: tuple[Session, Session],
) -> None:
    session_cleanup.clean(at_once=True)
    assert [session.ended for session in closed] == [True, True]


def test_streamlit_keeps_its_sessions_where_the_janitor_looks() -> None:
    manager = WebsocketSessionManager(
        session_storage=MemorySessionStorage(),
        uploaded_file_manager=None,  # type: ignore[arg-type]
        script_cache=None,  # type: ignore[arg-type]
        message_enqueued_callback=None,
    )
    assert isinstance(manager._session_storage, MemorySessionStorage)
    assert manager._session_storage._cache.expire() == []  # type: ignore[attr-defined]
    assert hasattr(Runtime, "_get_async_objs")
