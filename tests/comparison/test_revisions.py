"""The text of documents is one, wherever its pages break."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgdiff.comparison.revisions import revisions_of
from imgdiff.types import Revision

WORDS = ["".join(letters) for letters in product("bdglmnst", "aeiou", "klmnprst")]
"""No two alike, so that no pages begin alike by chance."""
PARTS = st.lists(st.integers(0, len(WORDS)), max_size=8)
CLAUSE = ["the", "buyer", "shall", "give", "notice", "in", "writing"]


def broken(words: list[str], places: list[int]) -> list[str]:
    """The words as pages that end at some places."""
    return [" ".join(words[i:j]) for i, j in pairwise([0, *sorted(places), len(words)])]


def pages(words: list[str], length: int = 100, *, head: str = "", foot: str = "") -> list[str]:
    """Pages of so many words, with what stands on all of them; {} is the number of the page."""
    parts = [words[start : start + length] for start in range(0, len(words), length)]
    return [
        " ".join([head.format(number, len(parts)), *part, foot.format(number, len(parts))])
        for number, part in enumerate(parts, start=1)
    ]


@settings(deadline=None, derandomize=True)
@given(PARTS, PARTS)
def test_where_pages_break_is_no_change(before: list[int], after: list[int]) -> None:
    assert revisions_of(broken(WORDS, before), broken(WORDS, after)) == ()


@settings(deadline=None, derandomize=True)
@given(st.integers(0, len(WORDS)), PARTS, PARTS)
def test_one_clause_that_is_put_in_is_one_revision(
    at: int, before: list[int], after: list[int]
) -> None:
    longer = [*WORDS[:at], *CLAUSE, *WORDS[at:]]
    ours, theirs = broken(WORDS, before), broken(longer, after)
    added = revisions_of(ours, theirs)
    removed = revisions_of(theirs, ours)
    assert added is not None
    assert removed is not None
    assert [len(one.after.split()) - len(one.before.split()) for one in added] == [len(CLAUSE)]
    assert [(r.after, r.before, r.after_page, r.before_page) for r in removed] == [
        (r.before, r.after, r.before_page, r.after_page) for r in added
    ]


def test_heads_and_numbers_of_pages_are_no_text() -> None:
    longer = [*WORDS[:150], *CLAUSE * 15, *WORDS[150:]]
    ours, theirs = (
        pages(words, head="Contract 2026/117 of 3 March", foot="Page {} of {}")
        for words in (WORDS, longer)
    )
    found = revisions_of(ours, theirs)
    assert found is not None
    assert len(found) == 1
    assert (found[0].before, found[0].before_page, found[0].after_page) == ("", 2, 2)


def test_a_head_that_changed_is_told() -> None:
    found = revisions_of(*(pages(WORDS, head=f"Draft {name} for all") for name in ("one", "two")))
    assert found
    assert {(one.before, one.after) for one in found} == {("one", "two")}


def test_what_was_put_elsewhere_moved() -> None:
    words = [*WORDS[:50], *CLAUSE, *WORDS[50:]]
    moved = [*WORDS[:310], *CLAUSE, *WORDS[310:]]
    clause = " ".join(CLAUSE)
    assert revisions_of(pages(words), pages(moved)) == (Revision(clause, clause, 1, 4),)


@pytest.mark.parametrize(("before", "after"), [([], ["a"]), ([""], ["a"]), (["a"], ["", ""])])
def test_without_text_nothing_is_known(before: list[str], after: list[str]) -> None:
    assert revisions_of(before, after) is None


def test_words_parted_at_the_end_of_a_line_are_whole() -> None:
    assert revisions_of(["one exam\u0002 ple more"], ["one example more"]) == ()


def test_texts_without_a_place_in_common_are_replaced() -> None:
    found = revisions_of(["a b " * 400], ["c d " * 400])
    assert found is not None
    assert [(len(one.before), len(one.after)) for one in found] == [(1599, 1599)]
