"""Uploads: no more are let in than the server has room for, and each is held once."""

from __future__ import annotations

import asyncio
import time
from http import HTTPStatus

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from imgdiff.ui.headers import Scope
from imgdiff.ui.memory import has_room

_PLACE = "/_stcore/upload_file/"
_TOLD_SECONDS = 20

_turned_away: dict[str, float] = {}
"""Sessions whose upload found no room, and when."""


class UploadLimit:
    """ASGI middleware that lets uploads come to nothing while the server is full.

    Streamlit holds each file to ``server.maxUploadSize``, but not all files together; what a
    single uploader asks for is up to the browser.
    """

    def __init__(self, app: Scope) -> None:
        self.app = app
        self._coming = 0

    async def __call__(self, scope: Scope, receive: Scope, send: Scope) -> None:
        """Pass a request on, unless it's an upload for which there is no room."""
        session = _session(scope)
        if not session:
            await self.app(scope, receive, send)
            return
        length = _length(scope)
        if length is None:
            await _answer(HTTPStatus.LENGTH_REQUIRED, send)
            return
        self._coming += length
        try:
            if await asyncio.to_thread(has_room, self._coming):
                await self.app(scope, receive, send)
                return
        finally:
            self._coming -= length
        await _turn_away(session, receive, send)


def was_turned_away() -> bool:
    """Whether an upload of the session that runs this page has just found no room."""
    context = get_script_run_ctx()
    refused = _turned_away.get(context.session_id, 0.0) if context else 0.0
    return bool(refused) and time.monotonic() - refused < _TOLD_SECONDS


def content_of(file: UploadedFile) -> bytes:
    """What was uploaded: the very bytes that Streamlit holds.

    The file that an uploader returns is a copy of them, made anew in every run; to keep that one
    would take twice the memory.
    """
    context = get_script_run_ctx()
    if context is None:
        return file.getvalue()
    held = context.uploaded_file_mgr.get_files(context.session_id, [file.file_id])
    return held[0].data if held else file.getvalue()


def _session(scope: Scope) -> str:
    """Whose upload this is; "" for any other request, and for those that Streamlit will refuse."""
    if scope["type"] != "http" or scope["method"] != "PUT" or _PLACE not in scope["path"]:
        return ""
    session: str = scope["path"].partition(_PLACE)[2].partition("/")[0]
    return session if runtime.get_instance().is_active_session(session) else ""


def _length(scope: Scope) -> int | None:
    """Bytes of the body, as the request announces them; the server reads no more than these."""
    value = dict(scope["headers"]).get(b"content-length", b"")
    return int(value) if value.isdigit() else None


async def _turn_away(session: str, receive: Scope, send: Scope) -> None:
    """Let the body pass by, and say that all is well: then the page is run, and tells the user.

    Of any other answer Streamlit's uploader shows nothing but the number.
    """
    while (await receive()).get("more_body"):
        pass
    now = time.monotonic()
    for other in [s for s, told in _turned_away.items() if now - told > _TOLD_SECONDS]:
        del _turned_away[other]
    _turned_away[session] = now
    await _answer(HTTPStatus.NO_CONTENT, send)


async def _answer(status: HTTPStatus, send: Scope) -> None:
    await send({"type": "http.response.start", "status": int(status), "headers": []})
    await send({"type": "http.response.body", "body": b""})
