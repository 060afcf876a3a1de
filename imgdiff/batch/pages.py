"""Documents of several pages, in order: the row of a pair of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from imgdiff.batch.row import Row
from imgdiff.comparison.passing import failures
from imgdiff.comparison.pipeline import compare
from imgdiff.configuration.rules import Rules
from imgdiff.errors import AlignmentError, SizeError
from imgdiff.load import count_pages, load_image
from imgdiff.view import View, changed_fraction, view_of
from imgdiff.view.words import listed

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class ComparedSheet:
    """One page that both have: its view, None if the two can't be compared; and why it fails."""

    number: int
    view: View | None
    failed: tuple[str, ...]


def documents_row(blank: Row, before: bytes, after: bytes, rules: Rules) -> tuple[Row, View | None]:
    """The row of two documents, and the view of the page that changed most.

    Parameters
    ----------
    blank : Row
        With what is known before.
    before, after : bytes
        PDFs; a picture counts as one of one page.
    rules : Rules
        For every page.
    """
    counts = count_pages(before), count_pages(after)
    sheets = [*_sheets(before, after, min(counts), rules)]
    failed = [sheet for sheet in sheets if sheet.failed]
    views = [sheet.view for sheet in failed if sheet.view is not None]
    worst = max(views, key=lambda view: changed_fraction(view.comparison), default=None)
    shares = [changed_fraction(s.view.comparison) if s.view else 1.0 for s in sheets]
    row = replace(
        blank,
        status="changed" if failed or counts[0] != counts[1] else "equal",
        verdict=" ".join(_verdict([sheet.number for sheet in failed], *counts)),
        method=rules.settings.method,
        changed_fraction=sum(shares) / max(counts),
        regions=sum(len(view.regions) for view in views),
        facts=tuple(f"Page {sheet.number}: {_words(sheet)}" for sheet in failed),
    )
    return row, worst


def _sheets(before: bytes, after: bytes, count: int, rules: Rules) -> Iterator[ComparedSheet]:
    for number in range(1, count + 1):
        reference, test = (load_image(data, page=number) for data in (before, after))
        try:
            view = view_of(compare(reference, test, rules.settings))
        except (AlignmentError, SizeError) as error:
            yield ComparedSheet(number, None, (str(error),))
        else:
            yield ComparedSheet(number, view, failures(view.comparison, rules.tolerance))


def _words(sheet: ComparedSheet) -> str:
    return sheet.failed[0] if sheet.view is None else sheet.view.headline


def _verdict(changed: list[int], before: int, after: int) -> Iterator[str]:
    common = min(before, after)
    if changed:
        named = [str(number) for number in changed[:_MOST_NAMED]]
        more = ["others"] if len(changed) > _MOST_NAMED else []
        pages = "page" if len(changed) == 1 else "pages"
        verb = "has" if len(changed) == 1 else "have"
        yield f"Of {common} pages compared in order, {pages} {listed(named + more)} {verb} changed."
    else:
        yield f"No page of {common} has changed." if common > 1 else "The page hasn't changed."
    if before != after:
        yield f"The document before has {before} pages, the one after {after}."
