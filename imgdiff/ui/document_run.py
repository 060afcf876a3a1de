"""A document compared in the background, page after page, while its user looks at some of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace

from imgdiff.comparison.documents import DocumentPlan, compare_pages, plan_documents
from imgdiff.comparison.page_pair import HowPages
from imgdiff.errors import ImgdiffError
from imgdiff.report.document import ComparedPage, ComparedPages
from imgdiff.report.page_part import Form
from imgdiff.types import Document, PagePair, Review

_PATIENCE = 10
"""Seconds without a sign of life from the page, after which nobody is taken to wait."""


class DocumentRun:
    """All pages of two documents, as far as they have been compared.

    Parameters
    ----------
    before, after : Document
        The files.
    how : HowPages
        In which way.
    executor : Executor
        Where it is done.
    by_hand : sequence of (int, int)
        As in `plan_documents`.
    plan : DocumentPlan, optional
        If it is known from another run.

    Attributes
    ----------
    planned : Event
        Set as soon as there is a plan, or an error.
    plan : DocumentPlan or None
        Which pages belong together.
    error : ImgdiffError or None
        Why there will be no plan.
    cancelled : bool
        Whether the user wants no more of it.
    """

    def __init__(
        self,
        files: tuple[Document, Document],
        how: HowPages,
        executor: Executor,
        *,
        by_hand: Sequence[tuple[int, int]] = (),
        plan: DocumentPlan | None = None,
    ) -> None:
        self.how = how
        self.plan = plan
        self.error: ImgdiffError | None = None
        self.planned = threading.Event()
        self.cancelled = False
        self._files = files
        self._by_hand = by_hand
        self._executor = executor
        self._pages: dict[PagePair, ComparedPage] = {}
        self._thread: threading.Thread | None = None
        self._wanted = time.monotonic()

    @property
    def names(self) -> tuple[str, str]:
        """What the two files are called."""
        before, after = self._files
        return before.name, after.name

    def want(self) -> None:
        """Begin, or go on; to be called again and again for as long as somebody waits."""
        self._wanted = time.monotonic()
        is_alive = self._thread is not None and self._thread.is_alive()
        if not (is_alive or self.cancelled or self.is_complete):
            self._thread = threading.Thread(target=self._work, name="document", daemon=True)
            self._thread.start()

    def cancel(self) -> None:
        """Stop after the page that is at work."""
        self.cancelled = True

    def resume(self) -> None:
        """Go on after all."""
        self.cancelled = False

    @property
    def is_complete(self) -> bool:
        """Whether every page has been compared, or there is nothing to."""
        done = self.plan is not None and len(self._pages) == len(self.plan.pairs)
        return done or self.error is not None

    @property
    def pages(self) -> dict[PagePair, ComparedPage]:
        """What has been compared so far."""
        return dict(self._pages)

    def found(self, plan: DocumentPlan) -> ComparedPages:
        """The comparison so far, as its plan has it."""
        return plan.with_pages(self.pages.values())

    def reported(self, plan: DocumentPlan, form: Form, review: Review) -> ComparedPages:
        """The same with what people said, and with each page's part of a report if it has a form.

        What was said of, and for a report what differs, is compared once more.
        """
        pages = self.pages
        anew = [
            pair
            for pair, page in pages.items()
            if (form and not page.alike) or review.on(pair.numbers).judgements
        ]
        how = replace(self.how, form=form, review=review)
        for page in compare_pages(plan, how, self._executor, pairs=anew):
            pages[page.pair] = page
        return plan.with_pages(pages.values())

    def _work(self) -> None:
        try:
            if self.plan is None:
                self.plan = plan_documents(*self._files, self._executor, by_hand=self._by_hand)
        except ImgdiffError as error:
            self.error = error
            return
        finally:
            self.planned.set()
        left = [pair for pair in self.plan.least_alike_first if pair not in self._pages]
        for page in compare_pages(self.plan, self.how, self._executor, pairs=left):
            self._pages[page.pair] = page
            if self.cancelled or time.monotonic() - self._wanted > _PATIENCE:
                return
