"""How alike are pictures? Two of them, or all of a set."""

from __future__ import annotations

import streamlit as st

from imgdiff.errors import ImgdiffError
from imgdiff.ui.frame import open_page
from imgdiff.ui.plain import plain
from imgdiff.ui.similar.cards import show_style
from imgdiff.ui.similar.choice import choose_pictures
from imgdiff.ui.similar.groups import show_set
from imgdiff.ui.similar.in_full import offer_in_full
from imgdiff.ui.similar.progress import relate
from imgdiff.ui.similar.two import show_pair

open_page("How alike are pictures?")
show_style()
try:
    choice = choose_pictures()
    related = relate(choice)
    for failure in related.left_out:
        with st.container(border=True):
            st.text(f"{failure.name}: {failure.reason}")
    offer_in_full(related)
    if related.collection is not None:
        show_set(related, related.collection)
    elif len(related.pictures) == 2:
        show_pair(*related.pictures)
    elif related.pictures:
        st.caption("Now add another picture, or many.")
except ImgdiffError as error:
    st.error(plain(str(error)), icon=":material/error:")
