"""The words and layers of a comparison."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imgdiff import Box, Settings, compare, view_of
from imgdiff.view.words import percent
from tests.pictures import drawing, edited, image, photo

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
    assert view.facts[0].endswith(f"The largest place is 12 × 12 px, {where}.")


def test_a_small_change_is_not_called_equal() -> None:
    view = view_of(
        compare(image(WHITE), image(_with_square(40, 40, 3)), Settings("absdiff", min_area=40))
    )
    assert view.headline == "No change larger than 40 px² found, though the pictures are not equal."


def test_places_too_small_to_count_are_told() -> None:
    dashed = _with_square(20, 20, 3)
    once = view_of(compare(image(WHITE), image(dashed)))
    assert "1 place of 9 px² doesn't count: a lower area threshold shows it." in once.facts
    for x in range(32, 80, 12):
        dashed[20:23, x : x + 3] = 0
    result = compare(image(WHITE), image(dashed))
    told = view_of(result)
    assert result.alike
    assert "5 places of up to 9 px² don't count: a lower area threshold shows them." in told.facts
    shown = compare(image(WHITE), image(dashed), Settings(min_area=0))
    assert len(shown.regions) == 5
    assert not any("count" in fact for fact in view_of(shown).facts)


def test_a_change_of_color_alone_is_hinted_at_in_grayscale() -> None:
    red, green = WHITE.copy(), WHITE.copy()
    red[20:50, 20:50] = (78, 0, 0)  # the same luma, 23, as the green
    green[20:50, 20:50] = (0, 40, 0)
    gray = view_of(compare(image(red), image(green), Settings("ssim", grayscale=True)))
    assert "compare in colour" in gray.headline
    assert compare(image(red), image(green)).regions


def test_differences_below_the_resolution_of_the_method_are_not_called_equal() -> None:
    picture = photo("coffee", 100, 100).astype(np.uint16) * 257
    other = picture.copy()
    other[40, 40] ^= 1
    view = view_of(compare(image(picture), image(other), Settings(grayscale=False)))
    assert view.headline == "The pictures differ by less than this method can tell."


def test_a_perfect_score_is_shown_only_where_it_is_one() -> None:
    large = np.tile(drawing(300, 300), (4, 4, 1))
    touched = large.copy()
    touched[600, 600, 1] ^= 1
    ssim = view_of(compare(image(large), image(touched)))
    assert ssim.score_text == "over 99.9999 %"
    absdiff = view_of(compare(image(large), image(touched), Settings("absdiff")))
    assert absdiff.score_text == "under 0.0001 levels"


def test_ignored_areas_and_notes_are_told() -> None:
    noted = replace(image(WHITE), notes=("Only the first of 3 frames is compared.",))
    ignoring = Settings("absdiff", ignore=(Box(0, 0, 90, 45),))
    view = view_of(compare(noted, image(_with_square(60, 10)), ignoring))
    assert view.facts == (
        "3.6 % of what is compared changed. The largest place is 12 × 12 px, bottom left.",
        "50 % of the picture is ignored. Before: Only the first of 3 frames is compared.",
    )


def test_squares_are_seen_through_what_is_partly_transparent() -> None:
    red = np.full((40, 40, 3), (200, 0, 0), np.uint8)
    picture = image(red, np.full((40, 40), 51, np.uint8))  # a fifth
    shown = view_of(compare(picture, picture)).layers["filled"].draw()
    np.testing.assert_array_equal(shown[0, 0], (244, 204, 204))  # on white
    np.testing.assert_array_equal(shown[0, 8], (216, 176, 176))  # on gray


def test_16_bit_levels_are_rounded() -> None:
    picture = image(np.full((40, 40, 3), 65500, np.uint16))
    assert (view_of(compare(picture, picture)).layers["filled"].draw() == 255).all()


def test_a_layer_in_strips_is_the_layer() -> None:
    """Boxes and fills cross the strips' borders here."""
    before = drawing(200, 90)
    view = view_of(compare(image(before), image(edited(before, count=12)), Settings(min_area=0)))
    assert len(view.regions) > 3
    for layer in view.layers.values():
        np.testing.assert_array_equal(np.concatenate(list(layer.strips())), layer.draw())


def test_equal_pictures_are_called_equal() -> None:
    view = view_of(compare(image(WHITE), image(WHITE)))
    assert view.headline == "The pictures are equal, pixel for pixel."
    assert view.score_text == "100.0000 %"


def test_what_is_transparent_is_shown_as_squares() -> None:
    black = np.zeros((40, 40, 3), np.uint8)
    alpha = np.zeros((40, 40), np.uint8)
    view = view_of(compare(image(black, alpha), image(black, alpha)))
    shown = view.layers["filled"].draw()
    assert (
        shown[:16, :16, 0].tolist() == np.kron([[255, 220], [220, 255]], np.ones((8, 8))).tolist()
    )


def test_16_bit_pictures_are_shown_in_8() -> None:
    picture = image(drawing(40, 40).astype(np.uint16) * 257)
    view = view_of(compare(picture, picture))
    np.testing.assert_array_equal(view.layers["filled"].draw(), drawing(40, 40))


def test_sixteen_bits_of_few_levels_are_shown_as_all_of_the_range() -> None:
    """As 12 bits of a camera come in 16: they were shown nearly black."""
    ramp = np.linspace(100, 4000, 64 * 48).reshape(48, 64)
    dark = np.repeat(ramp[..., None], 3, axis=2).astype(np.uint16)
    changed = dark.copy()
    changed[20:30, 20:30] = 3000
    view = view_of(compare(dark, changed, settings=Settings(method="absdiff")))
    shown = view.layers["boxed_after"].draw()
    assert shown.min() == 0
    assert shown.max() == 255
    assert "of 65,536 levels, 100 is shown black and 4,000 white." in " ".join(view.facts)


def test_eight_bits_are_shown_as_they_are() -> None:
    dark = np.full((40, 40, 3), 9, np.uint8)
    view = view_of(compare(dark, dark + np.uint8(3), settings=Settings(method="absdiff")))
    assert view.layers["boxed_before"].draw()[0, 0].tolist() == [9, 9, 9]
    assert "levels" not in " ".join(view.facts)
