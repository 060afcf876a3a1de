"""Two documents on the screen: the verdict on all pages, a strip of them, and one that is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from imgdiff.comparison.documents import DocumentPlan
from imgdiff.comparison.page_pair import HowPages
from imgdiff.load.formats import is_pdf, may_have_frames
from imgdiff.types import Document, PagePair, Review, Settings
from imgdiff.ui.document_files import offer_document_files
from imgdiff.ui.document_run import DocumentRun
from imgdiff.ui.jobs import Job, Upload, count_of_pages, executor
from imgdiff.ui.media import address_of
from imgdiff.ui.outcome import show_details, show_result
from imgdiff.ui.plain import plain
from imgdiff.ui.review_state import review_of_pair
from imgdiff.ui.strip import Thumbnail, show_strip
from imgdiff.view.page_words import badge_of, page_title
from imgdiff.view.revision_words import revision_rows

_RESOLUTIONS: Final = {100: "100 dpi, quick", 150: "150 dpi", 300: "300 dpi, fine"}
_DPI: Final = 150
_TICK: Final = 0.2
_MOST_TEXTS: Final = 100
_REFRESH: Final = 0.7
"""Seconds between two looks at how far the pages have come."""


def has_several_pages(upload: Upload) -> bool:
    """Whether a file is a PDF, or a picture of several frames."""
    return is_pdf(upload.data) or (may_have_frames(upload.data) and count_of_pages(upload) > 1)


def show_document(before: Upload, after: Upload, settings: Settings) -> Mapping[str, Any]:
    """Show two documents, of which one at least has several pages; as `show_result` does.

    Raises
    ------
    ImgdiffError
        There is no answer.
    """
    run = _run_of(before, after, settings)
    plan = _plan_of(run)
    index = _open_page(plan)
    pair = plan.pairs[index]
    job = _job(before, after, pair, run.how)
    if len(plan.pairs) == plan.outlines[0].pages == plan.outlines[1].pages == 1:
        return show_result(job, notes=plan.notes)
    refresh = None if run.is_complete or run.cancelled else _REFRESH
    st.fragment(_show_overview, run_every=refresh)(
        run, plan, index, review_of_pair(before, after), was_running=refresh is not None
    )
    page = run.pages.get(pair)
    return show_result(job, title=page_title(pair), notes=page.facts if page else ())


def _run_of(before: Upload, after: Upload, settings: Settings) -> DocumentRun:
    """The run that this session has for these files and settings; else a new one."""
    by_hand: tuple[tuple[int, int], ...] = st.session_state.get("paired_by_hand", ())
    dpi = int(st.session_state.get("dpi", _DPI))
    files = f"{before.sha256} {after.sha256} {before.name!r} {after.name!r}"
    if st.session_state.get("document_files") != files:
        st.session_state["document_files"] = files
        by_hand = ()
        for key in ("paired_by_hand", "document_page", "document_run"):
            st.session_state.pop(key, None)
    kept: tuple[str, str, DocumentRun] | None = st.session_state.get("document_run")
    pages, work = f"{files} {by_hand}", f"{settings!r} {dpi}"
    if kept is not None and kept[:2] == (pages, work):
        return kept[2]
    plan = None
    if kept is not None:
        kept[2].cancel()
        plan = kept[2].plan if kept[0] == pages else None
    documents = (
        Document(before.name, before.data, "Before"),
        Document(after.name, after.data, "After"),
    )
    how = HowPages(settings, dpi)
    run = DocumentRun(documents, how, executor(), by_hand=by_hand, plan=plan)
    st.session_state["document_run"] = pages, work, run
    return run


def _plan_of(run: DocumentRun) -> DocumentPlan:
    """The plan, waited for; raises ImgdiffError if there is none."""
    run.want()
    place, pulse = st.empty(), st.empty()
    if run.plan is None and run.error is None:
        with place, st.spinner("Looking through both documents …", show_time=True):
            while not run.planned.wait(_TICK):
                pulse.empty()  # Streamlit ends this run here if its user has left
                run.want()
    if run.error is not None:
        raise run.error
    if run.plan is None:
        raise LookupError("a run that is planned has a plan, or an error")
    return run.plan


def _open_page(plan: DocumentPlan) -> int:
    """The index of the page that is open: at first the one of which most is to be expected."""
    index: int = st.session_state.get("document_page", -1)
    if not 0 <= index < len(plan.pairs):
        index = plan.pairs.index(plan.least_alike_first[0])
        st.session_state["document_page"] = index
    return index


def _turn_to(index: int) -> None:
    st.session_state["document_page"] = index
    st.session_state["document_turned"] = True


def _job(before: Upload, after: Upload, pair: PagePair, how: HowPages) -> Job:
    """The comparison of one pair; a page that isn't there has the number 0."""
    pages = pair.before or 0, pair.after or 0
    one, other = (
        upload.at_page(page, int(how.dpi))
        for upload, page in zip((before, after), pages, strict=True)
    )
    return Job(one, other, how.settings)


