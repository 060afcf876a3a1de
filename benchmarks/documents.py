"""How long documents take: ``python -m benchmarks.documents [PAGES...]``, by default 60 and 300.

Contracts made in code, with words drawn anew for every page: one page is inserted, a figure is
another one on every sixth. What is printed: the seconds until the pages have found their partners,
until the first page that changed is known, and until all are, in worker processes as the shell
uses them; the CPU seconds, of another run in this process; and what was found.
"""

from __future__ import annotations

import io
import random
import sys
import time
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from imgdiff.comparison.documents import compare_pages, plan_documents
from imgdiff.comparison.inline import InlineExecutor
from imgdiff.comparison.page_pair import HowPages
from imgdiff.types import Document, Settings
from imgdiff.workers.allowance import Allowance
from imgdiff.workers.worker_pool import WorkerPool

SEED = 20261126
LINES = 38
EVERY = 6
INSERTED = 2
TEXT = """
the lessee shall keep premises in repair and return them at end of term with all fixtures
notice must be given writing by either party not less than days before interest accrues on
sums due from date payment until paid costs of survey are borne equally unless agreed
"""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from the beginning."""

    planned: float
    first: float
    all: float


def main() -> None:
    """Print a line for each number of pages."""
    for count in [int(word) for word in sys.argv[1:]] or [60, 300]:
        files = contracts(count)
        times, found = in_workers(files)
        print(
            f"{count} pages: partners {times.planned:.2f} s, first change {times.first:.2f} s, "
            f"all {times.all:.2f} s, CPU {processor_seconds(files):.2f} s; {found}"
        )


def contracts(count: int) -> tuple[Document, Document]:
    """A contract of so many pages, and its next version."""
    rng, words = random.Random(SEED), TEXT.split()  # noqa: S311
    pages = [[" ".join(rng.choices(words, k=12)) for _ in range(LINES)] for _ in range(count)]
    after = [list(lines) for lines in pages]
    for number, lines in enumerate(pages):
        row = rng.randrange(LINES)
        lines[row] = f"The sum of {rng.randrange(1000, 9999)} is due on signing by both parties"
        after[number][row] = lines[row]
        if number % EVERY == 0:
            after[number][row] = lines[row].replace("of ", "of 1")
    after.insert(INSERTED, [" ".join(rng.choices(words, k=12)) for _ in range(LINES)])
    return (
        Document("before.pdf", drawn(pages), "Before"),
        Document("after.pdf", drawn(after), "After"),
    )


def drawn(pages: list[list[str]]) -> bytes:
    """A PDF of A4 pages."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842), invariant=1)
    for lines in pages:
        canvas.setFont("Times-Roman", 11)
        for row, line in enumerate(lines):
            canvas.drawString(60, 780 - 18 * row, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def in_workers(files: tuple[Document, Document]) -> tuple[Times, str]:
    """How long two documents take, and what is found."""
    workers = WorkerPool(2, Allowance(4000, 120), modules=("imgdiff.comparison.page_pair",))
    start = time.perf_counter()
    plan = plan_documents(*files, workers)
    planned, first, pages = time.perf_counter() - start, 0.0, []
    for page in compare_pages(plan, HowPages(Settings()), workers):
        pages.append(page)
        if not first and page.status == "changed":
            first = time.perf_counter() - start
    times = Times(planned, first, time.perf_counter() - start)
    workers.shutdown()
    return times, plan.with_pages(pages).headline


def processor_seconds(files: tuple[Document, Document]) -> float:
    """What the same takes in this process."""
    start = time.process_time()
    plan = plan_documents(*files, InlineExecutor())
    for _ in compare_pages(plan, HowPages(Settings()), InlineExecutor()):
        pass
    return time.process_time() - start


if __name__ == "__main__":
    main()
