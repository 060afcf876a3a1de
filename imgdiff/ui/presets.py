"""Presets in the sidebar: what the pictures are sets everything else."""

from __future__ import annotations

from typing import Any

import streamlit as st

from imgdiff.metrics.registry import METHODS
from imgdiff.types import PRESETS, Option, Settings

_OWN = "own"
_OWN_TITLE = "Settings of your own"


def choose_preset() -> None:
    """Show the presets, with the one that the settings below are; to be called after those."""
    now = _matching()
    if now != st.session_state.get("preset"):
        st.session_state["preset"] = now
    names = [*PRESETS, *([_OWN] if now == _OWN else [])]
    st.selectbox(
        "These are",
        names,
        format_func=lambda name: _OWN_TITLE if name == _OWN else PRESETS[name].title,
        key="preset",
        on_change=_apply,
        help="Sets method and options to what suits the pictures. All of it can be changed below.",
    )
    if now != _OWN:
        st.caption(PRESETS[now].help)


def preset_threshold() -> float | None:
    """The error that counts, where the chosen preset says so; None lets the method decide."""
    name = st.session_state.get("preset", _OWN)
    return PRESETS[name].settings.threshold if name in PRESETS else None


def _apply() -> None:
    """Set all widgets to what the chosen preset says."""
    name = st.session_state["preset"]
    if name in PRESETS:
        st.session_state.update(_values_of(name))


def _matching() -> str:
    """The preset that the widgets stand at; the one chosen last, if several fit."""
    last = st.session_state.get("preset")
    for name in sorted(PRESETS, key=lambda name: name != last):
        values = _values_of(name)
        if all(st.session_state.get(key, value) == value for key, value in values.items()):
            return name
    return _OWN


def _values_of(name: str) -> dict[str, Any]:
    """A preset as the values of widgets, by their keys."""
    return widget_values(PRESETS[name].settings)


def widget_values(settings: Settings) -> dict[str, Any]:
    """Settings as the values of widgets, by their keys."""
    values: dict[str, Any] = {
        "method": settings.method,
        "min_area": int(settings.min_area),
        "grayscale": settings.grayscale,
        "align": settings.align,
    }
    for option in METHODS[settings.method].options:
        values[option.name] = _widget_value(
            option, settings.params.get(option.name, option.default)
        )
    return values


def _widget_value(option: Option, value: float) -> bool | float | str:
    """What the option's widget holds for a value: a word, where its steps have words."""
    if option.is_switch:
        return bool(value)
    return option.choices[int(value)] if option.choices else float(value)
