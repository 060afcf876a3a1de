"""Many pairs on the screen: choosing the files, and watching the run."""

from __future__ import annotations

import hashlib
import io
import time
from dataclasses import replace
from typing import Final, TypeAlias

import streamlit as st

from imgdiff.batch import FilePair, Row, compare_pairs
from imgdiff.batch.pairing import pair_up
from imgdiff.batch.row import most_changed_first
from imgdiff.errors import PairingError
from imgdiff.load.archive import Member, open_archive
from imgdiff.load.formats import ENDINGS
from imgdiff.types import Settings
from imgdiff.ui.jobs import executor
from imgdiff.ui.samples import samples
from imgdiff.ui.uploads import content_of

MAX_PAIRS: Final = 500
"""More than that is a task for the command: a table in a browser must stay light."""

_SIDES: Final = {"before": "Before", "after": "After"}
_TICK: Final = 0.2

Files: TypeAlias = list[tuple[str, bytes]]
"""Names and contents."""


def choose_pairs() -> list[FilePair] | None:
    """Show both uploaders, or samples; the pairs, or None as long as a side is empty.

    What was chosen is kept in the session, since a visit to another page empties the uploaders.

    Raises
    ------
    ImgdiffError
        The files can't be paired.
    """
    kept = _kept()
    with st.container(key="batch_choice"):
        for column, side in zip(st.columns(2), _SIDES, strict=True):
            with column:
                _choose_side(side)
    missing = [side for side in _SIDES if not kept.get(side)]
    if len(missing) == 2:
        _invite()
    elif missing:
        st.caption(f"Now add the pictures {missing[0]} the change.")
    if missing:
        return None
    pairs = pair_up(*(_unpacked(kept[side]) for side in _SIDES))
    if len(pairs) > MAX_PAIRS:
        raise PairingError(
            f"This page compares {MAX_PAIRS} pairs at a time, but these are {len(pairs)}: "
            "split them, or use the command imgdiff batch."
        )
    return pairs


def _choose_side(side: str) -> None:
    """The uploader of one side, and what was kept from an earlier visit."""
    kept = _kept()
    files = st.file_uploader(
        _SIDES[side],
        ["zip", *ENDINGS],
        accept_multiple_files=True,
        key=f"batch_{side}",
        on_change=_forget,
        args=(side,),
    )
    if files:
        kept[side] = [(file.name, content_of(file)) for file in files]
    elif kept.get(side):
        with st.container(horizontal=True, vertical_alignment="center"):
            names = [name for name, _ in kept[side]]
            more = f" and {len(names) - 2} more" if len(names) > 2 else ""
            st.text(f"{', '.join(names[:2])}{more}", width="content")
            st.button("Remove", key=f"remove_batch_{side}", on_click=_forget, args=(side,))


def _kept() -> dict[str, Files]:
    """The files chosen so far, by side."""
    kept: dict[str, Files] = st.session_state.setdefault("batch_kept", {})
    return kept


def _forget(side: str) -> None:
    _kept().pop(side, None)


def _invite() -> None:
    st.caption(
        "Drop a ZIP archive on each side, or several, or the pictures themselves: "
        "those of the same name are compared. Or begin with the samples:"
    )
    st.button("Try the samples as pairs", key="batch_sample", on_click=_take_samples)


def _take_samples() -> None:
    for side, number in (("before", 0), ("after", 1)):
        _kept()[side] = [
            (f"{key}.{sample.before.rpartition('.')[2]}", sample.uploads()[number].data)
            for key, sample in samples().items()
        ]


def _unpacked(files: Files) -> dict[str, bytes | Member]:
    """The pictures of one side by name, those in archives too."""
    found: dict[str, bytes | Member] = {}
    for name, data in files:
        named: dict[str, bytes | Member] = {}
        if name.lower().endswith(".zip"):
            named.update(open_archive(io.BytesIO(data)))
        else:
            named[name] = data
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
