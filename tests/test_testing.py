"""The helper for users' own tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imgdiff import Settings, as_image, load_image
from imgdiff.errors import SizeError
from imgdiff.report.encoded import lossless_png
from imgdiff.testing import UPDATE, assert_images_alike
from imgdiff.types import PresetName
from tests.pictures import drawing, edited, write

PICTURE = drawing(80, 100)
SETTINGS = Settings(method="ssim", align="none")


@pytest.fixture
def expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path, "expected.png", PICTURE)


def test_equal_pictures_pass_in_every_form(expected: Path) -> None:
    for actual in (expected, str(expected), expected.read_bytes(), PICTURE, load_image(expected)):
        assert_images_alike(actual, expected, SETTINGS)
    assert not Path("imgdiff-reports").exists()


def test_a_change_fails_with_a_report(expected: Path) -> None:
    with pytest.raises(AssertionError, match=r"\d+ places? changed\. Image similarity: ") as caught:
        assert_images_alike(edited(PICTURE), expected, SETTINGS)
    (report,) = Path("imgdiff-reports").glob("*.html")
    assert report.name == "test_testing.py-test_a_change_fails_with_a_report.html"
    assert str(report) in str(caught.value)
    assert "changed." in report.read_text("utf-8")


def test_the_report_goes_where_it_is_wanted(expected: Path, tmp_path: Path) -> None:
    report = tmp_path / "deep" / "report.html"
    with pytest.raises(AssertionError, match="deep"):
        assert_images_alike(edited(PICTURE), expected, SETTINGS, report=report)
    assert report.exists()


def test_what_is_too_little_to_matter_passes(expected: Path) -> None:
    settings = Settings(method="ssim", align="none", min_area=1e6)
    assert_images_alike(edited(PICTURE), expected, settings)


def test_a_missing_baseline_fails_and_is_written_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    expected = tmp_path / "new" / "expected.png"
    with pytest.raises(AssertionError, match=f"{UPDATE}=1"):
        assert_images_alike(PICTURE, expected, SETTINGS)
    monkeypatch.setenv(UPDATE, "1")
    assert_images_alike(PICTURE, expected, SETTINGS)
    monkeypatch.delenv(UPDATE)
    assert_images_alike(PICTURE, expected, SETTINGS)
    with pytest.raises(AssertionError):
        assert_images_alike(edited(PICTURE), expected, SETTINGS)


def test_other_sizes_fail_unless_the_settings_refuse_them(expected: Path) -> None:
    with pytest.raises(AssertionError, match="30 rows removed"):
        assert_images_alike(PICTURE[:50], expected)
    with pytest.raises(SizeError):
        assert_images_alike(drawing(50, 60), expected, SETTINGS)


def test_nothing_moved_passes_unless_it_is_allowed(expected: Path) -> None:
    mirrored = PICTURE[:, ::-1]
    wanted: tuple[Settings | PresetName, ...] = ("screenshot", "photo", Settings())
    for settings in wanted:
        with pytest.raises(AssertionError):
            assert_images_alike(mirrored, expected, settings)
    assert_images_alike(mirrored, expected, "photo", allow=frozenset({"mirror"}))


def test_limits_let_a_little_pass(expected: Path) -> None:
    actual = PICTURE.copy()
    actual[40:43, 50:54] ^= 255
    with pytest.raises(AssertionError, match="12 pixels differ, but at most 11 may"):
        assert_images_alike(actual, expected, "exact", max_diff_pixels=11)
    with pytest.raises(AssertionError, match=r"0\.15 % of the pixels differ"):
        assert_images_alike(actual, expected, "exact", max_diff_percent=0.1)
    with pytest.raises(AssertionError, match="must be at most"):
        assert_images_alike(actual, expected, "exact", fail_under=0.1)
    assert_images_alike(
        actual, expected, "exact", max_diff_pixels=12, max_diff_percent=1, fail_under=0.5
    )


def test_each_picture_of_a_test_keeps_its_own_files(expected: Path) -> None:
    for _ in range(2):
        with pytest.raises(AssertionError):
            assert_images_alike(edited(PICTURE), expected)
    names = sorted(
        path.name.partition("own_files")[2] for path in Path("imgdiff-reports").iterdir()
    )
    parts = ("-actual.png", "-diff.png", "-expected.png", ".html")
    assert names == sorted(f"{count}{part}" for count in ("", "-2") for part in parts)


def test_an_update_leaves_alone_what_passes(
    expected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = expected.read_bytes()
    monkeypatch.setenv(UPDATE, "1")
    assert_images_alike(PICTURE, expected)
    assert expected.read_bytes() == before
    assert_images_alike(edited(PICTURE), expected)
    assert expected.read_bytes() != before


def test_deep_and_transparent_samples_are_kept_whole() -> None:
    deep = np.dstack([PICTURE.astype(np.uint16) * 257 ^ 1, np.full((80, 100), 40_000, np.uint16)])
    image = as_image(deep)
    again = load_image(lossless_png(image))
    np.testing.assert_array_equal(again.pixels, image.pixels)
    np.testing.assert_array_equal(again.alpha, image.alpha)
