"""What the compare page shows of pictures that aren't of the same thing."""

from __future__ import annotations

import streamlit as st

from imgdiff.load.formats import is_pdf
from imgdiff.ui.jobs import Upload
from imgdiff.ui.similar.choice import keep

_PAGE = "pages/similar.py"


def offer_similarity(headline: str, before: Upload, after: Upload) -> None:
    """How alike two unrelated pictures are, and a way to the page that tells more.

    Parameters
    ----------
    headline : str
        As `Likeness.headline` has it: "36 % alike: related".
    before, after : Upload
        The page Similar begins with them.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"As wholes they are **{headline}**.", width="content")
        if is_pdf(before.data) or is_pdf(after.data):
            return  # that page is for pictures
        if st.button("See how alike they are", key="to_similar", icon=":material/hub:"):
            keep(before, after)
            st.switch_page(_PAGE)
