"""Choosing the two pictures: by upload, dropped or pasted anywhere, or one of the samples."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from imgdiff.load.formats import ENDINGS, is_pdf
from imgdiff.load.limits import MAX_BYTES
from imgdiff.review.review_file import ENDING, MAX_REVIEW, is_review_name
from imgdiff.ui.jobs import Upload, load_ahead
from imgdiff.ui.review_files import take_reviews, tell_of_reviews
from imgdiff.ui.samples import offer_samples, samples
from imgdiff.ui.third_version import choose_two, offer_third
from imgdiff.ui.uploads import content_of

_MAX_UPLOAD = MAX_BYTES >> 20
_MAX_REVIEW = MAX_REVIEW >> 20
"""MB."""
_MOST_DROPPED = 9
"""Files at a time: two pictures, or so many people's reviews of a pair."""
_SAMPLE = "sample"
"""What the address calls the sample that is open."""
_SIDES = {"before": "Before", "after": "After"}


def choose_pair() -> tuple[Upload, Upload] | None:
    """Show a tile for each picture, or samples; the pair to compare, or None if there is none.

    What was chosen is kept in the session, since a visit to another page empties the uploaders.
    """
    tell_of_reviews()
    _open_linked_sample()
    kept = _kept()
    with st.container(key="pictures", horizontal=True, vertical_alignment="center"):
        _show_tile("before")
        between = st.container(key="between", width="content")
        _show_tile("after")
        between.button(
            "Swap",
            key="swap",
            icon=":material/swap_horiz:",
            help="Before becomes after, and after before",
            on_click=_swap,
            disabled=len(kept) < len(_SIDES),
        )
        if len(kept) == len(_SIDES):
            with between:
                offer_third()
    _take_dropped_files()
    if not kept:
        _invite()
    missing = missing_sides()
    _keep_address(is_sample=not missing)
    if missing and kept:
        with st.container(key="asks"):
            st.caption(f"Now add the picture {missing[0]} the change.")
        (first,) = kept.values()
        if not is_pdf(first.data):
            load_ahead(first)
    return None if missing else choose_two(kept["before"], kept["after"])


def open_pair(before: Upload, after: Upload) -> None:
    """Let the page begin with these two, as if they had been dropped there."""
    _kept().update(before=before, after=after)
    st.session_state["kept_sample"] = False


def missing_sides() -> list[str]:
    """Which of before and after have no picture yet."""
    return [side for side in _SIDES if side not in _kept()]


def kept_picture(side: str) -> Upload | None:
    """The picture that was chosen last for a side, on whatever page; None if there is none."""
    return _kept().get(side)


def kept_pair() -> tuple[Upload, Upload] | None:
    """The pair that was chosen last, on whatever page; None if there is none."""
    kept = _kept()
    return (kept["before"], kept["after"]) if len(kept) == len(_SIDES) else None


def _kept() -> dict[str, Upload]:
    """The pictures chosen so far, by side."""
    kept: dict[str, Upload] = st.session_state.setdefault("kept_pictures", {})
    return kept


def _passed_over() -> dict[str, str]:
    """By side, the file that its uploader still holds though it was removed or replaced."""
    passed: dict[str, str] = st.session_state.setdefault("passed_over", {})
    return passed


def _show_tile(side: str) -> None:
    """A picture with its name, and what can be done with it; or a place to drop one."""
    kept = _kept()
    with st.container(
        key=f"tile_{side}", horizontal=True, vertical_alignment="center", gap="small"
    ):
        facts = st.container(key=f"facts_{side}", gap=None)
        file = st.file_uploader(
            _SIDES[side],
            [*ENDINGS, ENDING],
            key=side,
            on_change=_forget,
            args=(side,),
            max_upload_size=_MAX_UPLOAD,
        )
        if file is not None and is_review_name(file.name):
            _take_chosen_review(side, file)
        elif file is not None and side not in kept and _passed_over().get(side) != file.file_id:
            kept[side] = Upload(file.name, content_of(file))
        if side not in kept:
            return
        if file is not None:
            _passed_over()[side] = file.file_id
        with facts:
            st.text(kept[side].name)
            st.caption(f"{_SIDES[side]} · {_size_in_words(len(kept[side].data))}")
        st.markdown(f'<i class="imgdiff-loaded {side}"></i>', unsafe_allow_html=True)
        st.button(
            "Remove",
            key=f"remove_{side}",
            help=f"Remove the picture {side}",
            on_click=_remove,
            args=(side,),
            type="tertiary",
        )


def _size_in_words(size: int) -> str:
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


def _take_dropped_files() -> None:
    """An uploader that nobody sees: the viewer hands it what is dropped on the page or pasted.

    Both files come in one piece. Were they given to the two uploaders one right after the other,
    the second could get lost, as the page is run anew in between.
    """
    number = st.session_state.setdefault("drops", 0)
    with st.container(key="dropped"):
        files = st.file_uploader(
            "Both pictures",
            [*ENDINGS, ENDING],
            accept_multiple_files=True,
            key=f"dropped_{number}",
            max_upload_size=_MAX_REVIEW,
        )
    if not files:
        return
    uploads = [Upload(file.name, content_of(file)) for file in files[:_MOST_DROPPED]]
    st.session_state["drops"] = number + 1  # the next run shows an empty one
    _take(uploads)
    st.rerun()


def _take(uploads: list[Upload]) -> None:
    """Take one picture, or two, or review files: of these, all that came."""
    reviews = [upload for upload in uploads if is_review_name(upload.name)]
    if reviews:
        pair = take_reviews(reviews, kept_pair())
        uploads = [*pair] if pair else []
    if not uploads:
        return
    sides = list(_SIDES) if len(uploads) > 1 else [*missing_sides(), "after"]
    _kept().update(zip(sides, uploads, strict=False))
    st.session_state["kept_sample"] = False


def _take_chosen_review(side: str, file: UploadedFile) -> None:
    """Take a review file that was chosen for one side: it is of both."""
    if _passed_over().get(side) != file.file_id:
        _passed_over()[side] = file.file_id
        _take([Upload(file.name, content_of(file))])
        st.rerun()


def _forget(side: str) -> None:
    """Another file comes for one side, or none; of a sample, both go."""
    if st.session_state.pop("kept_sample", False):
        _kept().clear()
    _kept().pop(side, None)


def _remove(side: str) -> None:
    _kept().pop(side, None)


def _swap() -> None:
    kept = _kept()
    kept["before"], kept["after"] = kept["after"], kept["before"]


def _keep_sample(key: str) -> None:
    _kept().update(zip(_SIDES, samples()[key].uploads(), strict=True))
    st.session_state["kept_sample"] = key


def _open_linked_sample() -> None:
    """Begin with the sample that the address names: "?sample=coffee"."""
    if st.session_state.setdefault("sample_linked", False):
        return
    st.session_state["sample_linked"] = True
    key = st.query_params.get(_SAMPLE, "")
    if not _kept() and key in samples():
        _keep_sample(key)


def _keep_address(*, is_sample: bool) -> None:
    """Let the address name the sample that is open, and no other."""
    key = st.session_state.get("kept_sample") if is_sample else None
    if key:
        st.query_params[_SAMPLE] = key
    else:
        st.query_params.pop(_SAMPLE, None)


def _invite() -> None:
    """What the empty page says: what to do, and samples to try it on."""
    with st.container(key="invitation"):
        st.subheader("See what changed, where and how much", anchor=False)
        st.caption(
            "Drop two pictures anywhere on this page, paste them, or choose them above. "
            "Or begin with a sample:"
        )
        offer_samples(_keep_sample)
