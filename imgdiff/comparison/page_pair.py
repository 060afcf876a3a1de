"""One pair of pages, and what is read of a document before: each piece a task of its own.

What goes in and comes out are plain values, so that each can be done in another process.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from imgdiff.alignment import align
from imgdiff.comparison.page_numbers import numbering_fact
from imgdiff.comparison.passing import failures
from imgdiff.comparison.pipeline import compare
from imgdiff.environment import needing
from imgdiff.errors import AlignmentError, LoadError, SizeError
from imgdiff.load import blamed_on, count_pages, load_image
from imgdiff.load.formats import is_pdf
from imgdiff.load.page_sketch import sketch_pages
from imgdiff.metrics.registry import method_named
from imgdiff.report.document import (
    ComparedPage,
    compared_page,
    renumbered_page,
    said_of_page,
    single_page,
    unfit_page,
)
from imgdiff.report.page_part import Form
from imgdiff.types import (
    Comparison,
    Document,
    DocumentOutline,
    Image,
    PagePair,
    PageSketch,
    Review,
    Settings,
    Tolerance,
)
from imgdiff.view import view_of


@dataclass(frozen=True, slots=True)
class HowPages:
    """How the pages of documents are compared.

    Attributes
    ----------
    settings : Settings
        The same for every page.
    dpi : float
        Pixels an inch at which pages are drawn, 20 to 600.
    form : {"", "html", "a4", "letter"}
        The report that each page which differs shall be made a part of.
    tolerance : Tolerance
        How much of each page may differ.
    review : Review
        What people said about the pages.
    """

    settings: Settings
    dpi: float = 150
    form: Form = ""
    tolerance: Tolerance = field(default_factory=Tolerance)
    review: Review = field(default_factory=Review)


def document_outline(document: Document) -> DocumentOutline:
    """How many pages a document has, and what it holds beside them.

    Raises
    ------
    LoadError
        It can't be read; the message begins with its label.
    """
    with blamed_on(document.label):
        if not is_pdf(document.data):
            return DocumentOutline(count_pages(document.data), has_frames=True)
        with needing("pdf", "Reading PDFs", LoadError):  # PDFium is large, and rarely needed
            from imgdiff.load.pdf_outline import pdf_outline  # noqa: PLC0415

        return pdf_outline(document.data)


def digests_of_attachments(document: Document) -> tuple[str, ...]:
    """A digest of the content of each file inside a PDF."""
    from imgdiff.load.pdf_outline import attachment_digests  # noqa: PLC0415 (PDFium is large)

    return tuple(attachment_digests(document.data))


def sketches_of(document: Document, pages: tuple[int, ...]) -> tuple[PageSketch, ...]:
    """Sketches of some pages, by number from 1."""
    with blamed_on(document.label):
        return tuple(sketch_pages(document.data, pages))


def compare_page_pair(
    before: Document,
    after: Document,
    pair: PagePair,
    how: HowPages,
    facts: tuple[str, ...],
) -> ComparedPage:
    """Draw and compare two pages, or draw one that has no partner.

    Parameters
    ----------
    before, after, pair
        Which pages of which files.
    how : HowPages
        In which way.
    facts : tuple of str
        What is known of the pages already, in sentences.

    Raises
    ------
    LoadError
        A page can't be drawn; the message begins with the file's label.
    """
    page = _compared(before, after, pair, how, facts)
    # What can't be told change by change is told of the page.
    return page if page.said else replace(page, said=said_of_page(how.review.on(pair.numbers)))


def _compared(
    before: Document,
    after: Document,
    pair: PagePair,
    how: HowPages,
    facts: tuple[str, ...],
) -> ComparedPage:
    if pair.before is None or pair.after is None:
        document = after if pair.before is None else before
        image = page_image(document, pair.number, how.dpi) if how.form else None
        return single_page(pair, image, form=how.form, facts=facts)
    one = page_image(before, pair.before, how.dpi)
    other = page_image(after, pair.after, how.dpi)
    settings = how.settings
    try:
        comparison = _equal(one, other, settings) or compare(one, other, settings)
    except (AlignmentError, SizeError) as error:
        return unfit_page(pair, str(error), facts=facts)
    numbering = numbering_fact(before, after, pair, comparison, dpi=how.dpi)
    if numbering:
        return renumbered_page(pair, view_of(comparison), (numbering, *facts))
    failed = failures(comparison, how.tolerance)
    view = replace(view_of(comparison), review=how.review.on(pair.numbers))
    return compared_page(pair, view, failed, form=how.form, facts=facts)


def page_image(document: Document, number: int, dpi: float) -> Image:
    """A page drawn; raises LoadError, which begins with the document's label."""
    with blamed_on(document.label):
        return load_image(document.data, name=document.name, page=number, dpi=dpi)


def _equal(one: Image, other: Image, settings: Settings) -> Comparison | None:
    """The comparison of pages that are equal, pixel for pixel: nothing is left to find out."""
    if one.alpha is not None or other.alpha is not None or any(settings.nudge):
        return None
    if one.pixels.dtype != other.pixels.dtype or not np.array_equal(one.pixels, other.pixels):
        return None
    method = method_named(settings.method)
    pair = align(one, other, motion="none", ignore=settings.ignored_areas)
    shape = one.pixels.shape[:2]
    return Comparison(
        pair=pair,
        method=method,
        settings=settings,
        errors=np.broadcast_to(np.float32(0), shape),
        score=method.best,
        threshold=settings.threshold or 0.0,
        changed=np.broadcast_to(np.bool_(False), shape),
        regions=(),
        faint=(),
        made_out=None,
        differs_evenly=False,
        explained=(),
        indistinct=0,
        seconds={},
    )
