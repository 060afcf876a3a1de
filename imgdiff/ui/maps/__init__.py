"""The maps: a component of Streamlit's that shows small pictures side by side under one zoom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from imgdiff.ui.component import Component

_COMPONENT = Component(Path(__file__).parent)


@dataclass(frozen=True, slots=True)
class Card:
    """One picture: where the browser finds it, and what stands below it; plain text all.

    Attributes
    ----------
    address : str
        "" where there is no picture, only words.
    title, lead, note : str
        Its name, the number that matters, and what else there is to say.
    alt : str
        What it shows, for the ear.
    """

    address: str
    title: str
    lead: str
    note: str
    alt: str


def show_maps(cards: Sequence[Card], *, key: str) -> None:
    """Mount the maps; all cards hold pictures of the same shape."""
    _COMPONENT.show([asdict(card) for card in cards], key=key)
