"""Uploads: what is held, by whom, and whose file found no room."""

from __future__ import annotations

import time

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

_TOLD_SECONDS = 20

_turned_away: dict[str, tuple[float, str]] = {}
"""Sessions whose upload found no room, when, and what to tell."""


def turn_away(session: str, sentence: str) -> None:
    """Note that an upload of a session found no room, for its page to tell."""
    now = time.monotonic()
    for other in [s for s, (then, _) in _turned_away.items() if now - then > _TOLD_SECONDS]:
        del _turned_away[other]
    _turned_away[session] = now, sentence


def told_of_upload() -> str:
    """Why an upload of the session that runs this page has just found no room; "" if none has."""
    context = get_script_run_ctx()
    then, sentence = _turned_away.get(context.session_id if context else "", (0.0, ""))
    return sentence if time.monotonic() - then < _TOLD_SECONDS else ""


def held_by_sessions() -> dict[str, int]:
    """Bytes of the files that each session has uploaded, by its name."""
    files = runtime.get_instance().uploaded_file_mgr.file_storage  # type: ignore[attr-defined]
    return {
        session: sum(len(record.data) for record in [*records.values()])
        for session, records in [*files.items()]
    }


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
