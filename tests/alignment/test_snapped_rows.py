"""Where exactly a block of rows went in, and what only looks like rows or columns put in."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from imgdiff import align, compare
from imgdiff.alignment.row_gaps import settled_blocks
from imgdiff.types import Block
from tests.alignment.test_like_rows import jpeg, rows_of, words
from tests.pictures import Picture, image


def test_a_block_lies_where_the_words_say_even_if_they_look_alike() -> None:
    """Words of one length, between which the parts of a row hardly tell."""
    before = np.full((120, 300), 255, np.uint8)
    for index, word in enumerate(["order", "paper", "stone", "waver", "nomad"]):
        cv2.putText(before, word, (20, 24 * index + 16), 0, 0.45, 40, 1, cv2.LINE_AA)
    more = before[24:48].copy()
    more[:, 35:45] = before[48:72, 35:45]
    after = np.concatenate([before[:72], more, before[72:]])
    lines = np.arange(120) + np.where(np.arange(120) >= 24, 24, 0)
    wrong = [Block("added", "rows", 24, 24, 24)]
    settled, (block,) = settled_blocks(lines, wrong, before, after)
    assert abs(block.at - 72) <= 6  # between the lines nothing tells
    np.testing.assert_array_equal(after[settled], before)
    lines = np.where(np.arange(144) < 24, np.arange(144), np.arange(144) - 24)
    (back,) = settled_blocks(lines, [Block("removed", "rows", 24, 24, 24)], after, before)[1]
    assert abs(back.at - 72) <= 6


def test_half_a_row_left_at_the_end_is_none() -> None:
    rows = rows_of("code")
    before, block = np.concatenate(rows), rows_of("code", 7)[1][:19]
    after = np.concatenate([*rows[:9], block, *rows[9:]])[: len(before)]
    before[-1] = after[-1] = 255
    first, last = align(image(before), image(jpeg(90)(after))).alignment.blocks
    assert (first.kind, last.kind, last.at_end) == ("added", "removed", True)


def drawn_page(paragraphs: int, *, pitch: float, stripes: bool = False, skip: int = -1) -> Picture:
    """Lines at a pitch that isn't whole, each drawn on whole pixels, as browsers do."""
    rng = np.random.default_rng(3)
    page = np.full((520, 500), 255, np.uint8)
    y = 30.0
    for index in range(paragraphs):
        text = words(rng, 3)
        if index == skip:
            continue
        top = round(y)
        if stripes and round((y - 30) / pitch) % 2:
            page[top : round(y + pitch), 20:400] = 246
        cv2.putText(page, text, (30, top + 15), 0, 0.45, 40, 1, cv2.LINE_AA)
        y += pitch
    return page


@pytest.mark.parametrize("pitch", [20.5, 23.3, 27.5])
def test_lines_put_on_whole_pixels_are_no_rows(pitch: float) -> None:
    """A banner of 42.5 px moves some lines by 42 and others by 43."""
    text = drawn_page(14, pitch=pitch)
    lower = np.full_like(text, 255)
    rng = np.random.default_rng(3)
    for index in range(14):
        y = 30 + pitch * index + 42.5
        cv2.putText(lower, words(rng, 3), (30, round(y) + 15), 0, 0.45, 40, 1, cv2.LINE_AA)
    lower[10:40, 10:-10] = 90
    before, after = text[: 520 - 42], lower
    pair = align(image(before), image(after))
    first = pair.alignment.blocks[0]
    assert len([block for block in pair.alignment.blocks if not block.at_end]) == 1
    assert (first.kind, first.axis) == ("added", "rows")
    assert not compare(image(before), image(after)).regions[1:]


@pytest.mark.parametrize("stripes", [False, True])
def test_a_row_taken_from_a_page_whose_height_stays(stripes: bool) -> None:
    before = drawn_page(12, pitch=35.5, stripes=stripes)
    after = drawn_page(12, pitch=35.5, stripes=stripes, skip=4)
    blocks = align(image(before), image(after)).alignment.blocks
    assert [(block.kind, block.axis) for block in blocks if not block.at_end] == [
        ("removed", "rows")
    ]
    assert abs(blocks[0].count - 35.5) <= 1
    assert abs(blocks[0].at - (30 + 4 * 35.5)) <= 12


def test_of_a_line_that_lost_a_word_the_rest_moves_and_no_columns() -> None:
    before = np.full((300, 600), 255, np.uint8)
    for index in range(10):
        text = "some words, and more" if index else "some words that go on and on to the edge here"
        cv2.putText(before, text, (20, 28 * index + 24), 0, 0.45, 40, 1, cv2.LINE_AA)
    after = before.copy()
    after[:34, 210:-40], after[:34, -40:] = before[:34, 250:], 255
    assert align(image(before), image(after)).alignment.blocks == ()
