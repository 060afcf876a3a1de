"""Many pictures: groups of near-duplicates, the matrix of similarities, nearest neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from imgdiff.similar import facts
from imgdiff.similar.collection import Collection
from imgdiff.similar.degrees import guidance, in_words, percent_alike
from imgdiff.similar.embedding import bands_of
from imgdiff.similar.figures import matrix_svg
from imgdiff.similar.matrix import MOST_IN_MATRIX
from imgdiff.ui.media import address_of
from imgdiff.ui.picture_cards import PictureCard, show_picture_cards
from imgdiff.ui.similar.cards import show_svg
from imgdiff.ui.similar.in_full import ask_to_compare, large_picture
from imgdiff.ui.similar.progress import NEIGHBOURS, Related

_MOST_GROUPS = 30
_MOST_IN_GROUP = 24
_ALL_NEIGHBOURS = 5
_ZOOMED = "similar_zoomed"

_LEGEND = (
    '<div class="legend"><span>0 %</span><b></b><span>100 % alike</span>'
    "<u></u><span>confirmed by matching points</span></div>"
)


def show_set(related: Related, collection: Collection) -> None:
    """The answer, three tabs and the downloads."""
    st.header(collection.headline, anchor=False)
    groups, matrix, neighbours = st.tabs(["Near-duplicates", "Similarity matrix", "Neighbours"])
    with groups:
        _show_groups(related, collection)
    with matrix:
        _show_matrix(collection)
    with neighbours:
        _show_neighbours(related, collection)
    st.caption(guidance(bands_of(collection.pictures[0].model)))


def _show_groups(related: Related, collection: Collection) -> None:
    if not collection.groups:
        st.caption("No two of these pictures show the same picture or scene, as far as was found.")
    for number, group in enumerate(collection.groups[:_MOST_GROUPS], 1):
        with st.container(border=True):
            st.subheader(f"Group {number}: {len(group):,} pictures", anchor=False)
            shown = group[:_MOST_IN_GROUP]
            lines = [(index, _in_group(collection, group, index)) for index in shown]
            _show_cards(related, lines, slot=f"group_{number}", beside=group[0])
            if len(group) > len(shown):
                st.caption(f"And {len(group) - len(shown):,} more, which the CSV lists.")
    if len(collection.groups) > _MOST_GROUPS:
        st.caption(f"And {len(collection.groups) - _MOST_GROUPS:,} more groups, in the CSV.")
    if collection.groups:
        st.caption(
            "Pictures are grouped where matching points show that they hold the same picture or "
            "scene; or, if they are too smooth to have points, where they are nearly the same."
        )
        _download("Groups (CSV)", "groups", lambda: facts.group_rows(collection))


def _show_cards(
    related: Related, lines: Sequence[tuple[int, str]], *, slot: str, beside: int
) -> None:
    """Pictures, each with a line; all but one may be compared with that one."""
    key = f"cards_{slot}"
    cards = []
    for index, line in lines:
        picture = related.pictures[index]
        src = address_of(picture.thumbnail, slot=f"{key}/{index}", mime="image/jpeg")
        compare = None if index == beside else (beside, related.pictures[beside].name)
        cards.append(PictureCard(index, picture.name, line, src, compare))

    def obey(act: Mapping[str, Any]) -> None:
        if act["do"] == "compare":
            ask_to_compare(int(act["with"]), int(act["index"]))
        else:
            st.session_state[_ZOOMED] = key, int(act["index"])

    place, index = st.session_state.get(_ZOOMED, ("", 0))
    zoomed = None
    if place == key and index < len(related.pictures):
        large = large_picture(related, index)
        zoomed = index, address_of(large, slot=f"{key}/large", mime="image/jpeg")
    show_picture_cards(cards, key=key, zoomed=zoomed, obey=obey)


def _in_group(collection: Collection, group: tuple[int, ...], index: int) -> str:
    """Size, and how much it is like the first of its group."""
    size = _size(collection, index)
    if index == group[0]:
        return size
    return f"{size} · {percent_alike(collection.score(group[0], index))} % like the first"


def _size(collection: Collection, index: int) -> str:
    picture = collection.pictures[index]
    return f"{picture.width} × {picture.height} px"


def _show_matrix(collection: Collection) -> None:
    matrix = collection.matrix
    if matrix is None:
        st.caption(
            f"A matrix is drawn of up to {MOST_IN_MATRIX:,} pictures: of more, a square would be "
            "smaller than a dot. The neighbours of each are listed beside this."
        )
        return
    st.html(_LEGEND)
    show_svg(
        matrix_svg(collection, matrix),
        slot="similar_matrix",
        alt=f"Similarity of every two of {len(collection.pictures):,} pictures: the darker, the "
        f"more alike. {collection.headline} The CSV holds the numbers.",
    )
    _download("Matrix (CSV)", "matrix", lambda: facts.matrix_rows(collection))


def _show_neighbours(related: Related, collection: Collection) -> None:
    names = [picture.name for picture in collection.pictures]
    index = st.selectbox(
        "Picture",
        range(len(names)),
        index=collection.groups[0][0] if collection.groups else 0,
        format_func=lambda index: names[index],
        key="similar_picture",
    )
    _show_cards(related, [(index, _size(collection, index))], slot="chosen", beside=index)
    st.subheader("Most like it", anchor=False)
    bands = bands_of(collection.pictures[index].model)
    lines = []
    for other in collection.neighbours(index, NEIGHBOURS):
        points = f"; {other.points} matching points" if other.points else ""
        lines.append((other.index, in_words(other.score, bands) + points))
    _show_cards(related, lines, slot="neighbour", beside=index)
    _download(
        "All neighbours (CSV)",
        "neighbours",
        lambda: facts.neighbour_rows(collection, top=_ALL_NEIGHBOURS),
    )


def _download(label: str, name: str, rows: Callable[[], Iterable[facts.FactRow]]) -> None:
    """A button for a table that is made when it's clicked."""
    st.download_button(
        label,
        lambda: facts.facts_to_csv(rows()),
        f"{name}.csv",
        "text/csv",
        key=f"download_{name}",
        icon=":material/download:",
        on_click="ignore",
    )
