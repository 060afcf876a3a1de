"""A user without a browser: speaks with the server as Streamlit's page does.

Twenty browsers on the machine that also runs the server would measure the browsers.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs, UploadedFileInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from .waiting import PATIENCE

_COOKIE = "_streamlit_xsrf"
SIDES = ("Before", "After")
ARCHIVE = ("Pictures, or a ZIP of them",)
"""Labels of uploaders, on the pages Compare and Similar."""
_EDGE = "visitor-7f3c"
_LARGEST_MESSAGE = 2**25


class Visitor:
    """A tab on the compare page, or another one; leaving the block closes it.

    Attributes
    ----------
    said : list of str
        Every sentence the page has shown so far: headings, texts, errors, and what is being done.
    """

    def __init__(self, address: str, *, page: str = "", uploaders: tuple[str, ...] = SIDES) -> None:
        self.said: list[str] = []
        self._page = page
        self._labels = uploaders
        self._host = urlsplit(address).netloc
        self._uploaders: dict[str, str] = {}
        self._chosen: dict[str, UploadedFileInfo] = {}
        self._session = ""
        self._token = self._cookie()

    def __enter__(self) -> Self:
        self._connection = connect(
            f"ws://{self._host}/_stcore/stream",
            additional_headers={"Cookie": f"{_COOKIE}={self._token}"},
            origin=Origin(f"http://{self._host}"),
            subprotocols=[Subprotocol("streamlit"), Subprotocol(self._token)],
            max_size=_LARGEST_MESSAGE,
            ping_timeout=None,
        )
        self._socket = self._connection.__enter__()
        self._rerun()
        self.wait_until_done()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connection.__exit__(kind, error, traceback)

    def choose(self, side: str, data: bytes, *, name: str = "") -> int:
        """Upload a file as Before or After, in place of the last; its status, 204 if all's well."""
        if side in self._chosen:
            self._send("DELETE", self._chosen.pop(side).file_urls.delete_url)
        urls = self.address_for(side)
        status = self.put(urls.upload_url, data, name=name or "p.jpg")
        if status == http.client.NO_CONTENT:
            name = name or f"{side}.jpg"
            self._chosen[side] = UploadedFileInfo(
                file_id=urls.file_id, name=name, size=len(data), file_urls=urls
            )
        return status

    def compare(self) -> None:
        """Have the page run with what was chosen."""
        self._rerun()

    def address_for(self, name: str) -> FileURLs:
        """Where the server wants a file."""
        message = BackMsg()
        message.file_urls_request.request_id = name
        message.file_urls_request.session_id = self._session
        message.file_urls_request.file_names.append(name)
        self._socket.send(message.SerializeToString())
        for answer in self._messages(PATIENCE):
            if answer.WhichOneof("type") == "file_urls_response":
                urls: FileURLs = answer.file_urls_response.file_urls[0]
                return urls
        raise TimeoutError

    def put(self, url: str, data: bytes, *, part: float = 1, name: str = "p.jpg") -> int:
        """Send a file, or the first `part` of it and then hang up; the status, 0 if none."""
        head = (
            f"--{_EDGE}\r\nContent-Disposition: form-data; name=file; filename={name}\r\n"
            "Content-Type: image/jpeg\r\n\r\n"
        ).encode()
        body = head + data + f"\r\n--{_EDGE}--\r\n".encode()
        try:
            return self._send("PUT", url, body, part=part)
        except OSError:  # it was refused before all was sent
            return 0

    def _send(self, method: str, url: str, body: bytes = b"", *, part: float = 1) -> int:
        connection = http.client.HTTPConnection(self._host, timeout=PATIENCE)
        try:
            connection.putrequest(method, url)
            connection.putheader("Content-Type", f"multipart/form-data; boundary={_EDGE}")
            connection.putheader("Content-Length", str(len(body)))
            connection.putheader("Cookie", f"{_COOKIE}={self._token}")
            connection.putheader("X-Xsrftoken", self._token)
            connection.endheaders()
            connection.send(memoryview(body)[: round(part * len(body))])
            return connection.getresponse().status if part == 1 else 0
        finally:
            connection.close()

    def wait_for(self, words: Iterable[str], seconds: float) -> str:
        """The first sentence that contains one of `words`; TimeoutError if none comes."""
        wanted, seen = tuple(words), 0
        end = time.monotonic() + seconds
        while True:
            for sentence in self.said[seen:]:
                if any(word in sentence for word in wanted):
                    return sentence
            seen = len(self.said)
            next(self._messages(max(0.0, end - time.monotonic())))

    def wait_until_done(self, seconds: float = PATIENCE) -> None:
        """Wait until the page has been run to its end."""
        for message in self._messages(seconds):
            if message.WhichOneof("type") == "script_finished":
                return

    def _cookie(self) -> str:
        connection = http.client.HTTPConnection(self._host, timeout=PATIENCE)
        connection.request("GET", "/_stcore/health")
        cookies = connection.getresponse().headers.get_all("Set-Cookie") or []
        connection.close()
        return next(c.split("=", 1)[1].split(";")[0] for c in cookies if c.startswith(_COOKIE))

    def _rerun(self) -> None:
        message = BackMsg()
        message.rerun_script.query_string = ""
        message.rerun_script.page_name = self._page
        for side, info in self._chosen.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id = self._uploaders[side]
            state.file_uploader_state_value.uploaded_file_info.append(info)
        self._socket.send(message.SerializeToString())

    def _messages(self, seconds: float) -> Iterator[ForwardMsg]:
        """What the server says, noted as it comes."""
        end = time.monotonic() + seconds
        while True:
            received = self._socket.recv(max(0.01, end - time.monotonic()))
            message = ForwardMsg()
            message.ParseFromString(received if isinstance(received, bytes) else received.encode())
            self._note(message)
            yield message

    def _note(self, message: ForwardMsg) -> None:
        if message.HasField("new_session"):
            self._session = message.new_session.initialize.session_id
        if not message.HasField("delta"):
            return
        for element in (message.delta.new_element, *message.delta.new_transient.elements):
            self._note_element(element)

    def _note_element(self, element: Element) -> None:
        kind = element.WhichOneof("type")
        if kind == "file_uploader" and element.file_uploader.label in self._labels:
            self._uploaders[element.file_uploader.label] = element.file_uploader.id
        elif kind in ("heading", "alert", "markdown", "text"):
            self.said.append(getattr(element, kind).body)
        elif kind == "spinner":
            self.said.append(element.spinner.text)
