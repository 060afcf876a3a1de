"""Alignment where pictures tell little or nothing, nudged, ignored, transparent or deep."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from imgdiff import AlignmentError, Box, Image, Settings, align, compare, load_image, view_of
from tests.motions import corner_error, inverse, similarity, untouched, warped
from tests.pictures import SAMPLES, Picture, drawing, image, photo

# Pictures that tell little, or nothing


def grid(height: int, width: int, period: int, offset: int) -> Picture:
    y, x = np.mgrid[:height, :width]
    cells = ((x + offset) % period < period // 4) | (y % period < period // 4)
    return np.dstack([np.where(cells, 40, 220).astype(np.uint8)] * 3)


@pytest.mark.parametrize("shape", [(8, 8), (3, 30_000), (30_000, 3), (1, 1), (60, 60), (400, 300)])
@pytest.mark.parametrize("other", ["same size", "smaller"])
def test_blank_pictures_are_laid_on_each_other(shape: tuple[int, int], other: str) -> None:
    blank = np.full((*shape, 3), 200, np.uint8)
    shape = shape if other == "same size" else (-(-shape[0] // 2), -(-shape[1] // 2))
    pair = align(image(blank), image(np.full((*shape, 3), 90, np.uint8)))
    assert pair.related
    assert pair.valid.all()
    assert (pair.test.pixels == 90).all()


@pytest.mark.parametrize("shape", [(8, 8), (3, 30_000), (30_000, 3), (20, 20)])
def test_pictures_too_small_to_tell_are_left_as_they_are(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (2, *shape, 3), np.uint8)
    assert untouched(align(image(noise[0]), image(noise[1])))


def test_one_color_and_a_photo_give_a_clear_result() -> None:
    plain = image(np.full((300, 400, 3), 120, np.uint8))
    for pair in (align(plain, image(photo("coffee", 300, 400))),
                 align(image(photo("coffee", 300, 400)), plain)):  # fmt: skip
        assert untouched(pair)


@pytest.mark.parametrize("offset", [20, 40, 7])
def test_a_grid_is_moved_as_little_as_possible(offset: int) -> None:
    before, after = grid(300, 400, 20, 0), grid(300, 400, 20, offset)
    pair = align(image(before), image(after))
    assert pair.related
    assert np.abs(pair.transform[:2, 2]).max() <= 10
    np.testing.assert_array_equal(pair.transform[:2, :2], np.eye(2))
    assert not ((pair.test.pixels != before).any(axis=2) & pair.valid).any()


def test_a_gradient_that_runs_down_is_not_one_that_runs_across() -> None:
    across = np.dstack([np.tile(np.linspace(40, 220, 200).astype(np.uint8), (120, 1))] * 3)
    down = np.asarray(cv2.resize(across.swapaxes(0, 1), (200, 120)), np.uint8)
    result = compare(image(across), image(down))
    assert not result.alike
    assert not result.pair.aligned


@pytest.mark.parametrize("sizes", ["one size", "two sizes"])
def test_different_pictures_are_called_that(sizes: str) -> None:
    before = photo("astronaut", 400, 500)
    after = photo("coffee", 400, 500) if sizes == "one size" else photo("chelsea", 300, 450)
    result = compare(image(before), image(after))
    assert not result.pair.related
    assert result.regions == ()
    assert not result.changed.any()
    assert not result.alike
    view = view_of(result)
    assert view.headline == "These don't look like pictures of the same thing."
    assert any("details agree" in fact for fact in view.facts)
    forced = compare(image(before), image(after), Settings(align="stretch"))
    assert forced.pair.related
    assert forced.regions


def test_a_screenshot_that_changed_nearly_everywhere_is_still_the_same_page() -> None:
    before = load_image(SAMPLES / "page_before.png").pixels
    after = before.copy()
    after[90:] = drawing(before.shape[0] - 90, before.shape[1])
    pair = align(image(before), image(after))
    assert untouched(pair)


# Nudging, ignoring, transparency, depth


def test_a_nudge_by_whole_pixels_is_exact() -> None:
    before = photo("coffee", 200, 300)
    pair = align(image(before), image(before), motion="none", nudge=(3, -2))
    np.testing.assert_array_equal(pair.transform, [[1, 0, 3], [0, 1, -2], [0, 0, 1]])
    np.testing.assert_array_equal(pair.test.pixels[:-2, 3:], before[2:, :-3])
    assert not pair.alignment.interpolated
    assert pair.alignment.sentence == "shifted by 3 px right, 2 px up"


def test_a_nudge_out_of_the_picture_is_refused() -> None:
    before = image(photo("coffee", 200, 300))
    with pytest.raises(AlignmentError, match="nudge the picture after by less"):
        align(before, before, nudge=(300, 0))


def test_a_nudge_is_made_after_alignment() -> None:
    whole = photo("astronaut", 500, 500)
    pair = align(image(whole[20:, 30:]), image(whole[:-20, :-30]), nudge=(0.5, 0))
    np.testing.assert_array_equal(pair.transform, [[1, 0, -29.5], [0, 1, -20], [0, 0, 1]])
    assert pair.alignment.interpolated


def test_what_is_ignored_and_what_is_unseen_arent_compared() -> None:
    whole = photo("astronaut", 500, 500)
    box = Box(10, 10, 50, 50)
    pair = align(image(whole[:, 40:]), image(whole[:, :-40]), ignore=(box,))
    assert not pair.valid[box.slices].any()
    assert pair.overlap[box.slices].all()
    assert not pair.valid[:, -40:].any()
    result = compare(image(whole[:, 40:]), image(whole[:, :-40]))
    assert result.score == 1
    assert result.alike
    assert "where they overlap" in view_of(result).headline


@pytest.mark.parametrize("turn", [0, 3])
def test_transparency_and_16_bits_travel_along(turn: float) -> None:
    whole = photo("astronaut", 500, 500)
    alpha = np.full((500, 500), 255, np.uint8)
    alpha[200:300, 150:350] = 0
    forth = similarity(turn, 1, whole) @ np.array([[1, 0, 25], [0, 1, 10], [0, 0, 1]])
    shown = np.where(alpha[..., None] > 0, whole, 0).astype(np.uint8)
    before = Image(shown.astype(np.uint16) * 257, alpha.astype(np.uint16) * 257, "deep")
    test = Image(warped(shown, forth), warped(alpha, forth), "shallow")
    pair = align(before, test)
    assert pair.test.pixels.dtype == np.uint16
    assert pair.test.alpha is not None
    assert corner_error(pair, inverse(forth)) < 0.3
    middle = np.s_[210:290, 160:340]
    assert not pair.test.alpha[middle].any()
    assert not pair.test.pixels[middle].any()
    near = pair.valid & (cv2.dilate((alpha == 0).astype(np.uint8), np.ones((9, 9))) == 0)
    gap = np.abs(pair.test.pixels.astype(int) - before.pixels)[near].mean() / 257
    assert gap < 3  # interpolated twice


def test_the_pictures_given_stay_as_they_were() -> None:
    whole = photo("astronaut", 500, 500)
    before, after = whole[:, 40:].copy(), warped(whole, similarity(2, 1, whole))
    for pixels in (before, after):
        pixels.setflags(write=False)
    pair = align(image(before), image(after))
    assert not pair.test.pixels.flags.writeable
    np.testing.assert_array_equal(pair.unmoved.pixels, after)


def test_two_depths_and_a_name_survive() -> None:
    whole = photo("astronaut", 500, 500)
    after = replace(image(whole[:, :-40]), name="mine", notes=("noted",))
    pair = align(image(whole[:, 40:]), after)
    assert (pair.test.name, pair.test.notes) == ("mine", ("noted",))
