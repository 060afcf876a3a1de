"""The sidebar's widgets → `Settings`; the address carries them, so a link does too."""

from __future__ import annotations

import streamlit as st

from imgdiff.methods import METHODS
from imgdiff.types import Settings

_DEFAULT = Settings()
_LARGEST_MIN_AREA = 1000


def choose_settings() -> Settings:
    """Show the settings in the sidebar and return what they are set to."""
    with st.sidebar:
        st.markdown("**Settings**")
        method = _choose_method()
        min_area = st.slider(
            "Area threshold, px²",
            min_value=0,
            max_value=_LARGEST_MIN_AREA,
            value=int(_DEFAULT.min_area),
            key="min_area",
            bind="query-params",
            persist_state="session",
            help="Only places larger than this count as changed. Raise it to pass over specks.",
        )
        grayscale = st.toggle(
            "Grayscale",
            value=_DEFAULT.grayscale,
            key="grayscale",
            bind="query-params",
            persist_state="session",
            help="Compare brightness alone. Switch off to see changes of colour too.",
        )
    return Settings(method=method, min_area=min_area, grayscale=grayscale)


def _choose_method() -> str:
    """The method, kept in the address by its key: the word that the command line knows too.

    (`bind` would write the title there, and a link would break when a title is reworded.)
    """
    if "method" not in st.session_state:
        asked_for = st.query_params.get("method")
        st.session_state["method"] = asked_for if asked_for in METHODS else _DEFAULT.method
    method = st.selectbox(
        "Method",
        METHODS,
        format_func=lambda key: METHODS[key].title,
        key="method",
        persist_state="session",
        help="How difference is measured; the page Methods shows them side by side.",
    )
    st.caption(METHODS[method].help)
    if method == _DEFAULT.method:
        st.query_params.pop("method", None)
    else:
        st.query_params["method"] = method
    return method
