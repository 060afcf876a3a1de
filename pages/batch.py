"""Many pairs: two archives or two piles of pictures, most changed first."""

from __future__ import annotations

import streamlit as st

from imgdiff.errors import ImgdiffError
from imgdiff.ui.batch import choose_pairs, compared, show_pair, show_rows
from imgdiff.ui.controls import choose_settings
from imgdiff.ui.page import open_page

open_page("Compare many pairs")
settings = choose_settings()
try:
    pairs = choose_pairs()
    if pairs:
        chosen = show_rows(compared(pairs, settings))
        if chosen:
            show_pair({pair.name: pair for pair in pairs}[chosen.name], chosen, settings)
        else:
            st.caption("Choose a row, at its left edge, to see the pair in full.")
except ImgdiffError as error:
    st.error(str(error), icon=":material/error:")
