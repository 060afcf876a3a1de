"""Scenes with depth, seen from another place."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from imgdiff import Comparison, Image, align, compare, view_of
from imgdiff.alignment.parallax import Parallax
from tests.pictures import Picture, image, photo

HEIGHT, WIDTH = 400, 600


def scene(
    step: float, *, near: tuple[str, ...] = ("astronaut", "rocket"), pan: float = 0.5
) -> Picture:
    """Photographs before photographs: each is seen `step` px farther left than what is behind it.

    The camera turns after them, so that what is behind is seen `pan` × `step` px farther right.
    """
    seen = shifted(photo("coffee", HEIGHT, WIDTH).astype(np.float32), pan * step)
    for depth, (name, box) in enumerate(zip(near, ((60, 70), (330, 150)), strict=False), 1):
        layer = np.zeros((HEIGHT, WIDTH, 4), np.float32)
        x, y = box
        layer[y : y + 200, x : x + 220, :3] = photo(name, 200, 220)
        layer[y : y + 200, x : x + 220, 3] = 1
        moved = shifted(layer, (pan - depth) * step)
        seen = seen * (1 - moved[..., 3:]) + moved[..., :3]
    grain = np.random.default_rng(round(10 * step)).normal(0, 2, seen.shape)
    return np.clip(seen + grain, 0, 255).astype(np.uint8)


def shifted(layer: NDArray[np.float32], right: float) -> NDArray[np.float32]:
    to = np.array([[1, 0, right], [0, 1, 0]], np.float64)
    moved = cv2.warpAffine(layer, to, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
    return np.asarray(moved, np.float32)


def boxed(result: Comparison, x: int, y: int) -> bool:
    return any(
        r.box.x <= x < r.box.x + r.box.width and r.box.y <= y < r.box.y + r.box.height
        for r in result.regions
    )


@pytest.mark.parametrize("step", [6.3, 12.0])
def test_what_is_near_shifts_and_hasnt_changed(step: float) -> None:
    result = compare(image(scene(0)), image(scene(step)))
    assert "parallax" in result.pair.alignment.motions
    assert result.pair.alignment.bent
    assert not result.pair.alignment.sentence.endswith("lens does")
    assert result.changed.mean() < 0.003
    facts = " ".join(view_of(result).facts)
    assert f"nearer things shift by up to {round(2 * step)} px" in facts
    assert "nothing is compared there" in facts


def test_what_was_put_into_a_scene_with_depth_is_found() -> None:
    after = scene(8).copy()
    cv2.circle(after, (304, 60), 18, (230, 30, 30), -1, cv2.LINE_AA)
    cv2.circle(after, (428, 250), 18, (30, 60, 230), -1, cv2.LINE_AA)
    result = compare(image(scene(0)), image(after))
    assert "parallax" in result.pair.alignment.motions
    assert boxed(result, 300, 60)
    assert boxed(result, 428 + 12, 250)


def test_a_thing_that_moved_by_itself_is_no_depth() -> None:
    before, after = (scene(step, near=("astronaut",), pan=0) for step in (0, 40))
    pair = align(image(before), image(after))
    assert "parallax" not in pair.alignment.motions


@pytest.mark.parametrize("name", ["coffee", "rocket"])
def test_a_flat_picture_has_no_depth(name: str) -> None:
    before = photo(name, HEIGHT, WIDTH)
    tilt = np.array([[1, 0.02, 4], [-0.01, 1, -3], [3e-5, 2e-5, 1]])
    after = cv2.warpPerspective(before, tilt, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
    grain = np.random.default_rng(0).normal(0, 8, after.shape)
    noisy: Image = image(np.clip(after + grain, 0, 255).astype(np.uint8))
    assert "parallax" not in align(image(before), noisy).alignment.motions


def test_one_place_and_whole_rows_are_told_alike() -> None:
    rng = np.random.default_rng(0)
    shifts = rng.normal(0, 3, (31, 41, 2)).astype(np.float32)
    field = Parallax(shifts, rng.random((31, 41)) > 0.9, (82, 62))
    right, down = field.over(slice(10, 30))
    points = np.array([[5, 10], [40, 21], [81, 29]], np.float64)
    x, y = points.astype(int).T
    told = np.stack([right[y - 10, x], down[y - 10, x]], 1)
    np.testing.assert_allclose(field.at(points), told, atol=1e-3)
    assert field.covers(slice(10, 30)).shape == (20, 82)
