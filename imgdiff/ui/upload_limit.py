"""Uploads on their way: let in while there is room, cut when they dawdle, whoever sends them.

What a request announces reserves nothing, as anybody can announce anything: an upload takes room
as its bytes arrive. Should room run short meanwhile, the one that has come least far makes way.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from starlette.requests import ClientDisconnect
from streamlit import config, runtime

from imgdiff.ui.gate import answer
from imgdiff.ui.headers import Scope
from imgdiff.ui.memory import FULL, LIMIT, has_room
from imgdiff.ui.uploads import held_by_sessions, turn_away

_PLACE: Final = "/_stcore/upload_file/"
SHARE_OF_SESSION: Final = 0.5
SHARE_OF_ADDRESS: Final = 0.75
"""Of the server's memory, what uploads of one session, and of all from one address, may take."""
TOO_MUCH: Final = (
    f"The files of one visit may have {LIMIT * SHARE_OF_SESSION / 1e6:.0f} MB together here, but "
    "these have more: remove some of them first, or close other tabs."
)
_FRAMING: Final = 2**16
"""Bytes of a request around the file."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited for whom, and how much at a time.

    Attributes
    ----------
    silence : float
        Seconds without a byte, after which an upload is cut.
    grace : float
        Seconds for which it may be slower than `slowest`.
    slowest : float
        Bytes a second: less than a telephone line of 1998.
    per_session, per_address : int
        Uploads at a time; the next ones wait. A browser sends six.
    queue : float
        Seconds that they wait at most.
    step : int
        Bytes, after which is looked whether there still is room.
    """

    silence: float = 15
    grace: float = 30
    slowest: float = 4000
    per_session: int = 8
    per_address: int = 48
    queue: float = 60
    step: int = 2**20


@dataclass(eq=False, slots=True)
class _Upload:
    """One on its way."""

    session: str
    address: str
    length: int
    began: float = field(default_factory=time.monotonic)
    arrived: int = 0
    looked: int = 0
    cut: HTTPStatus | None = None
    sentence: str = ""


