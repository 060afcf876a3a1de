"""Small HTML pieces of the page: the gauge and the drawings.

Names of files are escaped: they are text, never markup.
"""

from __future__ import annotations

import html
from pathlib import Path

import streamlit as st

from imgdiff.similar.degrees import RELATED, VERY_SIMILAR
from imgdiff.similar.embedding.bands import Bands
from imgdiff.ui.media import address_of

_STYLE = Path(__file__).with_name("similar.css")


def show_style() -> None:
    """What all pieces need, once a page."""
    st.html(_STYLE)


def show_gauge(percent: int, words: str, bands: Bands) -> None:
    """A scale of 0 to 100 with the bands marked, and a needle."""
    limits = [0, *(round(100 * x) for x in (bands.related, bands.similar, bands.identical)), 100]
    names = ("no clear relation", RELATED, VERY_SIMILAR, "nearly identical")
    parts = "".join(
        f'<span style="width:{high - low}%"><b></b><em>{low}</em><i>{name}</i></span>'
        for name, low, high in zip(names, limits, limits[1:], strict=False)
    )
    st.html(
        f'<div class="gauge" role="meter" aria-label="How alike" aria-valuemin="0" '
        f'aria-valuemax="100" aria-valuenow="{percent}" aria-valuetext="{html.escape(words)}">'
        f'<div class="scale">{parts}</div><div class="needle" style="left:{percent}%"></div></div>'
    )


def show_svg(drawing: bytes, *, slot: str, alt: str) -> None:
    """A drawing, as wide as the page allows."""
    address = address_of(drawing, slot=slot, mime="image/svg+xml")
    st.html(f'<img class="drawing" src="{address}" alt="{html.escape(alt)}">')
