"""Oracle: scikit-image's SSIM map, over sizes, types and contents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies
from skimage.metrics import structural_similarity

from imgdiff import SizeError
from imgdiff.metrics.ssim import ssim, structural_dissimilarity
from imgdiff.types import Pixels

WINDOWS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "uniform": ({}, {}),
    "gaussian": (
        {"gaussian_weights": True},
        {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False},
    ),
}
SHAPES = [(11, 11), (7, 300), (300, 13), (128, 40), (129, 40), (131, 64, 3), (257, 1030)]
CONTENTS = ["noise", "one level apart", "inverted", "constant", "extremes", "a few pixels", "equal"]


def _samples(
    shape: tuple[int, ...], dtype: type[np.unsignedinteger[Any]], content: str, seed: int = 3
) -> tuple[Pixels, Pixels]:
    rng = np.random.default_rng(seed)
    top = np.iinfo(dtype).max
    random = rng.integers(0, top + 1, shape).astype(dtype)
    few = random.copy()
    for _ in range(3):
        few[tuple(rng.integers(0, shape))] ^= 77
    return {
        "noise": (random, rng.integers(0, top + 1, shape).astype(dtype)),
        "one level apart": (random, np.where(random < top, random + 1, random).astype(dtype)),
        "inverted": (random, (top - random).astype(dtype)),
        "constant": (np.full(shape, top // 3, dtype), np.full(shape, top // 2, dtype)),
        "extremes": (np.zeros(shape, dtype), np.full(shape, top, dtype)),
        "a few pixels": (random, few),
        "equal": (random, random.copy()),
    }[content]


def _assert_equals_scikit_image(reference: Pixels, test: Pixels, window: str) -> None:
    ours, theirs = WINDOWS.get(window) or ({"window_size": int(window)}, {"win_size": int(window)})
    colored = reference.ndim == 3
    expected_score, expected = structural_similarity(
        reference,
        test,
        full=True,
        data_range=np.iinfo(reference.dtype).max,
        channel_axis=2 if colored else None,
        **theirs,
    )
    if colored:
        expected = expected.mean(axis=2)

    score, exact = ssim(reference, test, **ours)
    np.testing.assert_allclose(exact, expected, rtol=0, atol=1e-10)
    assert score == pytest.approx(expected_score, abs=1e-12)

    # float32 carries 24 bits: a few units of 6e-8 through five operations.
    score, single = ssim(reference, test, dtype=np.float32, **ours)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, expected, rtol=0, atol=5e-7)
    assert score == pytest.approx(expected_score, abs=1e-7)

    _, levels = ssim(reference, test, dtype=np.uint8, **ours)
    assert levels.dtype == np.uint8
    assert np.abs(levels - np.floor(255 * np.maximum(expected, 0))).max() <= 1


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("window", WINDOWS)
def test_map_and_score_equal_scikit_image(
    window: str, shape: tuple[int, ...], dtype: type[np.unsignedinteger[Any]], content: str
) -> None:
    if window == "gaussian" and min(shape[:2]) < 11:
        with pytest.raises(SizeError, match="at least 11 × 11"):
            ssim(*_samples(shape, dtype, content), gaussian_weights=True)
        return
    _assert_equals_scikit_image(*_samples(shape, dtype, content), window)


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("side", ["3", "13"])
def test_other_windows_equal_scikit_image_too(
    side: str, dtype: type[np.unsignedinteger[Any]], content: str
) -> None:
    _assert_equals_scikit_image(*_samples((140, 53, 3), dtype, content), side)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    height=strategies.integers(11, 300),
    width=strategies.integers(11, 300),
    channels=strategies.sampled_from([0, 3, 4]),
    dtype=strategies.sampled_from([np.uint8, np.uint16]),
    content=strategies.sampled_from(CONTENTS),
    window=strategies.sampled_from(list(WINDOWS)),
    seed=strategies.integers(0, 2**32 - 1),
)
def test_any_pair_equals_scikit_image(  # noqa: PLR0917 (hypothesis passes them by name)
    height: int,
    width: int,
    channels: int,
    dtype: type[np.unsignedinteger[Any]],
    content: str,
    window: str,
    seed: int,
) -> None:
    shape = (height, width, channels) if channels else (height, width)
    _assert_equals_scikit_image(*_samples(shape, dtype, content, seed), window)


@pytest.mark.parametrize("size", [(1, 1), (40, 3), (130, 1030)])
@pytest.mark.parametrize("window", WINDOWS)
def test_a_change_at_any_place_reaches_every_window_that_sees_it(
    window: str, size: tuple[int, int]
) -> None:
    """The parts skipped as equal must be exactly the others: tile borders are the risk."""
    options, _ = WINDOWS[window]
    reach = 5 if window == "gaussian" else 3
    picture = np.random.default_rng(4).integers(0, 256, (300, 2200), np.uint8)
    for top, left in [(0, 0), (126, 250), (127, 255), (128, 256), (129, 1023), (160, 1024)]:
        other = picture.copy()
        other[top : top + size[0], left : left + size[1]] ^= 255
        _, similarity = ssim(picture, other, **options)
        seen = np.zeros_like(similarity, np.bool_)
        rows = slice(max(0, top - reach), top + size[0] + reach)
        seen[rows, max(0, left - reach) : left + size[1] + reach] = True
        assert (similarity[~seen] == 1).all()
        assert (similarity[seen] < 1).all()


def test_the_inputs_stay_as_they_were() -> None:
    picture = np.random.default_rng(5).integers(0, 256, (50, 50), np.uint8)
    picture.setflags(write=False)
    structural_dissimilarity(picture, picture)
