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
from starlette.requests import ClientDisconnect, Request
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from imgdiff.errors import WorkError
from imgdiff.ui import memory, upload_limit, uploads
from imgdiff.ui.upload_limit import Patience, UploadLimit

ROOM = 1000
T = TypeVar("T")
Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
HASTY = Patience(silence=0.05, grace=0.2, slowest=1e9, queue=0.1, per_session=2, step=100)


@pytest.fixture(autouse=True)
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, dict[str, Any]]]:
    """One session is there, and the process holds nothing but what Streamlit holds of uploads."""
    files: dict[str, dict[str, Any]] = {}
    server = SimpleNamespace(
        is_active_session=lambda session: session.startswith("here"),
        uploaded_file_mgr=SimpleNamespace(file_storage=files),
    )
    monkeypatch.setattr(runtime, "get_instance", lambda: server)
    for module in (memory, upload_limit):
        monkeypatch.setattr(module, "LIMIT", ROOM)
    monkeypatch.setattr(memory, "_PAUSES", ())
    monkeypatch.setattr(memory, "_held", lambda: 0)
    yield files
    uploads._turned_away.clear()


def run(task: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: the browser tests' loop lives on in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, task).result()


def scope_of(length: str, session: str = "here", address: str = "1.2.3.4") -> Message:
    return {
        "type": "http",
        "method": "PUT",
        "path": f"/_stcore/upload_file/{session}/file",
        "headers": [(b"content-length", length.encode())] if length else [],
        "client": (address, 1),
    }


async def whole() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def never() -> Message:
    await asyncio.sleep(3600)
    return await whole()


async def status_of(limit: UploadLimit, scope: Message, receive: Receive = whole) -> int:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await limit(scope, receive, send)
    return int(sent[0]["status"]) if sent else 0


def put(app: object, length: str, *, session: str = "here") -> int:
    """The status with which an upload ends."""
    return run(status_of(UploadLimit(app), scope_of(length, session)))


class App:
    """What lies behind the limit: takes all, as Streamlit does."""

    def __init__(self) -> None:
        self.taken = 0

    async def __call__(self, _scope: object, receive: Receive, send: Send) -> None:
        self.taken += 1
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 201, "headers": []})


def told(session: str, monkeypatch: pytest.MonkeyPatch) -> str:
    context = SimpleNamespace(session_id=session)
    monkeypatch.setattr(uploads, "get_script_run_ctx", lambda: context)
    return uploads.told_of_upload()


def test_uploads_are_let_in_while_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    app = App()
    assert put(app, "500") == 201
    monkeypatch.setattr(memory, "_held", lambda: 600)
    assert put(app, "500") == 204
    assert app.taken == 1
    assert "as many pictures as it can" in told("here", monkeypatch)
    assert not told("elsewhere", monkeypatch)
    assert put(app, "400") == 201, "what was turned away takes no room"


def test_a_length_beyond_all_limits_is_refused_before_a_byte_is_read() -> None:
    app = App()
    ten_gigabytes = scope_of(str(10**10))
    assert run(status_of(UploadLimit(app), ten_gigabytes, never)) == 413
    assert app.taken == 0


def test_what_is_only_announced_takes_no_room() -> None:
    """43 connections that send nothing once kept everybody else out."""

    async def attacked() -> int:
        limit = UploadLimit(App(), Patience(silence=30, per_session=100, per_address=100))
        idle = [
            asyncio.create_task(
                status_of(limit, scope_of("400", f"here {number}", "6.6.6.6"), never)
            )
            for number in range(43)
        ]
        await asyncio.sleep(0.05)
        status = await status_of(limit, scope_of("400"))
        for task in idle:
            task.cancel()
        return status

    assert run(attacked()) == 201


def test_who_sends_nothing_is_cut_without_a_word_in_the_log() -> None:
    app = App()
    assert run(status_of(UploadLimit(app, HASTY), scope_of("400"), never)) == 408
    assert app.taken == 1


def test_who_dawdles_is_cut() -> None:
    async def drop() -> Message:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b".", "more_body": True}

    assert run(status_of(UploadLimit(App(), HASTY), scope_of("400"), drop)) == 408


def test_who_hangs_up_gets_no_answer_and_leaves_no_error() -> None:
    async def gone() -> Message:
        return {"type": "http.disconnect"}

    assert run(status_of(UploadLimit(App()), scope_of("400"), gone)) == 0


def test_a_session_sends_so_many_at_a_time_and_the_next_wait() -> None:
    async def crowded() -> tuple[int, int]:
        limit = UploadLimit(App(), HASTY)
        limit._coming = [upload_limit._Upload("here", "", 1) for _ in range(2)]
        refused = await status_of(limit, scope_of("400"))
        waiting = asyncio.create_task(status_of(limit, scope_of("400")))
        await asyncio.sleep(0.02)
        await limit._leave(limit._coming[0])
        return refused, await waiting

    assert run(crowded()) == (429, 201)


def test_the_upload_that_has_come_least_far_makes_way(monkeypatch: pytest.MonkeyPatch) -> None:
    async def short() -> tuple[bool, bool]:
        limit = UploadLimit(App(), HASTY)
        far, near = (upload_limit._Upload("here", "", 500, arrived=part) for part in (400, 200))
        limit._coming = [far, near]
        monkeypatch.setattr(upload_limit, "has_room", lambda _: near.cut is not None)
        await limit._make_room(far)
        return far.cut is None, near.cut is not None

    assert run(short()) == (True, True)


@pytest.mark.parametrize(
    ("owner", "size", "status"),
    [("here", 200, 204), ("here", 50, 201), ("here 2", 500, 204), ("here 2", 300, 201)],
)
def test_one_session_or_address_doesnt_fill_the_server(
    held: dict[str, dict[str, Any]],
    owner: str,
    size: int,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def second() -> int:
        limit = UploadLimit(App())
        held[owner] = {"file": SimpleNamespace(data=bytes(size))}
        limit._addresses[owner] = "1.2.3.4"
        return await status_of(limit, scope_of("400"))

    assert run(second()) == status
    assert ("The files of one visit may have" in told("here", monkeypatch)) == (status == 204)


def test_an_upload_must_say_how_long_it_is() -> None:
    app = App()
    assert put(app, "") == 411
    assert put(app, "-5") == 411
    assert app.taken == 0


def test_other_requests_pass() -> None:
    app = App()
    assert put(app, "", session="never heard of") == 201
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
