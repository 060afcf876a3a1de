"""What is said before all pixels are compared: nothing that all pixels take back."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from imgdiff import Settings, compare
from imgdiff.comparison.first_look import (
    FirstLook,
    glance,
    glance_factor,
    look_of,
    sketch_of,
    sketch_of_file,
)
from imgdiff.load import load_image
from imgdiff.types import Box, Image

SIZE = (1700, 2400)
PATCHES = [Box(300, 200, 90, 70), Box(1500, 900, 160, 120)]


def photograph() -> np.ndarray:
    rng = np.random.default_rng(5)
    coarse = rng.integers(40, 216, (17, 24, 3)).astype(np.float32)
    smooth = cv2.resize(coarse, SIZE[::-1], interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(smooth + rng.normal(0, 2, smooth.shape), 0, 255), np.uint8)


BEFORE = Image(photograph(), None, "before")


def with_patches(*patches: Box) -> Image:
    pixels = BEFORE.pixels.copy()
    for box in patches:
        part = pixels[box.y : box.y + box.height, box.x : box.x + box.width]
        part[:] = 255 - part
    return Image(pixels, None, "after")


def glanced(after: Image) -> FirstLook | None:
    factor = glance_factor(BEFORE.width * BEFORE.height, Settings())
    return glance(sketch_of(BEFORE, factor), sketch_of(after, factor), Settings(), factor=factor)


def test_a_glance_sees_what_all_pixels_show_and_says_that_it_is_one() -> None:
    after = with_patches(*PATCHES)
    seen = glanced(after)
    assert seen is not None
    assert seen.headline == "At first glance, 2 places changed."
    exact = look_of(compare(BEFORE, after, Settings(read="nothing")))
    assert exact.headline == "2 places changed."
    for rough, fine in zip(seen.boxes, exact.boxes, strict=True):
        for side in ("x", "y", "width", "height"):
            assert abs(getattr(rough, side) - getattr(fine, side)) <= 12


def test_of_what_seems_the_same_or_wholly_other_nothing_is_said() -> None:
    assert glanced(with_patches()) is None
    assert glanced(with_patches(Box(0, 0, *SIZE[::-1]))) is None


@pytest.mark.parametrize(
    "settings",
    [
        Settings(method="ssim"),
        Settings(ignore=(0, 0, 9, 9)),
        Settings(region=(0, 0, 99, 99)),
        Settings(points=((0, 0, 1, 1),)),
        Settings(nudge=(1, 0)),
    ],
)
def test_what_was_set_by_hand_is_not_glanced_at(settings: Settings) -> None:
    pixels = BEFORE.width * BEFORE.height
    assert glance_factor(pixels, Settings())
    assert not glance_factor(pixels, settings)


def test_small_pictures_need_none() -> None:
    assert not glance_factor(2400 * 1000, Settings())


@pytest.mark.parametrize("factor", [3, 4, 6, 7, 16])
def test_a_jpeg_is_reduced_to_what_its_pixels_would_be(factor: int) -> None:
    coded = cv2.imencode(".jpg", BEFORE.pixels, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
    found = sketch_of_file(coded, factor)
    assert found is not None
    expected = sketch_of(load_image(coded), factor).pixels
    rows, columns = np.minimum(found.pixels.shape[:2], expected.shape[:2])
    assert np.abs(np.subtract(found.pixels.shape, expected.shape)).max() <= 1
    errors = cv2.absdiff(found.pixels[:rows, :columns], expected[:rows, :columns])
    assert errors.mean() < 1  # decoders leave out of their blocks what a mean would hold
