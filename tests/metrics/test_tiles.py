"""Tiles: what is computed piece by piece is what it would be as a whole."""

from __future__ import annotations

import threading

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from imgdiff.metrics.tiles import Scratch, Tile, map_in_tiles, sum_over

REACH = 6


def _blurred_difference(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.float32]:
    side = 2 * REACH + 1
    sums = cv2.boxFilter(cv2.absdiff(a, b), cv2.CV_32F, (side, side), normalize=False)
    return np.asarray(sums, np.float32)


@pytest.mark.parametrize("shape", [(1, 1), (3, 2000), (2000, 3), (701, 1201)])
def test_tiles_meet_without_a_seam(shape: tuple[int, int]) -> None:
    """The sums are whole numbers, so that they must be equal to the last bit."""
    a, b = np.random.default_rng(0).integers(0, 256, (2, *shape), np.uint8)
    in_tiles = map_in_tiles(_blurred_difference, a, b, reach=REACH, samples=2**12)
    np.testing.assert_array_equal(in_tiles, _blurred_difference(a, b))


def test_a_change_is_seen_from_the_tiles_beside_it_and_the_equal_rest_is_passed_over() -> None:
    a = np.zeros((700, 1600), np.uint8)
    b = a.copy()
    b[255:257, 511:513] = 9
    looked_at = []

    def errors_of(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.float32]:
        looked_at.append(one.size)
        return _blurred_difference(one, other)

    in_tiles = map_in_tiles(errors_of, a, b, reach=REACH, samples=2**12)
    np.testing.assert_array_equal(in_tiles, _blurred_difference(a, b))
    assert sum(looked_at) < a.size / 4


def test_what_is_better_done_alone_stays_on_its_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imgdiff.metrics.tiles.thread_count", lambda: 2)
    pieces = list(Tile(0, 2000, 0, 2000).split(1000, 1000))
    for alone in (True, False):
        found: set[int] = set()

        def work(tile: Tile, _: Scratch, found: set[int] = found) -> float:
            found.add(threading.get_ident())
            return tile.area

        assert sum_over(work, pieces, alone=alone) == 4e6
        assert (threading.get_ident() in found) == alone


def test_what_is_made_of_working_memory_is_made_anew_for_other_options() -> None:
    made = []

    def make(_: Scratch, *options: object) -> int:
        made.append(options)
        return len(made)

    scratch = Scratch()
    asked = [(1, "a"), (1, "a"), (2, "a"), (1, "a")]
    assert [scratch.last(make, *options) for options in asked] == [1, 1, 2, 3]
