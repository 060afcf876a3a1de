"""Many pairs on the screen: choosing the files, watching the run, the table and one pair of it."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from imgdiff.batch import FilePair, Row, compare_pairs
from imgdiff.batch.files import rows_to_csv
from imgdiff.batch.gallery import embedded, gallery_html
from imgdiff.batch.pairing import pair_up
from imgdiff.batch.row import most_changed_first, summary
from imgdiff.errors import ImgdiffError, PairingError
from imgdiff.load.archive import Member, open_archive
from imgdiff.load.formats import ENDINGS
from imgdiff.types import Settings
from imgdiff.ui.document_mode import has_several_pages, show_document
from imgdiff.ui.jobs import Job, Upload, executor, unpacked_member
from imgdiff.ui.outcome import show_result
from imgdiff.ui.uploads import content_of
from imgdiff.ui.viewer import show_viewer
from imgdiff.ui.viewer_state import obey

MAX_PAIRS: Final = 500
"""More than that is a task for the command: a table in a browser must stay light."""

_SIDES: Final = {"before": "Before", "after": "After"}
_TICK: Final = 0.2
_ROW_HEIGHT: Final = 88


def choose_pairs() -> list[FilePair] | None:
    """Show both uploaders; the pairs, or None as long as a side is empty.

    Raises
    ------
    ImgdiffError
        The files can't be paired.
    """
    st.caption(
        "Drop a ZIP archive on each side, or several, or the pictures themselves: "
        "those of the same name are compared."
    )
    sides = []
    for column, (side, label) in zip(st.columns(2), _SIDES.items(), strict=True):
        files = column.file_uploader(
            label,
            ["zip", *ENDINGS],
            accept_multiple_files=True,
            key=f"batch_{side}",
        )
        sides.append(files)
    if not all(sides):
        return None
    pairs = pair_up(*(_unpacked(files) for files in sides))
    if len(pairs) > MAX_PAIRS:
        raise PairingError(
            f"This page compares {MAX_PAIRS} pairs at a time, but these are {len(pairs)}: "
            "split them, or use the command imgdiff batch."
        )
    return pairs


def _unpacked(files: Sequence[UploadedFile]) -> dict[str, bytes | Member]:
    """The pictures of one side by name, those in archives too."""
    found: dict[str, bytes | Member] = {}
    for file in files:
        named: dict[str, bytes | Member] = {}
        if file.name.lower().endswith(".zip"):
            named.update(open_archive(io.BytesIO(content_of(file))))
        else:
            named[file.name] = content_of(file)
        if found.keys() & named.keys():
            raise PairingError(
                "Every picture on one side must have a name of its own, but one comes twice: "
                "rename or remove it."
            )
        found.update(named)
    return found


def compared(pairs: list[FilePair], settings: Settings) -> list[Row]:
    """The rows of all pairs, most changed first; what this session knows isn't compared again."""
    known: dict[str, Row] = st.session_state.setdefault("batch_rows", {})
    key = _key(pairs, settings)
    if st.session_state.get("batch_key") != key:
        rows = _run(pairs, settings, known)
        known.clear()
        known.update(rows)
        st.session_state["batch_key"] = key
    return most_changed_first(known[pair.name] for pair in pairs)


def _run(pairs: list[FilePair], settings: Settings, known: dict[str, Row]) -> dict[str, Row]:
    """Compare, and show how far it has come."""
    rows: dict[str, Row] = {}
    start = told = time.monotonic()
    bar = st.progress(0, "Comparing …")
    for row in compare_pairs(pairs, settings, executor(), pictures=True, known=known):
        # The pages are for galleries on disk; here each pair can be looked at in full.
        thumbnails = {name: data for name, data in row.files.items() if name.endswith(".jpg")}
        rows[row.name] = known[row.name] = replace(row, files=thumbnails)
        now = time.monotonic()
        if now - told > _TICK:
            told = now
            left = (now - start) / len(rows) * (len(pairs) - len(rows))
            text = f"{len(rows)} of {len(pairs)} compared, about {left:.0f} s left"
            bar.progress(len(rows) / len(pairs), text)
    bar.empty()
    return rows


