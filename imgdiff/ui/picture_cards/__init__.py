"""Pictures in rows that wrap, to be looked at and to be compared; see the .js."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import streamlit as st

from imgdiff.ui.component import Component

_COMPONENT: Final = Component(Path(__file__).parent)


@dataclass(frozen=True, slots=True)
class PictureCard:
    """What is shown of a picture.

    Attributes
    ----------
    index : int
        By which it's known.
    name, line : str
        Below it.
    src : str
        Address of its thumbnail.
    compare : (int, str) or None
        Index and name of the one that it may be compared with.
    """

    index: int
    name: str
    line: str
    src: str
    compare: tuple[int, str] | None = None


def show_picture_cards(
    cards: Sequence[PictureCard],
    *,
    key: str,
    zoomed: tuple[int, str] | None,
    obey: Callable[[Mapping[str, Any]], None],
) -> None:
    """Mount the cards.

    Parameters
    ----------
    cards : sequence of PictureCard
        From left to right.
    key : str
        Of the place on the page.
    zoomed : (int, str) or None
        Index of the picture that is looked at large, and the address of the large one.
    obey : callable
        Called with what the user did: "zoom" or "compare".
    """
    payload = {
        "cards": [
            {"index": card.index, "name": card.name, "line": card.line, "src": card.src}
            | ({"compare": dict(zip(("index", "name"), card.compare, strict=True))}
               if card.compare else {})
            for card in cards
        ],
        "zoomed": zoomed and {"index": zoomed[0], "src": zoomed[1]},
    }  # fmt: skip

    def passing_on(trigger: str) -> Callable[[], None]:
        def pass_on() -> None:
            act = st.session_state[key].get(trigger)
            if isinstance(act, Mapping):
                obey({**act, "do": trigger})

        return pass_on

    _COMPONENT.show(
        payload,
        key=key,
        on_zoom_change=passing_on("zoom"),
        on_compare_change=passing_on("compare"),
    )
