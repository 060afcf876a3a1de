"""The viewer: a component of Streamlit's that shows a comparison, drawn in the browser.

It gets the uploaded files untouched, by address, a mask and the list of places; see ``viewer.js``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from imgdiff.load.limits import MAX_BYTES
from imgdiff.ui.es_modules import joined_modules

_FOLDER = Path(__file__).parent
_KEY = "viewer"
_STYLES = ("viewer.css", "marks.css", "panels.css", "review.css")


def show_viewer(payload: Mapping[str, Any], obey: Callable[[Mapping[str, Any]], None]) -> None:
    """Mount the viewer.

    Parameters
    ----------
    payload : mapping
        What to show, as ``viewer.js`` reads it; anything that JSON knows.
    obey : callable
        Called before the next run with what the user did in the viewer: a mapping whose `do` is
        "ignore", "nudge", "look", "stretch", "judge", "undo", "cancel" or "again".
    """
    # A dict or list inside `data` would make Streamlit import pandas: only text goes there.
    told = {**payload, "largestFile": MAX_BYTES}
    text = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
    _component(
        key=_KEY,
        data={"payload": text},
        on_act_change=lambda: _pass_on("act", obey),
        on_judge_change=lambda: _pass_on("judge", obey),
    )


def _pass_on(trigger: str, obey: Callable[[Mapping[str, Any]], None]) -> None:
    act = st.session_state[_KEY].get(trigger)
    if isinstance(act, Mapping):
        obey(act)


def bundled(name: str) -> str:
    """One of the viewer's modules, after those that it imports."""
    return joined_modules(_FOLDER, name)


_component = st.components.v2.component(
    "imgdiff_viewer",
    html=(_FOLDER / "viewer.html").read_text(encoding="utf-8"),
    css="".join((_FOLDER / name).read_text(encoding="utf-8") for name in _STYLES),
    js=bundled("viewer"),
)
