"""The run as a whole: ignored areas, transparency, settings, and what counts as alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imgdiff import Box, Settings, SettingsError, SizeError, align, compare, view_of
from tests.pictures import drawing, edited, image, noisy, photo

BEFORE = drawing(100, 120)
AFTER = BEFORE.copy()
AFTER[20:50, 30:70] = 255 - AFTER[20:50, 30:70]


@pytest.mark.parametrize("method", ["ssim", "absdiff"])
def test_an_ignored_change_is_as_if_it_never_was(method: str) -> None:
    settings = Settings(method=method, ignore=(Box(30, 20, 40, 30),))
    result = compare(image(BEFORE), image(AFTER), settings)
    assert not result.error_map.any()
    assert result.alike
    assert view_of(result).headline == "The pictures are equal, pixel for pixel."
    # The pictures shown keep what was ignored.
    np.testing.assert_array_equal(result.pair.test.pixels, AFTER)


IGNORED = (Box(30, 20, 40, 30),)


def test_ignoring_leaves_the_rest_as_it_was() -> None:
    after = AFTER.copy()
    after[70:90, 80:110] = 255 - after[70:90, 80:110]
    # (The method `changes` measures the noise of what it compares, so its map would follow.)
    settings = Settings("ssim")
    ignoring = compare(image(BEFORE), image(after), replace(settings, ignore=IGNORED))
    alone = BEFORE.copy()
    alone[70:90, 80:110] = after[70:90, 80:110]
    expected = compare(image(BEFORE), image(alone), settings)
    np.testing.assert_array_equal(ignoring.error_map, expected.error_map)
    assert [region.box for region in ignoring.regions] == [r.box for r in expected.regions]
    assert ignoring.score < expected.score  # fewer pixels share the same error


@pytest.mark.parametrize("box", [Box(120, 0, 5, 5), Box(-9, -9, 9, 9), Box(500, 500, 5, 5)])
def test_an_ignored_area_outside_the_picture_counts_for_nothing(box: Box) -> None:
    plain, ignoring = (
        compare(image(BEFORE), image(AFTER), Settings(ignore=ignore)) for ignore in ((), (box,))
    )
    assert ignoring.score == plain.score


@pytest.mark.parametrize("box", [Box(0, 0, 0, 5), Box(3, 3, 4, -1)])
def test_an_ignored_area_without_size_is_refused(box: Box) -> None:
    with pytest.raises(SettingsError, match="must have a width and a height"):
        compare(image(BEFORE), image(AFTER), Settings(ignore=(box,)))


def test_ignoring_everything_is_refused() -> None:
    everything = Settings(ignore=(Box(0, 0, 120, 100),))
    with pytest.raises(SettingsError, match="ignore less"):
        compare(image(BEFORE), image(AFTER), everything)


@pytest.mark.parametrize("method", ["ssim", "absdiff"])
def test_a_change_of_transparency_alone_is_a_change(method: str) -> None:
    opaque = image(BEFORE)
    alpha = np.full(BEFORE.shape[:2], 255, np.uint8)
    alpha[30:60, 30:60] = 0
    result = compare(opaque, replace(opaque, alpha=alpha), Settings(method=method))
    assert [region.box for region in result.regions]
    assert result.changed[32:58, 32:58].all()
    assert not result.alike


def test_colors_count_in_pictures_with_transparency() -> None:
    alpha = np.full(BEFORE.shape[:2], 255, np.uint8)
    alpha[80:] = 0
    result = compare(image(BEFORE, alpha), image(AFTER, alpha))
    assert result.changed[25:45, 35:65].all()
    assert not result.changed[75:].any()


def test_an_ignored_change_of_transparency_is_ignored() -> None:
    alpha = np.full(BEFORE.shape[:2], 255, np.uint8)
    alpha[20:40, 20:40] = 0
    opaque = image(BEFORE)
    settings = Settings(ignore=(Box(20, 20, 20, 20),))
    assert compare(opaque, replace(opaque, alpha=alpha), settings).alike


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"min_area": -1}, "min_area must be a number from 0 up"),
        ({"threshold": float("nan")}, "threshold must be a number from 0 up"),
        ({"align": "sideways"}, "auto, none, corner, stretch"),
        ({"nudge": (float("inf"), 0)}, "two numbers of pixels"),
        ({"method": "magic"}, "must be one of"),
    ],
)
def test_settings_out_of_range_are_refused(change: dict[str, object], match: str) -> None:
    with pytest.raises(SettingsError, match=match):
        compare(image(BEFORE), image(AFTER), Settings(**change))  # type: ignore[arg-type]


def test_different_sizes_are_refused_with_both_and_the_remedy() -> None:
    with pytest.raises(SizeError, match=r"120 × 100 and the second 90 × 80 .* --align auto"):
        compare(image(BEFORE), image(drawing(80, 90)), Settings(align="none"))


def test_a_threshold_of_ones_own_replaces_otsu() -> None:
    low = compare(image(BEFORE), image(AFTER), Settings(method="absdiff", threshold=0))
    high = compare(image(BEFORE), image(AFTER), Settings(method="absdiff", threshold=254.5))
    assert low.threshold == 0
    assert low.changed.sum() > high.changed.sum()


def test_regions_larger_than_the_threshold_only() -> None:
    after = edited(BEFORE, count=12)
    areas = [region.area for region in compare(image(BEFORE), image(after)).regions]
    assert areas == sorted(areas, reverse=True)
    middle = areas[len(areas) // 2]
    fewer = compare(image(BEFORE), image(after), Settings(min_area=middle))
    assert [region.area for region in fewer.regions] == [area for area in areas if area > middle]


def test_an_even_change_of_the_whole_picture_is_not_called_alike() -> None:
    dark, light = np.full((50, 50, 3), 100, np.uint8), np.full((50, 50, 3), 180, np.uint8)
    for method in ("ssim", "absdiff"):
        result = compare(image(dark), image(light), Settings(method=method))
        assert result.regions == ()  # Otsu, as the recipe has it, finds a single class
        assert not result.alike
        assert "differ everywhere" in view_of(result).headline
        # Whoever sets the limit decides what is alike.
        assert compare(image(dark), image(light), Settings(method, threshold=90)).alike


def test_noise_below_ones_own_threshold_is_alike() -> None:
    before = photo("coffee", 100, 100)
    settings = Settings("absdiff", threshold=40, min_area=0)
    assert compare(image(before), image(noisy(before, 4)), settings).alike


def test_an_area_of_0_finds_thin_lines_and_lone_pixels() -> None:
    after = BEFORE.copy()
    after[10, 5:115] = 255 - after[10, 5:115]
    after[90, 90] = 255 - after[90, 90]
    settings = Settings("absdiff", threshold=0, min_area=0)
    boxes = {region.box for region in compare(image(BEFORE), image(after), settings).regions}
    assert boxes == {Box(5, 10, 110, 1), Box(90, 90, 1, 1)}


def test_8_and_16_bit_pictures_meet_at_16() -> None:
    pair = align(image(BEFORE), image(BEFORE.astype(np.uint16) * 257))
    assert pair.reference.pixels.dtype == np.uint16
    np.testing.assert_array_equal(pair.reference.pixels, pair.test.pixels)


def test_the_pictures_stay_as_they_were() -> None:
    before, after = photo("coffee", 80, 80), edited(photo("coffee", 80, 80))
    before.setflags(write=False)
    after.setflags(write=False)
    result = compare(image(before), image(after), Settings(ignore=(Box(0, 0, 9, 9),)))
    for layer in view_of(result).layers.values():
        layer.draw()


def test_seconds_are_told_for_each_stage() -> None:
    seconds = compare(image(BEFORE), image(AFTER)).seconds
    assert list(seconds) == ["align", "compare", "regions", "read"]


@pytest.mark.parametrize("height", [150, 2000])
def test_a_late_error_map_says_what_the_map_would(height: int) -> None:
    before = np.repeat(np.repeat(BEFORE, height // 100, axis=0), height // 100, axis=1)
    after = before.copy()
    for test in (before, after):
        found = compare(image(before), image(test))
        assert (found.errors.shape, found.errors.any()) == (
            found.error_map.shape,
            found.error_map.any(),
        )
        assert found.error_map is found.error_map, "it is made once"
        after[height // 2 : height // 2 + 40, 30:70] ^= 255
