"""Choosing the pictures: single files, a ZIP archive, a whole folder, or the samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import streamlit as st

from imgdiff.errors import LoadError
from imgdiff.load.formats import PICTURE_ENDINGS
from imgdiff.similar.gather import LeftOut
from imgdiff.similar.sources import (
    MAX_PICTURES,
    PictureSource,
    sources_in_zip,
    within_limits,
)
from imgdiff.ui.jobs import Upload
from imgdiff.ui.samples import samples
from imgdiff.ui.uploads import content_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file that was chosen; its key tells it from all others of this session."""

    key: str
    source: PictureSource


@dataclass(frozen=True, slots=True)
class Choice:
    """All files that were chosen, and those that are of no use."""

    files: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]


class _File(NamedTuple):
    """A file that was uploaded."""

    file_id: str
    name: str
    data: bytes


_LAST = "similar_last"
"""What was uploaded last: a visit to another page empties the uploaders."""


def keep(*uploads: Upload) -> None:
    """Let the page begin with these pictures, as if they had been dropped there."""
    st.session_state.pop(_LAST, None)
    st.session_state["similar_kept"] = uploads


def choose_pictures() -> Choice:
    """Show the uploaders and samples; what was chosen so far.

    Raises
    ------
    SettingsError
        There are too many.
    """
    left, right = st.columns(2)
    files = left.file_uploader(
        "Pictures, or a ZIP of them",
        [*PICTURE_ENDINGS, "zip"],
        accept_multiple_files=True,
        key="similar_files",
        on_change=_forget,
    )
    folder = right.file_uploader(
        "A folder",
        [*PICTURE_ENDINGS],
        accept_multiple_files="directory",
        key="similar_folder",
        on_change=_forget,
    )
    left_out: list[LeftOut] = []
    uploads = [_File(file.file_id, file.name, content_of(file)) for file in (*files, *folder)]
    chosen = [*_from_uploads(uploads or _from_last_visit(), left_out)]
    if uploads:
        st.session_state[_LAST] = uploads
    # Emptied at once, so that the samples aren't offered while what was dropped is being read.
    with st.empty().container():
        if not chosen and not left_out:
            chosen = [*_from_kept()]
    within_limits([file.source for file in chosen], most=MAX_PICTURES)
    return Choice(tuple(chosen), tuple(left_out))


def _from_last_visit() -> list[_File]:
    """What was uploaded before another page was visited."""
    files: list[_File] = st.session_state.get(_LAST, [])
    if files:
        with st.container(horizontal=True, vertical_alignment="center"):
            more = f" and {len(files) - 1} more" if len(files) > 1 else ""
            st.text(f"Showing {files[0].name}{more}.", width="content")
            st.button("Start over", key="similar_drop_last", on_click=_forget)
    return files


def _from_uploads(files: list[_File], left_out: list[LeftOut]) -> Iterator[Chosen]:
    """Each picture that was uploaded, alone or in an archive."""
    for file in files:
        if not file.name.lower().endswith(".zip"):
            yield Chosen(file.file_id, PictureSource(file.name, partial(getattr, file, "data")))
            continue
        try:
            inside = sources_in_zip(file.data)
        except LoadError as error:
            left_out.append(LeftOut(file.name, str(error)))
            continue
        if not inside:
            left_out.append(LeftOut(file.name, "There is no picture in this archive."))
        for number, source in enumerate(inside):
            yield Chosen(f"{file.file_id}/{number}", source)


def _from_kept() -> Iterator[Chosen]:
    """The pictures that another page or a sample put here; else an invitation."""
    kept: tuple[Upload, ...] = st.session_state.get("similar_kept", ())
    if not kept:
        _offer_samples()
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        names = [upload.name for upload in kept]
        st.text(f"Showing {', '.join(names[:-1])} and {names[-1]}.", width="content")
        st.button("Start over", key="similar_start_over", on_click=_forget)
    for upload in kept:
        yield Chosen(upload.sha256, PictureSource(upload.name, partial(getattr, upload, "data")))


def _forget() -> None:
    st.session_state.pop("similar_kept", None)
    st.session_state.pop(_LAST, None)


def _offer_samples() -> None:
    st.caption(
        "Drop two pictures to see how alike they are as wholes, whatever their sizes. Drop many, "
        f"up to {MAX_PICTURES:,}, to find near-duplicates and what is like what."
    )
    pairs = [sample.uploads() for sample in samples().values()]
    with st.container(horizontal=True):
        st.button(
            "Try a sample: two pictures",
            key="similar_sample_pair",
            on_click=keep,
            args=pairs[1],
        )
        st.button(
            f"Try a sample: {2 * len(pairs)} pictures",
            key="similar_sample_set",
            on_click=keep,
            args=tuple(upload for pair in pairs for upload in pair),
        )