def _key(pairs: list[FilePair], settings: Settings) -> str:
    """The same for the same files and settings."""
    digest = hashlib.sha256(repr(settings).encode())
    for pair in pairs:
        digest.update(repr(pair.name).encode())
        for file in (pair.before, pair.after):
            digest.update(_content_key(file))
    return digest.hexdigest()


def _content_key(file: object) -> bytes:
    if isinstance(file, bytes):
        return hashlib.sha256(file).digest()
    if isinstance(file, Member):
        return f"{file.info.CRC} {file.info.file_size} {file.info.compress_size}".encode()
    return b"-"


def show_rows(rows: list[Row]) -> Row | None:
    """Headline, downloads and table; the row that was chosen."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.header(summary(rows), anchor=False, width="content")
        with st.container(horizontal=True, width="content"):
            _download("Report (HTML)", "imgdiff-batch.html", _report(rows), "text/html")
            _download("Table (CSV)", "imgdiff-batch.csv", rows_to_csv(rows).encode(), "text/csv")
    table = st.dataframe(
        [_cells(row) for row in rows],
        key="batch_table",
        hide_index=True,
        row_height=_ROW_HEIGHT,
        height=min(5 * _ROW_HEIGHT, 40 + _ROW_HEIGHT * len(rows)),
        on_select="rerun",
        selection_mode="single-row",
        column_config=_COLUMNS,
        alt=summary(rows),
    )
    chosen = table["selection"]["rows"]
    return rows[chosen[0]] if chosen and chosen[0] < len(rows) else None


_COLUMNS: Final = {
    "before": st.column_config.ImageColumn("Before", width=120),
    "after": st.column_config.ImageColumn("After", width=120),
    "name": st.column_config.TextColumn("Name", width="medium"),
    "status": st.column_config.TextColumn("Status", width="small"),
    "places": st.column_config.NumberColumn("Places", help="How many places changed"),
    "changed": st.column_config.NumberColumn(
        "Changed, %", help="Share of the picture", format="%.3f"
    ),
    "similarity": st.column_config.NumberColumn(
        "Alike, %", help="The method's score; 100 = equal", format="%.4f"
    ),
    "verdict": st.column_config.TextColumn("Verdict", width="large"),
}


def _cells(row: Row) -> dict[str, object]:
    fraction = row.changed_fraction
    return {
        "before": embedded(row, "before.jpg") or None,
        "after": embedded(row, "after.jpg") or None,
        "name": row.name,
        "status": row.status.capitalize(),
        "places": row.regions if row.score is not None else None,
        "changed": None if fraction is None else 100 * fraction,
        "similarity": row.similarity_percent,
        "verdict": row.verdict,
    }


def _report(rows: list[Row]) -> bytes:
    return gallery_html(rows, embedded).encode()


def _download(label: str, name: str, data: bytes, mime: str) -> None:
    st.download_button(
        label,
        data,
        name,
        mime,
        key=f"download_{name}",
        icon=":material/download:",
        on_click="ignore",
    )


def show_one_pair(pair: FilePair, row: Row, settings: Settings) -> None:
    """One pair in full, as on the page for two pictures; raises ImgdiffError."""
    st.subheader("The chosen pair", anchor=False)
    st.text(row.name)
    if pair.before is None or pair.after is None or row.status == "failed":
        st.text(row.verdict)
        return
    before, after = (Upload(row.name, _data(file)) for file in (pair.before, pair.after))
    several = any(map(has_several_pages, (before, after)))
    show = (
        show_document(before, after, settings)
        if several
        else show_result(Job(before, after, settings))
    )
    show_viewer(show, obey)


def _data(file: object) -> bytes:
    if isinstance(file, Member):
        return unpacked_member(file)
    if isinstance(file, bytes):
        return file
    raise ImgdiffError("This file is gone: upload it again.")
