"""Documents on the command line: read and drawn in processes with limits, as on the page."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Final

from imgdiff.cli.exit_codes import ALIKE, CHANGED, FAILED
from imgdiff.cli.terminal import complain_of, tell, told_where
from imgdiff.comparison.documents import DocumentPlan, compare_pages, plan_documents
from imgdiff.comparison.page_pair import HowPages, page_image
from imgdiff.configuration.rules import Rules
from imgdiff.errors import SettingsError
from imgdiff.report.document import ComparedPages
from imgdiff.report.document_text import pages_to_csv, pages_to_json, pages_to_text
from imgdiff.report.page_part import Form
from imgdiff.report.tables import Paper
from imgdiff.report.whole_document import pages_to_html, pages_to_pdf
from imgdiff.types import Document, Image
from imgdiff.workers.allowance import Allowance
from imgdiff.workers.worker_pool import WorkerPool

_READING: Final = 20
"""Seconds to look through some pages, or to draw one."""
_COMPARING: Final = 120
"""Seconds to draw and compare two pages: of 600 pixels an inch, on a busy machine."""
_MEMORY: Final = 2000
"""MB for that."""


def planned(files: tuple[Document, Document], options: argparse.Namespace) -> DocumentPlan:
    """Look through both, and pair their pages."""
    with _workers(_READING) as workers:
        return plan_documents(*files, workers, by_hand=options.pair)


def run_pages(plan: DocumentPlan, options: argparse.Namespace, rules: Rules) -> tuple[str, int]:
    """Compare all pages: what to print, and the exit code."""
    if options.out is not None or options.gif is not None:
        raise SettingsError(
            "--out and --gif are of two pictures, but these are documents: "
            "choose a page with --page, or --report for all of them."
        )
    found = _compared(plan, options, rules)
    if options.report is not None:
        tell("Writing …")
        with told_where(options.report):
            options.report.write_bytes(_report_of(found, options))
    tell("")
    complain_of([f"{p.title}: {p.headline}" for p in found.pages if p.status == "failed"])
    printed = pages_to_json if options.json else pages_to_csv if options.csv else pages_to_text
    code = FAILED if found.failed else ALIKE if found.passes else CHANGED
    return printed(found).rstrip("\n"), code


def drawn_pages(
    files: tuple[Document, Document], options: argparse.Namespace
) -> tuple[Image, Image]:
    """A page of each, the one that is asked for or the first."""
    numbers = options.page or (1, 1)
    with _workers(_READING) as workers:
        drawn = [
            workers.submit(page_image, file, number, options.dpi)
            for file, number in zip(files, numbers, strict=True)
        ]
        reference, test = (future.result() for future in drawn)
    return reference, test


def _compared(plan: DocumentPlan, options: argparse.Namespace, rules: Rules) -> ComparedPages:
    """All pages; with progress for a person."""
    how = HowPages(rules.settings, options.dpi, _form(options), rules.tolerance)
    pages = []
    with _workers(_COMPARING) as workers:
        tell(f"Comparing {len(plan.pairs)} pages …")
        for page in compare_pages(plan, how, workers):
            pages.append(page)
            tell(f"Compared {len(pages)} of {len(plan.pairs)} pages …")
    return plan.with_pages(pages)


@contextmanager
def _workers(seconds: int) -> Iterator[Executor]:
    """Processes in which nothing can take for ever; what is left at the end is dropped."""
    workers = WorkerPool(
        os.cpu_count() or 1,
        Allowance.from_environment(_MEMORY, seconds, threads=1),
        modules=("imgdiff.comparison.page_pair", "imgdiff.comparison.revisions"),
    )
    try:
        yield workers
    finally:
        workers.shutdown(cancel_futures=True)


def _form(options: argparse.Namespace) -> Form:
    """Which parts of a report the pages are to become."""
    if options.report is None:
        return ""
    paper: Paper = options.paper
    return "html" if options.report.suffix.lower() == ".html" else paper


def _report_of(found: ComparedPages, options: argparse.Namespace) -> bytes:
    if options.report.suffix.lower() == ".html":
        return pages_to_html(found).encode()
    return pages_to_pdf(found, paper=options.paper)
