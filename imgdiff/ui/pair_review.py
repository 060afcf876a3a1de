"""Many pairs under review: tiles and table, one pair in full, and what was meant as a baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, get_args

import streamlit as st

from imgdiff.batch import FilePair, Row
from imgdiff.batch.files import rows_to_csv
from imgdiff.batch.gallery import embedded, gallery_html
from imgdiff.batch.new_baseline import accepted_rows, new_baseline
from imgdiff.batch.pairing import StoredFile
from imgdiff.batch.row import summary
from imgdiff.errors import ImgdiffError
from imgdiff.load.archive import Member
from imgdiff.types import Intent, Judgement, Opinion, Review, Settings, opinion_of
from imgdiff.ui.document_mode import has_several_pages, show_document
from imgdiff.ui.ignoring_alike import ask_how_in_all, for_this_pair
from imgdiff.ui.jobs import Job, Upload, to_unpack, unpacked_member
from imgdiff.ui.media import address_of
from imgdiff.ui.memory import check_room
from imgdiff.ui.outcome import show_result
from imgdiff.ui.pair_tiles import PairTile, show_tiles
from imgdiff.ui.review_state import add_review, review_of_pair
from imgdiff.ui.viewer import show_viewer
from imgdiff.ui.viewer_state import obey
from imgdiff.view.words import percent


def show_rows(pairs: Sequence[FilePair], rows: list[Row]) -> Row | None:
    """Headline, what can be taken away, and all pairs; the row that is open."""
    current: str = st.session_state.get("batch_open", "")
    chosen = next((row for row in rows if row.name == current), None)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.header(summary(rows), anchor=False, width="content")
        with st.container(horizontal=True, width="content", key="batch_files"):
            _offer_files(pairs, rows)
    tiles = [_tile(number, row) for number, row in enumerate(rows)]
    show_tiles(tiles, current=current if chosen else "", obey=_obey)
    return chosen


def show_one_pair(pair: FilePair, row: Row, settings: Settings) -> None:
    """One pair in full, as on the page for two pictures; raises ImgdiffError."""
    with st.container(key="pair_name", horizontal=True, vertical_alignment="center"):
        st.subheader("The chosen pair", anchor=False, width="content")
        st.text(row.name)
    if pair.before is None or pair.after is None or row.status == "failed":
        st.text(row.verdict)
        return
    before, after = (
        Upload(row.name, _content(file, unpacked_member)) for file in (pair.before, pair.after)
    )
    _agree(row.name, before, after)
    several = any(map(has_several_pages, (before, after)))
    job = Job(before, after, settings)
    if several:
        show = show_document(before, after, settings)
        if settings.ignored_areas:
            st.caption("Ignored areas hold for all pairs: at the same place of each picture.")
    else:
        show = show_result(for_this_pair(job))
        ask_how_in_all(job)
    show_viewer(show, obey)


def opinions() -> dict[str, Opinion]:
    """What is said of each pair as a whole, by its name."""
    found: dict[str, Opinion] = st.session_state.setdefault("batch_opinions", {})
    return found


def reviews_by_name() -> dict[str, Review]:
    """All that is said of each pair that has been open, by its name."""
    found: dict[str, Review] = st.session_state.setdefault("batch_reviews", {})
    return found


def _obey(act: Mapping[str, Any]) -> None:
    """Do what the user asked for among the tiles."""
    if act.get("do") == "open":
        st.session_state["batch_open"] = str(act.get("name", ""))
    elif act.get("do") == "judge":
        for name, intent in dict(act.get("judged", {})).items():
            if intent in get_args(Intent):
                opinions()[name] = intent


def _agree(name: str, before: Upload, after: Upload) -> None:
    """The tile and the viewer say the same of the open pair: what was said last."""
    said = opinion_of(review_of_pair(before, after).of_pair)
    last = st.session_state.get("batch_agreed", ("", ""))
    tile = opinions().get(name, "")
    if said and (name, said) != last and (not tile or last[0] == name):
        opinions()[name] = said
        st.session_state["batch_agreed"] = (name, said)
        st.rerun()
    if tile in ("meant", "not meant") and tile != said:
        add_review(before, after, Review((Judgement(None, tile),)))
    st.session_state["batch_agreed"] = (name, opinions().get(name, ""))
    reviews_by_name()[name] = review_of_pair(before, after)


def _tile(number: int, row: Row) -> PairTile:
    before, after = (_thumbnail(number, row, f"{side}.jpg") for side in ("before", "after"))
    said = opinions().get(row.name, "")
    return PairTile(row.name, row.status, row.verdict, _numbers(row), said, before, after)


def _numbers(row: Row) -> str:
    parts = []
    if row.changed_fraction:
        parts.append(f"{percent(row.changed_fraction)} of the picture")
    if row.similarity_percent is not None and row.status != "equal":
        parts.append(f"{row.similarity_percent:.4f} % alike")
    return " · ".join(parts)


def _thumbnail(number: int, row: Row, name: str) -> str:
    data = row.files.get(name)
    return address_of(data, slot=f"pair {number} {name}", mime="image/jpeg") if data else ""


def _offer_files(pairs: Sequence[FilePair], rows: list[Row]) -> None:
    said = _with_judgements(rows)
    _download("Report (HTML)", "imgdiff-batch.html", lambda: _report(said), "text/html")
    _download("Table (CSV)", "imgdiff-batch.csv", lambda: rows_to_csv(said).encode(), "text/csv")
    meant = [name for name, opinion in opinions().items() if opinion == "meant"]
    accepted = accepted_rows(rows, meant)
    if not accepted:
        return
    read = _reader()
    with st.popover("Accept all meant", icon=":material/done_all:", width="content"):
        count = accepted.count("\n")
        st.caption(
            f"{'1 pair was' if count == 1 else f'{count} pairs were'} meant. Take the new baseline "
            "as a ZIP, or the list alone, for: imgdiff accept BEFORE AFTER --results accepted.jsonl"
        )
        make = partial(_baseline, tuple(pairs), tuple(rows), tuple(meant), read)
        _download("New baseline (ZIP)", "imgdiff-baseline.zip", make, "application/zip")
        _download("Accept list", "accepted.jsonl", accepted.encode, "application/jsonl")


def _with_judgements(rows: list[Row]) -> list[Row]:
    """The rows, with what is said of each pair as a whole."""
    found = []
    for row in rows:
        review = reviews_by_name().get(row.name, Review())
        notes = "; ".join(" ".join(one.note.split()) for one in review.of_pair if one.note)
        found.append(replace(row, judgement=opinions().get(row.name, ""), note=notes))
    return found


def _baseline(
    pairs: tuple[FilePair, ...],
    rows: tuple[Row, ...],
    meant: tuple[str, ...],
    read: Callable[[StoredFile], bytes],
) -> bytes:
    check_room(sum(len(file) for pair in pairs for file in _held(pair)))
    return new_baseline(pairs, rows, meant, read)


def _held(pair: FilePair) -> list[bytes]:
    return [file for file in (pair.before, pair.after) if isinstance(file, bytes)]


def _report(rows: list[Row]) -> bytes:
    return gallery_html(rows, embedded).encode()


def _download(label: str, name: str, make: Callable[[], bytes], mime: str) -> None:
    st.download_button(
        label,
        make,
        name,
        mime,
        key=f"download_{name}",
        icon=":material/download:",
        on_click="ignore",
    )


def _reader() -> Callable[[StoredFile], bytes]:
    """What reads a file of a pair later, when there is no session at hand."""
    return partial(_content, unpack=to_unpack())


def _content(file: StoredFile | None, unpack: Callable[[Member], bytes]) -> bytes:
    if isinstance(file, Member):
        return unpack(file)
    if isinstance(file, bytes):
        return file
    raise ImgdiffError("This file is gone: upload it again.")
