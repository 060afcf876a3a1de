"""Components of Streamlit's: how the page tells one what to show; see ``component.js``."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from imgdiff.ui.es_modules import joined_modules


class Component:
    """A component in plain HTML, CSS and ES modules, without a build step.

    Parameters
    ----------
    folder : Path
        Where its files lie, named as the folder is.
    styles : sequence of str
        Names of further style sheets there.
    """

    def __init__(self, folder: Path, *, styles: tuple[str, ...] = ()) -> None:
        name = folder.name
        sheets = (f"{name}.css", *styles)
        self._mount: Callable[..., object] = st.components.v2.component(
            f"imgdiff_{name}",
            html=(folder / f"{name}.html").read_text(encoding="utf-8"),
            css="".join((folder / sheet).read_text(encoding="utf-8") for sheet in sheets),
            js=joined_modules(folder / f"{name}.js"),
        )

    def show(self, payload: object, *, key: str, **listeners: Callable[[], None]) -> None:
        """Mount it, or tell it anew.

        Parameters
        ----------
        payload : object
            What to show: anything that JSON knows.
        key : str
            Of the place on the page.
        listeners : callable
            As `on_NAME_change`, called before the run that follows what the user did.
        """
        text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
        # A dict or list inside `data` would make Streamlit import pandas.
        told = {"payload": text, "number": _number(text, key), "session": _session()}
        self._mount(key=key, data=told, **listeners)


def _number(text: str, key: str) -> int:
    """How often the component has been told something new in this session."""
    last, number = st.session_state.get(f"told {key}", ("", 0))
    if text != last:
        number += 1
        st.session_state[f"told {key}"] = text, number
    return int(number)


def _session() -> str:
    """A name for those who count together: after a restart of the server it begins anew."""
    name: str = st.session_state.setdefault("told_in", secrets.token_hex(4))
    return name
