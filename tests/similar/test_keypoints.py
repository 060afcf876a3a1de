"""Points that two pictures share."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from imgdiff.similar.keypoints import SharedPoints, _mirror_image, find_keypoints, match_keypoints
from tests.pictures import Picture, image, noisy

ASTRONAUT: Picture = data.astronaut()


def matched(one: Picture, other: Picture) -> SharedPoints:
    return match_keypoints(*(find_keypoints(image(np.ascontiguousarray(p))) for p in (one, other)))


def test_a_picture_matches_itself_everywhere() -> None:
    found = matched(ASTRONAUT, ASTRONAUT)
    assert found.count > 500
    assert found.confirmed
    assert not found.mirrored
    np.testing.assert_array_equal(found.first, found.second)


def test_points_lie_where_they_should_in_a_smaller_picture() -> None:
    """Pixel centres are at integers: x in the one is (x + 0.5) / 2 − 0.5 in the other."""
    half = np.asarray(cv2.resize(ASTRONAUT, (256, 256), interpolation=cv2.INTER_AREA), np.uint8)
    found = matched(ASTRONAUT, half)
    assert found.count > 100
    distance = np.abs((found.first + 0.5) / 2 - 0.5 - found.second)
    assert np.median(distance) < 0.25


def test_a_turned_picture_is_recognised() -> None:
    found = matched(ASTRONAUT, np.rot90(ASTRONAUT))
    assert found.confirmed
    assert not found.mirrored
    expected = np.stack([found.first[:, 1], 511 - found.first[:, 0]], axis=1)
    assert np.median(np.abs(expected - found.second)) < 0.5


def test_a_mirrored_picture_is_recognised_as_that() -> None:
    found = matched(ASTRONAUT, ASTRONAUT[:, ::-1])
    assert found.count > 400
    assert found.mirrored
    assert np.median(np.abs(511 - found.first[:, 0] - found.second[:, 0])) < 0.5


def test_descriptors_are_mirrored_without_looking() -> None:
    """The oracle is OpenCV on the mirrored picture: most descriptors are the same to the bit."""
    detector = cv2.SIFT.create(500, enable_precise_upscale=True)
    gray = cv2.cvtColor(ASTRONAUT, cv2.COLOR_RGB2GRAY)
    keypoints, descriptors = detector.detectAndCompute(gray, None)
    turned = [
        cv2.KeyPoint(511 - k.pt[0], k.pt[1], k.size, (180 - k.angle) % 360, k.response, k.octave)
        for k in keypoints
    ]
    flipped = np.ascontiguousarray(gray[:, ::-1])
    kept, expected = detector.compute(flipped, turned)
    assert len(kept) == len(keypoints)
    found = _mirror_image(descriptors.astype(np.uint8)).astype(np.float32)
    assert np.median(np.linalg.norm(found - expected, axis=1)) < 5


@pytest.mark.parametrize("name", ["chelsea", "coffee", "rocket", "brick", "grass", "moon"])
def test_unrelated_pictures_are_not_confirmed(name: str) -> None:
    other = getattr(data, name)()
    found = matched(ASTRONAUT, other if other.ndim == 3 else np.dstack([other] * 3))
    assert not found.confirmed


def test_noise_costs_points_but_not_the_answer() -> None:
    counts = [matched(ASTRONAUT, noisy(ASTRONAUT, sigma)).count for sigma in (0, 10, 40)]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] >= 10


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 900, 3), (300, 300, 3)])
def test_nothing_is_found_where_nothing_is(shape: tuple[int, ...]) -> None:
    flat = np.full(shape, 90, np.uint8)
    assert matched(flat, ASTRONAUT).count == 0
    assert matched(ASTRONAUT, flat).count == 0
    assert matched(flat, flat).count == 0
