"""Octaves, details and looks: what is measured piece by piece is what the plain form measures."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from imgdiff.metrics.changes.detail import detail
from imgdiff.metrics.changes.look import Look, highest, lowest, reduced_look, sampled_places
from imgdiff.metrics.changes.noise import UNBOUNDED, joint_counts
from imgdiff.metrics.changes.octaves import BLUR, REACH, Octave, Scale, octave_of, scales_of
from imgdiff.metrics.planes import agreeing
from tests.pictures import Picture, noisy, photo

Floats = NDArray[np.float32]

STEP = 1
"""Sums that begin elsewhere round otherwise: a hair in a million, which can cross one step."""

HAIR = 1e-4
"""Levels, of up to 255: some last bits of float32."""

RARELY = 1e-4
"""Share of the pixels that may."""


def scale(height: int, width: int, *, noise: float = 3) -> Scale:
    before = enlarged(width, height)
    after = noisy(before, noise)
    after[height // 3 : height // 2, width // 3 : width // 2] = 255
    valid = np.ones((height, width), np.bool_)
    return Scale(before.astype(np.float32), after.astype(np.float32), valid, None)


def enlarged(width: int, height: int) -> Picture:
    return np.asarray(cv2.resize(photo("coffee", 300, 400), (width, height)), np.uint8)


def plain_busy(both: list[Any]) -> list[NDArray[np.uint8]]:
    """Activity of whole pictures at once, all channels together."""
    energies = []
    for smooth in both:
        across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=0.25)
        down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=0.25)
        shared = np.eye(3, dtype=np.float32) + np.float32(0.12)
        energy = cv2.transform(across * across + down * down, shared)
        energies.append(cv2.blur(energy, (2 * REACH + 1, 2 * REACH + 1)))
    root = np.sqrt(np.sqrt(np.maximum(np.minimum(*energies), 0)))
    return [cv2.convertScaleAbs(plane, alpha=16).astype(np.uint8) for plane in cv2.split(root)]


@pytest.mark.parametrize("size", [(40, 40), (97, 1100), (300, 513)])
def test_an_octave_in_tiles_is_that_of_the_whole_picture(size: tuple[int, int]) -> None:
    whole = scale(*size)
    measured = octave_of(whole, UNBOUNDED)
    smooth = [cv2.GaussianBlur(p, (0, 0), BLUR) for p in (whole.before, whole.after)]
    difference = smooth[1] - smooth[0]
    np.testing.assert_allclose(
        measured.contrast, np.sqrt(np.square(difference).sum(axis=2)), atol=HAIR
    )
    for index, expected in enumerate(plain_busy(smooth)):
        np.testing.assert_allclose(measured.differences[index], difference[..., index], atol=HAIR)
        steps = cv2.convertScaleAbs(np.sqrt(np.abs(difference[..., index])), alpha=16)
        apart = np.abs(measured.busy[index].astype(int) - expected)
        assert apart.max() <= STEP
        assert np.mean(apart > 0) <= RARELY
        moved = np.abs(measured.counts[index] - joint_counts(steps, expected)).sum()
        assert moved <= 4 * RARELY * steps.size


def test_contrast_alone_is_that_of_an_octave_and_0_where_nothing_differs() -> None:
    for one in scales_of(scale(300, 600, noise=0), UNBOUNDED):
        octave: Octave = octave_of(one, UNBOUNDED)
        np.testing.assert_allclose(one.contrast, octave.contrast, atol=HAIR)
        far = cv2.dilate((one.before != one.after).any(axis=2).astype(np.uint8), np.ones((9, 9)))
        assert not one.contrast[far == 0].any()


def test_details_in_tiles_are_those_of_the_whole_picture() -> None:
    before = enlarged(1300, 700)
    after = noisy(before, 2)
    after[90:93, 500:504] = 255
    full = Look(before, after, None, np.ones((700, 1300), np.bool_), 1, exact=True)
    look = reduced_look(full, 0.37)
    difference = np.abs(
        cv2.blur(before, (3, 3)).astype(int) - cv2.blur(after, (3, 3))
    ).max(axis=2).astype(np.uint8)  # fmt: skip
    spread = cv2.dilate(difference, np.ones((3, 3), np.uint8))
    expected = cv2.resize(spread, look.valid.shape[::-1], interpolation=cv2.INTER_NEAREST)
    np.testing.assert_array_equal(detail(full, look), expected)
    assert detail(None, look) is None


def test_the_highest_and_lowest_of_three_channels() -> None:
    picture = noisy(photo("coffee", 30, 40), 9)
    np.testing.assert_array_equal(highest(picture), picture.max(axis=2))
    np.testing.assert_array_equal(lowest(picture), picture.min(axis=2))


@pytest.mark.parametrize("channels", [(), (3,)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_where_nothing_is_compared_pictures_agree(
    channels: tuple[int, ...], dtype: type[np.unsignedinteger[Any]]
) -> None:
    rng = np.random.default_rng(1)
    before, after = rng.integers(0, np.iinfo(dtype).max, (2, 31, 47, *channels), dtype)
    valid = rng.random((31, 47)) > 0.5
    expected = after.copy()
    expected[~valid] = before[~valid]
    np.testing.assert_array_equal(agreeing(before, after, valid), expected)


@pytest.mark.parametrize("most", [7, 100, 10_000])
def test_samples_of_everything_are_the_same_however_they_are_taken(most: int) -> None:
    everything = np.ones((23, 31), np.bool_)
    rows, columns = np.nonzero(everything)
    step = 1 + len(rows) // most
    found = sampled_places(everything, most)
    np.testing.assert_array_equal(found, (rows[::step], columns[::step]))
