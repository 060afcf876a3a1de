"""Oracle: scikit-image's SSIM map, over sizes, types and contents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from skimage.metrics import structural_similarity

from imgdiff.metrics.pool import mean_similarity
from imgdiff.metrics.ssim import ssim_map, structural_dissimilarity
from imgdiff.types import Pixels

SHAPES = [(7, 7), (8, 8), (7, 300), (300, 7), (128, 40), (129, 40), (131, 64, 3), (257, 300)]


def _samples(
    shape: tuple[int, ...], dtype: type[np.unsignedinteger[Any]], content: str
) -> tuple[Pixels, Pixels]:
    rng = np.random.default_rng(3)
    top = np.iinfo(dtype).max
    random = rng.integers(0, top + 1, shape).astype(dtype)
    if content == "noise against noise":
        return random, rng.integers(0, top + 1, shape).astype(dtype)
    if content == "one level apart":
        return random, np.where(random < top, random + 1, random).astype(dtype)
    if content == "inverted":
        return random, (top - random).astype(dtype)
    if content == "constant":
        return np.full(shape, top // 3, dtype), np.full(shape, top // 2, dtype)
    return np.zeros(shape, dtype), np.full(shape, top, dtype)


@pytest.mark.parametrize(
    "content", ["noise against noise", "one level apart", "inverted", "constant", "black on white"]
)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_map_and_score_equal_scikit_image(
    shape: tuple[int, ...], dtype: type[np.unsignedinteger[Any]], content: str
) -> None:
    reference, test = _samples(shape, dtype, content)
    score, similarity = structural_similarity(
        reference,
        test,
        full=True,
        data_range=np.iinfo(dtype).max,
        channel_axis=2 if len(shape) == 3 else None,
    )
    if len(shape) == 3:
        similarity = similarity.mean(axis=2)

    exact = ssim_map(reference, test, dtype=np.float64)
    everywhere = np.ones(shape[:2], np.bool_)
    np.testing.assert_allclose(exact, similarity, rtol=0, atol=1e-10)
    assert mean_similarity(1 - exact, everywhere) == pytest.approx(score, abs=1e-12)

    # float32 carries 24 bits: a few units of 6e-8 through five operations.
    single = ssim_map(reference, test)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, similarity, rtol=0, atol=5e-7)


def test_equal_windows_are_exactly_one() -> None:
    picture = np.random.default_rng(4).integers(0, 256, (200, 200), np.uint8)
    other = picture.copy()
    other[100:110, 100:110] = 0
    error = structural_dissimilarity(picture, other)
    touched = np.zeros_like(error, np.bool_)
    touched[97:113, 97:113] = True
    assert (error[~touched] == 0).all()
    assert error[105, 105] > 0.5


def test_the_inputs_stay_as_they_were() -> None:
    picture = np.random.default_rng(5).integers(0, 256, (50, 50), np.uint8)
    picture.setflags(write=False)
    structural_dissimilarity(picture, picture)
