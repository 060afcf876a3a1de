"""A finished comparison on the screen."""

from __future__ import annotations

import streamlit as st

from imgdiff.answer import Answer
from imgdiff.ui.jobs import Job, answer, made, to_make
from imgdiff.ui.media import show_png

_TABS = {
    "Compare": ("boxed_before", "boxed_after"),
    "Diff": ("diff",),
    "Boxed": ("boxed_diff",),
    "Mask": ("mask",),
    "Filled": ("filled",),
}


def show_result(job: Job) -> None:
    """Compare and show everything; raises ImgdiffError before anything is shown."""
    found = answer(job)
    _show_answer(job, found)
    tabs = st.tabs(list(_TABS), key="view", bind="query-params")
    for tab, layers in zip(tabs, _TABS.values(), strict=True):
        if tab.open:
            with tab:
                _show_layers(job, found, layers)
    _show_regions(found)


def _show_answer(job: Job, found: Answer) -> None:
    """Headline and downloads in one line, then numbers and facts."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.header(found.headline, anchor=False, width="content")
        with st.container(horizontal=True, width="content"):
            _download(job, "All pictures (ZIP)", "imgdiff.zip", "application/zip")
            _download(job, "Report (HTML)", "imgdiff.html", "text/html")
    with st.container(horizontal=True):
        st.metric(
            found.score_name, found.score_text, help=found.score_help, border=True, width="content"
        )
        st.metric("Places changed", len(found.regions), border=True, width="content")
    if found.facts:
        st.caption(" ".join(found.facts))


def _download(job: Job, label: str, name: str, mime: str) -> None:
    """A button for a file that is made when it's clicked; the page stays as it is."""
    st.download_button(
        label,
        to_make(job, name),
        name,
        mime,
        key=f"download_{name}",
        icon=":material/download:",
        on_click="ignore",
    )


def _show_layers(job: Job, found: Answer, keys: tuple[str, ...]) -> None:
    """The pictures of one tab next to each other, each with its download."""
    for column, key in zip(st.columns(len(keys)), keys, strict=True):
        title, alt = found.layers[key]
        with column:
            show_png(made(job, f"{key}.png"), slot=key, alt=alt, caption=title)
            _download(job, f"{title} (PNG)", f"{key}.png", "image/png")


def _show_regions(found: Answer) -> None:
    """The table of regions, if there are any."""
    if not found.regions:
        return
    st.subheader("Regions", anchor=False)
    st.dataframe(
        list(found.regions),
        hide_index=True,
        width="stretch",
        column_config={
            "number": "No.",
            "x": st.column_config.NumberColumn("x", help="Pixels from the left edge"),
            "y": st.column_config.NumberColumn("y", help="Pixels from the top edge"),
            "width": st.column_config.NumberColumn("Width", help="Pixels"),
            "height": st.column_config.NumberColumn("Height", help="Pixels"),
            "area": st.column_config.NumberColumn(
                "Area", help="Inside the outline, px²", format="%.1f"
            ),
        },
    )
