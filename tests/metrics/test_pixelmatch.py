"""Oracles: pixelmatch itself, 7 by pybind11-pixelmatch (Mapbox's C++ port), 8 by stored counts."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from pybind11_pixelmatch import Options, pixelmatch

from imgdiff import Settings, Tolerance, compare
from imgdiff.metrics.pixelmatch import perceived_difference
from imgdiff.metrics.pixelmatch_7 import yiq_difference
from imgdiff.pixels.color import luma
from imgdiff.types import Pixels
from tests.pictures import Picture, drawing, edited, image, noisy, photo


def _smooth_shapes(seed: int, shift: float) -> Picture:
    """Anti-aliased lines and discs, moved by a part of a pixel."""
    rng = np.random.default_rng(seed)
    canvas = np.full((300, 400, 3), 255, np.uint8)
    for _ in range(25):
        x, y, far_x, far_y = (int(value) for value in rng.integers(0, 300 * 16, 4))
        x, far_x = x + round(16 * shift), far_x + round(16 * shift)
        color = tuple(int(value) for value in rng.integers(0, 256, 3))
        cv2.line(canvas, (x, y), (far_x, far_y), color, 2, cv2.LINE_AA, 4)
        radius = int(16 * rng.integers(3, 40))
        cv2.circle(canvas, (far_x, y), radius, color, -1, cv2.LINE_AA, 4)
    return canvas


def _pairs() -> dict[str, tuple[Pixels, Pixels]]:
    rng = np.random.default_rng(0)
    plan, coffee = drawing(300, 401), photo("coffee", 400, 600)
    grays = luma(coffee), luma(noisy(edited(coffee), 20))
    levels = rng.integers(0, 3, (2, 200, 201, 3)).astype(np.uint8) * 120
    noise = rng.integers(0, 256, (2, 200, 201, 3), np.uint8)
    return {
        "shifted shapes": (_smooth_shapes(1, 0), _smooth_shapes(1, 0.4)),
        "more of them": (_smooth_shapes(2, 0), _smooth_shapes(2, 0.25)),
        "drawing": (plan, edited(plan)),
        "photo": (coffee, noisy(edited(coffee), 20)),
        "gray photo": (np.dstack([grays[0]] * 3), np.dstack([grays[1]] * 3)),
        "noise": (noise[0], noise[1]),
        "few colours": (levels[0], levels[1]),
        "thin": (noise[0, :1], noise[1, :1]),
    }


PAIRS = _pairs()


def _their_count(a: Pixels, b: Pixels, threshold: float, *, include_aa: bool) -> int:
    opaque = np.full(a.shape[:2], 255, np.uint8)
    options = Options()
    options.threshold, options.includeAA = threshold, include_aa
    pictures = (np.ascontiguousarray(np.dstack([pixels, opaque])) for pixels in (a, b))
    return int(pixelmatch(*pictures, options=options))


@pytest.mark.parametrize("include_aa", [False, True])
@pytest.mark.parametrize("threshold", [0.02, 0.1, 0.3])
@pytest.mark.parametrize("pair", PAIRS.values(), ids=list(PAIRS))
def test_counts_equal_pixelmatch(
    pair: tuple[Pixels, Pixels], threshold: float, include_aa: bool
) -> None:
    errors = yiq_difference(*pair, threshold=threshold, include_aa=include_aa)
    expected = _their_count(*pair, threshold, include_aa=include_aa)
    assert np.count_nonzero(errors > threshold) == expected


def test_anti_aliasing_matters_in_these_pairs() -> None:
    """Or the oracle above would say nothing about it."""
    for name in ("shifted shapes", "more of them", "drawing", "few colours"):
        with_it, without = (
            np.count_nonzero(yiq_difference(*PAIRS[name], include_aa=flag) > 0.1)
            for flag in (True, False)
        )
        assert without < with_it


def test_the_score_is_the_share_of_the_count_and_follows_the_threshold() -> None:
    before, after = PAIRS["shifted shapes"]
    for threshold in (None, 0.02):
        settings = Settings("pixelmatch-7", grayscale=False, align="none", threshold=threshold)
        result = compare(image(before), image(after), settings)
        expected = _their_count(before, after, threshold or 0.1, include_aa=False)
        assert result.score == pytest.approx(expected / (300 * 400), rel=1e-12)


def test_a_threshold_of_nothing_counts_every_difference() -> None:
    before, after = PAIRS["shifted shapes"]
    errors = yiq_difference(before, after, threshold=0, include_aa=True)
    np.testing.assert_array_equal(errors > 0, (before != after).any(axis=2))
    assert errors.min() == 0


def test_tiles_meet_without_a_seam() -> None:
    """A large picture takes several tiles; its anti-aliasing looks two pixels beyond each."""
    large = [np.tile(picture, (4, 3, 1)) for picture in PAIRS["shifted shapes"]]
    errors = yiq_difference(large[0], large[1])
    expected = _their_count(large[0], large[1], 0.1, include_aa=False)
    assert np.count_nonzero(errors > 0.1) == expected


def test_grays_of_a_gray_picture_count_as_its_colors_do() -> None:
    before, after = PAIRS["gray photo"]
    gray = yiq_difference(before[..., 0].copy(), after[..., 0].copy())
    np.testing.assert_allclose(gray, yiq_difference(before, after), atol=1e-6)


COUNTS_OF_8 = {
    "shifted shapes": [635, 9419, 190, 3742, 7, 208],
    "more of them": [312, 7235, 35, 1944, 0, 3],
    "drawing": [2403, 2454, 2286, 2299, 2221, 2224],
    "photo": [230892, 230892, 62669, 62669, 3820, 3820],
    "gray photo": [165443, 165455, 16142, 16143, 2577, 2577],
    "noise": [40185, 40185, 39213, 39213, 27821, 27821],
    "few colours": [38700, 38701, 37950, 37951, 32090, 32090],
    "thin": [201, 201, 196, 196, 135, 135],
}
"""What pixelmatch 8.0.0 of npm counts in these pairs, run by Node.js: at the thresholds 0.02, 0.1
and 0.3, each without anti-aliased pixels and with them."""


@pytest.mark.parametrize("name", PAIRS)
def test_counts_equal_pixelmatch_8(name: str) -> None:
    counts = [
        np.count_nonzero(
            perceived_difference(*PAIRS[name], threshold=threshold, include_aa=include_aa)
            > threshold
        )
        for threshold in (0.02, 0.1, 0.3)
        for include_aa in (False, True)
    ]
    assert counts == COUNTS_OF_8[name]


def test_black_and_white_are_one_apart_in_8_and_16_bits() -> None:
    for dtype in (np.uint8, np.uint16):
        black = np.zeros((5, 5, 3), dtype)
        errors = perceived_difference(black, np.full_like(black, np.iinfo(dtype).max))
        np.testing.assert_allclose(errors, 1, atol=1e-6)


@pytest.mark.parametrize("deep", [False, True])
def test_gray_samples_count_as_their_colours_do_in_8(deep: bool) -> None:
    before, after = (
        picture.astype(np.uint16) * 257 if deep else picture for picture in PAIRS["gray photo"]
    )
    gray = perceived_difference(before[..., 0].copy(), after[..., 0].copy())
    np.testing.assert_allclose(gray, perceived_difference(before, after), atol=1e-6)


WINDOWS = (None, 1, 2, 5, 16, 50, 1000)
THEIR_DENSEST = {
    ("shifted shapes", False): [190, 1, 3, 9, 17, 39, 190],
    ("shifted shapes", True): [148, 1, 3, 9, 17, 36, 148],
    ("more of them", True): [33, 1, 2, 4, 4, 7, 33],
    ("drawing", False): [2286, 1, 4, 25, 256, 1498, 2286],
    ("photo", False): [62669, 1, 4, 25, 256, 2032, 41951],
    ("photo", True): [60548, 1, 4, 25, 256, 2032, 39830],
    ("few colours", False): [37950, 1, 4, 25, 254, 2386, 37761],
    ("few colours", True): [36352, 1, 4, 25, 254, 2385, 36163],
    ("thin", True): [163, 1, 1, 1, 1, 1, 1],
}
"""Of pixelmatch 8.0.0 of npm, with each `windowSize`; with an `ignoreMask` or without."""


@pytest.mark.parametrize("case", THEIR_DENSEST, ids=str)
def test_the_densest_window_and_masks_equal_pixelmatch_8(case: tuple[str, bool]) -> None:
    name, masked = case
    before, after = (np.ascontiguousarray(pixels) for pixels in PAIRS[name])
    height, width = before.shape[:2]
    ignored = np.zeros((height, width), np.bool_)
    if masked:
        ignored[height // 4 : height // 2 + 1, width // 3 : width // 2] = True
    settings = Settings("pixelmatch", align="none", min_area=0, ignore=[ignored] if masked else [])
    result = compare(image(before), image(after), settings)
    for window, count in zip(WINDOWS, THEIR_DENSEST[case], strict=True):
        enough = Tolerance(max_diff_pixels=count, diff_window=window)
        assert result.failures(enough) == ()
        (failed,) = result.failures(Tolerance(max_diff_pixels=count - 1, diff_window=window))
        within = "" if window is None else f" within {window:,} × {window:,} px"
        assert failed == f"{count:,} pixels differ{within}, but at most {count - 1:,} may."
