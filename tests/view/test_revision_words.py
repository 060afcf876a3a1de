"""What the text of documents says otherwise, in words."""

from __future__ import annotations

import pytest

from imgdiff.types import Revision
from imgdiff.view.revision_words import revision_fact, revision_rows

PRICE = Revision("4,160", "4,310", 4, 5)
CLAUSE = Revision("", "a clause of its own", 2, 2)
GONE = Revision("for good", "", 3, 2)
MOVED = Revision("what was put elsewhere", "what was put elsewhere", 1, 6)
SECTIONS = [Revision(str(n), str(n + 1), 2 + n // 5, 3 + n // 5) for n in range(3, 9)]


@pytest.mark.parametrize(
    ("revisions", "sentence"),
    [
        (None, ""),
        ([], "The text that the files hold is the same, word for word, page numbers aside."),
        ([PRICE], "In the text: 4,160 → 4,310 (page 5)."),
        ([GONE], "In the text: removed: “for good” (page 3)."),
        ([MOVED], "In the text: moved: “what was put elsewhere” (from page 1 to page 6)."),
        (SECTIONS, "In the text: 3 → 4 … 8 → 9 (pages 3 to 4)."),
        (
            [CLAUSE, *SECTIONS, GONE, PRICE],
            "In the text: added: “a clause of its own” (page 2), removed: “for good” (page 3), "
            "4,160 → 4,310 (page 5) and 1 more.",
        ),
    ],
)
def test_one_sentence_names_the_longest(revisions: list[Revision] | None, sentence: str) -> None:
    assert revision_fact(revisions) == sentence


def test_a_list_has_them_all() -> None:
    two = [Revision("1", "2", 1, 1), Revision("1", "3", 1, 1)]
    rows = revision_rows([CLAUSE, *two, PRICE])
    assert [words for words, _ in rows] == [
        "added: “a clause of its own”", "1 → 2", "1 → 3", "4,160 → 4,310"
    ]  # fmt: skip
