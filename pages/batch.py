"""Many pairs: two archives or two piles of pictures, most changed first, for review."""

from __future__ import annotations

import streamlit as st

from imgdiff.errors import ImgdiffError
from imgdiff.ui.controls import choose_settings
from imgdiff.ui.frame import open_page
from imgdiff.ui.ignoring_alike import for_all_pairs
from imgdiff.ui.many_pairs import choose_pairs, compared
from imgdiff.ui.pair_review import show_one_pair, show_rows
from imgdiff.ui.plain import plain

open_page("Compare many pairs")
settings = for_all_pairs(choose_settings())
try:
    pairs = choose_pairs()
    if pairs:
        chosen = show_rows(pairs, compared(pairs, settings))
        if chosen:
            show_one_pair({pair.name: pair for pair in pairs}[chosen.name], chosen, settings)
except ImgdiffError as error:
    st.error(plain(str(error)), icon=":material/error:")
