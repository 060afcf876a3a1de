"""A piece of a picture is found again wherever it stands, and nothing else is taken for it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from imgdiff import Settings, compare
from imgdiff.comparison.ignored_pieces import pieces_in
from imgdiff.pixels.pieces import places_like, shows_something
from imgdiff.types import Box, Picture, Piece
from tests.pictures import image


def page(time: str, corner: tuple[int, int] | None, *, seed: int = 3) -> Picture:
    """A page of text with a clock."""
    rng = np.random.default_rng(seed)
    picture = np.full((400, 640, 3), 245, np.uint8)
    for row in range(9):
        words = " ".join("".join(rng.choice(list("abcdefghij"), 6)) for _ in range(9))
        place = 20, 90 + 34 * row
        cv2.putText(picture, words, place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, (40, 40, 40), 1)
    if corner is not None:
        x, y = corner
        cv2.rectangle(picture, (x, y), (x + 120, y + 32), (30, 80, 160), -1)
        place = x + 12, y + 23
        cv2.putText(picture, time, place, cv2.FONT_HERSHEY_SIMPLEX, 0.7, (255, 255, 255), 2)
    return picture


CLOCK = page("12:34:56", (40, 20))[20:53, 40:161]


@pytest.mark.parametrize("time", ["12:34:56", "08:05:17", "23:59:00"])
@pytest.mark.parametrize("corner", [(40, 20), (400, 5), (3, 31)])
def test_a_clock_is_found_whatever_it_says(time: str, corner: tuple[int, int]) -> None:
    picture = page(time, corner, seed=8)
    packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
    (found,) = places_like(np.asarray(cv2.imdecode(packed, 1), np.uint8), CLOCK)
    assert abs(found.x - corner[0]) <= 1
    assert abs(found.y - corner[1]) <= 1


def test_two_of_them_are_found() -> None:
    picture = page("12:34:56", (40, 20))
    picture[10:43, 400:521] = CLOCK
    assert {(box.x, box.y) for box in places_like(picture, CLOCK)} == {(40, 20), (400, 10)}


@pytest.mark.parametrize("other", ["page", "astronaut", "coffee", "chelsea"])
def test_what_is_not_there_is_not_found(other: str) -> None:
    picture = page("", None) if other == "page" else getattr(data, other)()
    assert places_like(picture, CLOCK) == ()


def test_it_is_found_in_a_large_picture_to_a_few_pixels() -> None:
    picture = cv2.resize(page("08:05:17", (400, 20)), None, fx=5, fy=5)
    piece = cv2.resize(CLOCK, None, fx=5, fy=5)
    (found,) = places_like(np.asarray(picture, np.uint8), np.asarray(piece, np.uint8))
    assert found.x <= 2000 + 5
    assert found.x + found.width >= 2000 + 600 - 5
    assert found.width < 620


def test_what_shows_nothing_or_is_too_large_is_nowhere() -> None:
    flat = np.full((30, 30, 3), 200, np.uint8)
    assert not shows_something(flat)
    assert not shows_something(flat[:0])
    assert places_like(page("", None), flat) == ()
    assert places_like(CLOCK[:20], CLOCK) == ()
    assert pieces_in(image(flat), (Box(0, 0, 9, 9), Box(90, 90, 9, 9))) == (None, None)


def test_compare_ignores_a_look_wherever_it_is() -> None:
    before, after = page("08:05:17", (300, 12), seed=9), page("09:41:02", (300, 12), seed=9)
    assert not compare(before, after).alike
    result = compare(before, after, Settings(ignore_pieces=(Piece.of(CLOCK),)))
    assert result.alike
    assert result.settings.ignored_areas == (Box(300, 12, 121, 33),)
    assert result.settings.ignore_pieces == ()
    elsewhere = compare(before, after, Settings(ignore_pieces=(Piece.of(data.coffee()[:50, :50]),)))
    assert not elsewhere.alike
