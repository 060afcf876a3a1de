"""Undo: settings, ignored areas, moves and points by hand, and judgements, step by step."""

from __future__ import annotations

from typing import Any

import streamlit as st

from imgdiff.metrics.registry import METHODS

_MOST_STEPS = 50
_MISSING = object()

_UNSET = ("ignored_areas", "nudge", "points", "reviews")
"""What no widget holds: if it wasn't set before, it isn't afterwards."""


def note_settings() -> None:
    """Keep the settings of this run, if they aren't those of the last one."""
    steps, now = _steps(), _settings()
    if not steps or steps[-1] != now:
        steps.append(now)
        del steps[:-_MOST_STEPS]


def undo() -> None:
    """Bring back what was set before the last change; to be called before widgets are shown."""
    steps = _steps()
    if len(steps) < 2:
        return
    steps.pop()
    for key in _keys():
        value = steps[-1].get(key, _MISSING)
        if value is not _MISSING:
            st.session_state[key] = value
        elif key in _UNSET:
            st.session_state.pop(key, None)


def forget_steps() -> None:
    """Another pair: what was done to the last one can't be undone here."""
    _steps().clear()


def _steps() -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = st.session_state.setdefault("steps", [])
    return steps


def _settings() -> dict[str, Any]:
    return {key: st.session_state[key] for key in _keys() if key in st.session_state}


def _keys() -> list[str]:
    options = {option.name for method in METHODS.values() for option in method.options}
    return ["method", "min_area", "grayscale", "align", *_UNSET, *sorted(options)]
