"""A finished comparison on the screen: the answer in words, and what the viewer shows of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import streamlit as st

from imgdiff.comparison.page_places import MOST_PLACES
from imgdiff.comparison.page_result import PageResult, Shown
from imgdiff.errors import ImgdiffError, WorkError
from imgdiff.load.formats import is_pdf
from imgdiff.report.downloads import FILES, TakeAway
from imgdiff.types import Box
from imgdiff.ui.jobs import Job, Upload, alikeness_words, made, page_result, to_make
from imgdiff.ui.media import address_of, address_of_upload
from imgdiff.ui.pair_choice import kept_picture, missing_sides
from imgdiff.ui.plain import plain
from imgdiff.ui.review_files import offer_review_file
from imgdiff.ui.review_state import review_of_job, review_shown
from imgdiff.ui.similar.hint import offer_similarity
from imgdiff.ui.viewer_state import (
    TABS,
    begin,
    chosen_look,
    chosen_tab,
    forget_points,
    is_stopped,
    obey,
    points,
)

_SHORT = 50
"""Characters of a sentence that has two lines at most beside all else, 390 px wide; a longer one is
set smaller where there's little room, so that it takes no more."""


def show_result(job: Job, *, title: str = "", notes: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """Compare and show the answer; `title` and `notes` say of which page of a document.

    Raises
    ------
    ImgdiffError
        There is no answer, and nothing is shown; or only its pictures found no room on the server.

    Returns
    -------
    mapping
        What the viewer shall show.
    """
    if is_stopped(job.key):
        _offer_again()
        return {**one_picture(), "failed": True}
    begin(job.key)
    found = page_result(job)
    st.set_page_config(page_title=f"{found.headline.rstrip('.')} · imgdiff")
    with st.container(key="answer", horizontal=True, vertical_alignment="center"):
        # Of different things the numbers mean nothing, and of a page alone there are none.
        has_numbers = found.related and not job.is_lone
        score = (f"{_score_name(found)}: {found.score_short}.",) if has_numbers else ()
        # On a phone there is no room for the numbers beside the headline.
        _show_words(found, title, (*notes, *found.facts, *score))
        if has_numbers:
            _show_numbers(found)
        page = (job.after.page or job.before.page or 0) if title else 0
        _offer_files(job, page, found.headline)
    if not found.related:
        offer_similarity(alikeness_words(job), job.before, job.after)
    # The viewer tells which one is open: were they bound, the answer to one click would take back
    # the next that was made meanwhile.
    st.tabs(TABS, key="view", default=chosen_tab())
    return _payload(job, found, is_page=bool(title))


def one_picture() -> dict[str, Any]:
    """What the viewer shows before there is a result: what was chosen so far."""
    shown: dict[str, Any] = {"id": "", "missing": missing_sides()}
    for side in ("before", "after"):
        upload = kept_picture(side)
        with suppress(ImgdiffError):  # what can't be read is told of where it is compared
            if upload is not None and not is_pdf(upload.data):
                address = address_of_upload(upload, slot=side)
                shown[side] = {"url": address, "sha": upload.sha256}
    return shown


def hold_place() -> None:
    """Show nothing: with it the container is there from the start, and no answer moves the page."""
    st.markdown('<i class="imgdiff-place"></i>', unsafe_allow_html=True)


def show_failure(error: ImgdiffError) -> None:
    """Why there is no answer, and what to do next: the tiles above are beside it."""
    st.error(plain(str(error)), icon=":material/error:")
    if points():  # they may bring no motion about
        st.button("Forget the points", key="forget_points", on_click=forget_points)
    if isinstance(error, WorkError):  # a busy machine, perhaps: the next time it may do
        st.button("Compare again", key="try_again")


def _offer_again() -> None:
    with st.container(key="stopped", horizontal=True, vertical_alignment="center"):
        st.text("The comparison was cancelled.", width="content")
        st.button("Compare again", key="compare_again", on_click=obey, args=({"do": "again"},))


def _show_words(found: PageResult, title: str, facts: tuple[str, ...]) -> None:
    sentence = f"{title}: {found.headline}" if title else found.headline
    key = "words_long" if len(sentence) > _SHORT else "words"
    with st.container(key=key, horizontal=True, vertical_alignment="center", gap="small"):
        heading = st.subheader if title else st.header
        heading(plain(sentence), anchor=False, width="content")
        show_details(facts, key="details")


def show_details(facts: tuple[str, ...], *, key: str) -> None:
    """What else there is to know, folded; nothing if there is nothing."""
    if facts:
        with st.popover("Details", key=key, type="tertiary"), st.container(gap="xsmall"):
            for fact in facts:
                st.caption(plain(fact))


def _show_numbers(found: PageResult) -> None:
    with st.container(key="numbers", horizontal=True, width="content"):
        exactly = f"{found.score_help} Exactly: {found.score_text}."
        st.metric(_score_name(found), found.score_short, help=exactly, width="content")
        st.metric("Places changed", found.places_changed, width="content")


def _score_name(found: PageResult) -> str:
    """What the score is of: a strip that one picture lacks has no counterpart to be like."""
    return found.score_name + " of the rest" * bool(found.before.gaps or found.after.gaps)


def _offer_files(job: Job, page: int, verdict: str) -> None:
    """One menu of all that can be taken away, each file made when it's clicked.

    `page` is that of a document, 0 where there is but one.
    """
    label = "This page" if page else "Download"
    menu = st.popover(label, icon=":material/download:", key="downloads", width="content")
    offered = [file for file in FILES.values() if file.offered]
    with menu, st.container(gap="xsmall"):
        for file in offered:
            if file.first:
                _offer_file(job, file, page)
        if not job.is_lone:
            offer_review_file(job, verdict)
        with st.expander("More", key="more_downloads"), st.container(gap="xsmall"):
            for file in offered:
                if not file.first:
                    _offer_file(job, file, page)


def _offer_file(job: Job, file: TakeAway, page: int) -> None:
    st.download_button(
        file.title,
        to_make(job, file.name, review_of_job(job)),
        file.name_for(job.before.name, job.after.name, page=page),
        file.mime,
        key=f"download_{file.name}",
        on_click="ignore",
        width="stretch",
    )


def _payload(job: Job, found: PageResult, *, is_page: bool) -> dict[str, Any]:
    """What the viewer needs, all of it small: pictures travel by address."""
    settings = job.settings
    tab = chosen_tab()
    places = json.loads(found.places)
    by_points = (
        found.doubtful or settings.points
    ) and not is_page  # else they'd hold for all pages
    diff = address_of(made(job, "diff.png"), slot="diff") if tab == "Diff" else ""
    return {
        "id": job.key,
        "view": tab,
        "views": TABS,
        "look": chosen_look(),
        "missing": [],
        "before": _picture(job, job.before, found.before, "before"),
        "after": _picture(job, job.after, found.after, "after"),
        "size": {"width": found.width, "height": found.height},
        "runs": found.runs,
        "related": found.related,
        "lone": ("after" if not job.before.page else "before") if job.is_lone else "",
        "headline": found.headline,
        "names": [job.before.name, job.after.name],
        "dpi": max(job.before.dpi, job.after.dpi) if is_pdf(job.before.data) else 0,
        "note": " · ".join(filter(None, (found.alignment, found.levels))),
        "nudge": settings.nudge,
        "canNudge": bool(found.alignment) or any(settings.nudge),
        "points": settings.points,
        "placed": [asdict(file) for file in found.placed] if by_points else [],
        "mask": address_of(found.mask, slot="mask"),
        "diff": diff,
        "places": places,
        "faint": json.loads(found.faint),
        "review": review_shown(job, places),
        "most": MOST_PLACES,
        "threshold": settings.min_area,
        "ignore": [
            [box.x, box.y, box.width, box.height]
            for box in settings.ignored_areas
            if isinstance(box, Box)
        ],
    }


def _picture(job: Job, upload: Upload, shown: Shown, side: str) -> dict[str, Any]:
    """The upload itself where browsers can show it, else a rendition; and where it lies."""
    place = {
        "width": shown.width,
        "height": shown.height,
        "transform": shown.transform,
        "gaps": [[box.x, box.y, box.width, box.height] for box in shown.gaps],
    }
    if not shown.as_is:
        rendition = address_of(made(job, f"{side}.png"), slot=side)
        return {**place, "url": rendition, "sha": ""}
    return {**place, "url": address_of_upload(upload, slot=side), "sha": upload.sha256}
