"""What is said of the writing in places that changed."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from imgdiff import Comparison, compare
from imgdiff.reading import networks
from imgdiff.types import Region, TextChange
from tests.pictures import edited, image, noisy, photo

from .pages import LETTER, Picture, page, replaced


def _texts(before: Picture, after: Picture) -> list[TextChange]:
    return [region.text for region in _regions(before, after) if region.text is not None]


def _regions(before: Picture, after: Picture) -> tuple[Region, ...]:
    return compare(image(before), image(after)).regions


def _changes(texts: list[TextChange]) -> list[tuple[str, str]]:
    return [(word.before, word.after) for text in texts for word in text.words]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [14, 20, 30])
def test_a_changed_price_is_told(size: int, *, dark: bool) -> None:
    after = replaced(LETTER, "4,160.00", "4,310.00")
    width = 36 * size
    texts = _texts(*(page(lines, size=size, width=width, dark=dark) for lines in (LETTER, after)))
    assert _changes(texts) == [("4,160.00", "4,310.00")]


def test_the_words_stand_where_they_are_said_to() -> None:
    (text,) = _texts(page(LETTER), page(replaced(LETTER, "account", "office")))
    (word,) = text.words
    ink = page(LETTER)[word.before_box.slices] < 128
    assert ink.any()
    assert page(("account",))[..., 0].min() < 128
    assert abs(word.before_box.y - (20 + 2 * 40)) < 8
    assert word.before_box.x > 300


def puzzle(digits: str) -> Picture:
    """Digits in nine columns of cells, as a number puzzle has them."""
    canvas = ImageDraw.Draw(sheet := PillowImage.new("RGB", (279, 279), "white"))
    for edge in range(4, 275, 30):
        canvas.line((edge, 4, edge, 274), "black")
        canvas.line((4, edge, 274, edge), "black")
    for number, digit in enumerate(digits):
        place = 30 * (number % 9) + 13, 30 * (number // 9) + 8
        canvas.text(place, digit, "black", ImageFont.load_default(18))
    return np.asarray(sheet)


def test_digits_that_stand_alone_are_read_as_they_stand() -> None:
    """Each is higher than wide, but that doesn't say that they're lines which run down."""
    digits = "538912746192" * 6
    (region,) = _regions(puzzle(digits), puzzle(digits[:27] + "4" + digits[28:]))
    assert region.text is not None
    (word,) = region.text.words
    assert (word.before, word.after) == (digits[27], "4")
    assert word.before_box.height >= 12


def test_a_word_put_in_is_told_as_added() -> None:
    texts = _texts(page(LETTER), page(replaced(LETTER, "to our account", "to our new account")))
    assert ("", "new") in _changes(texts)


def test_a_line_that_came_or_went_is_told() -> None:
    shorter = (*LETTER[:3], "")
    assert _changes(_texts(page(shorter), page(LETTER))) == [("", LETTER[3])]
    assert _changes(_texts(page(LETTER), page(shorter))) == [(LETTER[3], "")]


@pytest.mark.parametrize("way", [1, -1])
def test_words_on_rows_that_one_picture_has_alone_are_told(way: int) -> None:
    without = page(LETTER)
    strip = page(("We are closed on Friday.",), width=without.shape[1])[10:52].copy()
    strip[strip == 255] = 235
    pictures = without, np.vstack([without[:90], strip, without[90:]])
    (text,) = _texts(*pictures[::way])
    assert (text.before, text.after)[::way] == ("", "We are closed on Friday.")


def test_a_ring_is_no_letter() -> None:
    before = page(LETTER, width=900)
    after = before.copy()
    cv2.circle(after, (840, 60), 10, (30, 120, 170), 3, cv2.LINE_AA)
    (region,) = _regions(before, after)
    assert region.text is None


def test_few_words_are_told_whole() -> None:
    lines = ("Your basket holds three things", "Order more", "Go back to the shop")
    (text,) = _texts(page(lines), page(replaced(lines, "more", "now")))
    assert (text.before, text.after) == ("Order more", "Order now")
    assert _changes([text]) == [("more", "now")]


def test_a_digit_is_told_with_the_words_beside_it() -> None:
    lines = ("Delivery of all that you ordered by 3 May 2026", *LETTER)
    (text,) = _texts(page(lines), page(replaced(lines, "3 May", "8 May")))
    assert (text.before, text.after) == ("by 3 May", "by 8 May")
    assert _changes([text]) == [("3", "8")]


def test_a_digit_that_stands_alone_in_a_table_is_read() -> None:
    rows = [("Chair with arms", "4"), ("Lamp of brass", "2"), ("Table of oak", "1")]
    before, after = (
        page([f"{name}{' ' * 40}{count}" for name, count in (*rows[:1], ("Lamp of brass", n))])
        for n in "23"
    )
    assert _changes(_texts(before, after)) == [("2", "3")]


def test_the_same_words_in_another_colour_are_the_same() -> None:
    before = page(LETTER)
    after = before.copy()
    rows = slice(96, 126)
    after[rows] = np.where(before[rows] < 200, 255 - (255 - before[rows]) // 3, 255)
    texts = _texts(before, after)
    assert texts
    assert all(text.stayed and text.before == text.after for text in texts)


def test_a_skewed_page_is_read() -> None:
    def skewed(lines: tuple[str, ...]) -> Picture:
        picture = page(lines, size=22, width=800)
        height, width = picture.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 4, 1)
        turned = cv2.warpAffine(picture, matrix, (width, height), borderValue=(255,) * 3)
        return np.asarray(turned, np.uint8)

    texts = _texts(skewed(LETTER), skewed(replaced(LETTER, "4,160.00", "9,310.00")))
    assert _changes(texts) == [("4,160.00", "9,310.00")]


@pytest.mark.parametrize("quarters", [1, 3])
def test_a_page_on_its_side_is_read(quarters: int) -> None:
    before, after = page(LETTER), page(replaced(LETTER, "fourteen", "thirty"))
    texts = _texts(*(np.ascontiguousarray(np.rot90(p, quarters)) for p in (before, after)))
    assert _changes(texts) == [("fourteen", "thirty")]


def test_a_word_cut_by_the_edge_is_never_told() -> None:
    lines = ("Thank you for the order of everything that",)
    before, after = (page(lines, width=width) for width in (412, 412))
    after = after.copy()
    after[:, 395:] = 255
    assert all(not text.words for text in _texts(before, after))


@pytest.fixture
def _unloaded() -> Iterator[None]:
    networks._network.cache_clear()
    yield
    networks._network.cache_clear()


@pytest.mark.usefixtures("_unloaded")
def test_nothing_is_loaded_where_nothing_looks_like_writing() -> None:
    before = photo("moon", 300, 300)
    found = compare(image(before), image(edited(before)))
    assert found.regions
    assert networks._network.cache_info().currsize == 0
    assert _regions(page(LETTER), page(replaced(LETTER, "phone", "mail")))
    assert networks._network.cache_info().currsize == 2


def test_noise_is_no_text() -> None:
    ground = np.full((200, 300, 3), 200, np.uint8)
    before, after = noisy(ground, 40, seed=1), noisy(ground, 40, seed=2)
    after[60:140, 80:220] = noisy(ground, 90, seed=3)[60:140, 80:220]
    assert _texts(before, after) == []


def test_other_methods_read_nothing() -> None:
    from imgdiff import Settings  # noqa: PLC0415

    found: Comparison = compare(
        image(page(LETTER)), image(page(replaced(LETTER, "phone", "mail"))), Settings("absdiff")
    )
    assert found.regions
    assert all(region.text is None for region in found.regions)