class UploadLimit:
    """ASGI middleware around Streamlit's uploads.

    Streamlit holds each file to ``server.maxUploadSize``, but not all files together, nor the time
    that they take; what a single uploader asks for is up to the browser.
    """

    def __init__(self, app: Scope, patience: Patience = Patience()) -> None:
        self.app = app
        self.patience = patience
        self._coming: list[_Upload] = []
        self._addresses: dict[str, str] = {}
        self._changed = asyncio.Condition()

    async def __call__(self, scope: Scope, receive: Scope, send: Scope) -> None:
        """Pass a request on, unless it is an upload that may not be."""
        session = _session(scope)
        if not session:
            await self.app(scope, receive, send)
            return
        length = _length(scope)
        refused = _refusal(length)
        if refused is not None:
            await answer(send, refused)
            return
        upload = _Upload(session, (scope.get("client") or ("",))[0], length or 0)
        if not await self._enter(upload):
            await answer(send, HTTPStatus.TOO_MANY_REQUESTS)
            return
        try:
            await self._pass_on(upload, scope, receive, send)
        finally:
            await self._leave(upload)

    async def _enter(self, upload: _Upload) -> bool:
        """Wait until the session and the address have few enough on their way."""

        def may_begin() -> bool:
            sessions = Counter(other.session for other in self._coming)
            addresses = Counter(other.address for other in self._coming)
            return (
                sessions[upload.session] < self.patience.per_session
                and addresses[upload.address] < self.patience.per_address
            )

        with suppress(TimeoutError):
            async with self._changed, asyncio.timeout(self.patience.queue):
                await self._changed.wait_for(may_begin)
                self._coming.append(upload)
                return True
        return False

    async def _leave(self, upload: _Upload) -> None:
        async with self._changed:
            self._coming.remove(upload)
            self._changed.notify_all()

    async def _pass_on(self, upload: _Upload, scope: Scope, receive: Scope, send: Scope) -> None:
        """Let Streamlit read the body as it comes; what was cut gets an answer of ours."""
        upload.began = time.monotonic()
        upload.sentence = self._too_much(upload)
        if not upload.sentence and not await asyncio.to_thread(has_room, upload.length):
            upload.sentence = FULL
        upload.cut = HTTPStatus.INSUFFICIENT_STORAGE if upload.sentence else None
        answered = False

        async def watched() -> Scope:
            return await self._next(upload, receive)

        async def noted(message: Scope) -> None:
            nonlocal answered
            if upload.cut is None:
                answered = True
                await send(message)

        if upload.cut is None:
            with suppress(ClientDisconnect):  # cut, or its user has left: nothing for the log
                await self.app(scope, watched, noted)
        if upload.cut is HTTPStatus.INSUFFICIENT_STORAGE and not answered:
            await self._turn_away(upload, receive, send)
        elif upload.cut is not None and not answered:
            await answer(send, upload.cut)

    async def _next(self, upload: _Upload, receive: Scope) -> Scope:
        """The next piece of a body; the end of the connection if the upload is cut."""
        message = await self._heard(upload, receive)
        upload.arrived += len(message.get("body", b""))
        if upload.cut is None and upload.arrived - upload.looked > self.patience.step:
            upload.looked = upload.arrived
            await self._make_room(upload)
        return {"type": "http.disconnect"} if upload.cut is not None else message

    async def _heard(self, upload: _Upload, receive: Scope) -> Scope:
        """What comes next, unless it takes too long."""
        try:
            async with asyncio.timeout(self.patience.silence):
                message = await receive()
        except TimeoutError:
            upload.cut = HTTPStatus.REQUEST_TIMEOUT
            return {"type": "http.disconnect"}
        seconds = time.monotonic() - upload.began - self.patience.grace
        if seconds > 0 and upload.arrived < seconds * self.patience.slowest:
            upload.cut = HTTPStatus.REQUEST_TIMEOUT
        return message

    async def _make_room(self, upload: _Upload) -> None:
        """Where room runs short, let the upload make way that has come least far."""
        step = 2 * self.patience.step
        while upload.cut is None and not await asyncio.to_thread(has_room, step):
            others = [other for other in self._coming if other.cut is None]
            least = min(others, key=lambda other: other.arrived)
            least.cut, least.sentence = HTTPStatus.INSUFFICIENT_STORAGE, FULL

    def _too_much(self, upload: _Upload) -> str:
        """What to tell a session that would hold too much of the server; "" if it wouldn't."""
        self._addresses[upload.session] = upload.address
        held = held_by_sessions()
        self._addresses = {s: a for s, a in self._addresses.items() if s in {*held, upload.session}}
        neighbours = sum(
            size for session, size in held.items() if self._addresses.get(session) == upload.address
        )
        mine = held.get(upload.session, 0) + upload.length
        if (
            mine <= LIMIT * SHARE_OF_SESSION
            and neighbours + upload.length <= LIMIT * SHARE_OF_ADDRESS
        ):
            return ""
        return TOO_MUCH

    async def _turn_away(self, upload: _Upload, receive: Scope, send: Scope) -> None:
        """Let the body pass by, and say that all is well: then the page is run, and tells the user.

        Of any other answer Streamlit's uploader shows nothing but the number.
        """
        turn_away(upload.session, upload.sentence)
        upload.cut = None
        more = True
        while more and upload.cut is None:
            message = await self._heard(upload, receive)
            upload.arrived += len(message.get("body", b""))
            more = bool(message.get("more_body"))
        await answer(send, upload.cut or HTTPStatus.NO_CONTENT)


def _session(scope: Scope) -> str:
    """Whose upload this is; "" for any other request, and for those that Streamlit will refuse."""
    if scope["type"] != "http" or scope["method"] != "PUT" or _PLACE not in scope["path"]:
        return ""
    session: str = scope["path"].partition(_PLACE)[2].partition("/")[0]
    return session if runtime.get_instance().is_active_session(session) else ""


def _length(scope: Scope) -> int | None:
    """Bytes of the body, as the request announces them; the server reads no more than these."""
    value = dict(scope["headers"]).get(b"content-length", b"")
    return int(value) if value.isdigit() and len(value) < 16 else None


def _refusal(length: int | None) -> HTTPStatus | None:
    """Why an upload isn't even listened to."""
    if length is None:
        return HTTPStatus.LENGTH_REQUIRED
    most: int = config.get_option("server.maxUploadSize")
    return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if length > (most << 20) + _FRAMING else None
