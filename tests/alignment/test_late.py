"""Pictures that are moved once somebody looks: what they look at is what moving all of it makes."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import cv2
import numpy as np
import pytest

from imgdiff import Comparison, align, compare, view_of
from imgdiff.alignment.geometry import Matrix
from imgdiff.alignment.late import MovedLate
from imgdiff.alignment.warp import moved_image, reduced_mean, seen
from imgdiff.metrics.changes import look
from imgdiff.types import Box, Image
from tests.motions import warped
from tests.pictures import Picture, edited, image, noisy, photo

TURNED = np.vstack([cv2.getRotationMatrix2D((300, 200), 1.3, 0.99), [0, 0, 1]])
TILTED = np.array([[1.01, 0.02, -5.3], [-0.01, 0.98, 7.1], [2e-5, -1e-5, 1]])
LEVEL = 1
"""A part is moved by other numbers than the whole, which round otherwise."""


def large(height: int = 1650, width: int = 3300) -> Picture:
    """A photograph of the size that isn't moved at once, with the grain of one."""
    picture = cv2.resize(photo("astronaut", 256, 512), (width, height))
    return noisy(np.asarray(picture, np.uint8), 3)


@pytest.fixture(scope="module")
def moved() -> tuple[Image, Image]:
    before = large()
    turn = np.vstack([cv2.getRotationMatrix2D((1600, 800), 0.8, 1), [0, 0, 1]])
    return image(before), image(noisy(warped(edited(before, count=9), turn), 2, seed=5))


@pytest.mark.parametrize("matrix", [TURNED, TILTED])
def test_parts_are_those_of_the_whole_and_the_rest_is_black(matrix: Matrix) -> None:
    test = image(photo("coffee", 400, 600))
    shown = seen(matrix, (600, 400), (600, 400))
    boxes = [Box(0, 0, 50, 90), Box(310, 201, 77, 33), Box(560, 380, 40, 20)]
    near = MovedLate(test, matrix, shown).near(boxes).pixels
    whole = moved_image(test, matrix, shown).pixels
    asked = np.zeros((400, 600), np.bool_)
    for box in boxes:
        asked[box.slices] = True
    assert np.abs(near[asked].astype(int) - whole[asked]).max() <= LEVEL
    assert not near[~asked].any()


def test_threads_that_ask_at_once_have_one_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    both = Barrier(2)

    def meeting(*of: Any) -> Image:
        with suppress(BrokenBarrierError):
            both.wait(0.2)
        return moved_image(*of)

    monkeypatch.setattr("imgdiff.alignment.late.moved_image", meeting)
    late = MovedLate(image(photo("coffee", 40, 60)), TURNED, np.ones((40, 60), np.bool_))
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: late.whole, range(2))
    assert one is other


def test_the_whole_is_made_once_and_what_was_made_is_shown() -> None:
    late = MovedLate(image(photo("coffee", 400, 600)), TURNED, np.ones((400, 600), np.bool_))
    assert late.whole is late.whole
    assert late.near([Box(0, 0, 5, 5)]) is late.whole
    assert (
        MovedLate(late.whole, TURNED, np.ones((400, 600), np.bool_))
        .near([Box(0, 0, 600, 300)])
        .pixels.all(axis=2)
        .mean()
        > 0.9
    )  # most of it is asked for: then it's all of it


@pytest.mark.parametrize("matrix", [TURNED, TILTED, np.diag([1.7, 1.7, 1])])
@pytest.mark.parametrize("size", [(240, 160), (120, 80), (97, 61)])
def test_reduced_it_is_the_mean_of_its_pixels(matrix: Matrix, size: tuple[int, int]) -> None:
    """Within two levels: the mean of four samples isn't that of all pixels.

    Means of four bytes are rounded up where they lie in the middle, twice: by an eighth each.
    """
    pixels = photo("coffee", 400, 600)
    onto = 600, 400
    whole = cv2.warpPerspective(
        pixels, matrix, onto, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    expected = cv2.resize(whole, size, interpolation=cv2.INTER_AREA).astype(int)
    gap = reduced_mean(pixels, matrix, onto, size) - expected
    assert np.sqrt(np.square(gap).mean()) < 1.7
    assert np.abs(gap.mean()) < 0.3


def test_nobody_who_asks_for_places_alone_waits_for_the_whole(
    moved: tuple[Image, Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> Image:
        raise AssertionError

    with monkeypatch.context() as patch:
        patch.setattr("imgdiff.alignment.late.moved_image", refused)
        view = view_of(compare(*moved))
    assert view.regions
    assert not np.array_equal(view.comparison.pair.test.pixels, moved[1].pixels)


def test_the_same_places_are_found_as_in_the_whole(
    moved: tuple[Image, Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = compare(*moved)
    monkeypatch.setattr(look, "_LATE", 0.0)
    plain = compare(*moved)
    assert [region.kind for region in found.regions] == [region.kind for region in plain.regions]
    for one, other in zip(found.regions, plain.regions, strict=True):
        assert _overlap(one.box, other.box) > 0.8
    assert abs(found.score - plain.score) < 0.01
    assert _told(found) == _told(plain)


def test_a_pair_with_such_a_picture_travels(moved: tuple[Image, Image]) -> None:
    pair = align(*moved)
    assert pair.aligned
    copy = pickle.loads(pickle.dumps(pair))  # noqa: S301 (our own)
    np.testing.assert_array_equal(copy.test.pixels, pair.test.pixels)


def _told(comparison: Comparison) -> list[str]:
    return [known.cause for known in comparison.explained]


def _overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    shared = max(0, across) * max(0, down)
    return shared / (one.width * one.height + other.width * other.height - shared)
