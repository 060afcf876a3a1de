"""A finished comparison on the screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from imgdiff.report import region_rows, to_html, to_zip
from imgdiff.ui.jobs import Job, compared, layer_png
from imgdiff.ui.media import show_png
from imgdiff.view import View

_TABS = {
    "Compare": ("boxed_before", "boxed_after"),
    "Diff": ("diff",),
    "Boxed": ("boxed_diff",),
    "Mask": ("mask",),
    "Filled": ("filled",),
}


def show_result(job: Job) -> None:
    """Compare and show everything; raises ImgdiffError before anything is shown."""
    view = compared(job)
    _show_answer(view)
    tabs = st.tabs(list(_TABS), key="view", bind="query-params")
    for tab, layers in zip(tabs, _TABS.values(), strict=True):
        if tab.open:
            with tab:
                _show_layers(job, view, layers)
    _show_regions(view)


def _show_answer(view: View) -> None:
    """Headline and downloads in one line, then numbers and facts."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.header(view.headline, anchor=False, width="content")
        with st.container(horizontal=True, width="content"):
            _offer_downloads(view)
    with st.container(horizontal=True):
        st.metric(
            view.score_name, view.score_text, help=view.score_help, border=True, width="content"
        )
        st.metric("Places changed", len(view.regions), border=True, width="content")
    if view.facts:
        st.caption(" ".join(view.facts))


def _offer_downloads(view: View) -> None:
    """Files of the whole comparison, made when they are asked for."""
    _download("All pictures (ZIP)", partial(to_zip, view), "imgdiff.zip", "application/zip")
    _download("Report (HTML)", partial(to_html, view), "imgdiff.html", "text/html")


def _download(label: str, made: Callable[[], str | bytes], name: str, mime: str) -> None:
    """A button for a file that is made when it's clicked; the page stays as it is."""
    st.download_button(
        label,
        made,
        name,
        mime,
        key=f"download_{name}",
        icon=":material/download:",
        on_click="ignore",
    )


def _show_layers(job: Job, view: View, keys: tuple[str, ...]) -> None:
    """The pictures of one tab next to each other, each with its download."""
    for column, key in zip(st.columns(len(keys)), keys, strict=True):
        layer = view.layers[key]
        with column:
            png = layer_png(job, key)
            show_png(png, slot=key, alt=layer.alt, caption=layer.title)
            _download(f"{layer.title} (PNG)", partial(bytes, png), f"{key}.png", "image/png")


def _show_regions(view: View) -> None:
    """The table of regions, if there are any."""
    if not view.regions:
        return
    st.subheader("Regions", anchor=False)
    st.dataframe(
        region_rows(view),
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
