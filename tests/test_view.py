"""The words and layers of a comparison."""

from __future__ import annotations

import numpy as np
import pytest

from imgdiff import Settings, compare, view_of
from imgdiff.view import percent

from .pictures import drawing, image

WHITE = np.full((90, 90, 3), 255, np.uint8)


def _with_square(y: int, x: int, size: int = 12) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    picture = WHITE.copy()
    picture[y : y + size, x : x + size] = 0
    return picture


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (0, "0 %"),
        (1e-7, "under 0.001 %"),
        (0.00042, "0.042 %"),
        (0.0099, "0.99 %"),
        (0.03, "3.0 %"),
        (0.0996, "10 %"),
        (0.47, "47 %"),
        (0.9999, "over 99 %"),
        (1, "100 %"),
    ],
)
def test_percentages_have_two_digits_and_no_false_extremes(fraction: float, text: str) -> None:
    assert percent(fraction) == text


@pytest.mark.parametrize(
    ("y", "x", "where"),
    [
        (4, 4, "top left"),
        (4, 70, "top right"),
        (39, 39, "in the centre"),
        (70, 39, "bottom centre"),
    ],
)
def test_the_largest_place_is_told(y: int, x: int, where: str) -> None:
    view = view_of(compare(image(WHITE), image(_with_square(y, x)), Settings(method="absdiff")))
    assert view.headline == "1 place changed."
    assert f"The largest place is 12 × 12 px, {where}." in view.facts


def test_a_small_change_is_not_called_equal() -> None:
    view = view_of(compare(image(WHITE), image(_with_square(40, 40, 3)), Settings("absdiff")))
    assert view.headline == "No change larger than 40 px² found, though the pictures are not equal."


def test_a_change_of_color_alone_is_hinted_at_in_grayscale() -> None:
    red, green = WHITE.copy(), WHITE.copy()
    red[20:50, 20:50] = (78, 0, 0)  # the same luma, 23, as the green
    green[20:50, 20:50] = (0, 40, 0)
    gray = view_of(compare(image(red), image(green)))
    assert "compare in colour" in gray.headline
    assert compare(image(red), image(green), Settings(grayscale=False)).regions


def test_equal_pictures_are_called_equal() -> None:
    view = view_of(compare(image(WHITE), image(WHITE)))
    assert view.headline == "The pictures are equal, pixel for pixel."
    assert view.score_text == "100.0000 %"


def test_transparent_parts_are_shown_on_white() -> None:
    black = np.zeros((40, 40, 3), np.uint8)
    alpha = np.zeros((40, 40), np.uint8)
    view = view_of(compare(image(black, alpha), image(black, alpha)))
    assert (view.layers["filled"].draw() == 255).all()


def test_16_bit_pictures_are_shown_in_8() -> None:
    picture = image(drawing(40, 40).astype(np.uint16) * 257)
    view = view_of(compare(picture, picture))
    np.testing.assert_array_equal(view.layers["filled"].draw(), drawing(40, 40))
