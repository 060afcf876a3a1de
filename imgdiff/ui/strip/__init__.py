"""The strip of a document's pages: thumbnails with badges, a component of Streamlit's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from imgdiff.ui.component import Component

_COMPONENT = Component(Path(__file__).parent)
_KEY = "strip"


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A page in the strip.

    Attributes
    ----------
    name : str
        Below it.
    status : str
        A `PageStatus`, or "waiting".
    badge : str
        On it: a sign, and a number or a word.
    words : str
        All of it, for the ear and the pointer.
    thumb : str
        Address of its picture; "" if there is none.
    """

    name: str
    status: str
    badge: str
    words: str
    thumb: str


def show_strip(pages: Sequence[Thumbnail], *, current: int, turn_to: Callable[[int], None]) -> None:
    """Mount the strip; `turn_to` is called with the index of the page that is clicked."""
    payload = {"pages": [asdict(page) for page in pages], "current": current}
    _COMPONENT.show(payload, key=_KEY, on_act_change=lambda: _pass_on(turn_to))


def _pass_on(turn_to: Callable[[int], None]) -> None:
    act = st.session_state[_KEY].get("act")
    if act and act.get("do") == "open":
        turn_to(int(act["page"]))
