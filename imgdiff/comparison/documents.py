"""Two PDFs, page by page: matched in order, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from imgdiff.comparison.pipeline import compare
from imgdiff.errors import AlignmentError, SizeError
from imgdiff.load import blamed_on, count_pages, load_image
from imgdiff.report.document import ComparedPage, Form, compared_page, unfit_page
from imgdiff.types import Image, Settings
from imgdiff.view import view_of


def page_counts(reference: str | Path, test: str | Path) -> tuple[int, int]:
    """How many pages each has; any picture counts as a document of one page.

    Raises
    ------
    LoadError
        A file is missing, too large, or a PDF that can't be read; it begins with the path.
    """
    return _count(reference), _count(test)


def compare_documents(
    reference: str | Path,
    test: str | Path,
    settings: Settings,
    *,
    dpi: float = 150,
    form: Form = "",
) -> Iterator[ComparedPage]:
    """Compare the pages that both have.

    Parameters
    ----------
    reference, test : str or Path
        PDFs; any picture counts as a document of one page.
    settings : Settings
        For every page.
    dpi : float
        Pixels an inch at which pages are drawn, 20 to 600.
    form : {"", "html", "a4", "letter"}
        The report that each changed page shall be made a part of.

    Yields
    ------
    ComparedPage
        In order, each as soon as it's done. Pages of different sizes, which the settings can't
        compare, are told as such.

    Raises
    ------
    LoadError
        As `load_image`; it begins with the path.
    """
    for number in range(1, min(page_counts(reference, test)) + 1):
        pair = _page(reference, number, dpi), _page(test, number, dpi)
        yield _compared(number, *pair, settings, form)


def _compared(
    number: int, reference: Image, test: Image, settings: Settings, form: Form
) -> ComparedPage:
    try:
        view = view_of(compare(reference, test, settings))
    except (AlignmentError, SizeError) as error:
        return unfit_page(number, str(error))
    return compared_page(number, view, form=form)


def _page(path: str | Path, number: int, dpi: float) -> Image:
    with blamed_on(str(path)):
        return load_image(path, page=number, dpi=dpi)


def _count(path: str | Path) -> int:
    with blamed_on(str(path)):
        return count_pages(path)
