"""Pictures of a set in full: one shown large, or any two opened on the page Compare."""

from __future__ import annotations

import streamlit as st

from imgdiff.similar.collection import Collection
from imgdiff.ui.jobs import Upload, fingerprinter, unpacked_content
from imgdiff.ui.pair_choice import open_pair
from imgdiff.ui.similar.progress import Related

_PAGE = "app.py"
_ASKED = "similar_asked"
_LARGE = 1200
"""Length of the longer side of a picture that is looked at large, px."""


def offer_in_full(related: Related) -> None:
    """Two pictures to choose, and a button that opens them; the most alike at first.

    Raises
    ------
    LoadError
        One of them is damaged in its archive.
    """
    if len(related.pictures) < 2:
        return
    names = [picture.name for picture in related.pictures]
    first, second = _most_alike(related.collection)
    with st.container(key="similar_in_full", horizontal=True, vertical_alignment="bottom"):
        chosen = [
            st.selectbox(
                label,
                range(len(names)),
                index=index,
                format_func=lambda index: names[index],
                key=f"similar_full_{side} {len(names)}",
                width=240,
            )
            for label, side, index in (("One", "one", first), ("Another", "other", second))
        ]
        if st.button("See what changed", key="similar_to_compare", icon=":material/compare:"):
            _open(related, *chosen)
    asked = st.session_state.pop(_ASKED, None)
    if asked is not None and max(asked) < len(names):
        _open(related, *asked)


def ask_to_compare(first: int, second: int) -> None:
    """Have the next run of the page open two pictures of the set on the page Compare."""
    st.session_state[_ASKED] = first, second


def large_picture(related: Related, index: int) -> bytes:
    """A picture of the set as a JPEG file to be looked at; raises ImgdiffError."""
    source = related.sources[index]
    model = related.pictures[index].model
    looked_at = fingerprinter()(source.read(), source.name, model=model, preview=_LARGE, points=1)
    return looked_at.thumbnail


def _open(related: Related, first: int, second: int) -> None:
    open_pair(_upload(related, first), _upload(related, second))
    st.switch_page(_PAGE)


def _upload(related: Related, index: int) -> Upload:
    source = related.sources[index]
    return Upload(source.name, unpacked_content(source.read()))


def _most_alike(collection: Collection | None) -> tuple[int, int]:
    """The first two of the largest group, or the first two of all."""
    if collection is None or not collection.groups:
        return 0, 1
    first, second, *_ = collection.groups[0]
    return first, second
