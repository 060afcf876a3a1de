"""A pair of documents as one row: all pages, and the one that changed most to look at."""

from __future__ import annotations

from dataclasses import replace

from imgdiff.batch.row import Row
from imgdiff.comparison.documents import DocumentPlan, compare_pages, plan_documents
from imgdiff.comparison.inline import InlineExecutor
from imgdiff.comparison.page_pair import HowPages
from imgdiff.configuration.rules import Rules
from imgdiff.load import count_pages
from imgdiff.load.formats import is_pdf
from imgdiff.report.document import ComparedPages
from imgdiff.report.page_part import Form
from imgdiff.report.whole_document import pages_to_html
from imgdiff.types import Document
from imgdiff.view.words import gate_sentences


def has_pages(data: bytes) -> bool:
    """Whether a file is a PDF, or a picture of several frames."""
    return is_pdf(data) or count_pages(data) > 1


def document_row(
    blank: Row, before: Document, after: Document, rules: Rules, *, pictures: bool
) -> Row:
    """The row of two documents.

    Parameters
    ----------
    blank : Row
        With what is known before: name, files, key.
    before, after : Document
        One of them at least has pages.
    rules : Rules
        For every page.
    pictures : bool
        Make thumbnails, and a page for documents that differ.

    Raises
    ------
    LoadError
        A file as a whole can't be read.
    """
    executor = InlineExecutor()
    plan = plan_documents(before, after, executor)
    form: Form = "html" if pictures else ""
    how = HowPages(rules.settings, form=form, tolerance=rules.tolerance)
    found = plan.with_pages(compare_pages(plan, how, executor))
    failed = [page for page in found.pages if page.status == "failed"]
    verdict = [found.headline, *(page.headline for page in failed[:1])]
    if not failed:
        verdict += gate_sentences(() if found.passes else _failures(found), alike=found.alike)
    return replace(
        blank,
        status="failed" if failed else "equal" if found.passes else "changed",
        verdict=" ".join((*verdict, *found.facts)),
        method=rules.settings.method,
        changed_fraction=sum(page.changed for page in found.pages) / len(found.pages),
        regions=sum(page.places for page in found.pages),
        files=_files(found, plan) if pictures else {},
    )


def _failures(found: ComparedPages) -> tuple[str, ...]:
    """Why the first page that doesn't pass doesn't."""
    page = next(page for page in found.pages if page.failures)
    return (f"{page.title}: {' '.join(page.failures)}",)


def _files(found: ComparedPages, plan: DocumentPlan) -> dict[str, bytes]:
    """Thumbnails of the page that changed most, as far as there are two; and the report."""
    sketches = plan.both_sketches(found.worst_first[0].pair)
    files = {
        name: sketch.thumbnail
        for name, sketch in zip(("before.jpg", "after.jpg"), sketches, strict=True)
        if sketch is not None and sketch.thumbnail
    }
    if not found.alike:
        files["comparison.html"] = pages_to_html(found).encode()
    return files
