"""The rival page: absdiff, its six views shown with ``st.image``; run by Streamlit."""

from __future__ import annotations

import streamlit as st

from imgdiff import Settings, compare, load_image, view_of

st.set_page_config(layout="wide")
min_area = st.sidebar.slider("Area threshold, px²", 0, 1000, 40, key="min_area")
before = st.file_uploader("Before", key="before")
after = st.file_uploader("After", key="after")
if before and after:
    first, second = (load_image(file.getvalue(), name=file.name) for file in (before, after))
    view = view_of(compare(first, second, Settings("absdiff", align="none", min_area=min_area)))
    st.header(view.headline)
    for layer in view.layers.values():
        st.image(layer.draw(), caption=layer.title)
