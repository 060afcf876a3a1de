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
_OBEYED = "viewer_obeyed"
"""The number of the last act of the viewer's that was obeyed."""
_STYLES = ("viewer.css", "marks.css", "panels.css", "review.css")


def show_viewer(payload: Mapping[str, Any], obey: Callable[[Mapping[str, Any]], None]) -> None:
    """Mount the viewer.

    Parameters
    ----------
    payload : mapping
        What to show, as ``viewer.js`` reads it; anything that JSON knows.
    obey : callable
        Called before the next run with each thing the user did in the viewer: a mapping whose
        `do` is "ignore", "nudge", "match", "look", "view", "stretch", "judge", "undo", "cancel"
        or "again".
    """
    # A dict or list inside `data` would make Streamlit import pandas: only text goes there.
    told = {**payload, "largestFile": MAX_BYTES, "obeyed": st.session_state.get(_OBEYED, 0)}
    text = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
    _component(key=_KEY, data={"payload": text}, on_acts_change=lambda: _pass_on(obey))


def _pass_on(obey: Callable[[Mapping[str, Any]], None]) -> None:
    """Obey what is new: the viewer tells of each act until it hears that it was obeyed."""
    for number, act in st.session_state[_KEY].get("acts") or ():
        if number > st.session_state.get(_OBEYED, 0):
            st.session_state[_OBEYED] = number
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
