"""Of any two pictures comes a result, and its words agree with its numbers."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from imgdiff import Comparison, Settings, compare, view_of
from tests.pictures import Picture, image

CONTENTS = ("flat", "ramp", "noise", "dots", "stripes", "checks", "word", "disc", "hills")
DEEDS = (
    "nothing",
    "patch",
    "noise",
    "moved",
    "mirrored",
    "turned",
    "squashed",
    "stretched",
    "cut",
    "other",
)


def drawn(content: str, rng: np.random.Generator, height: int, width: int) -> Picture:
    """A picture of one kind, of any size."""
    y, x = np.mgrid[:height, :width]
    period = int(rng.integers(1, 9))
    if content == "noise":
        return rng.integers(0, 256, (height, width, 3), np.uint8)
    if content == "hills":
        coarse = rng.integers(0, 256, (4, 4, 3), np.uint8)
        return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))
    levels = {
        "ramp": np.clip(x * rng.uniform(0.2, 4) + y * rng.integers(0, 2), 0, 255),
        "stripes": x // period % 2 * 255,
        "checks": (x // period + y // period) % 2 * 255,
    }.get(content, np.full((height, width), 230))
    picture = np.dstack([levels.astype(np.uint8)] * 3)
    if content == "dots":
        picture[rng.integers(0, height, 6), rng.integers(0, width, 6)] = 20
    elif content == "word":
        cv2.putText(picture, "17.40", (2, height // 2), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (10, 10, 10))
    elif content == "disc":
        cv2.circle(picture, (width // 2, height // 2), min(height, width) // 4, (30, 90, 200), -1)
    return picture


def altered(picture: Picture, deed: str, rng: np.random.Generator) -> Picture:
    """Another version of a picture."""
    height, width = picture.shape[:2]
    if deed == "patch":
        changed = picture.copy()
        changed[height // 3 : height // 2 + 1, width // 3 : width // 2 + 1] ^= 128
        return changed
    if deed == "noise":
        grainy = picture + rng.normal(0, rng.choice([0.5, 3, 20]), picture.shape)
        return np.clip(np.rint(grainy), 0, 255).astype(np.uint8)
    if deed == "other":
        return drawn(str(rng.choice(CONTENTS)), rng, *rng.integers(1, 100, 2))
    ways = {
        "nothing": picture,
        "moved": np.roll(picture, 3, axis=1),
        "mirrored": picture[:, ::-1],
        "turned": np.rot90(picture),
        "squashed": cv2.resize(np.rot90(picture).copy(), (width, height)),
        "stretched": cv2.resize(picture, (2 * width, height + 1)),
        "cut": picture[height // 5 :, width // 6 :],
    }
    return np.ascontiguousarray(ways[deed], np.uint8)


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("content", CONTENTS)
def test_any_two_pictures_have_a_result(content: str, deed: str) -> None:
    rng = np.random.default_rng([CONTENTS.index(content), DEEDS.index(deed)])
    before = drawn(content, rng, *rng.integers(1, 100, 2))
    after = altered(before, deed, rng)
    for pair in ((before, after), (after, before)):
        _check(compare(image(pair[0]), image(pair[1]), Settings(min_area=float(rng.integers(12)))))
    assert compare(image(before), image(before)).alike


def _check(result: Comparison) -> None:
    height, width = result.pair.reference.pixels.shape[:2]
    assert result.changed.shape == (height, width)
    assert np.isfinite(result.score)
    assert not (result.regions and result.alike)
    for region in result.regions:
        box = region.box
        assert 0 <= box.x < box.x + box.width <= width
        assert 0 <= box.y < box.y + box.height <= height
    said = view_of(result).headline
    assert result.alike or not said.startswith(("The same", "No change", "The pictures are equal"))
    pair = result.pair
    differs = (pair.reference.pixels != pair.test.pixels).any(axis=2) & pair.valid
    assert "pixel for pixel" not in said or not differs.any()
    assert "pixel for pixel" not in said or pair.valid.all() or "where they overlap" in said
