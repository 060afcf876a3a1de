"""Choosing the two pictures: by upload, dropped or pasted anywhere, or one of the samples."""

from __future__ import annotations

import streamlit as st

from imgdiff.load.formats import ENDINGS
from imgdiff.load.limits import MAX_BYTES
from imgdiff.ui.jobs import Upload
from imgdiff.ui.samples import offer_samples, samples
from imgdiff.ui.uploads import content_of
from imgdiff.ui.viewer_state import forget_areas, forget_nudge

_MAX_UPLOAD = MAX_BYTES >> 20
"""MB."""
_SIDES = {"before": "Before", "after": "After"}


def choose_pair() -> tuple[Upload, Upload] | None:
    """Show the uploaders and samples; the pair to compare, or None as long as there is none.

    What was chosen is kept in the session, since a visit to another page empties the uploaders.
    """
    kept = _kept()
    with st.container(key="pictures", horizontal=True, vertical_alignment="center"):
        elsewhere = [side for side in _SIDES if not _choose(side)]
        st.button(
            "Swap",
            key="swap",
            icon=":material/swap_horiz:",
            help="Before becomes after, and after before",
            on_click=_swap,
            disabled=len(kept) < len(_SIDES),
        )
    _take_dropped_files()
    shown = [kept[side].name for side in elsewhere if side in kept]
    if shown:
        _offer_start_over(shown)
    elif not kept:
        _invite()
    missing = missing_sides()
    if missing and kept:
        st.caption(f"Now add the picture {missing[0]} the change.")
    return None if missing else (kept["before"], kept["after"])


def missing_sides() -> list[str]:
    """Which of before and after have no picture yet."""
    return [side for side in _SIDES if side not in _kept()]


def kept_pair() -> tuple[Upload, Upload] | None:
    """The pair that was chosen last, on whatever page; None if there is none."""
    kept = _kept()
    return (kept["before"], kept["after"]) if len(kept) == len(_SIDES) else None


def _kept() -> dict[str, Upload]:
    """The pictures chosen so far, by side."""
    kept: dict[str, Upload] = st.session_state.setdefault("kept_pictures", {})
    return kept


def _uploaded() -> set[str]:
    """The sides whose picture is the one that their uploader shows."""
    uploaded: set[str] = st.session_state.setdefault("uploaded_sides", set())
    return uploaded


def _choose(side: str) -> bool:
    """An uploader; whether it shows the picture that is kept for its side."""
    kept, uploaded = _kept(), _uploaded()
    place = f"shows_{side}" if side in uploaded or side not in kept else f"elsewhere_{side}"
    with st.container(key=place):
        file = st.file_uploader(
            _SIDES[side],
            ENDINGS,
            key=side,
            on_change=_forget,
            args=(side,),
            max_upload_size=_MAX_UPLOAD,
        )
    if file is None:
        uploaded.discard(side)
    elif side not in kept:
        kept[side] = Upload(file.name, content_of(file))
        uploaded.add(side)
    return side in uploaded


def _take_dropped_files() -> None:
    """An uploader that nobody sees: the viewer hands it what is dropped on the page or pasted.

    Both files come in one piece. Were they given to the two uploaders one right after the other,
    the second could get lost, as the page is run anew in between.
    """
    number = st.session_state.setdefault("drops", 0)
    with st.container(key="dropped"):
        files = st.file_uploader(
            "Both pictures",
            ENDINGS,
            accept_multiple_files=True,
            key=f"dropped_{number}",
            max_upload_size=_MAX_UPLOAD,
        )
    if not files:
        return
    uploads = [Upload(file.name, content_of(file)) for file in files[:2]]
    sides = list(_SIDES) if len(uploads) == 2 else [*missing_sides(), "after"]
    for side, upload in zip(sides, uploads, strict=False):
        _keep_without_uploader(side, upload)
    st.session_state["kept_sample"] = False
    forget_nudge()
    st.session_state["drops"] = number + 1  # the next run shows an empty one
    st.rerun()


def _keep_without_uploader(side: str, upload: Upload) -> None:
    _kept()[side] = upload
    _uploaded().discard(side)


def _forget(side: str) -> None:
    """Let go of one picture; of a sample, both."""
    if st.session_state.pop("kept_sample", False):
        _kept().clear()
    _kept().pop(side, None)
    _uploaded().discard(side)
    forget_nudge()


def _swap() -> None:
    kept = _kept()
    before, after = kept["before"], kept["after"]
    for side, upload in zip(_SIDES, (after, before), strict=True):
        _keep_without_uploader(side, upload)
    forget_nudge()


def _keep_sample(key: str) -> None:
    for side, upload in zip(_SIDES, samples()[key].uploads(), strict=True):
        _keep_without_uploader(side, upload)
    st.session_state["kept_sample"] = True


def _start_over() -> None:
    for side in _SIDES:
        _forget(side)
    forget_areas()


def _invite() -> None:
    """What the empty page says: what to do, and samples to try it on."""
    with st.container(key="invitation"):
        st.subheader("See what changed, where and how much", anchor=False)
        st.caption(
            "Drop two pictures anywhere on this page, paste them, or choose them above. "
            "Or begin with a sample:"
        )
        offer_samples(_keep_sample)


def _offer_start_over(names: list[str]) -> None:
    """Say which pictures are shown though their uploaders are empty, and how to leave them."""
    with st.container(key="kept", horizontal=True, vertical_alignment="center"):
        st.text(f"Showing {' and '.join(names)}.", width="content")
        st.button("Start over", key="start_over", on_click=_start_over, type="tertiary")
