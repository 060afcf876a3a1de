"""Documents of several pages that differ in known ways, and a way to compare them in-process."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from imgdiff.comparison.documents import DocumentPlan, compare_pages, plan_documents
from imgdiff.comparison.page_pair import HowPages
from imgdiff.report.document import ComparedPages
from imgdiff.report.page_part import Form
from imgdiff.types import Document, Settings

_VOCABULARY = """
order page term goods unit note party case day line contract payment supplier delivery month notice
liability price amount agreement clause section annex warranty claim invoice date period damage law
court data service fee client
"""

Lines = list[str]


def letters(count: int, *, seed: int = 0, rows: int = 20) -> list[Lines]:
    """So many pages of text, no two alike."""
    rng, words = np.random.default_rng(seed), _VOCABULARY.split()
    return [[" ".join(rng.choice(words, 9)) for _ in range(rows)] for _ in range(count)]


def plan_of(
    before: bytes, after: bytes, *, by_hand: Sequence[tuple[int, int]] = ()
) -> DocumentPlan:
    """The plan for two files."""
    files = Document("a.pdf", before, "Before"), Document("b.pdf", after, "After")
    with ThreadPoolExecutor(1) as executor:
        return plan_documents(*files, executor, by_hand=by_hand)


def compared(
    before: bytes,
    after: bytes,
    *,
    dpi: float = 50,
    form: Form = "",
    settings: Settings | None = None,
) -> ComparedPages:
    """Two files, compared at a low resolution."""
    plan = plan_of(before, after)
    how = HowPages(settings or Settings(), dpi, form)
    with ThreadPoolExecutor(1) as executor:
        return plan.with_pages(compare_pages(plan, how, executor))


def states(found: ComparedPages) -> list[tuple[int | None, int | None, str]]:
    """Each page's numbers and what became of it."""
    return [(page.pair.before, page.pair.after, page.status) for page in found.pages]
