"""The viewer: a component of Streamlit's that shows a comparison, drawn in the browser.

It gets the uploaded files untouched, by address, a mask and the list of places; see ``viewer.js``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from imgdiff.load.limits import MAX_BYTES
from imgdiff.ui.component import Component

_STYLES = ("marks.css", "panels.css", "review.css")
_COMPONENT = Component(Path(__file__).parent, styles=_STYLES)
_KEY = "viewer"
_OBEYED = "viewer_obeyed"
"""The number of the last act of the viewer's that was obeyed."""


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
    told = {**payload, "largestFile": MAX_BYTES, "obeyed": st.session_state.get(_OBEYED, 0)}
    _COMPONENT.show(told, key=_KEY, on_acts_change=lambda: _pass_on(obey))


def _pass_on(obey: Callable[[Mapping[str, Any]], None]) -> None:
    """Obey what is new: the viewer tells of each act until it hears that it was obeyed."""
    for number, act in st.session_state[_KEY].get("acts") or ():
        if number > st.session_state.get(_OBEYED, 0):
            st.session_state[_OBEYED] = number
            obey(act)
