"""What can be taken away of a whole document: made when it's clicked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from imgdiff.comparison.documents import DocumentPlan
from imgdiff.report.document_text import pages_to_csv, pages_to_json
from imgdiff.report.downloads import saved_as
from imgdiff.report.whole_document import pages_to_html, pages_to_pdf
from imgdiff.types import Review
from imgdiff.ui.document_run import DocumentRun


def offer_document_files(run: DocumentRun, plan: DocumentPlan, review: Review) -> None:
    """One menu of all files about all pages, with what people said about them."""
    about = run, plan, review
    files: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
        ("Report (HTML)", "report.html", "text/html", partial(_html, *about)),
        ("Report (PDF, A4)", "report.pdf", "application/pdf", partial(_pdf, *about)),
        ("Report (PDF, Letter)", "report-letter.pdf", "application/pdf",
         partial(_letter, *about)),
        ("Numbers (JSON)", "comparison.json", "application/json", partial(_json, *about)),
        ("Table of changes (CSV)", "regions.csv", "text/csv", partial(_csv, *about)),
    )  # fmt: skip
    menu = st.popover(
        "All pages", icon=":material/download:", key="document_files", width="content"
    )
    with menu, st.container(gap="xsmall"):
        for title, kind, mime, make in files:
            st.download_button(
                title,
                make,
                saved_as(*run.names, kind),
                mime,
                key=f"download_document_{kind}",
                on_click="ignore",
                width="stretch",
            )


def _html(run: DocumentRun, plan: DocumentPlan, review: Review) -> bytes:
    return pages_to_html(run.reported(plan, "html", review)).encode()


def _pdf(run: DocumentRun, plan: DocumentPlan, review: Review) -> bytes:
    return pages_to_pdf(run.reported(plan, "a4", review))


def _letter(run: DocumentRun, plan: DocumentPlan, review: Review) -> bytes:
    return pages_to_pdf(run.reported(plan, "letter", review), paper="letter")


def _json(run: DocumentRun, plan: DocumentPlan, review: Review) -> bytes:
    return pages_to_json(run.reported(plan, "", review)).encode()


def _csv(run: DocumentRun, plan: DocumentPlan, review: Review) -> bytes:
    return pages_to_csv(run.reported(plan, "", review)).encode()