def _show_overview(
    run: DocumentRun, plan: DocumentPlan, index: int, review: Review, *, was_running: bool
) -> None:
    """The verdict and the strip; shown anew for as long as pages are being compared."""
    run.want()
    is_running = not (run.is_complete or run.cancelled)
    if st.session_state.pop("document_turned", False) or was_running != is_running:
        st.rerun()
    found = run.found(plan)
    with st.container(key="document", horizontal=True, vertical_alignment="center"):
        words = st.container(key="document_words", horizontal=True, vertical_alignment="center")
        with words:
            st.header(plain(found.headline), anchor=False, width="content")
            show_details(found.facts, key="document_details")
            _show_text(plan)
        if is_running:
            share = len(found.pages) / found.total
            st.progress(share, f"{len(found.pages)} of {found.total} pages", width=180)
            st.button("Cancel", key="cancel_pages", on_click=_stop, args=(run,))
        elif not run.is_complete:
            st.button("Go on", key="resume_pages", on_click=_go_on, args=(run,))
        else:
            offer_document_files(run, plan, review)
        _offer_choices(plan)
    show_strip(_thumbnails(run, plan), current=index, turn_to=_turn_to)


def _show_text(plan: DocumentPlan) -> None:
    """What the files' own text says otherwise, folded."""
    rows = revision_rows(plan.revisions)
    if not rows:
        return
    with (
        st.popover(f"{len(rows)} in the text", key="document_text", type="tertiary"),
        st.container(gap="xsmall"),
    ):
        for words, where in rows[:_MOST_TEXTS]:
            st.caption(f"**{where[0].upper()}{where[1:]}**: {plain(words)}")
        if len(rows) > _MOST_TEXTS:
            st.caption(f"And {len(rows) - _MOST_TEXTS} more, which the report lists.")


def _stop(run: DocumentRun) -> None:
    run.cancel()


def _go_on(run: DocumentRun) -> None:
    run.resume()
    st.session_state["document_turned"] = True


def _thumbnails(run: DocumentRun, plan: DocumentPlan) -> list[Thumbnail]:
    shown, pages = [], run.pages
    for index, pair in enumerate(plan.pairs):
        page = pages.get(pair)
        status = "waiting" if page is None else page.status
        badge = badge_of(status, 0 if page is None else page.places)
        words = f"{page_title(pair)}: {'not compared yet' if page is None else page.headline}"
        sketch = plan.sketch_of(pair)
        thumb = ""
        if sketch.thumbnail:
            thumb = address_of(sketch.thumbnail, slot=f"page {index}", mime="image/jpeg")
        shown.append(Thumbnail(_number(pair), status, badge, words, thumb))
    return shown


def _number(pair: PagePair) -> str:
    """What stands below a thumbnail: "3", "3 → 4"."""
    if pair.before and pair.after and pair.before != pair.after:
        return f"{pair.before} → {pair.after}"
    return f"{pair.number}"


def _offer_choices(plan: DocumentPlan) -> None:
    """What can be chosen: how finely pages are drawn, and which belong together."""
    menu = st.popover("Pages", icon=":material/tune:", key="page_choices", width="content")
    with menu, st.container(gap="xsmall"):
        st.selectbox(
            "Resolution",
            _RESOLUTIONS,
            index=list(_RESOLUTIONS).index(_DPI),
            format_func=lambda dpi: _RESOLUTIONS[dpi],
            key="dpi",
            on_change=_choose_anew,
        )
        st.caption("Pages find their partners by what is on them. If they got one wrong:")
        first, second = plan.outlines[0].pages, plan.outlines[1].pages
        st.number_input("Page before", 1, first, key="pair_before")
        st.number_input("belongs to page after", 1, second, key="pair_after")
        st.button("Pair these", key="pair_pages", on_click=_pair_by_hand)
        if st.session_state.get("paired_by_hand"):
            st.button("Undo pairing by hand", key="unpair_pages", on_click=_unpair)


def _choose_anew() -> None:
    st.session_state["document_turned"] = True


def _pair_by_hand() -> None:
    one, other = st.session_state["pair_before"], st.session_state["pair_after"]
    others = [
        pair
        for pair in st.session_state.get("paired_by_hand", ())
        if pair[0] != one and pair[1] != other
    ]
    st.session_state["paired_by_hand"] = (*others, (one, other))
    _forget_page()


def _unpair() -> None:
    st.session_state.pop("paired_by_hand", None)
    _forget_page()


def _forget_page() -> None:
    st.session_state.pop("document_page", None)
    _choose_anew()
