"""A link may carry settings: whoever opens it is told which, and can do without them."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from imgdiff.metrics.registry import METHODS
from imgdiff.types import Settings
from imgdiff.ui.plain import plain
from imgdiff.ui.presets import widget_values
from imgdiff.ui.viewer_state import forget_areas, ignored_areas

_TITLES = {
    "method": "method",
    "min_area": "area threshold",
    "grayscale": "grayscale",
    "align": "how the pictures are lined up",
    "read": "whether text is read",
    "ignore_redrawn": "whether it matters how text is drawn",
    "ignore_text": "text to ignore",
}


def note_link() -> None:
    """Remember what the address brought; to be called before any widget changes it."""
    if "link_brought" not in st.session_state:
        st.session_state["link_brought"] = list(_brought())


def tell_of_link() -> None:
    """Say which settings the link set, until that is closed."""
    brought: list[str] = st.session_state.get("link_brought", [])
    if not brought:
        return
    with st.container(key="link_note", horizontal=True, vertical_alignment="center"):
        st.caption(f"The link that you opened set: {plain(', '.join(brought))}.", width="content")
        st.button("Use the usual settings", key="drop_link", type="tertiary", on_click=_drop)
        st.button("Close", key="close_link", type="tertiary", on_click=_close)


def _brought() -> Iterator[str]:
    """What the address sets, in words; what is no setting is passed over."""
    for key, title in _TITLES.items():
        value = st.query_params.get(key)
        if value is None:
            continue
        if key != "method":
            yield title
        elif value in METHODS:
            yield f"{title} ({METHODS[value].title})"
    yield from sorted(
        {
            option.title.lower()
            for method in METHODS.values()
            for option in method.options
            if option.name in st.query_params
        }
    )
    count = len(ignored_areas())
    if count:
        yield "1 ignored area" if count == 1 else f"{count} ignored areas"


def _drop() -> None:
    usual = Settings()
    st.session_state.update(widget_values(usual))
    st.session_state.update(read=True, ignore_redrawn=usual.ignore_redrawn, ignore_text="")
    forget_areas()
    _close()


def _close() -> None:
    st.session_state["link_brought"] = []
