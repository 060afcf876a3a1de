"""Oracle: OpenCV's contours of the whole map at once."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from imgdiff.pixels.regions import cover, find_regions, loops_of, outline_through
from imgdiff.types import Box, Region


def _map(kind: str) -> NDArray[np.float32]:
    rng = np.random.default_rng(5)
    noise = rng.random((200, 230)).astype(np.float32)
    if kind == "specks":
        return (noise > 0.97).astype(np.float32) * noise
    if kind == "blobs":
        return np.asarray(cv2.GaussianBlur(noise, (0, 0), 3), np.float32)
    rings = np.zeros_like(noise)
    for x, y, radius in ((60, 60, 40), (60, 60, 10), (150, 64, 25), (100, 199, 30), (229, 0, 9)):
        cv2.circle(rings, (x, y), radius, 1, 3)
    return rings


@pytest.mark.parametrize("kind", ["specks", "blobs", "rings"])
@pytest.mark.parametrize("min_area", [0, 40])
def test_regions_are_opencvs_contours(kind: str, min_area: float) -> None:
    error_map = _map(kind)
    threshold = 0.5
    over = (error_map > threshold).astype(np.uint8)
    contours, _ = cv2.findContours(over, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    kept = [c for c in contours if cv2.contourArea(c) > min_area or min_area == 0]
    mask = np.zeros_like(over)
    for contour in kept:
        cv2.drawContours(mask, [contour], 0, 1, cv2.FILLED)

    regions = find_regions(error_map, threshold=threshold, min_area=min_area, polygons=True)
    assert {region.box for region in regions} == {Box(*cv2.boundingRect(c)) for c in kept}
    np.testing.assert_array_equal(cover(regions, over.shape), mask > 0)
    assert [r.area for r in regions] == sorted((r.area for r in regions), reverse=True)


@pytest.mark.parametrize("kind", ["blobs", "rings"])
def test_a_limit_keeps_the_largest(kind: str) -> None:
    everything = find_regions(_map(kind), threshold=0.5, min_area=0)
    for limit in (1, 3):
        kept = find_regions(_map(kind), threshold=0.5, min_area=0, limit=limit)
        assert [region.box for region in kept] == [region.box for region in everything[:limit]]


@pytest.mark.parametrize("kind", ["specks", "blobs", "rings"])
def test_an_area_is_the_pixels_that_the_outline_holds(kind: str) -> None:
    for region in find_regions(_map(kind), threshold=0.5, min_area=0):
        assert region.area == np.count_nonzero(cover((region,), _map(kind).shape))


def test_parts_and_holes_joined_to_one_outline_cover_just_their_pixels() -> None:
    parts = _map("specks") > 0
    cv2.circle(parts.view(np.uint8), (90, 90), 30, 1, 4)
    found, _ = cv2.findContours(parts.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    loops = [np.asarray(line, np.int32).reshape(-1, 2) for line in found]
    outline = outline_through(loops)
    assert len(loops_of(outline)) == len(loops) > 100
    (height, width) = parts.shape
    region = Region(Box(0, 0, width, height), 1, 1, 1, "changed", outline)
    np.testing.assert_array_equal(cover((region,), parts.shape), parts)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_holes_that_begin_where_a_part_does_are_cut_out_too(share: float) -> None:
    parts = np.random.default_rng(3).random((60, 70)) < share
    found, _ = cv2.findContours(parts.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outline = outline_through([np.asarray(line, np.int32).reshape(-1, 2) for line in found])
    region = Region(Box(0, 0, 70, 60), 1, 1, 1, "changed", outline)
    np.testing.assert_array_equal(cover((region,), parts.shape), parts)


def test_a_line_one_pixel_wide_has_its_length_as_area() -> None:
    error_map = np.zeros((40, 400), np.float32)
    error_map[20, 50:350] = 1
    (region,) = find_regions(error_map, threshold=0.5, min_area=40)
    assert region.area == 300
    assert find_regions(error_map, threshold=0.5, min_area=40, polygons=True) == ()


def test_peak_and_mean_are_of_the_inside_alone() -> None:
    error_map = np.zeros((40, 40), np.float32)
    cv2.circle(error_map, (20, 20), 8, 2, -1)
    error_map[20, 20] = 5
    error_map[13, 13] = 9  # in the circle's box, but not in the circle
    region, other = find_regions(error_map, threshold=1, min_area=0)
    assert region.peak == 5
    inside = int((error_map == 2).sum())
    assert region.mean == pytest.approx((2 * inside + 5) / (inside + 1), abs=1e-6)
    assert (other.box, other.peak) == (Box(13, 13, 1, 1), 9)
