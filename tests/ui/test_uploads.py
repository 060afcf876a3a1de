"""Uploads: let in only while there is room, held once, and never on disk."""

from __future__ import annotations

import asyncio
import errno
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from imgdiff.errors import WorkError
from imgdiff.ui import memory, uploads
from imgdiff.ui.uploads import UploadLimit

ROOM = 1000
T = TypeVar("T")
Send = Callable[[dict[str, Any]], Awaitable[None]]


@pytest.fixture(autouse=True)
def _a_server_with_little_room(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One session is there, and the process holds nothing yet."""
    server = SimpleNamespace(is_active_session=lambda session: session == "here")
    monkeypatch.setattr(runtime, "get_instance", lambda: server)
    monkeypatch.setattr(memory, "LIMIT", ROOM)
    monkeypatch.setattr(memory, "_PAUSES", ())
    monkeypatch.setattr(memory, "_held", lambda: 0)
    yield
    uploads._turned_away.clear()


def run(task: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: the browser tests' loop lives on in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, task).result()


def put(limit: UploadLimit, length: str, *, session: str = "here") -> int:
    """The status with which an upload ends."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "PUT",
        "path": f"/_stcore/upload_file/{session}/file",
        "headers": [(b"content-length", length.encode())] if length else [],
    }
    run(limit(scope, receive, send))
    return int(sent[0]["status"])


class App:
    """What lies behind the limit: takes all."""

    def __init__(self) -> None:
        self.taken = 0

    async def __call__(self, _scope: object, _receive: object, send: Send) -> None:
        self.taken += 1
        await send({"type": "http.response.start", "status": 201, "headers": []})


def told(session: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    context = SimpleNamespace(session_id=session)
    monkeypatch.setattr(uploads, "get_script_run_ctx", lambda: context)
    return uploads.was_turned_away()


def test_uploads_are_let_in_while_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    app = App()
    limit = UploadLimit(app)
    assert put(limit, str(ROOM)) == 201
    assert put(limit, str(ROOM + 1)) == 204
    assert app.taken == 1
    assert told("here", monkeypatch)
    assert not told("elsewhere", monkeypatch)
    assert put(limit, str(ROOM)) == 201, "what was turned away takes no room"


def test_uploads_still_on_their_way_count() -> None:
    meanwhile: list[int] = []

    async def app(_scope: object, _receive: object, send: Send) -> None:
        if not meanwhile:
            meanwhile.append(0)
            meanwhile[0] = await asyncio.to_thread(put, limit, "600")
        await send({"type": "http.response.start", "status": 201, "headers": []})

    limit = UploadLimit(app)
    assert put(limit, "600") == 201
    assert meanwhile == [204]


def test_an_upload_must_say_how_long_it_is() -> None:
    app = App()
    assert put(UploadLimit(app), "") == 411
    assert put(UploadLimit(app), "-5") == 411
    assert app.taken == 0


def test_other_requests_pass() -> None:
    app = App()
    assert put(UploadLimit(app), "", session="never heard of") == 201
    assert app.taken == 1


def test_what_is_large_and_new_needs_room_too() -> None:
    memory.check_room(ROOM)
    with pytest.raises(WorkError, match="as many pictures as it can"):
        memory.check_room(ROOM + 1)


def test_what_was_uploaded_is_held_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The uploader's file is a copy, of which nothing may stay."""
    manager = MemoryUploadedFileManager("")
    record = UploadedFileRec("id", "a.png", "image/png", bytes(2000))
    manager.add_file("here", record)
    context = SimpleNamespace(session_id="here", uploaded_file_mgr=manager)
    monkeypatch.setattr(uploads, "get_script_run_ctx", lambda: context)
    copy = UploadedFile(UploadedFileRec("id", "a.png", "image/png", bytes(2000)), None)  # type: ignore[arg-type]
    assert uploads.content_of(copy) is record.data
    manager.remove_file("here", "id")
    assert uploads.content_of(copy) == record.data


def test_uploads_are_never_written_to_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """However large: so a full disk does no harm."""
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 1)
    memory.keep_tidy()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    assert run(_received(bytes(3 * 2**20))) == bytes(3 * 2**20)


async def _received(content: bytes) -> bytes:
    """What Starlette makes of an upload, as Streamlit has it do."""
    head = b"--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n"

    async def receive() -> dict[str, Any]:
        body = head + content + b"\r\n--x--\r\n"
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    form = await Request({"type": "http", "headers": headers}, receive).form()
    file = form["file"]
    assert isinstance(file, UploadFile)
    try:
        return await file.read()
    finally:
        await file.close()
