"""A finished comparison on the screen: the answer in words, and what the viewer shows of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from imgdiff.comparison.page_result import MOST_PLACES, PageResult, Shown
from imgdiff.report import FILES
from imgdiff.ui.jobs import Job, Upload, alikeness_words, made, page_result, to_make
from imgdiff.ui.media import address_of, address_of_upload
from imgdiff.ui.similar.hint import offer_similarity
from imgdiff.ui.viewer_state import chosen_look

TABS = ("Compare", "Diff", "Boxed", "Mask", "Filled")


def show_result(job: Job) -> Mapping[str, Any]:
    """Compare and show the answer.

    Raises
    ------
    ImgdiffError
        There is no answer, and nothing is shown; or only its pictures found no room on the server.

    Returns
    -------
    mapping
        What the viewer shall show.
    """
    found = page_result(job)
    with st.container(key="answer", horizontal=True, vertical_alignment="center"):
        _show_words(found)
        _show_numbers(found)
        _offer_files(job)
    if not found.related:
        offer_similarity(alikeness_words(job), job.before, job.after)
    st.tabs(TABS, key="view", bind="query-params")
    return _payload(job, found)


def _show_words(found: PageResult) -> None:
    with st.container(key="words", gap=None):
        st.header(found.headline, anchor=False)
        if found.facts:
            st.caption(" ".join(found.facts))


def _show_numbers(found: PageResult) -> None:
    """The numbers; of pictures of different things they mean nothing, and the facts say so."""
    if not found.related:
        return
    with st.container(key="numbers", horizontal=True, width="content"):
        st.metric(found.score_name, found.score_text, help=found.score_help, width="content")
        st.metric("Places changed", found.places_changed, width="content")


def _offer_files(job: Job) -> None:
    """One menu of all that can be taken away, each file made when it's clicked."""
    menu = st.popover("Download", icon=":material/download:", key="downloads", width="content")
    with menu, st.container(gap="xsmall"):
        for file in FILES.values():
            if file.offered:
                st.download_button(
                    file.title,
                    to_make(job, file.name),
                    file.name,
                    file.mime,
                    key=f"download_{file.name}",
                    on_click="ignore",
                    width="stretch",
                )


def _payload(job: Job, found: PageResult) -> dict[str, Any]:
    """What the viewer needs, all of it small: pictures travel by address."""
    settings = job.settings
    tab = st.session_state["view"]
    diff = address_of(made(job, "diff.png"), slot="diff") if tab == "Diff" else ""
    return {
        "id": job.key,
        "view": tab,
        "look": chosen_look(),
        "missing": [],
        "before": _picture(job, job.before, found.before, "before"),
        "after": _picture(job, job.after, found.after, "after"),
        "size": {"width": found.before.width, "height": found.before.height},
        "afterSize": {"width": found.after.width, "height": found.after.height},
        "transform": found.transform,
        "related": found.related,
        "note": found.alignment,
        "nudge": settings.nudge,
        "canNudge": bool(found.alignment) or any(settings.nudge),
        "mask": address_of(found.mask, slot="mask"),
        "diff": diff,
        "places": json.loads(found.places),
        "most": MOST_PLACES,
        "threshold": settings.min_area,
        "ignore": [[box.x, box.y, box.width, box.height] for box in settings.ignore],
    }


def _picture(job: Job, upload: Upload, shown: Shown, side: str) -> dict[str, str]:
    """The upload itself where browsers can show it, else a rendition; and its digest."""
    if not shown.as_is:
        rendition = address_of(made(job, f"{side}.png"), slot=side)
        return {"url": rendition, "sha": ""}
    return {"url": address_of_upload(upload, slot=side), "sha": upload.sha256}
