"""What the user sets in the viewer itself, kept in the session and in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from imgdiff.types import Box

LOOKS = ("swipe", "side", "fade", "blink")
_MOST_AREAS = 100


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


def chosen_look() -> str:
    """How the two pictures are laid over each other in the tab Compare."""
    if "look" not in st.session_state:
        asked_for = st.query_params.get("look")
        st.session_state["look"] = asked_for if asked_for in LOOKS else LOOKS[0]
    chosen: str = st.session_state["look"]
    _keep_in_address("look", "" if chosen == LOOKS[0] else chosen)
    return chosen


def forget_areas() -> None:
    """Let everything count again."""
    st.session_state["ignored_areas"] = ()


def forget_nudge() -> None:
    """Leave the picture after where alignment puts it."""
    st.session_state.pop("nudge", None)


def obey(act: Mapping[str, Any]) -> None:
    """Do what the user asked for in the viewer."""
    if act.get("do") == "ignore":
        areas = [Box(*map(int, area)) for area in act["areas"][:_MOST_AREAS]]
        st.session_state["ignored_areas"] = tuple(areas)
    elif act.get("do") == "nudge":
        right, down = act["nudge"]
        st.session_state["nudge"] = (float(right), float(down))
    elif act.get("do") == "look" and act["look"] in LOOKS:
        st.session_state["look"] = act["look"]
    elif act.get("do") == "stretch":
        st.session_state["align"] = "stretch"


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
