"""Methods: each one on the same sample, with what it is good for and where it comes from."""

from __future__ import annotations

import streamlit as st

from imgdiff.methods import METHODS
from imgdiff.types import Settings
from imgdiff.ui.jobs import Job, answer, made
from imgdiff.ui.media import show_png
from imgdiff.ui.page import open_page
from imgdiff.ui.samples import samples

open_page("Methods")
st.caption(
    "Every method on the same pair of pictures. White is equal; the darker, the more different."
)

all_samples = samples()
with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = st.selectbox(
        "Sample", all_samples, format_func=lambda key: all_samples[key].title, key="sample"
    )
    grayscale = st.toggle("Grayscale", value=Settings().grayscale, key="methods_grayscale")
st.caption(all_samples[chosen].about)
before, after = all_samples[chosen].uploads()

for column, method in zip(st.columns(len(METHODS)), METHODS.values(), strict=True):
    job = Job(before, after, Settings(method=method.key, grayscale=grayscale))
    found = answer(job)
    with column:
        st.header(method.title, anchor=False)
        show_png(
            made(job, "boxed_diff.png"),
            slot=f"method_{method.key}",
            alt=found.layers["boxed_diff"][1],
            caption=f"{found.score_name}: {found.score_text}. {found.headline}",
        )
        st.write(method.help)
        st.caption(f"{method.score_help} On the command line: `--method {method.key}`.")
        st.caption(f"Source: {method.source}")
