"""Bringing two pictures onto one grid: laws, known motions, and pictures that have none."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from imgdiff import AlignmentError, Box, Image, Pair, Settings, align, compare, load_image, view_of
from imgdiff.types import Align

from .pictures import SAMPLES, Picture, drawing, edited, image, noisy, photo

PHOTOS = {"astronaut": (500, 500), "chelsea": (300, 450), "coffee": (400, 600)}
Matrix = NDArray[np.float64]


def saved_again(picture: Picture) -> Picture:
    """Another exposure, as JPEG of quality 60."""
    exposed = np.clip(255 * 1.1 * (picture / 255.0) ** 1.1, 0, 255).astype(np.uint8)
    bgr = cv2.cvtColor(exposed, cv2.COLOR_RGB2BGR)
    data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


def similarity(turn: float, scale: float, picture: Picture) -> Matrix:
    """Turn (degrees) and enlarge about the middle."""
    height, width = picture.shape[:2]
    x, y = (width - 1) / 2, (height - 1) / 2
    cos, sin = scale * np.cos(np.deg2rad(turn)), scale * np.sin(np.deg2rad(turn))
    linear = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    there = np.array([[1, 0, x], [0, 1, y], [0, 0, 1]])
    return np.asarray(there @ linear @ inverse(there), np.float64)


def inverse(matrix: Matrix) -> Matrix:
    return np.asarray(np.linalg.inv(matrix), np.float64)


def warped(picture: Picture, matrix: Matrix) -> Picture:
    size = picture.shape[1], picture.shape[0]
    moved = cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_LANCZOS4)
    return np.asarray(moved, np.uint8)


def corner_error(pair: Pair, truth: Matrix) -> float:
    """Mean distance, px, of the test picture's corners from where `truth` takes them."""
    right, bottom = pair.unmoved.width - 1, pair.unmoved.height - 1
    ends = np.array([[0, 0, 1], [right, 0, 1], [right, bottom, 1], [0, bottom, 1]], np.float64)
    ours, theirs = (ends @ matrix.T for matrix in (pair.transform, truth))
    gaps = ours[:, :2] / ours[:, 2:] - theirs[:, :2] / theirs[:, 2:]
    return float(np.linalg.norm(gaps, axis=1).mean())


def untouched(pair: Pair) -> bool:
    moved = pair.aligned or pair.test is not pair.unmoved
    return pair.related and not moved and bool(pair.valid.all())


# What fits already stays as it is


@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("change", [saved_again, edited, lambda p: noisy(p, 12), np.copy])
def test_pictures_that_fit_are_left_as_they_are(name: str, change: object) -> None:
    before = photo(name, *PHOTOS[name])
    pair = align(image(before), image(change(before)))  # type: ignore[operator]
    assert untouched(pair)
    np.testing.assert_array_equal(pair.transform, np.eye(3))
    assert pair.alignment.sentence == ""


@pytest.mark.parametrize("sample", ["page", "coffee", "sky"])
def test_the_samples_are_left_as_they_are(sample: str) -> None:
    before, after = (load_image(next(SAMPLES.glob(f"{sample}_{r}.*"))) for r in ("before", "after"))
    assert untouched(align(before, after))


@pytest.mark.parametrize("motion", ["none", "stretch"])
def test_nothing_is_moved_unless_asked_for(motion: Align) -> None:
    before, after = photo("coffee", 200, 200), photo("chelsea", 200, 200)
    assert untouched(align(image(before), image(after), motion=motion))


# Motions that mix no pixels


@pytest.mark.parametrize("motion", ["auto", "translation", "similarity", "homography"])
def test_whole_shifts_are_exact(motion: Align) -> None:
    whole = photo("astronaut", 500, 500)
    before, after = whole[20:, 30:], saved_again(whole)[:-25, :-35]
    pair = align(image(before), image(after), motion=motion)
    np.testing.assert_array_equal(pair.transform, [[1, 0, -30], [0, 1, -20], [0, 0, 1]])
    assert not pair.alignment.interpolated
    assert pair.alignment.sentence == "shifted by 30 px left, 20 px up"
    np.testing.assert_array_equal(pair.test.pixels[:455, :435], after[20:, 30:])
    assert pair.overlap[:455, :435].all()
    assert not pair.overlap[455:].any()
    assert not pair.overlap[:, 435:].any()
    assert not pair.test.pixels[~pair.overlap].any()
    # 480 × 470 px, of which 455 × 435 are seen in both.
    assert pair.alignment.only_in_reference == pytest.approx(1 - 455 * 435 / (480 * 470))
    assert pair.alignment.only_in_test == pytest.approx(1 - 455 * 435 / (475 * 465), abs=1e-6)


TURNS = {
    "turned 90° clockwise": lambda p: np.rot90(p, 1),
    "turned 180°": lambda p: np.rot90(p, 2),
    "turned 90° anticlockwise": lambda p: np.rot90(p, 3),
    "mirrored left to right": lambda p: p[:, ::-1],
    "mirrored top to bottom": lambda p: p[::-1],
    "mirrored left to right, turned 90° anticlockwise": lambda p: np.rot90(p, 1)[::-1],
}


