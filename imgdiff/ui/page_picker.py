"""Documents of several pages: picking the page to compare, and finding those that changed."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from imgdiff.load.formats import is_pdf
from imgdiff.types import Settings
from imgdiff.ui.jobs import Job, Upload, count_of_pages, verdicts
from imgdiff.workers.tasks import Verdict

_RESOLUTIONS = {100: "100 dpi, quick", 150: "150 dpi", 300: "300 dpi, fine"}

_DPI = 150


def at_one_page(before: Upload, after: Upload, settings: Settings) -> tuple[Upload, Upload]:
    """Both at the page that is picked, if they are documents; raises ImgdiffError.

    Pages are matched in order; of a document and a picture, any page of the document can be picked.
    """
    uploads = before, after
    counts = [
        count_of_pages(upload, role) if is_pdf(upload.data) else 0
        for upload, role in zip(uploads, ("Before", "After"), strict=True)
    ]
    if not any(counts):
        return uploads
    both = min(filter(None, counts))
    with st.container(key="pages", horizontal=True, vertical_alignment="center"):
        dpi: int = st.session_state.get("dpi", _DPI)
        pages = {page: _paged(uploads, page, dpi) for page in range(1, both + 1)}
        page = _pick(pages, settings) if both > 1 else 1
        st.selectbox(
            "Resolution",
            _RESOLUTIONS,
            index=list(_RESOLUTIONS).index(_DPI),
            format_func=lambda dpi: _RESOLUTIONS[dpi],
            key="dpi",
            label_visibility="collapsed",
            width=150,
        )
        st.caption(_counts_in_words(counts, both))
    return pages[page]


def _paged(uploads: tuple[Upload, Upload], page: int, dpi: int) -> tuple[Upload, Upload]:
    """Both at a page, as far as they have pages."""
    before, after = (
        replace(upload, page=page, dpi=dpi) if is_pdf(upload.data) else upload for upload in uploads
    )
    return before, after


def _pick(pages: dict[int, tuple[Upload, Upload]], settings: Settings) -> int:
    """A list of the pages; once they all are compared, changed ones first."""
    jobs = [Job(*pair, settings) for pair in pages.values()]
    compared = f"{jobs[0].key} {len(jobs)}"
    found: dict[int, Verdict] = {}
    if st.session_state.get("compared_pages") == compared:
        found = dict(zip(pages, verdicts(jobs), strict=True))
    order = sorted(pages, key=lambda page: (-found[page].changed, page)) if found else [*pages]
    if found and st.session_state.pop("open_most_changed", False):
        st.session_state["page"] = order[0]
    if st.session_state.get("page") not in pages:
        st.session_state["page"] = 1
    page = st.selectbox(
        "Page",
        order,
        format_func=lambda page: (
            f"Page {page}: {found[page].headline}" if found else f"Page {page}"
        ),
        key="page",
        label_visibility="collapsed",
        width=360 if found else 120,
    )
    if not found:
        st.button("Find changed pages", key="find_pages", on_click=_compare_all, args=(compared,))
    return page


def _compare_all(compared: str) -> None:
    st.session_state["compared_pages"] = compared
    st.session_state["open_most_changed"] = True


def _counts_in_words(counts: list[int], both: int) -> str:
    """How many pages there are, and which only one file has."""
    told = [f"{count} page{'s' * (count > 1)} {name}"
            for count, name in zip(counts, ("before", "after"), strict=True) if count]  # fmt: skip
    words = f"{' and '.join(told)}."
    if 0 in counts or max(counts) == both:
        return words
    extra = f"Page {both + 1} is" if max(counts) == both + 1 else f"Pages {both + 1} and on are"
    return f"{words} {extra} only in the file {'before' if counts[0] > both else 'after'}."
