"""Many pictures: groups of near-duplicates, the matrix of similarities, nearest neighbours."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from imgdiff.similar import facts
from imgdiff.similar.collection import Collection
from imgdiff.similar.degrees import guidance, percent_alike
from imgdiff.similar.embedding import bands_of
from imgdiff.similar.figures import matrix_svg
from imgdiff.ui.similar.cards import show_cards, show_svg

_MOST_GROUPS = 30
_MOST_IN_GROUP = 24
_NEIGHBOURS = 10
_ALL_NEIGHBOURS = 5

_LEGEND = (
    '<div class="legend"><span>0 %</span><b></b><span>100 % alike</span>'
    "<u></u><span>confirmed by matching points</span></div>"
)


def show_set(collection: Collection) -> None:
    """The answer, three tabs and the downloads."""
    st.header(collection.headline, anchor=False)
    groups, matrix, neighbours = st.tabs(["Near-duplicates", "Similarity matrix", "Neighbours"])
    with groups:
        _show_groups(collection)
    with matrix:
        _show_matrix(collection)
    with neighbours:
        _show_neighbours(collection)
    st.caption(guidance(bands_of(collection.pictures[0].model)))


def _show_groups(collection: Collection) -> None:
    if not collection.groups:
        st.caption("No two of these pictures show the same picture or scene, as far as was found.")
    for number, group in enumerate(collection.groups[:_MOST_GROUPS], 1):
        with st.container(border=True):
            st.subheader(f"Group {number}: {len(group)} pictures", anchor=False)
            shown = group[:_MOST_IN_GROUP]
            show_cards(
                (
                    (collection.pictures[index], _in_group(collection, group, index))
                    for index in shown
                ),
                slot=f"group_{number}",
            )
            if len(group) > len(shown):
                st.caption(f"And {len(group) - len(shown)} more, which the CSV lists.")
    if len(collection.groups) > _MOST_GROUPS:
        st.caption(f"And {len(collection.groups) - _MOST_GROUPS} more groups, in the CSV.")
    if collection.groups:
        st.caption(
            "Pictures are grouped where matching points show that they hold the same picture or "
            "scene; or, if they are too smooth to have points, where they are nearly the same."
        )
        _download("Groups (CSV)", "groups", lambda: facts.group_rows(collection))


def _in_group(collection: Collection, group: tuple[int, ...], index: int) -> str:
    """Size, and how much it is like the first of its group."""
    size = _size(collection, index)
    if index == group[0]:
        return size
    return f"{size} · {percent_alike(float(collection.scores[group[0], index]))} % like the first"


def _size(collection: Collection, index: int) -> str:
    picture = collection.pictures[index]
    return f"{picture.width} × {picture.height} px"


def _show_matrix(collection: Collection) -> None:
    st.html(_LEGEND)
    show_svg(
        matrix_svg(collection),
        slot="similar_matrix",
        alt=f"Similarity of every two of {len(collection.pictures)} pictures: the darker, the more "
        f"alike. {collection.headline} The CSV holds the numbers.",
    )
    _download("Matrix (CSV)", "matrix", lambda: facts.matrix_rows(collection))


def _show_neighbours(collection: Collection) -> None:
    names = [picture.name for picture in collection.pictures]
    index = st.selectbox(
        "Picture",
        range(len(names)),
        index=collection.groups[0][0] if collection.groups else 0,
        format_func=lambda index: names[index],
        key="similar_picture",
    )
    show_cards([(collection.pictures[index], _size(collection, index))], slot="chosen")
    st.subheader("Most like it", anchor=False)
    cards = []
    for other in collection.neighbours(index, _NEIGHBOURS):
        points = f"; {other.points} matching points" if other.points else ""
        cards.append(
            (collection.pictures[other.index], collection.in_words(index, other.index) + points)
        )
    show_cards(cards, slot="neighbour")
    _download(
        "All neighbours (CSV)",
        "neighbours",
        lambda: facts.neighbour_rows(collection, top=_ALL_NEIGHBOURS),
    )


def _download(label: str, name: str, rows: Callable[[], list[facts.FactRow]]) -> None:
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
