"""Settings of a review file that no widget here holds: they go for its pair, and are told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from imgdiff.reading.patterns import pattern_like
from imgdiff.types import PRESETS, Area, Box, Settings

_KEY: Final = "brought_settings"


@dataclass(frozen=True, slots=True)
class Brought:
    """What a review file set beyond the widgets.

    Attributes
    ----------
    pair : (str, str)
        Digests of the two files.
    threshold, region
        As in `Settings`.
    areas : tuple of Area
        To ignore, that are no boxes.
    ignore_text : tuple of str
        Patterns that no example on the page stands for.
    """

    pair: tuple[str, str]
    threshold: float | None
    region: Box | None
    areas: tuple[Area, ...]
    ignore_text: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """All of it, for people."""
        words = [f"errors over {self.threshold:g} count"] if self.threshold is not None else []
        if self.region is not None:
            box = self.region
            words.append(f"only {box.width} × {box.height} px at {box.x}, {box.y} are compared")
        if self.areas:
            words.append(f"{_counted(len(self.areas), 'polygon')} ignored")
        words += [f"text like {pattern} ignored" for pattern in self.ignore_text]
        return words


def bring_settings(settings: Settings, examples: str, pair: tuple[str, str]) -> None:
    """Keep what the widgets can't; `examples` of text to ignore are what a widget holds."""
    preset = _preset_of(settings)
    if preset:
        st.session_state["preset"] = preset
    known = {pattern_like(example) for example in examples.split(";") if example.strip()}
    st.session_state[_KEY] = Brought(
        pair=pair,
        threshold=None if preset else settings.threshold,
        region=settings.region_box,
        areas=tuple(area for area in settings.ignored_areas if not isinstance(area, Box)),
        ignore_text=tuple(text for text in settings.ignore_text if text not in known),
    )


def with_brought_settings(settings: Settings, pair: tuple[str, str]) -> Settings:
    """The settings of the widgets, with what a review file of this pair brought; told beside."""
    brought: Brought | None = st.session_state.get(_KEY)
    if brought is None or brought.pair != pair or not brought.words:
        return settings
    with st.sidebar:
        st.text(f"From the review file: {'; '.join(brought.words)}.")
        st.button("Leave this out", key="drop_brought", on_click=_drop)
    threshold = settings.threshold if brought.threshold is None else brought.threshold
    return replace(
        settings,
        threshold=threshold,
        region=brought.region,
        ignore=(*settings.ignored_areas, *brought.areas),
        ignore_text=(*settings.ignore_text, *brought.ignore_text),
    )


def _preset_of(settings: Settings) -> str:
    """The preset that says the same of method, options and the error that counts; "" if none."""
    for name, preset in PRESETS.items():
        own = preset.settings
        if (own.method, own.threshold, own.min_area, own.align, {**own.params}) == (
            *(settings.method, settings.threshold, settings.min_area, settings.align),
            {**settings.params},
        ):
            return name
    return ""


def _drop() -> None:
    st.session_state.pop(_KEY, None)


def _counted(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"
