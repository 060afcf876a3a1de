"""Two documents compared page by page: what is kept of each page, and all of it as text.

Each page's pictures are encoded as soon as they are compared, so that never more than one page is
held unpacked; and all is plain data, so that it can come from another process.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from imgdiff.report.numbers import region_rows, to_dict
from imgdiff.report.page_part import Form, part_of_image, part_of_view
from imgdiff.types import DocumentOutline, Image, PagePair, PageStatus, Review, Revision
from imgdiff.view import View, changed_fraction, count_of_changes
from imgdiff.view.page_words import (
    document_headline,
    lone_page_headline,
    outline_facts,
    page_title,
)
from imgdiff.view.review_words import judgement_words, review_lines
from imgdiff.view.revision_words import revision_fact

_ORDER: tuple[PageStatus, ...] = ("changed", "failed", "moved", "added", "removed", "equal")
"""In which pages are listed: most changed first."""

_MOVED = ("The page stands elsewhere.",)


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """One page of two documents.

    Attributes
    ----------
    pair : PagePair
        Its number in either.
    status : str
        What became of it.
    headline : str
        The verdict, or why the pages can't be compared.
    facts : tuple of str
        What else is known of it as a page; of its picture, `numbers` has the facts.
    places : int
        How many changed.
    changed : float
        Share of the page, 0 to 1, by which pages are ordered.
    numbers : mapping
        `to_dict`; empty if there were no two pages to compare.
    rows : tuple of mapping
        `region_rows`.
    part : bytes
        The page's part of the report: HTML in UTF-8, or a PDF; empty if there is none.
    failures : tuple of str
        Why it doesn't pass a gate, a sentence each; none if it passes.
    said : tuple of str
        What people said about it, a sentence each.
    """

    pair: PagePair
    status: PageStatus
    headline: str
    facts: tuple[str, ...] = ()
    places: int = 0
    changed: float = 0
    numbers: dict[str, Any] = field(default_factory=dict, repr=False)
    rows: tuple[dict[str, float | str], ...] = field(default=(), repr=False)
    part: bytes = field(default=b"", repr=False)
    failures: tuple[str, ...] = ()
    said: tuple[str, ...] = ()

    @property
    def alike(self) -> bool:
        """Whether nothing changed on it, wherever it stands now."""
        return self.status in ("equal", "moved") and not self.changed

    @property
    def title(self) -> str:
        """What it is called in lists."""
        return page_title(self.pair, known=self.status != "failed")


@dataclass(frozen=True, slots=True)
class ComparedPages:
    """All of them, or those that have been compared so far.

    Attributes
    ----------
    names : (str, str)
        Of both files.
    outlines : (DocumentOutline, DocumentOutline)
        What the files hold beside their pages.
    total : int
        Pairs, and pages without a partner, that there are to compare.
    pages : tuple of ComparedPage
        In the order of reading.
    identical : bool
        Whether the files are one, byte for byte.
    revisions : tuple of Revision or None
        What their own text says otherwise, wherever pages break; None if that isn't known.
    """

    names: tuple[str, str]
    outlines: tuple[DocumentOutline, DocumentOutline]
    total: int
    pages: tuple[ComparedPage, ...]
    identical: bool = False
    revisions: tuple[Revision, ...] | None = None

    @property
    def alike(self) -> bool:
        """Whether all pages are there, in place and without a change."""
        complete = len(self.pages) == self.total
        return complete and all(page.status == "equal" for page in self.pages)

    @property
    def passes(self) -> bool:
        """Whether all pages are there, and each passes the gate."""
        return len(self.pages) == self.total and not any(page.failures for page in self.pages)

    @property
    def failed(self) -> bool:
        """Whether some page couldn't be compared."""
        return any(page.status == "failed" for page in self.pages)

    @property
    def worst_first(self) -> list[ComparedPage]:
        """All pages as they are listed: most changed first, equal ones last."""
        return sorted(
            self.pages,
            key=lambda page: (_ORDER.index(page.status), -page.changed, page.pair.number),
        )

    @property
    def headline(self) -> str:
        """The verdict in one sentence, of what has been compared and no more."""
        if self.identical:
            return "The two files are identical, byte for byte."
        compared = [page for page in self.pages if page.status in ("equal", "changed", "moved")]
        return document_headline(
            Counter(page.status for page in self.pages),
            changed=sum(not page.alike for page in compared),
            both=len(compared),
            total=self.total,
        )

    @property
    def facts(self) -> tuple[str, ...]:
        """What differs in the files that no page shows, and what their text says otherwise."""
        changed = any(not page.alike for page in self.pages)
        text = revision_fact(self.revisions) if changed else ""
        return (*outline_facts(*self.outlines), *filter(None, [text]))


def compared_page(
    pair: PagePair,
    view: View,
    failed: tuple[str, ...],
    *,
    form: Form = "",
    facts: tuple[str, ...] = (),
) -> ComparedPage:
    """What is kept of two pages, with their part of a report of that form if they differ.

    `failed` is why they don't pass a gate as two pictures; of a page that moved, that is another.
    """
    comparison = view.comparison
    changed = 0.0
    if not comparison.alike:
        changed = changed_fraction(comparison) if comparison.pair.related else 1.0
    status: PageStatus = "equal" if comparison.alike else "changed"
    heading = " ".join((f"{page_title(pair)}: {view.headline}", *facts))
    return ComparedPage(
        pair,
        "moved" if pair.moved else status,
        view.headline,
        facts=facts,
        places=count_of_changes(comparison),
        changed=changed or float(not comparison.alike),
        numbers=to_dict(view),
        rows=tuple(region_rows(view)),
        part=b"" if comparison.alike else part_of_view(view, heading, form, pair.numbers),
        failures=(*failed, *_MOVED) if pair.moved else failed,
        said=review_lines(view.judged, view.review.of_pair),
    )


def said_of_page(review: Review) -> tuple[str, ...]:
    """What people said about a page as a whole, where its changes can't be told apart."""
    words = judgement_words(review.judgements)
    return (f"Review: {words}.",) if words else ()


def renumbered_page(pair: PagePair, view: View, facts: tuple[str, ...]) -> ComparedPage:
    """Two pages that are equal but for their printed numbers, as the first of the facts tells."""
    headline = "No other change on the page."
    numbers = {**to_dict(view), "verdict": headline, "alike": True, "regions": []}
    status: PageStatus = "moved" if pair.moved else "equal"
    failed = _MOVED if pair.moved else ()
    return ComparedPage(pair, status, headline, facts=facts, numbers=numbers, failures=failed)


def single_page(
    pair: PagePair, image: Image | None, *, form: Form = "", facts: tuple[str, ...] = ()
) -> ComparedPage:
    """What is kept of a page that only one document has; `image` is for the report."""
    headline = lone_page_headline(pair)
    heading = " ".join((f"{page_title(pair)}: {headline}", *facts))
    return ComparedPage(
        pair,
        "added" if pair.before is None else "removed",
        headline,
        facts=facts,
        changed=1,
        part=b"" if image is None else part_of_image(image, heading, form),
        failures=(headline,),
    )


def unfit_page(pair: PagePair, reason: str, *, facts: tuple[str, ...] = ()) -> ComparedPage:
    """Pages that the settings can't compare, as of their sizes: changed altogether."""
    return ComparedPage(pair, "changed", reason, facts=facts, changed=1, failures=(reason,))


def failed_page(pair: PagePair, reason: str) -> ComparedPage:
    """A page that can't be drawn or compared."""
    return ComparedPage(pair, "failed", reason, changed=1, failures=(reason,))
