"""The work behind the page, done once for each file and each set, and kept for its session only.

All that touches pictures goes through `gather`, which has a worker process turn the bytes of a
file into a small fingerprint; nothing else on this page ever holds a picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from imgdiff.similar.collection import Collection, collect
from imgdiff.similar.fingerprint import PREVIEW, Fingerprint
from imgdiff.similar.gather import LeftOut, parted, read_all
from imgdiff.similar.sources import PictureSource
from imgdiff.ui.jobs import fingerprinter
from imgdiff.ui.similar.choice import Choice

_LARGE = 720
"""Length of the pictures' longer side, px, where there are only two."""

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
    keys = *(file.key for file in choice.files), *(left.name for left in choice.left_out)
    kept: tuple[tuple[str, ...], Related] | None = st.session_state.get("similar_related")
    if kept is not None and kept[0] == keys:
        return kept[1]
    results = _read(choice)
    pictures, failures = parted(results)
    sources = [
        file.source
        for file, result in zip(choice.files, results, strict=True)
        if isinstance(result, Fingerprint)
    ]
    collection = None
    if len(pictures) > 2:
        with _progress("Checking which points match") as progress:
            collection = collect(pictures, progress=progress)
    related = Related(pictures, sources, [*choice.left_out, *failures], collection)
    st.session_state["similar_related"] = keys, related
    return related


def _read(choice: Choice) -> list[Fingerprint | LeftOut]:
    """Every file's fingerprint; only of files that the last choice hadn't."""
    preview = _LARGE if len(choice.files) == 2 else PREVIEW
    known: dict[_Key, Fingerprint | LeftOut] = st.session_state.setdefault("similar_known", {})
    new = {file.key: file.source for file in choice.files if (file.key, preview) not in known}
    if new:
        with _progress("Reading pictures") as progress:
            results = read_all(list(new.values()), preview=preview, look=fingerprinter())
            for done, (key, result) in enumerate(zip(new, results, strict=True), 1):
                # While files are still coming in, each starts the page anew: keep what is done.
                known[key, preview] = result
                progress(done, len(new))
    known = {(file.key, preview): known[file.key, preview] for file in choice.files}
    st.session_state["similar_known"] = known
    return list(known.values())


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar that shows how many of how many are done, and goes when all are."""
    bar = st.progress(0.0, f"{label} …")

    def show(done: int, count: int) -> None:
        bar.progress(done / count, f"{label}: {done} of {count}")

    yield show
    bar.empty()
