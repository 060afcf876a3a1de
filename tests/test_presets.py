"""Settings by purpose: what each lets pass and what not."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.gate import others, page, pairs
from imgdiff import PRESETS, Image, Settings, SettingsError, compare
from imgdiff.cli import main
from tests.pictures import SAMPLES, Picture, drawing, image

PAGE = drawing(200, 300)


def _turned_by(degrees: float) -> Picture:
    matrix = cv2.getRotationMatrix2D((150, 100), degrees, 1)
    return np.asarray(cv2.warpAffine(PAGE, matrix, (300, 200), borderValue=(255,) * 3), np.uint8)


def _rescaled(factor: float) -> Picture:
    return np.asarray(cv2.resize(PAGE, None, fx=factor, fy=factor), np.uint8)


NOT_THE_SAME_SCREEN = {
    "mirrored": PAGE[:, ::-1],
    "upside down": PAGE[::-1, ::-1],
    "turned": _turned_by(1),
    "shifted by a pixel": np.roll(PAGE, 1, axis=1),
    "pushed down": np.roll(PAGE, 8, axis=0),
    "enlarged": _rescaled(1.02),
    "at twice the resolution": _rescaled(2),
    "cut off at the bottom": PAGE[:-20],
    "cut off at the right": PAGE[:, :-1],
    "longer": np.pad(PAGE, ((0, 30), (0, 0), (0, 0)), "edge"),
    "wider, but less high": np.pad(PAGE[:-5], ((0, 0), (0, 5), (0, 0)), "edge"),
    "blurred": cv2.GaussianBlur(PAGE, (0, 0), 1),
    "a little blurred": cv2.GaussianBlur(PAGE, (0, 0), 0.5),
    "darker": np.rint(PAGE * 0.95),
    "brighter": np.minimum(PAGE * 1.05, 255),
    "with less contrast": PAGE * 0.9 + 12,
    "warmer": PAGE * np.array([1, 0.97, 0.9]),
    "gray": np.dstack([cv2.cvtColor(PAGE, cv2.COLOR_RGB2GRAY)] * 3),
    "negative": 255 - PAGE,
}


def _shown(picture: object) -> Image:
    return image(np.ascontiguousarray(picture, dtype=np.uint8))


@pytest.mark.parametrize("name", NOT_THE_SAME_SCREEN)
@pytest.mark.parametrize("preset", ["screenshot", "exact"])
def test_a_screen_that_isnt_the_same_fails(preset: str, name: str) -> None:
    after = _shown(NOT_THE_SAME_SCREEN[name])
    assert not compare(image(PAGE), after, Settings.preset(preset)).alike


SCREENS = others(page())


@pytest.mark.parametrize("name", SCREENS)
def test_a_page_that_isnt_the_same_fails(name: str) -> None:
    shown = SCREENS[name]
    alpha = np.ascontiguousarray(shown[..., 3]) if shown.shape[2] == 4 else None
    after = image(np.ascontiguousarray(shown[..., :3]), alpha)
    assert not compare(image(page()), after, "screenshot").alike


def test_files_that_show_the_same_screen_pass(tmp_path: Path) -> None:
    """Other metadata, other compression, and text that is smoothed otherwise."""
    _, same = pairs(tmp_path)
    assert len(same) == 3
    for name, (before, after) in same.items():
        assert before.read_bytes() != after.read_bytes()
        assert compare(before, after, "screenshot").alike, name
    assert np.count_nonzero((page(gamma=1.4) != page()).any(axis=2)) > 4000


@pytest.mark.parametrize("preset", PRESETS)
def test_equal_pictures_are_alike_by_every_preset(preset: str) -> None:
    assert compare(image(PAGE), image(PAGE.copy()), Settings.preset(preset)).alike


def test_only_the_strictest_sees_the_last_bit() -> None:
    after = PAGE.copy()
    after[100, 150] ^= 1
    alike = {name: compare(image(PAGE), image(after), Settings.preset(name)).alike
             for name in PRESETS}  # fmt: skip
    assert alike == {name: name != "exact" for name in PRESETS}


def test_an_unknown_preset_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"photo, screenshot, scan, exact, recipe.*'film'"):
        Settings.preset("film")


def test_the_other_options_refine_a_preset(capsys: pytest.CaptureFixture[str]) -> None:
    pair = str(SAMPLES / "page_before.png"), str(SAMPLES / "page_after.png")
    assert main(["compare", *pair, "--preset", "screenshot", "--min-area", "1000000"]) == 0
    assert main(["compare", *pair, "--preset", "screenshot", "--method", "ssim", "--json"]) == 1
    assert '"threshold": null' in capsys.readouterr().out  # pixelmatch's means nothing to SSIM
