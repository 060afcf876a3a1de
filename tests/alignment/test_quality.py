"""Oracles for the quality measures: FLIP, MS-SSIM, GMSD, PSNR, MSE and MAE."""

from __future__ import annotations

import math
from typing import Any

import cv2
import flip_evaluator
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio

from imgdiff import Settings, SettingsError, SizeError, compare
from imgdiff.metrics.edges import difference_beyond_jitter
from imgdiff.metrics.flip import flip_error
from imgdiff.metrics.gmsd import gradient_deviation, gradient_dissimilarity
from imgdiff.metrics.ms_ssim import ms_ssim
from imgdiff.metrics.pixelwise import (
    decibels,
    mean_channel_difference,
    mean_square,
    root_mean_square_difference,
)
from imgdiff.metrics.ssim import structural_dissimilarity
from imgdiff.pixels.color import luma
from imgdiff.types import Mask, Pixels
from tests.pictures import drawing, edited, image, noisy, photo

COFFEE, PLAN = photo("coffee", 400, 592), drawing(320, 336)
PAIRS = {
    "noisy": (COFFEE, noisy(COFFEE, 10)),
    "edited": (COFFEE, edited(COFFEE)),
    "drawing": (PLAN, edited(PLAN)),
    "inverted": (COFFEE, 255 - COFFEE),
}
each_pair = pytest.mark.parametrize("name", PAIRS)

# From pytorch-msssim 1.0.0 and piq 0.8.0 on torch 1.13.1, in double precision, on the pairs above
# (gray by cv2.cvtColor), as NCHW tensors of 0 to 255:
# `pytorch_msssim.ms_ssim` with data_range=255; `piq.gmsd` with data_range=255, t=170 / 255**2.
# Sides divide by 16: where one doesn't, pytorch-msssim pads with black.
MS_SSIM = {
    "noisy": (0.9690211797107826, 0.9376173976743543),
    "edited": (0.9594692056914925, 0.9613075908794698),
    "drawing": (0.9646199597659371, 0.9606020234421008),
    "inverted": (0.0, 0.0),
}
GMSD = {
    "noisy": 0.032677944997712295,
    "edited": 0.0787792138218104,
    "drawing": 0.1291422684291569,
    "inverted": 0.0590103114160825,
}


# FLIP's powers of 0.7 and 0.5 make a single-precision error of 1e-5 one of 3e-4 and 3e-3, and its
# program's constants of sRGB have other last digits.
ROUNDING = 3e-3


def _grays(name: str) -> tuple[Pixels, Pixels]:
    before, after = PAIRS[name]
    return luma(before), luma(after)


def _everywhere(pixels: NDArray[Any]) -> Mask:
    return np.broadcast_to(np.True_, pixels.shape[:2])


def _their_flip(
    pair: tuple[Pixels, Pixels], pixels_per_degree: float
) -> tuple[NDArray[np.float32], float]:
    floats = [np.divide(pixels, 255, dtype=np.float32) for pixels in pair]
    errors, mean, _ = flip_evaluator.evaluate(
        *floats, "LDR", True, False, True, {"ppd": pixels_per_degree}
    )
    return errors[..., 0], mean


@pytest.mark.parametrize("pixels_per_degree", [12, 67, 120])
@each_pair
def test_flip_equals_its_authors_program(name: str, pixels_per_degree: int) -> None:
    expected, mean = _their_flip(PAIRS[name], pixels_per_degree)
    ours = flip_error(*PAIRS[name], pixels_per_degree=pixels_per_degree)
    np.testing.assert_allclose(ours, expected, rtol=0, atol=ROUNDING)
    assert ours.mean(dtype=np.float64) == pytest.approx(expected.mean(dtype=np.float64), abs=5e-5)
    assert mean == pytest.approx(expected.mean(dtype=np.float64), abs=1e-3)


@each_pair
def test_flip_of_grays_is_that_of_neutral_colors(name: str) -> None:
    grays = _grays(name)
    expected, _ = _their_flip((np.dstack([grays[0]] * 3), np.dstack([grays[1]] * 3)), 67)
    np.testing.assert_allclose(flip_error(*grays), expected, rtol=0, atol=ROUNDING)


@each_pair
def test_ms_ssim_equals_pytorch_msssim(name: str) -> None:
    for pair, expected in zip((_grays(name), PAIRS[name]), MS_SSIM[name], strict=True):
        score, errors = ms_ssim(*pair, _everywhere(pair[0]))
        assert score == pytest.approx(expected, abs=2e-6)  # ours is single precision
        assert errors.max() <= 1