@pytest.mark.parametrize("words", TURNS)
@pytest.mark.parametrize("subject", ["photo", "text"])
def test_turned_and_mirrored_sheets_are_found_and_said(words: str, subject: str) -> None:
    before = photo("chelsea", 300, 450) if subject == "photo" else photo("page", 191, 384)
    after = np.ascontiguousarray(TURNS[words](before))
    pair = align(image(before), image(after))
    assert pair.alignment.sentence == words
    assert not pair.alignment.interpolated
    np.testing.assert_array_equal(pair.test.pixels, before)


def test_a_mirrored_crop_is_found() -> None:
    before = photo("astronaut", 500, 500)
    pair = align(image(before), image(saved_again(before)[40:, 60:][:, ::-1]))
    assert corner_error(pair, np.array([[-1, 0, 499], [0, 1, 40], [0, 0, 1]])) < 0.1


def test_a_plain_rescale_is_only_that() -> None:
    before = photo("astronaut", 500, 500)
    small = np.asarray(cv2.resize(before, (250, 250), interpolation=cv2.INTER_AREA), np.uint8)
    pair = align(image(before), image(small))
    np.testing.assert_array_equal(pair.transform, [[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]])
    assert pair.alignment.sentence == "enlarged 2×"
    back = align(image(small), image(before))
    # Averaged over whole blocks, as the small one was made.
    np.testing.assert_array_equal(back.test.pixels, small)
    assert back.valid.all()


# Motions that do


@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("offset", [(12.5, -7.5), (3.3, 8.6), (-0.3, 0.4)])
def test_parts_of_a_pixel_are_found(name: str, offset: tuple[float, float]) -> None:
    whole = photo(name, *PHOTOS[name])
    truth = np.array([[1, 0, offset[0]], [0, 1, offset[1]], [0, 0, 1]])
    after = warped(whole, inverse(truth))[20:-20, 20:-20]
    pair = align(image(whole[20:-20, 20:-20]), image(saved_again(after)))
    # Of what the goal is; recompression alone is worth some hundredths.
    assert corner_error(pair, truth) < 0.1
    assert pair.alignment.interpolated


@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize(("turn", "scale"), [(3, 1), (-14, 1.2), (9, 0.8), (0, 1.7), (0, 0.55)])
def test_turns_and_scales_are_found(name: str, turn: float, scale: float) -> None:
    whole = photo(name, *PHOTOS[name])
    forth = similarity(turn, scale, whole)
    source = cv2.GaussianBlur(whole, (0, 0), 0.5 / scale) if scale < 1 else whole
    pair = align(image(whole), image(saved_again(warped(np.asarray(source, np.uint8), forth))))
    assert corner_error(pair, inverse(forth)) < 0.5
    assert pair.related


def test_a_page_seen_at_an_angle_is_straightened() -> None:
    whole = photo("coffee", 400, 600)
    forth = similarity(4, 1, whole)
    forth[2, :2] = (2e-4, -1e-4)
    pair = align(image(whole), image(saved_again(warped(whole, forth))))
    assert corner_error(pair, inverse(forth)) < 0.5
    assert "turned in depth" in pair.alignment.sentence
    assert pair.alignment.uncertainty is not None
    assert 0 < pair.alignment.uncertainty < 0.5
    assert not pair.valid.all()
    # What is compared agrees; the black corners of the warped picture are no part of it.
    assert pair.valid.mean() > 0.8


@pytest.mark.parametrize(("motion", "freedom"), [("translation", 2), ("similarity", 4)])
def test_no_freer_motion_than_asked_for(motion: Align, freedom: int) -> None:
    whole = photo("astronaut", 500, 500)
    forth = similarity(2, 1.03, whole)
    forth[2, :2] = (5e-5, 0)
    found = align(image(whole), image(warped(whole, forth)), motion=motion).transform
    np.testing.assert_allclose(found[2], [0, 0, 1], atol=1e-12)
    assert found[0, 0] == pytest.approx(found[1, 1])
    assert found[0, 1] == pytest.approx(-found[1, 0])
    if freedom == 2:
        np.testing.assert_array_equal(found[:2, :2], np.eye(2))


def barrel(picture: Picture, strength: float) -> Picture:
    """The picture as a lens bends it: radii grow by 1 + strength · r², r = 1 at half its width."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    dx, dy = (x - width / 2) / (width / 2), (y - height / 2) / (width / 2)
    growth = 1 + np.float32(strength) * (dx * dx + dy * dy)
    across, along = width / 2 + dx * growth * width / 2, height / 2 + dy * growth * width / 2
    bent = cv2.remap(picture, across, along, cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(bent, np.uint8)


def test_what_a_lens_bends_is_bent_back() -> None:
    before = photo("astronaut", 500, 500)
    after = barrel(before, 0.02)
    pair = align(image(before), image(after))
    assert pair.alignment.bent
    assert "bent like a lens does" in pair.alignment.sentence
    inner = np.s_[60:-60, 60:-60]

    def distance(pixels: Picture) -> float:
        return float(np.abs(pixels[inner].astype(int) - before[inner]).mean())

    assert distance(np.asarray(pair.test.pixels, np.uint8)) < 0.5 * distance(after)


def test_a_plane_motion_isnt_bent() -> None:
    whole = photo("astronaut", 500, 500)
    after = saved_again(warped(whole, similarity(5, 1.05, whole)))
    assert not align(image(whole), image(after)).alignment.bent


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
