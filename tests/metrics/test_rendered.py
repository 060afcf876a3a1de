"""Edges that are smoothed otherwise are no difference; whatever else differs is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from imgdiff.metrics.rendered import FLAT_THRESHOLD, rendering_difference
from tests.pictures import Picture, drawing

_FILTERS = Image.Resampling


def _shapes(finer: int, resampling: Image.Resampling = _FILTERS.BOX) -> Picture:
    """Shapes drawn so many times finer, then reduced: smoothed, but of one geometry."""
    canvas = Image.new("RGB", (240 * finer, 180 * finer), "white")
    draw = ImageDraw.Draw(canvas)

    def scaled(*numbers: float) -> list[float]:
        return [finer * number for number in numbers]

    draw.ellipse(scaled(15, 15, 95, 75), fill=(30, 90, 200))
    draw.polygon(scaled(120, 15, 225, 45, 150, 100), fill=(200, 40, 40))
    draw.line(scaled(8, 150, 230, 105), fill="black", width=3 * finer)
    draw.rounded_rectangle(
        scaled(30, 90, 100, 140), radius=12 * finer, outline=(20, 120, 20), width=2 * finer
    )
    return np.asarray(canvas.resize((240, 180), resampling))


def _page(last: str = "Total 6.90", down: int = 0) -> Picture:
    canvas = Image.new("RGB", (260, 120), "white")
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((0, 0, 260, 24), fill=(40, 60, 120))
    font = ImageFont.load_default(13)
    draw.text((8, 5), "Dashboard", "white", font)
    for line in range(3):
        draw.text((8, 30 + 20 * line), "The order was shipped on Monday", (20, 20, 20), font)
    draw.text((8, 92 + down), last, (20, 20, 20), font)
    return np.asarray(canvas)


FINE = _shapes(8)
SMOOTHED = {
    "four times finer": _shapes(4),
    "five times finer": _shapes(5),
    "sixteen times finer": _shapes(16),
    "by Hamming's filter": _shapes(8, _FILTERS.HAMMING),
    "by a bicubic filter": _shapes(8, _FILTERS.BICUBIC),
}
CHANGES: dict[str, Callable[[], NDArray[Any]]] = {
    "slightly blurred": lambda: cv2.GaussianBlur(_page(), (0, 0), 0.5),
    "blurred": lambda: cv2.GaussianBlur(_page(), (0, 0), 1),
    "a pixel to the right": lambda: np.roll(_page(), 1, axis=1),
    "a pixel down": lambda: np.roll(_page(), 1, axis=0),
    "one line a pixel down": lambda: _page(down=1),
    "half a pixel to the right": lambda: cv2.addWeighted(
        _page(), 0.5, np.roll(_page(), 1, axis=1), 0.5, 0
    ),
    "3 % darker": lambda: np.rint(0.97 * _page()).astype(np.uint8),
    "a digit": lambda: _page("Total 8.90"),
    "a comma for a full stop": lambda: _page("Total 6,90"),
    "a colon for a full stop": lambda: _page("Total 6:90"),
    "another letter": lambda: _page("Totol 6.90"),
    "sharpened": lambda: cv2.addWeighted(
        _page(), 1.5, cv2.GaussianBlur(_page(), (0, 0), 1), -0.5, 0
    ),
}


def _count(before: NDArray[Any], after: NDArray[Any]) -> int:
    errors = rendering_difference(np.asarray(before, np.uint8), np.asarray(after, np.uint8))
    return int(np.count_nonzero(errors > FLAT_THRESHOLD))


@pytest.mark.parametrize("way", SMOOTHED)
def test_edges_may_be_smoothed_otherwise(way: str) -> None:
    assert (SMOOTHED[way] != FINE).any()
    assert _count(FINE, SMOOTHED[way]) == 0
    assert _count(SMOOTHED[way], FINE) == 0


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_else_may_differ(change: str) -> None:
    assert _count(_page(), CHANGES[change]()) > 0
    assert _count(CHANGES[change](), _page()) > 0


@pytest.mark.parametrize(("levels", "counts"), [(4, False), (6, True)])
def test_a_flat_area_may_be_four_levels_off_but_not_six(levels: int, counts: bool) -> None:
    before = np.full((20, 30, 3), 128, np.uint8)
    assert (_count(before, before + np.uint8(levels)) > 0) == counts


def test_what_comes_into_a_flat_area_is_judged_as_in_one() -> None:
    before = np.full((20, 30, 3), 255, np.uint8)
    after = before.copy()
    after[10, 15] = 245
    assert _count(before, after) == 1


def test_grays_and_16_bits_count_as_colours_of_8_bits_do() -> None:
    before, after = FINE, np.roll(FINE, 1, axis=0)
    expected = rendering_difference(before, after)
    deep = rendering_difference(before.astype(np.uint16) * 257, after.astype(np.uint16) * 257)
    np.testing.assert_allclose(deep, expected, atol=1e-6)
    gray = drawing(60, 80)[..., 0].copy()
    moved = np.roll(gray, 1, axis=1)
    triple = rendering_difference(np.dstack([gray] * 3), np.dstack([moved] * 3))
    np.testing.assert_allclose(rendering_difference(gray, moved), triple, atol=1e-6)
