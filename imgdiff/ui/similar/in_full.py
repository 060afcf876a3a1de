"""Any two pictures of a set, compared in full: they open on the page Compare."""

from __future__ import annotations

import streamlit as st

from imgdiff.similar.collection import Collection
from imgdiff.ui.jobs import Upload, unpacked_content
from imgdiff.ui.pair_choice import open_pair
from imgdiff.ui.similar.progress import Related

_PAGE = "app.py"


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
            uploads = [_upload(related, index) for index in chosen]
            open_pair(*uploads)
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
