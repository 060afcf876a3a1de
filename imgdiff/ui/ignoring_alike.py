"""Many pairs: what is ignored in one of them is ignored in all, for its place or for its look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from imgdiff.types import Box, Piece, Settings
from imgdiff.ui.jobs import Job, found_pieces, pieces_cut
from imgdiff.ui.viewer_state import ignored_areas

_HOW: Final = "ignored_in_all"
_PIECES: Final = "ignored_pieces"
_PLACE, _LOOK = "the same place", "what looks the same"


def for_all_pairs(settings: Settings) -> Settings:
    """The settings as they go for any pair: with looks in place of areas, if that was asked for."""
    if st.session_state.get(_HOW) != _LOOK:
        return settings
    looks = _pieces()
    boxes = [area for area in settings.ignored_areas if isinstance(area, Box)]
    known = [looks[box] for box in boxes if box in looks]
    rest = [area for area in settings.ignored_areas if area not in looks]
    return replace(settings, ignore=rest, ignore_pieces=tuple(known))


def for_this_pair(job: Job) -> Job:
    """The comparison with areas where its looks are, so that they are drawn."""
    settings = job.settings
    if not settings.ignore_pieces:
        return job
    areas = (*settings.ignored_areas, *found_pieces(job))
    return replace(job, settings=replace(settings, ignore=areas, ignore_pieces=()))


def ask_how_in_all(job: Job) -> None:
    """Whether it's the place or the look that is ignored in all pairs, if anything is."""
    areas = ignored_areas()
    if not areas:
        return
    with st.container(key="ignored_in_all_row", horizontal=True, vertical_alignment="center"):
        st.text("In all pairs, ignore", width="content")
        how = st.segmented_control(
            "In all pairs, ignore",
            [_PLACE, _LOOK],
            default=_PLACE,
            required=True,
            key=_HOW,
            persist_state="session",
            label_visibility="collapsed",
        )
        if how == _LOOK:
            _take_pieces(job, areas)
            blank = sum(box not in _pieces() for box in areas)
            if blank:
                st.caption(
                    "What shows nothing before the change has no look: there the place is ignored."
                )


def _take_pieces(job: Job, areas: Sequence[Box]) -> None:
    """Cut what these areas show out of the picture before, once."""
    tried: set[Box] = st.session_state.setdefault("ignored_pieces_tried", set())
    new = tuple(box for box in areas if box not in tried)
    if not new:
        return
    tried.update(new)
    found = pieces_cut(job, new)
    _pieces().update({box: look for box, look in zip(new, found, strict=True) if look is not None})
    st.rerun()


def _pieces() -> dict[Box, Piece]:
    looks: dict[Box, Piece] = st.session_state.setdefault(_PIECES, {})
    return looks
