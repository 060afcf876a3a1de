"""Oracle: the classic recipe, run with scikit-image and OpenCV, on photographs and drawings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from imgdiff import Comparison, Settings, SizeError, View, compare, load_image, view_of
from tests.pictures import SAMPLES, drawing, edited, noisy, photo, write
from tests.recipe import PageResult, absdiff_recipe, ssim_recipe

PAIRS: dict[str, Callable[[Path], tuple[Path, Path]]] = {
    "coffee, JPEG": lambda _: (SAMPLES / "coffee_before.jpg", SAMPLES / "coffee_after.jpg"),
    "web page, PNG": lambda _: (SAMPLES / "page_before.png", SAMPLES / "page_after.png"),
    "sky, JPEG": lambda _: (SAMPLES / "sky_before.jpg", SAMPLES / "sky_after.jpg"),
    "portrait, PNG": lambda folder: _pair(folder, photo("astronaut", 512, 512), "png"),
    "cat, odd size, BMP": lambda folder: _pair(folder, photo("chelsea", 299, 443), "bmp"),
    "rocket, recompressed": lambda folder: _pair(folder, photo("rocket", 427, 640), "jpg"),
    "gray camera, TIFF": lambda folder: _pair(folder, photo("camera", 401, 512), "tiff"),
    "plan, 640 × 480": lambda folder: _pair(folder, drawing(480, 640), "png"),
    "plan, 1001 × 733": lambda folder: _pair(folder, drawing(733, 1001), "webp"),
    "8 × 8": lambda folder: _pair(folder, drawing(8, 8), "png"),
    "7 × 7": lambda folder: _pair(folder, drawing(7, 7), "png"),
    "inverted": lambda folder: (
        write(folder, "a.png", photo("coffee", 201, 203)),
        write(folder, "b.png", 255 - photo("coffee", 201, 203)),
    ),
    "noise alone": lambda folder: (
        write(folder, "a.png", photo("coffee", 201, 203)),
        write(folder, "b.png", noisy(photo("coffee", 201, 203), 8)),
    ),
    "equal": lambda _: (SAMPLES / "page_before.png", SAMPLES / "page_before.png"),
}
GRAYSCALE = pytest.mark.parametrize("grayscale", [True, False], ids=["gray", "color"])
each_pair = pytest.mark.parametrize("pair", PAIRS)


def _pair(folder: Path, picture: NDArray[np.uint8], extension: str) -> tuple[Path, Path]:
    return (
        write(folder, f"before.{extension}", picture),
        write(folder, f"after.{extension}", edited(picture)),
    )


def _compared(paths: tuple[Path, Path], method: str, *, grayscale: bool) -> Comparison:
    settings = Settings(method=method, grayscale=grayscale, align="none", min_area=40)
    return compare(load_image(paths[0]), load_image(paths[1]), settings)


def _drawn(view: View, key: str) -> NDArray[np.uint8]:
    """A layer in OpenCV's channel order."""
    picture = view.layers[key].draw()
    return picture if picture.ndim == 2 else picture[..., ::-1]


def _assert_same_places(comparison: Comparison, answer: PageResult) -> None:
    view = view_of(comparison)
    boxes = [region.box for region in comparison.regions]
    assert {(box.x, box.y, box.width, box.height) for box in boxes} == answer.boxes
    np.testing.assert_array_equal(_drawn(view, "mask"), answer.mask[..., 0])
    np.testing.assert_array_equal(_drawn(view, "boxed_before"), answer.before)
    np.testing.assert_array_equal(_drawn(view, "boxed_after"), answer.after)
    np.testing.assert_array_equal(_drawn(view, "filled"), answer.filled)


@GRAYSCALE
@each_pair
def test_ssim_is_the_recipe(pair: str, grayscale: bool, tmp_path: Path) -> None:
    paths = PAIRS[pair](tmp_path)
    answer = ssim_recipe(*paths, grayscale=grayscale)
    comparison = _compared(paths, "ssim", grayscale=grayscale)
    # The error map is float32: 6e-8 a pixel, and far less in the mean.
    assert comparison.score == pytest.approx(answer.score, abs=1e-7)
    # scikit-image's running sums are off by 1e-13 or so, which cuts some exact 255s down to 254.
    diff = _drawn(view_of(comparison), "diff")
    assert np.abs(diff.astype(int) - answer.diff).max() <= 1
    _assert_same_places(comparison, answer)


@GRAYSCALE
@each_pair
def test_absdiff_is_the_recipe(pair: str, grayscale: bool, tmp_path: Path) -> None:
    paths = PAIRS[pair](tmp_path)
    answer = absdiff_recipe(*paths, grayscale=grayscale)
    comparison = _compared(paths, "absdiff", grayscale=grayscale)
    assert comparison.score == pytest.approx(answer.score, abs=1e-9)
    view = view_of(comparison)
    np.testing.assert_array_equal(_drawn(view, "diff"), answer.diff)
    np.testing.assert_array_equal(_drawn(view, "boxed_diff"), answer.diff_box)
    _assert_same_places(comparison, answer)


@pytest.mark.parametrize(("height", "width"), [(1, 50), (50, 1), (6, 6), (6, 100)])
def test_ssim_refuses_what_is_smaller_than_its_window(
    height: int, width: int, tmp_path: Path
) -> None:
    path = write(tmp_path, "small.png", np.zeros((height, width, 3), np.uint8))
    with pytest.raises(SizeError, match=rf"at least 7 × 7 .* {width} × {height}"):
        _compared((path, path), "ssim", grayscale=True)
