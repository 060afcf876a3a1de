"""Two pictures: how alike they are as wholes, and the points that they share."""

from __future__ import annotations

import json

import streamlit as st

from imgdiff.similar.embedding import bands_of
from imgdiff.similar.facts import pair_facts
from imgdiff.similar.figures import matched_svg
from imgdiff.similar.fingerprint import Fingerprint
from imgdiff.similar.likeness import likeness
from imgdiff.ui.plain import plain
from imgdiff.ui.similar.cards import show_gauge, show_svg


def show_pair(first: Fingerprint, second: Fingerprint) -> None:
    """Headline, gauge, evidence, and the pictures with lines between matching points."""
    found = likeness(first, second)
    st.header(plain(found.headline), anchor=False)
    show_gauge(found.percent, found.headline, bands_of(found.model))
    icon = ":material/verified:" if found.match.confirmed else ":material/help:"
    st.markdown(f"{icon} {found.evidence}")
    lines = f", {found.match.count} points joined by lines" if found.match.confirmed else ""
    show_svg(
        matched_svg(first, second, found.match),
        slot="similar_pair",
        alt=f"{first.name} and {second.name} side by side{lines}",
    )
    st.caption(found.guidance)
    facts = json.dumps(pair_facts(first, second, found), indent=2, ensure_ascii=False)
    st.download_button(
        "Numbers (JSON)",
        facts,
        "similarity.json",
        "application/json",
        icon=":material/download:",
        on_click="ignore",
    )
