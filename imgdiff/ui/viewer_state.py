"""What the user sets in the viewer itself, kept in the session and in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from imgdiff.types import Box, PointPair
from imgdiff.ui.review_state import judge
from imgdiff.ui.undo import forget_steps, undo

TABS = ("Compare", "Diff", "Boxed", "Mask", "Filled")
LOOKS = ("swipe", "side", "fade", "blink")
_MOST_AREAS = 100
_MOST_POINTS = 50


def ignored_areas() -> tuple[Box, ...]:
    """The areas that don't count; in the address as ``X,Y,W,H`` with underscores between."""
    if "ignored_areas" not in st.session_state:
        st.session_state["ignored_areas"] = _boxes(st.query_params.get("ignore", ""))
    areas: tuple[Box, ...] = st.session_state["ignored_areas"]
    texts = [f"{box.x},{box.y},{box.width},{box.height}" for box in areas]
    _keep_in_address("ignore", "_".join(texts))
    return areas


def nudge() -> tuple[float, float]:
    """How far the picture after was moved by hand, px right and down."""
    moved: tuple[float, float] = st.session_state.get("nudge", (0.0, 0.0))
    return moved


def points() -> tuple[PointPair, ...]:
    """Places that show the same thing, as they were marked: x and y before, x and y after, px."""
    marked: tuple[PointPair, ...] = st.session_state.get("points", ())
    return marked


def chosen_tab() -> str:
    """Which of the tabs is open."""
    return _chosen("view", TABS)


def chosen_look() -> str:
    """How the two pictures are laid over each other in the tab Compare."""
    return _chosen("look", LOOKS)


def _chosen(name: str, options: tuple[str, ...]) -> str:
    """One of some options, in the address unless it's the first."""
    if name not in st.session_state:
        asked_for = st.query_params.get(name)
        st.session_state[name] = asked_for if asked_for in options else options[0]
    chosen: str = st.session_state[name]
    _keep_in_address(name, "" if chosen == options[0] else chosen)
    return chosen


def keep_to_pair(*digests: str) -> None:
    """Areas and moves belong to the pair they were made on: of another one, they are forgotten.

    If one of its pictures is still there, the user is asked.
    """
    last: tuple[str, ...] = st.session_state.get("areas_pair", digests)
    st.session_state["areas_pair"] = digests
    if last != digests:
        forget_steps()
        forget_points()
        if not ignored_areas() and not any(nudge()):
            return
        st.session_state["ask_areas"] = bool(set(last) & set(digests))
        if not st.session_state["ask_areas"]:
            forget_areas()
            forget_nudge()
    if st.session_state.get("ask_areas"):
        _ask_for_areas()


def _ask_for_areas() -> None:
    """Whether what was ignored or moved before holds for the new picture too."""
    count = len(ignored_areas())
    areas = f"{count} ignored area{'s' * (count != 1)}"
    told = " and ".join([areas] * (count > 0) + ["the move by hand"] * any(nudge()))
    if not told:
        st.session_state["ask_areas"] = False
        return
    with st.container(key="ask_areas_row", horizontal=True, vertical_alignment="center"):
        st.text(f"One picture is another now. Keep {told}?", width="content")
        st.button("Keep", key="keep_areas", on_click=_answer, args=(True,))
        st.button("Start afresh", key="drop_areas", on_click=_answer, args=(False,))


def _answer(keep: bool) -> None:
    st.session_state["ask_areas"] = False
    if not keep:
        forget_areas()
        forget_nudge()


def is_stopped(key: str) -> bool:
    """Whether the user cancelled this comparison, and hasn't asked for it again."""
    return bool(key) and st.session_state.get("stopped") == key


def begin(key: str) -> None:
    """Note which comparison is under way, so that it can be cancelled."""
    st.session_state["under_way"] = key


def forget_areas() -> None:
    """Let everything count again."""
    st.session_state["ignored_areas"] = ()


def forget_nudge() -> None:
    """Leave the picture after where alignment puts it."""
    st.session_state.pop("nudge", None)


def forget_points() -> None:
    """Leave it to alignment how the pictures lie."""
    st.session_state.pop("points", None)


def obey(act: Mapping[str, Any]) -> None:
    """Do what the user asked for in the viewer."""
    if act.get("do") == "ignore":
        areas = [Box(*map(int, area)) for area in act["areas"][:_MOST_AREAS]]
        st.session_state["ignored_areas"] = tuple(areas)
    elif act.get("do") == "nudge":
        right, down = act["nudge"]
        st.session_state["nudge"] = (float(right), float(down))
    elif act.get("do") == "match":
        st.session_state["points"] = tuple(map(tuple, act["points"][:_MOST_POINTS]))
    elif act.get("do") == "look" and act["look"] in LOOKS:
        st.session_state["look"] = act["look"]
    elif act.get("do") == "view" and act["view"] in TABS:
        st.session_state["view"] = act["view"]
    elif act.get("do") == "stretch":
        st.session_state["align"] = "stretch"
    elif act.get("do") == "judge":
        judge(act)
    elif act.get("do") == "undo":
        undo()
    elif act.get("do") == "cancel":
        st.session_state["stopped"] = st.session_state.get("under_way", "")
    elif act.get("do") == "again":
        st.session_state.pop("stopped", None)


def _boxes(text: str) -> tuple[Box, ...]:
    """The areas that an address names; what isn't one is passed over."""
    return tuple(_sound(part.split(",") for part in text.split("_")[:_MOST_AREAS]))


def _sound(areas: Iterable[list[str]]) -> Iterable[Box]:
    for area in areas:
        if len(area) == 4 and all(number.isdecimal() and len(number) < 7 for number in area):
            yield Box(*map(int, area))


def _keep_in_address(name: str, text: str) -> None:
    if text:
        st.query_params[name] = text
    else:
        st.query_params.pop(name, None)
