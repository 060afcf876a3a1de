"""The helper for users' own tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from imgdiff import Settings, load_image
from imgdiff.errors import SizeError
from imgdiff.testing import UPDATE, assert_images_alike
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
    (report,) = Path("imgdiff-reports").iterdir()
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


def test_other_sizes_are_told_apart(expected: Path) -> None:
    with pytest.raises(SizeError):
        assert_images_alike(drawing(50, 60), expected, SETTINGS)
