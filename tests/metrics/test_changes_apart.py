"""What `changes` tells apart: faint places, gray copies, few levels, pages that grew."""

from __future__ import annotations

from itertools import product

import cv2
import numpy as np
import pytest

from imgdiff import Box, Comparison, Image, Settings, compare, view_of
from tests.pictures import Picture, drawing, image, noisy, photo

COFFEE = photo("coffee", 300, 400)


def found(before: Image, after: Image, **params: float) -> Comparison:
    return compare(before, after, Settings(params=params))


def grayed(picture: Picture) -> Picture:
    return np.dstack([cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)] * 3)


def test_faint_places_are_told_apart_and_not_counted() -> None:
    for size, strength in product((2, 3, 4), range(6, 40, 2)):
        after = COFFEE.astype(int)
        after[60 : 60 + size, 60 : 60 + size] += strength
        after = noisy(np.clip(after, 0, 255).astype(np.uint8), 3)
        result = found(image(COFFEE), image(after))
        if result.faint:
            break
    else:
        pytest.fail("no strength is faint")
    assert not any(region in result.faint for region in result.regions)
    assert result.alike == (not result.regions)
    view = view_of(result)
    assert "may be noise" in " ".join((view.headline, *view.facts))
    assert "sensitivity 4" in " ".join(view.facts).lower()
    assert found(image(COFFEE), image(after), sensitivity=4).regions


def test_what_a_step_of_sensitivity_finds_the_next_ones_find() -> None:
    after = noisy(COFFEE, 3).astype(int)
    after[60:80, 60:80] += 30
    after[150:170, 200:240] += 14
    pair = image(COFFEE), image(np.clip(after, 0, 255).astype(np.uint8))
    balanced = found(*pair)
    for sensitivity in (4, 5):
        more = found(*pair, sensitivity=sensitivity)
        for region in balanced.regions:
            assert more.changed[region.box.slices].any()


def test_a_gray_copy_is_the_same_picture_in_gray() -> None:
    for before, after, gray in (
        (COFFEE, grayed(COFFEE), "after"),
        (grayed(COFFEE), COFFEE, "before"),
    ):
        view = view_of(found(image(before), image(after)))
        assert view.headline == "The same picture, apart from its colours."
        assert f"The picture {gray} is gray" in " ".join(view.facts)


def test_a_gray_copy_is_one_whatever_is_left_out() -> None:
    ignore = tuple(Box(x, y, 8, 8) for x in range(10, 380, 40) for y in range(10, 280, 40))
    result = compare(image(COFFEE), image(grayed(COFFEE)), Settings(ignore=ignore))
    assert "The picture after is gray" in " ".join(view_of(result).facts)


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (2, 1)])
def test_a_pixel_or_two_in_one_colour_are_compared(shape: tuple[int, int]) -> None:
    red, gray = np.full((*shape, 3), (200, 30, 30), np.uint8), np.full((*shape, 3), 90, np.uint8)
    assert "not equal" in view_of(found(image(red), image(gray))).headline


def test_a_change_in_a_gray_copy_is_found() -> None:
    after = grayed(COFFEE)
    cv2.circle(after, (150, 120), 18, (250, 250, 250), -1, cv2.LINE_AA)
    (region,) = found(image(COFFEE), image(after)).regions
    assert region.box.x == pytest.approx(132, abs=6)


def test_one_coloured_thing_in_a_gray_picture_is_a_change() -> None:
    before = grayed(COFFEE)
    after = before.copy()
    after[100:140, 200:260] = (200, 30, 30)
    assert found(image(before), image(after)).regions
    black = np.zeros((60, 60, 3), np.uint8)
    blue = np.full_like(black, (0, 0, 200))
    assert not found(image(black), image(blue)).alike


def test_sixteen_bits_of_few_levels_are_compared_as_the_whole_range() -> None:
    rng = np.random.default_rng(6)
    before = (100 + rng.integers(0, 2, (120, 160, 3)) + np.arange(160)[:, None] // 8).astype(
        np.uint16
    )
    after = before.copy()
    after[40:60, 50:80] += 12
    result = found(Image(before, None, "before"), Image(after, None, "after"))
    assert any(region.box.slices[0].start < 60 for region in result.regions)
    assert "of 65,536 levels" in " ".join(view_of(result).facts)


def test_a_page_that_grew_changed_and_one_cut_out_did_not() -> None:
    page = drawing(300, 400)
    taller = np.vstack([page, drawing(120, 400)[::-1]])
    grown, shrunk = found(image(page), image(taller)), found(image(taller), image(page))
    assert [region.kind for region in grown.regions] == ["added"]
    assert [region.kind for region in shrunk.regions] == ["removed"]
    wider = np.hstack([taller, drawing(420, 90)])
    assert not found(image(page), image(wider)).alike
    assert found(image(page), image(wider), ignore_framing=True).alike
    assert found(image(page), image(page[30:270, 40:350].copy())).alike


def test_opacity_has_a_say_in_the_score() -> None:
    white = np.full((120, 160, 3), 255, np.uint8)
    clear = np.zeros((120, 160), np.uint8)
    clear[50:60, 70:90] = 255
    assert found(image(white, clear), image(white)).score < 0.5


def test_thousands_of_specks_are_counted_one_by_one() -> None:
    rng = np.random.default_rng(7)
    before = np.full((1200, 1600, 3), 240, np.uint8)
    after = before.copy()
    for y, x in rng.integers(5, 1190, (2500, 2)):
        after[y : y + 4, x : x + 4] = 20
    result = found(image(before), image(after))
    assert len(result.regions) > 300
    assert result.changed.mean() < 0.1


def test_metadata_is_blamed_for_nothing_else() -> None:
    page = drawing(300, 400)
    longer = np.vstack([page[:100], np.full((40, 400, 3), 200, np.uint8), page[100:]])
    facts = " ".join(view_of(found(image(page), image(longer))).facts)
    assert "metadata" not in facts
