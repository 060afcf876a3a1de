"""The work behind the page, done once for each file and each set, and kept for its session only.

All that touches pictures goes through `gather`, which has a worker process turn the bytes of a
file into a small fingerprint; nothing else on this page ever holds a picture.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from imgdiff.similar.collection import Collection, collect
from imgdiff.similar.fingerprint import POINTS_ALONE, POINTS_IN_SET, PREVIEW, Fingerprint
from imgdiff.similar.gather import LeftOut, parted, read_all
from imgdiff.similar.sources import PictureSource
from imgdiff.ui.jobs import fingerprinter
from imgdiff.ui.memory import check_room
from imgdiff.ui.similar.choice import Choice

_LARGE = 720
"""Length of the pictures' longer side, px, where there are only two."""

_SMALL = 160
"""Where there are so many that they would take a lot of memory."""
_MANY = 1000
_HELD = 60_000
"""Bytes that are held of a picture of a set, about."""
NEIGHBOURS = 10
"""Of each picture, that are shown."""
_STOPPED = "similar_stopped"
_TICK = 0.1
"""Seconds between two steps of a bar."""

_Key = tuple[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Related:
    """The pictures of a choice, and how they relate if there are three or more.

    Attributes
    ----------
    pictures : list of Fingerprint
        Those that can be used.
    sources : list of PictureSource
        Where each of them comes from.
    left_out : list of LeftOut
        The others.
    collection : Collection or None
        How all relate.
    """

    pictures: list[Fingerprint]
    sources: list[PictureSource]
    left_out: list[LeftOut]
    collection: Collection | None


def relate(choice: Choice) -> Related:
    """Read what hasn't been read, and relate all of it; shows its progress."""
    # In place whether there is work or not: what stands below it must stay where it is.
    place = st.empty()
    keys = *(file.key for file in choice.files), *(left.name for left in choice.left_out)
    kept: tuple[tuple[str, ...], Related] | None = st.session_state.get("similar_related")
    if kept is not None and kept[0] == keys:
        return kept[1]
    if _is_stopped(choice, keys):
        return Related([], [], [*choice.left_out], None)
    with place.container():
        _offer_to_stop(keys)
        results = _read(choice)
        pictures, failures = parted(results)
        sources = [
            file.source
            for file, result in zip(choice.files, results, strict=True)
            if isinstance(result, Fingerprint)
        ]
        collection = None
        if len(pictures) > 2:
            with _progress() as progress:
                collection = collect(pictures, top=NEIGHBOURS, progress=progress)
    place.empty()
    related = Related(pictures, sources, [*choice.left_out, *failures], collection)
    st.session_state["similar_related"] = keys, related
    return related


def _offer_to_stop(keys: tuple[str, ...]) -> None:
    """A button that ends the work of this run: what has been read by then is kept."""
    st.button(
        "Stop",
        key="similar_stop",
        icon=":material/stop_circle:",
        on_click=lambda: st.session_state.update({_STOPPED: keys}),
    )


def _is_stopped(choice: Choice, keys: tuple[str, ...]) -> bool:
    """Whether this work was stopped; then it's told how far it came, and how to go on."""
    if st.session_state.get(_STOPPED) != keys:
        return False
    known: dict[_Key, Fingerprint | LeftOut] = st.session_state.get("similar_known", {})
    read = {key for key, _ in known}
    done = sum(file.key in read for file in choice.files)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"Stopped: {done:,} of {len(choice.files):,} pictures are read.", width="content")
        st.button(
            "Go on", key="similar_go_on", on_click=lambda: st.session_state.pop(_STOPPED, None)
        )
    return True


def _read(choice: Choice) -> list[Fingerprint | LeftOut]:
    """Every file's fingerprint; only of files that the last choice hadn't."""
    preview, points = _detail(len(choice.files))
    known: dict[_Key, Fingerprint | LeftOut] = st.session_state.setdefault("similar_known", {})
    new = {file.key: file.source for file in choice.files if (file.key, preview) not in known}
    if new:
        check_room(len(new) * _HELD)
        with _progress() as progress:
            look = fingerprinter()
            results = read_all([*new.values()], preview=preview, points=points, look=look)
            for done, (key, result) in enumerate(zip(new, results, strict=True), 1):
                # While files are still coming in, each starts the page anew: keep what is done.
                known[key, preview] = result
                progress("Reading pictures", done, len(new))
    known = {(file.key, preview): known[file.key, preview] for file in choice.files}
    st.session_state["similar_known"] = known
    return list(known.values())


def _detail(count: int) -> tuple[int, int]:
    """How large a thumbnail, and how many points, are kept of each of so many pictures."""
    if count == 2:
        return _LARGE, POINTS_ALONE
    return (PREVIEW if count <= _MANY else _SMALL), POINTS_IN_SET


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar that shows what is done, how many of how many, and goes when all are."""
    bar = st.progress(0.0, "Reading pictures …")
    told = 0.0

    def show(doing: str, done: int, count: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told > _TICK:
            told = now
            bar.progress(done / count, f"{doing}: {done:,} of {count:,}")

    yield show
    bar.empty()
