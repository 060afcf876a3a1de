"""A third version beside before and after: any two of A, B and C are compared at a click."""

from __future__ import annotations

from typing import Final

import streamlit as st

from imgdiff.load.formats import ENDINGS
from imgdiff.load.limits import MAX_BYTES
from imgdiff.ui.jobs import Upload
from imgdiff.ui.uploads import content_of

_CHOICES: Final = {"A → B": (0, 1), "B → C": (1, 2), "A → C": (0, 2)}
_KEPT: Final = "third_version"


def offer_third() -> None:
    """A place for the third version, out of the way; what is chosen there is kept."""
    tip = "A third version: the expected one, or a later one"
    with st.popover("Third", help=tip, key="third_offer"):
        file = st.file_uploader(
            "A third version",
            ENDINGS,
            key="third",
            on_change=_forget,
            max_upload_size=MAX_BYTES >> 20,
        )
    if file is not None and _KEPT not in st.session_state:
        st.session_state[_KEPT] = Upload(file.name, content_of(file))


def has_third() -> bool:
    """Whether there is a third version."""
    return _KEPT in st.session_state


def choose_two(before: Upload, after: Upload) -> tuple[Upload, Upload]:
    """The two versions to compare: before and after, unless others of the three are chosen."""
    third: Upload | None = st.session_state.get(_KEPT)
    if third is None:
        return before, after
    versions = before, after, third
    with st.container(key="versions", horizontal=True, vertical_alignment="center"):
        chosen = st.segmented_control(
            "Which two are compared",
            list(_CHOICES),
            default="A → B",
            required=True,
            key="compared_versions",
            persist_state="session",
            label_visibility="collapsed",
        )
        names = (f"{letter}: {one.name}" for letter, one in zip("ABC", versions, strict=True))
        st.text("   ".join(names), width="content")
        st.button("Remove C", key="remove_third", on_click=_forget, type="tertiary")
    first, second = _CHOICES[chosen or "A → B"]
    return versions[first], versions[second]


def _forget() -> None:
    st.session_state.pop(_KEPT, None)
    st.session_state.pop("compared_versions", None)