def test_ms_ssim_counts_what_is_valid_alone() -> None:
    before, after = luma(COFFEE), luma(COFFEE.copy())
    after[:200] = 255 - after[:200]
    valid = np.ones(before.shape, np.bool_)
    valid[:290] = False  # the coarsest windows reach 80 px
    assert ms_ssim(before, after, valid)[0] == 1
    assert ms_ssim(before, after, _everywhere(before))[0] < 0.9


@each_pair
def test_gmsd_equals_piq(name: str) -> None:
    errors = gradient_dissimilarity(*_grays(name))
    score = gradient_deviation(errors, _everywhere(errors))
    assert score == pytest.approx(GMSD[name], abs=1e-7)  # ours is single precision


@pytest.mark.parametrize("size", [(161, 173), (162, 175)], ids=str)
@pytest.mark.parametrize("method", ["ms-ssim", "gmsd", "edges", "flip", "delta-e", "pixelmatch"])
def test_odd_sizes_have_no_odd_border(method: str, size: tuple[int, int]) -> None:
    """A difference in the middle only, whatever is left over at the border."""
    before = photo("coffee", *size)
    after = before.copy()
    after[80, 80] ^= 127
    result = compare(image(before), image(after), Settings(method=method))
    assert result.error_map.shape == size
    border = np.ones(size, np.bool_)
    border[1:-1, 1:-1] = False
    assert result.error_map[border].max() < 0.01


@pytest.mark.parametrize(("method", "side"), [("ms-ssim", 161), ("gmsd", 8)])
def test_small_pictures_are_refused_with_a_sentence(method: str, side: int) -> None:
    small, enough = image(COFFEE[: side - 1, :200]), image(COFFEE[:side, :200])
    with pytest.raises(SizeError, match=f"at least {side} × {side} pixels"):
        compare(small, small, Settings(method=method))
    assert compare(enough, enough, Settings(method=method)).alike


@each_pair
def test_mse_psnr_and_mae_equal_scikit_image_and_numpy(name: str) -> None:
    for before, after in (PAIRS[name], _grays(name)):
        errors = root_mean_square_difference(before, after)
        everywhere = _everywhere(before)
        # Squares of float32 roots: 6e-8 twice.
        assert mean_square(errors, everywhere) == pytest.approx(
            mean_squared_error(before, after), rel=1e-6
        )
        assert decibels(errors, everywhere) == pytest.approx(
            peak_signal_noise_ratio(before, after), abs=1e-5
        )
        absolute = np.abs(before.astype(float) - after).mean()
        ours = mean_channel_difference(before, after).mean(dtype=np.float64)
        assert ours == pytest.approx(absolute, rel=1e-6)


def test_psnr_of_equal_pictures_is_infinite() -> None:
    result = compare(image(COFFEE), image(COFFEE), Settings(method="psnr"))
    assert result.score == math.inf
    assert result.method.similarity_percent(result.score) == 100


def test_edges_forgive_a_pixel_and_no_more() -> None:
    before = np.full((60, 60), 255, np.uint8)
    cv2.line(before, (10, 20), (50, 20), 0, 1)
    for shift, jitter, seen in ((1, 1, False), (2, 1, True), (2, 2, False), (1, 0, True)):
        after = np.roll(before, shift, axis=0)
        assert bool(difference_beyond_jitter(before, after, jitter=jitter).any()) is seen
    gone = np.full_like(before, 255)
    errors = difference_beyond_jitter(before, gone)
    np.testing.assert_array_equal(errors > 0, before == 0)


def test_edges_equal_a_search_through_the_window() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 256, (2, 30, 33), np.uint8)
    expected = np.zeros(a.shape)
    for y, x in np.ndindex(a.shape):
        rows, columns = slice(max(0, y - 2), y + 3), slice(max(0, x - 2), x + 3)
        for one, other in ((a, b), (b, a)):
            near, value = other[rows, columns].astype(int), int(one[y, x])
            expected[y, x] = max(expected[y, x], value - near.max(), near.min() - value)
    np.testing.assert_array_equal(difference_beyond_jitter(a, b, jitter=2), expected)


@pytest.mark.parametrize("params", [{"window_size": 11}, {"gaussian_weights": True}])
def test_ssim_leaves_out_half_its_own_window_at_the_border(params: dict[str, float]) -> None:
    before, after = PAIRS["noisy"]
    result = compare(image(before), image(after), Settings("ssim", grayscale=True, params=params))
    errors = structural_dissimilarity(luma(before), luma(after), **params)  # type: ignore[arg-type]
    assert result.score == pytest.approx(1 - errors[5:-5, 5:-5].mean(dtype=np.float64), abs=1e-9)


def test_a_window_without_a_middle_is_refused() -> None:
    with pytest.raises(SettingsError, match="must be odd"):
        compare(image(COFFEE), image(COFFEE), Settings("ssim", params={"window_size": 8}))
