"""Choosing the two pictures: by upload, or one of the samples."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from imgdiff.ui.jobs import Upload
from imgdiff.ui.samples import samples

_TYPES = ("jpg", "jpeg", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff")
_KEPT = "kept_pair"
"""Session key of the last pair: a visit to another page empties the uploaders, not this."""


def choose_pair() -> tuple[Upload, Upload] | None:
    """Show the uploaders and samples; the pair to compare, or None as long as there is none."""
    left, right = st.columns(2)
    with left:
        before = _uploader("Before", "before")
    with right:
        after = _uploader("After", "after")

    if before and after:
        st.session_state[_KEPT] = _upload(before), _upload(after)
    elif _KEPT in st.session_state:
        _offer_start_over()
    elif not (before or after):
        _offer_samples()
    else:
        st.caption(f"Now add the picture {'after' if before else 'before'} the change.")
    return st.session_state.get(_KEPT)


def _uploader(label: str, key: str) -> UploadedFile | None:
    return st.file_uploader(label, _TYPES, key=key, on_change=_forget)


def _upload(file: UploadedFile) -> Upload:
    return Upload(file.name, file.getvalue())


def _forget() -> None:
    """Let go of the last pair."""
    st.session_state.pop(_KEPT, None)


def _keep_sample(key: str) -> None:
    st.session_state[_KEPT] = samples()[key].uploads()


def _offer_samples() -> None:
    """A button for each sample pair."""
    st.caption("Drop two pictures of one size to see what changed, where and how much.")
    with st.container(horizontal=True):
        for key, sample in samples().items():
            st.button(
                f"Try a sample: {sample.title.lower()}",
                key=f"sample_{key}",
                help=sample.about,
                on_click=_keep_sample,
                args=(key,),
            )


def _offer_start_over() -> None:
    """Say which pair is shown though the uploaders are empty, and how to leave it."""
    before, after = st.session_state[_KEPT]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"Showing {before.name} and {after.name}.", width="content")
        st.button("Start over", key="start_over", on_click=_forget)
