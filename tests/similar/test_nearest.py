"""The most alike of each, a block at a time: the same as from the table of all pairs."""

from __future__ import annotations

from collections import Counter
from threading import Lock

import numpy as np
import pytest
from numpy.typing import NDArray

from imgdiff.similar.families import Families
from imgdiff.similar.nearest import ScoreBlock, nearest


def unit_vectors(count: int, seed: int = 0) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    vectors[1::7] = vectors[0]  # some are the same
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize("count", [2, 10, 11, 30, 47])
@pytest.mark.parametrize("top", [1, 5, 100])
def test_it_finds_what_the_whole_table_tells(
    monkeypatch: pytest.MonkeyPatch, count: int, top: int
) -> None:
    monkeypatch.setattr("imgdiff.similar.nearest._BLOCK", 10)
    vectors = unit_vectors(count)
    found = nearest(lambda whose: vectors[whose.start : whose.stop], count, top=top)
    table = vectors @ vectors.T
    np.fill_diagonal(table, -np.inf)
    expected = -np.sort(-table, axis=1)[:, : min(top, count - 1)]
    np.testing.assert_allclose(found.scores, expected, atol=1e-6)
    for row, (indices, scores) in enumerate(zip(found.indices, found.scores, strict=True)):
        assert row not in indices
        assert len({*indices}) == len(indices)
        np.testing.assert_allclose(table[row, indices], scores, atol=1e-6)


def test_every_pair_is_shown_once_and_progress_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imgdiff.similar.nearest._BLOCK", 10)
    vectors = unit_vectors(25)
    seen: Counter[tuple[int, int]] = Counter()
    one_at_a_time, told = Lock(), []

    def look(block: ScoreBlock) -> None:
        with one_at_a_time:
            seen.update((min(a, b), max(a, b)) for a in block.rows for b in block.columns if a != b)

    nearest(
        lambda whose: vectors[whose.start : whose.stop], 25, top=3, look=look,
        progress=lambda *done: told.append(done),
    )  # fmt: skip
    assert told == [(done, 6) for done in range(1, 7)]
    assert len(seen) == 25 * 24 // 2


def test_who_stops_it_waits_for_no_block_that_has_not_begun() -> None:
    asked = []

    def vectors(whose: range) -> NDArray[np.float32]:
        asked.append(whose)
        return np.ones((len(whose), 1), np.float32)

    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        nearest(vectors, 60_000, top=1, progress=stop)
    assert len(asked) < 200  # of 930


def test_links_make_families() -> None:
    families = Families(8)
    families.join(3, [1])
    families.join(5, [6, 7])
    families.join(1, np.array([0, 3]))
    assert families.groups() == ((0, 1, 3), (5, 6, 7))
    families.join(7, [0])
    assert families.groups() == ((0, 1, 3, 5, 6, 7),)
    assert Families(3).groups() == ()
