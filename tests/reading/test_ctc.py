"""The likelihood of a text: laws, and the sum over all paths done the slow way."""

from __future__ import annotations

from itertools import groupby, product

import numpy as np
import pytest
from numpy.typing import NDArray

from imgdiff.reading.ctc import log_likelihoods


def _frames(seed: int, count: int, width: int) -> NDArray[np.float32]:
    scores = np.random.default_rng(seed).exponential(size=(count, width))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True), np.float32)


def _texts_of_all_paths(frames: NDArray[np.float32]) -> dict[tuple[int, ...], float]:
    """Every way through the frames, by the text that it spells."""
    found: dict[tuple[int, ...], float] = {}
    for path in product(range(frames.shape[1]), repeat=len(frames)):
        text = tuple(column for column, _ in groupby(path) if column)
        chance = float(np.prod([frames[t, column] for t, column in enumerate(path)], dtype=float))
        found[text] = found.get(text, 0) + chance
    return found


@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_sum_over_all_paths(seed: int) -> None:
    frames = _frames(seed, 5, 4)
    slow = _texts_of_all_paths(frames)
    texts = [*slow]
    fast = np.exp(log_likelihoods(frames, texts))
    assert fast == pytest.approx([slow[text] for text in texts], rel=1e-6)
    assert fast.sum() == pytest.approx(1, abs=1e-5)


def test_a_text_that_needs_more_frames_is_impossible() -> None:
    frames = _frames(0, 3, 3)
    assert log_likelihoods(frames, [[1, 1, 1]])[0] < -1e6  # two blanks are needed between
    assert log_likelihoods(frames, [[1, 2, 1]])[0] > -50


def test_texts_of_all_lengths_may_stand_together() -> None:
    frames = _frames(1, 6, 5)
    together = log_likelihoods(frames, [[], [3], [1, 1], [4, 2, 1]])
    alone = [log_likelihoods(frames, [text])[0] for text in ([], [3], [1, 1], [4, 2, 1])]
    assert together == pytest.approx(alone)
