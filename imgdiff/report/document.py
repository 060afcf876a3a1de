"""Two documents compared page by page, as one report: changed pages first.

Each page's pictures are encoded as soon as they are compared, so that never more than one page is
held unpacked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from imgdiff.environment import needing
from imgdiff.errors import SettingsError
from imgdiff.report.html import escaped, page_of, section_of
from imgdiff.report.numbers import REGION_COLUMNS, csv_text, region_rows, to_dict
from imgdiff.report.tables import Paper, Rows
from imgdiff.view import View, changed_fraction
from imgdiff.view.words import percent

Form: TypeAlias = Literal["", "html", "a4", "letter"]
"""Of a report: none, HTML, or PDF on that paper."""


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """One page of two documents.

    Attributes
    ----------
    number : int
        From 1; the same in both.
    headline : str
        The verdict, or why the pages can't be compared.
    alike : bool
        Whether nothing changed.
    changed : float
        Share of the page, 0 to 1, by which pages are ordered.
    numbers : mapping
        `to_dict`; empty if the pages can't be compared.
    rows : tuple of mapping
        `region_rows`.
    part : object
        The page's part of the report: HTML text, PDF flowables, or None.
    """

    number: int
    headline: str
    alike: bool
    changed: float
    numbers: dict[str, Any]
    rows: tuple[dict[str, float | str], ...]
    part: Any


@dataclass(frozen=True, slots=True)
class ComparedPages:
    """All of them.

    Attributes
    ----------
    names : (str, str)
        Of both files.
    counts : (int, int)
        Pages in each; what one has more than the other is compared with nothing.
    pages : tuple of ComparedPage
        Those that both have, in order.
    """

    names: tuple[str, str]
    counts: tuple[int, int]
    pages: tuple[ComparedPage, ...]

    @property
    def alike(self) -> bool:
        """Whether nothing changed on any page, and neither has more pages."""
        return self.counts[0] == self.counts[1] and all(page.alike for page in self.pages)

    @property
    def changed_first(self) -> list[ComparedPage]:
        """The changed pages, most changed first."""
        changed = (page for page in self.pages if not page.alike)
        return sorted(changed, key=lambda page: (-page.changed, page.number))

    @property
    def in_order(self) -> list[ComparedPage]:
        """All pages as they are listed: the changed ones, then the others by number."""
        return [*self.changed_first, *(page for page in self.pages if page.alike)]

    @property
    def headline(self) -> str:
        """The verdict in one sentence."""
        changed, count = len(self.changed_first), len(self.pages)
        if changed:
            return f"{changed} of {count} {'pages' if count > 1 else 'page'} changed."
        return f"No change on {count} {'pages' if count > 1 else 'page'}."

    @property
    def facts(self) -> tuple[str, ...]:
        """Which pages only one of the two has."""
        fewer, more = sorted(self.counts)
        if fewer == more:
            return ()
        which = "first" if self.counts[0] > self.counts[1] else "second"
        if more == fewer + 1:
            return (f"Page {more} is only in the {which} file.",)
        return (f"Pages {fewer + 1} to {more} are only in the {which} file.",)


def compared_page(number: int, view: View, *, form: Form = "") -> ComparedPage:
    """What is kept of a page, with its part of a report of that form if it changed."""
    comparison = view.comparison
    part: Any = None
    if comparison.alike:
        form = ""
    if form == "html":
        part = section_of(view, prefix=f"page-{number}-", heading=f"Page {number}: {view.headline}")
    elif form:
        with needing("pdf", "A report as PDF", SettingsError):  # ReportLab is slow to import
            from imgdiff.report.pdf import story_of  # noqa: PLC0415

        part = story_of(view, paper=form, heading=f"Page {number}: {view.headline}")
    return ComparedPage(
        number=number,
        headline=view.headline,
        alike=comparison.alike,
        changed=changed_fraction(comparison) if comparison.pair.related else 1,
        numbers=to_dict(view),
        rows=tuple(region_rows(view)),
        part=part,
    )


def unfit_page(number: int, reason: str) -> ComparedPage:
    """A page that can't be compared, which counts as changed altogether."""
    return ComparedPage(number, reason, alike=False, changed=1, numbers={}, rows=(), part=None)


def pages_to_html(found: ComparedPages) -> str:
    """All pages as one HTML file: a list, then the changed ones."""
    rows = "".join(
        f'<tr><th scope="row">{page.number}</th><td>{escaped(page.headline)}</td>'
        f"<td>{percent(page.changed)}</td></tr>"
        for page in found.in_order
    )
    names = " and ".join(escaped(name) for name in found.names)
    facts = "".join(f"<p>{escaped(fact)}</p>" for fact in found.facts)
    summary = (
        f"<article><header><h1>{escaped(found.headline)}</h1><p>{names}</p>{facts}</header>"
        '<section><h2>Pages</h2><div class="wide"><table><thead><tr><th scope="col">Page</th>'
        '<th scope="col">Verdict</th><th scope="col">Changed</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section></article>"
    )
    parts = [page.part for page in found.changed_first if page.part]
    return page_of(found.headline, [summary, *parts])


def pages_to_pdf(found: ComparedPages, *, paper: Paper = "a4") -> bytes:
    """All pages as one PDF: a list, then the changed ones."""
    with needing("pdf", "A report as PDF", SettingsError):
        from imgdiff.report.pdf import pages_story, pdf_of  # noqa: PLC0415

    rows: Rows = [
        (str(page.number), page.headline, percent(page.changed)) for page in found.in_order
    ]
    parts = [page.part for page in found.changed_first if page.part]
    words = (found.headline, " and ".join(found.names), *found.facts)
    return pdf_of(found.headline, pages_story(words, rows, parts), paper=paper)


def pages_to_json(found: ComparedPages) -> str:
    """All pages' numbers; each page's are those of two pictures, and its `page` number."""
    files = [
        {"name": name, "pages": count}
        for name, count in zip(found.names, found.counts, strict=True)
    ]
    facts = {
        "verdict": found.headline,
        "facts": list(found.facts),
        "alike": found.alike,
        "reference": files[0],
        "test": files[1],
        "pages": [
            {"page": page.number, **(page.numbers or {"verdict": page.headline, "alike": False})}
            for page in found.pages
        ],
    }
    return json.dumps(facts, indent=2, ensure_ascii=False)


def pages_to_csv(found: ComparedPages) -> str:
    """The places of all pages, with the page's number in front."""
    rows = [{"page": page.number, **row} for page in found.pages for row in page.rows]
    return csv_text(("page", *REGION_COLUMNS), rows)


def pages_to_text(found: ComparedPages) -> str:
    """All pages' verdicts, changed ones first, as lines."""
    lines = [f"Page {page.number}: {page.headline}" for page in found.in_order]
    return "\n".join([found.headline, *found.facts, *lines])
