"""Rows that came and went, and what moved on for them, in one sentence."""

from __future__ import annotations

import pytest

from imgdiff.types import Block
from imgdiff.view.line_words import block_facts, block_in_words

ADDED = Block("added", "rows", 37, 100, 100)
REMOVED = Block("removed", "rows", 12, 300, 337)
CUT = Block("removed", "rows", 37, 563, 600, at_end=True)


@pytest.mark.parametrize(
    ("blocks", "sentence"),
    [
        ([ADDED], "37 rows inserted at y 100, 500 rows below moved down by 37 px."),
        (
            [ADDED, CUT],
            "37 rows inserted at y 100, 463 rows below moved down by 37 px; "
            "37 rows cut off at the end.",
        ),
        (
            [ADDED, REMOVED],
            "37 rows inserted at 1 place and 12 removed at 1 place, 488 rows moved on.",
        ),
        ([REMOVED], "12 rows removed at y 300, 288 rows below moved up by 12 px."),
        ([Block("added", "rows", 1, 600, 600)], "1 row inserted at y 600."),
        (
            [Block("removed", "columns", 1, 398, 398)],
            "1 column removed at x 398, 1 column to the right moved left by 1 px.",
        ),
        (
            [Block("added", "rows", 20, 500, 500, span=(0, 200))],
            "20 rows inserted at y 500, between x 0 and 200, 100 rows below moved down by 20 px.",
        ),
        (
            [Block("added", "rows", 9, 60 * n, 69 * n) for n in range(1, 9)],
            "72 rows inserted at 8 places, 540 rows moved on.",
        ),
        (
            [Block("added", "rows", 9, 100, 100), Block("removed", "rows", 9, 500, 509)],
            "9 rows inserted at 1 place and 9 removed at 1 place, 400 rows moved down by 9 px.",
        ),
        ([], None),
    ],
)
def test_one_sentence_sums_up_all_blocks(blocks: list[Block], sentence: str | None) -> None:
    assert list(block_facts(blocks, (600, 400))) == [sentence] * (sentence is not None)


def test_each_place_says_its_own() -> None:
    assert block_in_words(CUT) == "37 rows cut off at the end"
    assert block_in_words(ADDED) == "37 rows inserted at y 100"
