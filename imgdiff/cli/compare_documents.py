"""Documents on the command line: read and drawn in processes with limits, as on the page."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Final

from imgdiff.cli.terminal import tell
from imgdiff.comparison.documents import DocumentPlan, compare_pages, plan_documents
from imgdiff.comparison.page_pair import HowPages, page_image
from imgdiff.load import blamed_on, count_pages, load_both, read_document
from imgdiff.load.formats import is_pdf
from imgdiff.report.document import ComparedPages
from imgdiff.report.page_part import Form
from imgdiff.report.tables import Paper
from imgdiff.types import Document, Image, Settings

_READING: Final = 20
"""Seconds to look through some pages, or to draw one."""
_COMPARING: Final = 120
"""Seconds to draw and compare two pages: of 600 pixels an inch, on a busy machine."""
_MEMORY: Final = 2000
"""MB for that."""


def read_both(options: argparse.Namespace) -> tuple[Document, Document]:
    """Both files; a LoadError begins with the path."""
    before, after = map(read_document, (options.before, options.after))
    return before, after


def is_document(file: Document) -> bool:
    """Whether it's a PDF, or a picture of several frames."""
    with blamed_on(file.label):
        return is_pdf(file.data) or count_pages(file.data) > 1


def planned(files: tuple[Document, Document], options: argparse.Namespace) -> DocumentPlan:
    """Look through both, and pair their pages."""
    with _workers(_READING) as workers:
        return plan_documents(*files, workers, by_hand=options.pair)


def compared_pages(
    plan: DocumentPlan, options: argparse.Namespace, settings: Settings
) -> ComparedPages:
    """All pages; with progress for a person."""
    how = HowPages(settings, options.dpi, _form(options))
    pages = []
    with _workers(_COMPARING) as workers:
        tell(f"Comparing {len(plan.pairs)} pages …")
        for page in compare_pages(plan, how, workers):
            pages.append(page)
            tell(f"Compared {len(pages)} of {len(plan.pairs)} pages …")
    return plan.with_pages(pages)


def two_pictures(
    files: tuple[Document, Document], options: argparse.Namespace
) -> tuple[Image, Image]:
    """Both as pictures: at the page that is asked for, or as they are."""
    if not any(is_pdf(file.data) for file in files):
        return load_both(*files, pages=options.page or (None, None))
    numbers = options.page or (1, 1)
    with _workers(_READING) as workers:
        drawn = [
            workers.submit(page_image, file, number, options.dpi)
            for file, number in zip(files, numbers, strict=True)
        ]
        reference, test = (future.result() for future in drawn)
    return reference, test


def page_numbers(text: str) -> tuple[int, int]:
    """A page before and the one after: "3" is both, "3:4" tells them apart."""
    numbers = text.split(":")
    if not (len(numbers) <= 2 and all(number.isdecimal() and int(number) for number in numbers)):
        raise argparse.ArgumentTypeError(
            f"expected a page's number from 1, or two as in 3:4, found {text!r}"
        )
    return int(numbers[0]), int(numbers[-1])


@contextmanager
def _workers(seconds: int) -> Iterator[Executor]:
    """Processes in which nothing can take for ever; what is left at the end is dropped."""
    from imgdiff.workers.allowance import Allowance  # noqa: PLC0415 (most pairs are pictures)
    from imgdiff.workers.worker_pool import WorkerPool  # noqa: PLC0415

    workers = WorkerPool(
        os.cpu_count() or 1,
        Allowance.from_environment(_MEMORY, seconds, threads=1),
        modules=("imgdiff.comparison.page_pair",),
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
