"""What changed in writing, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from imgdiff import Comparison, compare, view_of
from imgdiff.types import Box, Kind, TextChange, WordChange
from imgdiff.view.words import happening
from imgdiff.view.written import STAYED, named_changes, text_words
from tests.pictures import drawing, edited, image

BOX = Box(0, 0, 9, 9)


def _text(*pairs: tuple[str, str]) -> TextChange:
    words = tuple(WordChange(before, after, BOX, BOX) for before, after in pairs)
    before, after = (" … ".join(filter(None, side)) for side in zip(*pairs, strict=True))
    return TextChange(before, after, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_text(("19.99", "21.99")), "19.99 → 21.99"),
        (_text(("", "amended")), "added: “amended”"),
        (_text(("for good", "")), "removed: “for good”"),
        (_text(("a b", "c d")), "“a b” → “c d”"),
        (_text(("paid", "paid,")), "paid → “paid,”"),
        (_text(("1", "2"), ("3", "4")), "1 → 2; 3 → 4"),
        (_text(*[(str(n), "x") for n in range(6)]), "0 → x; 1 → x; 2 → x; 3 → x; 2 more"),
        (TextChange("as it was", "as it was"), STAYED[None]),
        (TextChange("as it was", "as it was", rule="came"), STAYED["came"]),
    ],
)
def test_a_text_in_words(text: TextChange, words: str) -> None:
    assert text_words(text) == words


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    before = drawing(200, 200)
    return compare(image(before), image(edited(before)))


def _told(comparison: Comparison, *texts: TextChange | None) -> Comparison:
    regions = comparison.regions[: len(texts)]
    written = tuple(replace(r, text=t) for r, t in zip(regions, texts, strict=True))
    return replace(comparison, regions=written)


@pytest.mark.parametrize(
    ("texts", "headline"),
    [
        ([_text(("1", "2"))], "1 place changed: 1 → 2."),
        ([_text(("1", "2")), _text(("a", "b"))], "2 places changed: 1 → 2 and a → b."),
        ([_text(("1", "2")), None], "2 places changed: 1 → 2 and 1 other place."),
        ([None, _text(("1", "2")), None], "3 places changed: 1 → 2 and 2 other places."),
        ([_text(("1", "2")), _text(("1", "2"))], "2 places changed: 1 → 2."),
        ([_text(("1", "2"), ("3", "4"), ("5", "6"))], "1 place changed."),
        ([TextChange("a", "a"), None], "2 places changed."),
    ],
)
def test_a_headline_names_up_to_two(
    comparison: Comparison, texts: list[TextChange | None], headline: str
) -> None:
    assert view_of(_told(comparison, *texts)).headline == headline


def test_long_texts_are_shortened_in_the_headline() -> None:
    long = _text(("", "word " * 40))
    region = replace(
        compare(image(drawing(90, 90)), image(edited(drawing(90, 90)))).regions[0], text=long
    )
    named, told = named_changes([region])
    assert told == 1
    assert len(named[0]) < 60
    assert "…" in named[0]


@pytest.mark.parametrize(
    ("kind", "text", "title"),
    [
        ("text", _text(("1", "7")), "Text: 1 → 7"),
        ("text", _text(("", "7")), "Text: added: “7”"),
        ("added", _text(("", "7")), "Added: “7”"),
        ("removed", _text(("1", "")), "Removed: “1”"),
        ("removed", TextChange("1", "1"), f"Removed: {STAYED[None]}"),
    ],
)
def test_the_title_of_a_place_tells_its_words(
    comparison: Comparison, kind: Kind, text: TextChange, title: str
) -> None:
    assert happening(replace(comparison.regions[0], kind=kind, text=text)) == title
