"""Bringing two pictures onto one grid: laws, and known motions."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from imgdiff import align, load_image
from imgdiff.alignment.fit import Fit
from imgdiff.alignment.refine import Tracks, refine_at_full_size
from imgdiff.alignment.search import register
from imgdiff.pixels.color import luma
from imgdiff.types import Align
from tests.motions import corner_error, inverse, similarity, untouched, warped
from tests.pictures import SAMPLES, Picture, edited, image, noisy, photo

PHOTOS = {"astronaut": (500, 500), "chelsea": (300, 450), "coffee": (400, 600)}


def saved_again(picture: Picture) -> Picture:
    """Another exposure, as JPEG of quality 60."""
    exposed = np.clip(255 * 1.1 * (picture / 255.0) ** 1.1, 0, 255).astype(np.uint8)
    bgr = cv2.cvtColor(exposed, cv2.COLOR_RGB2BGR)
    data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


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


# Pictures larger than those in which the search looks


def large(height: int = 1500, width: int = 2000) -> Picture:
    """A detailed picture: a photograph enlarged, with grain that was there when it was moved."""
    picture = cv2.resize(photo("coffee", 400, 600), (width, height), interpolation=cv2.INTER_CUBIC)
    grain = np.random.default_rng(5).normal(0, 12, picture.shape[:2]).astype(np.float32)
    fine = picture + cv2.GaussianBlur(grain, (0, 0), 0.8)[..., None]
    return np.asarray(np.clip(fine, 0, 255), np.uint8)


def test_large_pictures_are_refined_at_full_size() -> None:
    """Reduced to 960 px a tenth of a pixel is a twentieth: it takes the full size to find it."""
    whole = large()
    forth = similarity(1.3, 1.01, whole)
    forth[:2, 2] += (7.3, -4.6)
    before, after = whole[50:-50, 50:-50], warped(whole, forth)[50:-50, 50:-50]
    there = np.array([[1, 0, 50], [0, 1, 50], [0, 0, 1]])
    truth = inverse(there) @ inverse(forth) @ there
    pair = align(image(before), image(saved_again(after)))
    assert corner_error(pair, truth) < 0.1
    found = register(luma(before), luma(after))
    assert found.tracks is not None
    assert found.tracks.fit.matrix is not found.matrix
    reduced_error = np.linalg.norm(found.tracks.fit.matrix - truth)
    assert np.linalg.norm(found.matrix - truth) < reduced_error


def test_a_large_picture_with_few_points_keeps_what_the_reduced_one_gave() -> None:
    whole = large(1200, 1300)
    gray = luma(whole)
    tracks = Tracks(
        np.zeros((3, 2)), np.zeros((3, 2)), Fit("translation", np.eye(3), np.ones(3), 0, 0)
    )
    assert refine_at_full_size(gray, gray, tracks, most="homography") is tracks
