"""Nothing is painted before the page's own style is there: else all of it would jump into place."""

from __future__ import annotations

from typing import Final

from imgdiff.ui.headers import Scope

_END_OF_HEAD: Final = b"</head>"
_STYLE: Final = b"""<style>
.stApp:not(:has(.imgdiff-skip)) .stAppViewContainer {
  content-visibility: hidden;
  animation: imgdiff-late 0s 10s forwards;
}
@keyframes imgdiff-late { to { content-visibility: visible; } }
</style>"""
"""The style comes with the link to skip to the pictures (`frame.open_page`). Should it never come,
what there is shows after ten seconds."""


class FirstPaint:
    """ASGI middleware that puts the rule into Streamlit's page, wherever it's served."""

    def __init__(self, app: Scope) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Scope, send: Scope) -> None:
        """Pass a request on, and its answer back, with the rule if it's a page."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        begun: list[Scope] = []
        body = bytearray()

        async def send_styled(message: Scope) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                begun.append(message)
            elif not begun:
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    styled = bytes(body).replace(_END_OF_HEAD, _STYLE + _END_OF_HEAD, 1)
                    await send(_of_length(begun[0], len(styled)))
                    await send({"type": "http.response.body", "body": styled})

        await self.app(scope, receive, send_styled)


def _is_page(start: Scope) -> bool:
    kind: bytes = dict(start["headers"]).get(b"content-type", b"")
    return start["status"] == 200 and kind.startswith(b"text/html")


def _of_length(start: Scope, length: int) -> Scope:
    others = [pair for pair in start["headers"] if pair[0] != b"content-length"]
    return {**start, "headers": [*others, (b"content-length", str(length).encode())]}
