"""The sidebar's widgets → `Settings`; the address carries them, so a link does too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import streamlit as st

from imgdiff.metrics.registry import METHODS
from imgdiff.reading.patterns import pattern_like
from imgdiff.types import Align, Option, Settings
from imgdiff.ui.presets import choose_preset, preset_threshold
from imgdiff.ui.undo import note_settings
from imgdiff.ui.viewer_state import forget_areas, ignored_areas, nudge, points

_DEFAULT = Settings()
_READS = "changes"
"""The method that tells what happened, words too."""

_RECOMMENDED = " (recommended)"
_LARGEST_MIN_AREA = 1000
_ALIGNMENTS: dict[Align, str] = {
    "auto": "Automatically",
    "none": "Not at all",
    "corner": "Not at all, sizes may differ",
    "stretch": "Stretch to fit",
    "translation": "Shift only",
    "similarity": "Shift, turn and scale",
    "homography": "As seen from another side",
}

Word = TypeVar("Word", bound=str)


def choose_settings() -> Settings:
    """Show the settings in the sidebar and return what they are set to."""
    with st.sidebar:
        presets = st.container(key="presets")
        method = _choose_method()
        expert = [option for option in METHODS[method].options if option.param.expert]
        params = {
            option.name: _choose_option(option)
            for option in METHODS[method].options
            if option not in expert
        }
        reading = _choose_reading() if method == _READS else {}
        min_area = _choose_min_area()
        grayscale = st.toggle(
            "Grayscale",
            value=_DEFAULT.grayscale,
            key="grayscale",
            bind="query-params",
            persist_state="session",
            help="Compare brightness alone; changes of colour don't count.",
        )
        align = _choose(
            "Line up the pictures",
            _ALIGNMENTS,
            key="align",
            default=_DEFAULT.align,
            help_text="How the picture after may be moved to lie on the one before.",
        )
        if expert:
            with st.expander("Expert", key="expert"):
                params |= {option.name: _choose_option(option) for option in expert}
        with presets:
            choose_preset()
        _show_ignored()
    note_settings()
    return Settings(
        method=method,
        min_area=min_area,
        grayscale=grayscale,
        align=align,
        threshold=preset_threshold(),
        params=params,
        **reading,
        ignore=ignored_areas(),
        nudge=nudge(),
        points=points(),
    )


def _choose_min_area() -> int:
    return st.slider(
        "Area threshold, px²",
        min_value=0,
        max_value=_LARGEST_MIN_AREA,
        value=int(_DEFAULT.min_area),
        key="min_area",
        bind="query-params",
        persist_state="session",
        help="Changes of fewer pixels than this are left out: raise it to pass over specks, and "
        "set it to 0 to see every one.",
    )


def _choose_reading() -> dict[str, Any]:
    """What to do about text, by the names of the settings."""
    read = st.toggle(
        "Read text",
        value=True,
        key="read",
        bind="query-params",
        persist_state="session",
        help="Say which words changed. They are read where the pictures are compared, and sent "
        "nowhere.",
    )
    if not read:
        return {"read": "nothing"}
    redrawn = st.toggle(
        "Ignore how text is drawn",
        value=_DEFAULT.ignore_redrawn,
        key="ignore_redrawn",
        bind="query-params",
        persist_state="session",
        help="Text that says the same in another typeface, size or smoothing, all over the page, "
        "is no change.",
    )
    examples = st.text_input(
        "Ignore text like",
        key="ignore_text",
        bind="query-params",
        persist_state="session",
        max_chars=200,
        placeholder="12:34; 3 May 2026",
        help="An example of what may differ: other digits and other words in its place don't "
        "count. Several are parted by semicolons.",
    )
    patterns = tuple(map(pattern_like, filter(str.strip, examples.split(";"))))
    return {"ignore_redrawn": redrawn, "ignore_text": patterns}


def _show_ignored() -> None:
    """How many areas don't count, and a way back; they are drawn in the viewer."""
    count = len(ignored_areas())
    if count:
        areas = "1 area" if count == 1 else f"{count} areas"
        st.button(f"Stop ignoring {areas}", key="clear_ignored", on_click=forget_areas)


def _choose_option(option: Option) -> float:
    """One of the method's own options: a switch, a slider of words, or a slider of numbers."""
    param, words = option.param, option.choices
    if option.is_switch:
        return st.toggle(
            option.title,
            value=bool(option.default),
            key=option.name,
            bind="query-params",
            persist_state="session",
            help=param.help,
        )
    if words:
        word = st.select_slider(
            option.title,
            list(words.values()),
            value=words[int(option.default)],
            key=option.name,
            bind="query-params",
            persist_state="session",
            help=param.help,
        )
        return next(step for step, name in words.items() if name == word)
    return st.slider(
        option.title,
        float(param.low),
        float(param.high),
        float(option.default),
        float(param.step),
        key=option.name,
        bind="query-params",
        persist_state="session",
        help=param.help,
    )


def _choose_method() -> str:
    method = _choose(
        "Method",
        # The list is too narrow for more, and the caption below says it.
        {key: method.title.removesuffix(_RECOMMENDED) for key, method in METHODS.items()},
        key="method",
        default=_DEFAULT.method,
        help_text="How differences are found; the page Methods shows all of them side by side.",
    )
    told, title = METHODS[method].help, METHODS[method].title
    recommended = "Recommended. " if title.endswith(_RECOMMENDED) else ""
    st.caption(f"{recommended}Best for {_best_for(told)}.", help=told)
    return method


def _best_for(told: str) -> str:
    """What a method is best for, out of what is told of it."""
    return told.partition("best for ")[2].partition(". ")[0].partition(";")[0]


def _choose(
    label: str, options: Mapping[Word, str], *, key: str, default: Word, help_text: str
) -> Word:
    """One of `options`, kept in the address by its word, which the command line knows too.

    (`bind` would write the title there, and a link would break when a title is reworded.)
    """
    if key not in st.session_state:
        asked_for = st.query_params.get(key)
        st.session_state[key] = asked_for if asked_for in options else default
    word = st.selectbox(
        label,
        options,
        format_func=lambda word: options[word],
        key=key,
        persist_state="session",
        help=help_text,
    )
    if word == default:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = word
    return word
