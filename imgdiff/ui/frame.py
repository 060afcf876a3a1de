"""What all pages share: title, icon, width and the one navigation."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from imgdiff.ui import whole_clicks
from imgdiff.ui.last_downloads import keep_last_downloads
from imgdiff.ui.plain import plain
from imgdiff.ui.uploads import told_of_upload

_PAGES = (
    ("app.py", "Compare", ":material/compare:"),
    ("pages/batch.py", "Many pairs", ":material/burst_mode:"),
    ("pages/similar.py", "Similar", ":material/hub:"),
    ("pages/methods.py", "Methods", ":material/function:"),
)
_ICON = Path(__file__).with_name("icon.svg")
_SIDEBAR = 228
"""px: as wide as its words need, since the pictures need the room."""
_SKIP = '<a class="imgdiff-skip" href="#">Skip to the pictures</a>'
_STYLE = Path(__file__).with_name("page.css")

whole_clicks.finish_clicks()


def open_page(title: str) -> None:
    """Begin a page; `title` goes to the browser's tab and the top of the page."""
    st.set_page_config(
        page_title=f"{title} · imgdiff",
        page_icon=str(_ICON),
        layout="wide",
        initial_sidebar_state=_SIDEBAR,
    )
    keep_last_downloads()
    with st.sidebar:
        _navigate()  # first, as what is beside it has less room then
    # Markdown is there as soon as the title, st.html only later: the page would jump.
    style = _STYLE.read_text(encoding="utf-8")
    st.markdown(f"<style>{style}</style>{_SKIP}", unsafe_allow_html=True)
    with st.container(key="page_title"):
        st.title(title, anchor=False)
    sentence = told_of_upload()
    if sentence:
        st.error(plain(sentence), icon=":material/error:")


def _navigate() -> None:
    """Links to all pages; a page that is run by itself has none to link to."""
    with suppress(StreamlitPageNotFoundError):
        for path, label, icon in _PAGES:
            st.page_link(path, label=label, icon=icon)
