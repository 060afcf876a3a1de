"""Two documents: their pages find each other, and each pair is compared by itself.

Everything that touches a file is done by an executor of `concurrent.futures`, in pieces: reading
some pages, comparing one pair. So a page that takes too long or too much fails alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, replace
from typing import Final

from imgdiff.comparison.page_pair import (
    HowPages,
    compare_page_pair,
    digests_of_attachments,
    document_outline,
    sketches_of,
)
from imgdiff.comparison.partners import find_partners
from imgdiff.comparison.revisions import revisions_of
from imgdiff.comparison.running_text import text_moved_on
from imgdiff.errors import ImgdiffError, SettingsError
from imgdiff.load.page_sketch import broken_sketch
from imgdiff.report.document import ComparedPage, ComparedPages, failed_page
from imgdiff.types import Document, DocumentOutline, PagePair, PageSketch, Revision
from imgdiff.view.page_words import link_facts, outline_facts, size_fact

_PIECE: Final = 25
"""Pages that are sketched at once."""


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """What is known before any page is compared.

    Attributes
    ----------
    before, after : Document
        The files.
    outlines : (DocumentOutline, DocumentOutline)
        What they hold beside what is seen.
    sketches : (tuple of PageSketch, tuple of PageSketch)
        Every page of both.
    pairs : tuple of PagePair
        Every page once, in the order of reading.
    revisions : tuple of Revision or None
        What their own text says otherwise; None if that isn't known.
    """

    before: Document
    after: Document
    outlines: tuple[DocumentOutline, DocumentOutline]
    sketches: tuple[tuple[PageSketch, ...], tuple[PageSketch, ...]]
    pairs: tuple[PagePair, ...]
    revisions: tuple[Revision, ...] | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """All that is known of documents of a single page without a look at it."""
        facts = page_facts(self)
        pages = (fact for pair in self.pairs for fact in facts[pair])
        return (*outline_facts(*self.outlines), *pages)

    @property
    def least_alike_first(self) -> list[PagePair]:
        """The pairs as they are best compared: where most is to be expected, first."""
        return sorted(self.pairs, key=self._expected)

    def sketch_of(self, pair: PagePair) -> PageSketch:
        """The page after, or of a removed one that before."""
        if pair.after is not None:
            return self.sketches[1][pair.after - 1]
        return self.sketches[0][pair.number - 1]

    def both_sketches(self, pair: PagePair) -> tuple[PageSketch | None, PageSketch | None]:
        """Those of both pages, as far as there are two."""
        one = None if pair.before is None else self.sketches[0][pair.before - 1]
        return one, None if pair.after is None else self.sketches[1][pair.after - 1]

    def with_pages(self, pages: Iterable[ComparedPage]) -> ComparedPages:
        """The comparison as far as it has come."""
        place = {pair: index for index, pair in enumerate(self.pairs)}
        return ComparedPages(
            names=(self.before.name, self.after.name),
            outlines=self.outlines,
            total=len(self.pairs),
            pages=tuple(sorted(pages, key=lambda page: place[page.pair])),
            identical=self.before.data == self.after.data,
            revisions=self.revisions,
        )

    def _expected(self, pair: PagePair) -> tuple[bool, int]:
        one, other = self.both_sketches(pair)
        same = one is not None and other is not None and one.digest == other.digest
        return same, self.pairs.index(pair)


def plan_documents(
    before: Document,
    after: Document,
    executor: Executor,
    *,
    by_hand: Sequence[tuple[int, int]] = (),
) -> DocumentPlan:
    """Look through two documents and pair their pages.

    Parameters
    ----------
    before, after : Document
        PDFs, or pictures of one or more frames.
    executor : Executor
        Where it is done.
    by_hand : sequence of (int, int)
        Pages that the user pairs, by their numbers before and after, from 1.

    Raises
    ------
    LoadError
        A file as a whole can't be read; it begins with what the file is called there.
    SettingsError
        There is no such page to pair, or one is paired twice.
    """
    first = _outline(before, executor)
    same = before.data == after.data
    second = first if same else _outline(after, executor)
    _check_by_hand(by_hand, (first.pages, second.pages))
    ours = _sketched(before, first.pages, executor)
    theirs = ours if same else _sketched(after, second.pages, executor)
    pairs = find_partners(ours, theirs, fixed=by_hand)
    revisions = None if same else _revisions(ours, theirs, executor)
    return DocumentPlan(before, after, (first, second), (ours, theirs), pairs, revisions)


def compare_pages(
    plan: DocumentPlan,
    how: HowPages,
    executor: Executor,
    *,
    pairs: Sequence[PagePair] | None = None,
) -> Iterator[ComparedPage]:
    """Compare every pair of pages, the least alike first.

    Parameters
    ----------
    plan : DocumentPlan
        From `plan_documents`.
    how : HowPages
        In which way.
    executor : Executor
        Where it is done; what hasn't begun is cancelled when the generator is closed.
    pairs : sequence of PagePair, optional
        Only these.

    Yields
    ------
    ComparedPage
        Each as soon as it's done; one that can't be compared has the status "failed".
    """
    facts = page_facts(plan)
    ahead = list(plan.least_alike_first if pairs is None else pairs)[::-1]
    at_work: dict[Future[ComparedPage], PagePair] = {}
    most: int = getattr(executor, "in_flight", 2)
    try:
        while ahead or at_work:
            while ahead and len(at_work) < most:
                pair = ahead.pop()
                broken = _broken(plan, pair)
                if broken is not None:
                    yield broken
                    continue
                files = plan.before, plan.after
                future = executor.submit(compare_page_pair, *files, pair, how, facts.get(pair, ()))
                at_work[future] = pair
            for future in wait(at_work, return_when=FIRST_COMPLETED).done if at_work else ():
                yield _page_of(future, at_work.pop(future))
    finally:
        for future in at_work:
            future.cancel()


def page_facts(plan: DocumentPlan) -> dict[PagePair, tuple[str, ...]]:
    """What is known of pages by their sketches alone: another size, text that moved on."""
    moved_on = text_moved_on(plan.pairs, *plan.sketches)
    facts = {}
    for pair in plan.pairs:
        one, other = plan.both_sketches(pair)
        size = "" if plan.outlines[0].has_frames else size_fact(one, other)
        links = link_facts(one.links, other.links) if one and other else ()
        facts[pair] = tuple(filter(None, (size, moved_on.get(pair, ""), *links)))
    return facts


def _outline(document: Document, executor: Executor) -> DocumentOutline:
    """The outline, with the attachments' digests if they can be had."""
    outline = executor.submit(document_outline, document).result()
    if not outline.attachments:
        return outline
    try:
        digests = executor.submit(digests_of_attachments, document).result()
    except ImgdiffError:  # what is packed there may be larger than any memory
        return outline
    names = [name for name, _ in outline.attachments]
    return replace(outline, attachments=tuple(zip(names, digests, strict=False)))


