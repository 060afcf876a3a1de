"""Choosing the two pictures: by upload, or one of the samples."""

from __future__ import annotations

import streamlit as st

from imgdiff.ui.jobs import Upload
from imgdiff.ui.samples import samples

_TYPES = ("jpg", "jpeg", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff")
_SIDES = {"before": "Before", "after": "After"}


def choose_pair() -> tuple[Upload, Upload] | None:
    """Show the uploaders and samples; the pair to compare, or None as long as there is none.

    What was chosen is kept in the session, since a visit to another page empties the uploaders.
    """
    kept = _kept()
    empty_uploaders = []
    for column, (side, label) in zip(st.columns(2), _SIDES.items(), strict=True):
        file = column.file_uploader(label, _TYPES, key=side, on_change=_forget, args=(side,))
        if file is None:
            empty_uploaders.append(side)
        elif side not in kept:
            kept[side] = Upload(file.name, file.getvalue())

    shown = [kept[side].name for side in empty_uploaders if side in kept]
    if shown:
        _offer_start_over(shown)
    elif not kept:
        _offer_samples()
    if len(kept) < len(_SIDES):
        missing = [label.lower() for side, label in _SIDES.items() if side not in kept]
        if kept:
            st.caption(f"Now add the picture {missing[0]} the change.")
        return None
    return kept["before"], kept["after"]


def _kept() -> dict[str, Upload]:
    """The pictures chosen so far, by side."""
    kept: dict[str, Upload] = st.session_state.setdefault("kept_pictures", {})
    return kept


def _forget(side: str) -> None:
    """Let go of one picture; of a sample, both."""
    if st.session_state.pop("kept_sample", False):
        _kept().clear()
    _kept().pop(side, None)


def _keep_sample(key: str) -> None:
    _kept().update(zip(_SIDES, samples()[key].uploads(), strict=True))
    st.session_state["kept_sample"] = True


def _start_over() -> None:
    for side in _SIDES:
        _forget(side)


def _offer_samples() -> None:
    """A button for each sample pair."""
    st.caption("Drop two pictures to see what changed, where and how much.")
    with st.container(horizontal=True):
        for key, sample in samples().items():
            st.button(
                f"Try a sample: {sample.title.lower()}",
                key=f"sample_{key}",
                help=sample.about,
                on_click=_keep_sample,
                args=(key,),
            )


def _offer_start_over(names: list[str]) -> None:
    """Say which pictures are shown though their uploaders are empty, and how to leave them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"Showing {' and '.join(names)}.", width="content")
        st.button("Start over", key="start_over", on_click=_start_over)
