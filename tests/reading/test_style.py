"""How writing looks."""

from __future__ import annotations

import numpy as np
import pytest

from imgdiff.reading.looks import looks_of, rule_of
from imgdiff.reading.style import style_of
from imgdiff.types import Box

from .pages import Picture, drawn_anew, page

LINE = ("This line has some words to look at",)
BOX = Box(30, 18, 160, 26)


def _edited(**colour: int) -> Picture:
    copy = page(LINE).copy()
    for rows, value in colour.items():
        top, bottom = map(int, rows.strip("_").split("_"))
        copy[top:bottom, 30:190] = value
    return copy


def test_letters_on_other_pixels_look_the_same() -> None:
    one, other = style_of(page(LINE), BOX), style_of(drawn_anew(LINE), BOX)
    assert one.has_the_colours_of(other)
    assert other.mass / one.mass == pytest.approx(1, abs=0.25)


@pytest.mark.parametrize("rows", ["_30_32", "_41_43"])
def test_a_line_through_or_under_words_is_seen(rows: str) -> None:
    one, other = style_of(page(LINE), BOX), style_of(_edited(**{rows: 30}), BOX)
    assert not one.ruled
    assert other.ruled
    assert other.mass > 1.2 * one.mass


def test_the_border_of_a_highlighted_cell_is_no_line_under_its_words() -> None:
    plain = np.full((60, 300, 3), 255, np.uint8)
    plain[26:36, 40:42] = 30
    marked, underlined = plain.copy(), plain.copy()
    cell = Box(20, 16, 240, 28)
    marked[cell.slices] = np.minimum(marked[cell.slices], (255, 240, 120))
    underlined[40:42, 20:260] = 30
    line = Box(30, 22, 40, 16)
    assert rule_of(looks_of(cell, [line], plain, marked)) is None
    assert rule_of(looks_of(cell, [line], plain, underlined)) == "came"


def test_other_ink_and_other_paper_are_other_colours() -> None:
    plain = page(LINE)
    yellow = plain.copy()
    yellow[..., 2] = yellow[..., 2] // 2
    gray = np.asarray(255 - (255 - plain) // 2, np.uint8)
    one = style_of(plain, BOX)
    assert not one.has_the_colours_of(style_of(yellow, BOX))
    assert not one.has_the_colours_of(style_of(gray, BOX))


def test_a_blank_place_has_no_ink() -> None:
    blank = np.full((60, 200, 3), 240, np.uint8)
    style = style_of(blank, BOX)
    assert style.mass == 0
    assert style.ink.tolist() == style.paper.tolist() == [240, 240, 240]
