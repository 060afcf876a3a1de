"""Which words differ between two texts."""

from __future__ import annotations

import pytest

from imgdiff.reading.tokens import differing, joined, tokens_of


def _changes(before: str, after: str) -> list[tuple[str, str]]:
    lines = before.split("|"), after.split("|")
    runs = differing(*(tokens_of(text) for text in lines))
    return [(joined(run.before), joined(run.after)) for run in runs]


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("the price is 19.99 today", "the price is 21.99 today", [("19.99", "21.99")]),
        ("the contract", "the amended contract", [("", "amended")]),
        ("one two three", "one three", [("two", "")]),
        ("one two", "one two", []),
        ("", "new words", [("", "new words")]),
        ("a meeting service", "a service service", [("meeting", "service")]),
        ("service service b", "meeting service b", [("service", "meeting")]),
        ("one two", "two three", [("one", ""), ("", "three")]),
        ("a b c d e", "a X c Y e", [("b", "X"), ("d", "Y")]),
        ("7% current", "7%11/09/2026", [("current", "11/09/2026")]),
        ("big cats of us all", "a dog of ten", [("big cats of us all", "a dog of ten")]),
        ("pay 5 of 7 now", "pay 6 of 8 now", [("5", "6"), ("7", "8")]),
        ("within fourteen|days of notice", "within|fourteen days of notice", []),
        ("within fourteen|days of it", "within thirty|days of it", [("fourteen", "thirty")]),
    ],
)
def test_words_that_differ(before: str, after: str, changes: list[tuple[str, str]]) -> None:
    assert _changes(before, after) == changes


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("in voice number", "invoice number", []),
        ("invoicenumber 7", "invoice number 8", [("7", "8")]),
        ("7 invoicenumber", "8 invoice number", [("7", "8")]),
    ],
)
def test_spaces_alone_are_no_change(
    before: str, after: str, changes: list[tuple[str, str]]
) -> None:
    assert _changes(before, after) == changes


def test_each_chinese_character_is_a_word() -> None:
    assert _changes("本合同生效", "本协议生效") == [("合同", "协议")]