def _check_by_hand(by_hand: Sequence[tuple[int, int]], counts: tuple[int, int]) -> None:
    for side, name in enumerate(("before", "after")):
        numbers = [pair[side] for pair in by_hand]
        wrong = [number for number in numbers if not 1 <= number <= counts[side]]
        if wrong:
            raise SettingsError(
                f"The document {name} has {counts[side]} pages, but page {wrong[0]} is to be "
                "paired: change it."
            )
        if len(set(numbers)) < len(numbers):
            raise SettingsError(f"A page {name} can be paired once only: leave the other out.")


def _sketched(document: Document, count: int, executor: Executor) -> tuple[PageSketch, ...]:
    """All pages; a piece that fails as a whole is tried page by page."""
    pieces = [
        tuple(range(first, min(first + _PIECE, count + 1))) for first in range(1, count + 1, _PIECE)
    ]
    futures = [executor.submit(sketches_of, document, piece) for piece in pieces]
    found: list[PageSketch] = []
    for piece, future in zip(pieces, futures, strict=True):
        try:
            sketches: tuple[PageSketch, ...] = future.result()
            found.extend(sketches)
        except ImgdiffError as error:
            if len(piece) == 1:
                found.append(broken_sketch(piece[0], str(error)))
            else:
                found += _one_by_one(document, piece, executor)
    return tuple(found)


def _revisions(
    before: Sequence[PageSketch], after: Sequence[PageSketch], executor: Executor
) -> tuple[Revision, ...] | None:
    """What the documents' own text says otherwise; None if it can't be compared."""
    texts = [[page.text for page in pages] for pages in (before, after)]
    if not all(any(pages) for pages in texts):
        return None
    try:
        found: tuple[Revision, ...] | None = executor.submit(revisions_of, *texts).result()
    except ImgdiffError:  # it takes too long, as no text does that people wrote
        return None
    return found


def _one_by_one(
    document: Document, piece: tuple[int, ...], executor: Executor
) -> Iterator[PageSketch]:
    for page in piece:
        try:
            yield from executor.submit(sketches_of, document, (page,)).result()
        except ImgdiffError as error:
            yield broken_sketch(page, str(error))


def _broken(plan: DocumentPlan, pair: PagePair) -> ComparedPage | None:
    """What is said of a pair of which a page can't be drawn; None of any other."""
    for label, sketch in zip(
        (plan.before.label, plan.after.label), plan.both_sketches(pair), strict=True
    ):
        if sketch is not None and sketch.error:
            return failed_page(pair, f"{label}: {sketch.error}")
    return None


def _page_of(future: Future[ComparedPage], pair: PagePair) -> ComparedPage:
    try:
        return future.result()
    except ImgdiffError as error:
        return failed_page(pair, str(error))
