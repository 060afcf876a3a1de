"""Rows and columns that were put in or taken out."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from imgdiff import Box, Comparison, Settings, align, compare, load_image, view_of
from imgdiff.report.numbers import to_json
from imgdiff.types import Block
from tests.pictures import SAMPLES, Picture, image, photo

PAGE = np.asarray(load_image(SAMPLES / "page_before.png").pixels, np.uint8)
CHANGED = np.asarray(load_image(SAMPLES / "page_after.png").pixels, np.uint8)
HEIGHT, WIDTH = PAGE.shape[:2]


def banner(height: int, width: int) -> Picture:
    """Text-like rows that the page doesn't have."""
    return np.random.default_rng(3).choice(np.array([30, 200], np.uint8), (height, width, 3))


def with_rows(picture: Picture, y: int, count: int = 57) -> Picture:
    return np.concatenate([picture[:y], banner(count, picture.shape[1]), picture[y:]])


def found(before: Picture, after: Picture) -> Comparison:
    return compare(image(before), image(after), Settings(method="absdiff"))


def test_inserted_rows_are_one_region_and_nothing_else() -> None:
    result = found(PAGE, with_rows(PAGE, 210))
    (region,) = result.regions
    assert (region.kind, region.box) == ("added", Box(0, 210, WIDTH, 57))
    assert region.block == Block("added", "rows", 57, 210, 210)
    assert region.area == 57 * WIDTH
    assert not result.alike
    assert result.score == 0
    assert result.pair.valid.all()
    np.testing.assert_array_equal(result.pair.test.pixels, PAGE)
    np.testing.assert_array_equal(result.pair.transform, np.eye(3))
    # What is below wasn't changed, only pushed on: the line where it begins is marked.
    assert not result.changed[:210].any()
    assert result.changed[210].all()
    assert not result.changed[211:].any()


def test_removed_rows_are_one_region_and_nothing_else() -> None:
    result = found(with_rows(PAGE, 210), PAGE)
    (region,) = result.regions
    assert (region.kind, region.box) == ("removed", Box(0, 210, WIDTH, 57))
    assert result.changed[210:267].all()
    assert result.changed.sum() == 57 * WIDTH
    assert not result.pair.valid[210:267].any()
    assert result.score == 0
    assert view_of(result).facts[0].startswith("8.7 % of what is compared changed.")


@pytest.mark.parametrize("y", [0, 120, 210, 433, HEIGHT])
def test_real_changes_are_found_around_the_rows(y: int) -> None:
    alone = {region.box for region in found(PAGE, CHANGED).regions}
    result = found(PAGE, with_rows(CHANGED, y))
    assert {region.box for region in result.regions if region.kind == "changed"} == alone
    (block,) = result.pair.alignment.blocks
    assert (block.kind, block.count) == ("added", 57)
    # Where the rows go in the middle of a change, that can't be told to the row.
    assert abs(block.at - y) <= 30


def test_a_screenshot_of_one_size_loses_at_the_end_what_was_put_in() -> None:
    blocks = found(PAGE, with_rows(PAGE, 210)[:HEIGHT]).pair.alignment.blocks
    assert blocks == (
        Block("added", "rows", 57, 210, 210),
        Block("removed", "rows", 57, HEIGHT - 57, HEIGHT, at_end=True),
    )


def test_columns_are_found_too() -> None:
    after = np.ascontiguousarray(with_rows(PAGE.swapaxes(0, 1).copy(), 300, 40).swapaxes(0, 1))
    (region,) = found(PAGE, after).regions
    assert (region.kind, region.box) == ("added", Box(300, 0, 40, HEIGHT))
    (region,) = found(after, PAGE).regions
    assert (region.kind, region.box) == ("removed", Box(300, 0, 40, HEIGHT))


def test_several_blocks_are_told_apart() -> None:
    after = np.concatenate([with_rows(PAGE, 100, 20)[:400], PAGE[420:]])
    blocks = found(PAGE, after).pair.alignment.blocks
    assert [(block.kind, block.count) for block in blocks] == [("added", 20), ("removed", 40)]


def test_a_crop_tells_where_it_was_cut_from() -> None:
    pair = align(image(PAGE), image(PAGE[80:]))
    assert pair.alignment.blocks == (Block("removed", "rows", 80, 0, 0),)
    np.testing.assert_array_equal(pair.transform, [[1, 0, 0], [0, 1, 80], [0, 0, 1]])
    np.testing.assert_array_equal(pair.test.pixels[80:], PAGE[80:])


def test_a_page_that_grew_at_its_end_has_changed() -> None:
    result = found(PAGE, with_rows(PAGE, HEIGHT))
    assert [region.kind for region in result.regions] == ["added"]
    assert result.regions[0].box == Box(0, HEIGHT - 1, WIDTH, 1)
    assert "57 rows inserted at y 600." in " ".join(view_of(result).facts)


def test_faint_noise_on_some_rows_does_not_matter() -> None:
    after = with_rows(PAGE, 210)
    after[::3, 100:130] ^= 1
    (block,) = found(PAGE, after).pair.alignment.blocks
    assert block == Block("added", "rows", 57, 210, 210)


def test_a_scrolled_page_was_shifted() -> None:
    pair = align(image(PAGE[:500]), image(PAGE[80:580]))
    assert pair.alignment.blocks == ()
    assert pair.alignment.sentence == "shifted by 80 px down"


@pytest.mark.parametrize("change", [lambda p: p, lambda p: 255 - p, lambda p: p[::-1].copy()])
def test_rows_that_only_changed_are_no_blocks(change: object) -> None:
    after = PAGE.copy()
    after[200:260] = change(after[200:260])  # type: ignore[operator]
    assert align(image(PAGE), image(after)).alignment.blocks == ()


def test_photographs_have_no_rows_to_match() -> None:
    whole = photo("coffee", 400, 600)
    noise = np.random.default_rng(0).integers(0, 4, whole.shape, np.uint8)
    after = np.concatenate([whole[:100], whole[130:]]) // 2 + noise[30:]
    assert align(image(whole), image(after)).alignment.blocks == ()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_transparency_and_depth_travel_along(dtype: type) -> None:
    scale = 257 if dtype is np.uint16 else 1
    alpha = np.full(PAGE.shape[:2], 255, dtype) * dtype(scale)
    alpha[300:] = 0
    shown: NDArray[np.uint8] = np.where(alpha[..., None] > 0, PAGE, 0).astype(np.uint8)
    rows: NDArray[np.unsignedinteger[Any]] = np.full((57, WIDTH), 255 * scale, dtype)
    before = image((shown * dtype(scale)).astype(dtype), alpha)
    after = image(
        (with_rows(shown, 210) * dtype(scale)).astype(dtype),
        np.concatenate([alpha[:210], rows, alpha[210:]]),
    )
    pair = align(before, after)
    np.testing.assert_array_equal(pair.test.pixels, before.pixels)
    assert pair.test.alpha is not None
    np.testing.assert_array_equal(pair.test.alpha, alpha)


def test_blocks_are_in_the_report() -> None:
    facts = json.loads(to_json(view_of(found(PAGE, with_rows(PAGE, 210)))))
    block = {
        "kind": "added", "axis": "rows", "count": 57, "at": 210, "test_at": 210,
        "at_end": False, "span": None,
    }  # fmt: skip
    assert facts["alignment"]["blocks"] == [block]
    assert facts["alignment"]["bent"]
    assert facts["aligned"]
    assert facts["regions"][0]["kind"] == "added"
    assert facts["regions"][0]["box"] == [0, 210, WIDTH, 57]
    assert facts["regions"][0]["block"] == block


def test_a_small_block_counts_like_any_small_place() -> None:
    result = compare(
        image(PAGE), image(with_rows(PAGE, 210, 1)), Settings("absdiff", min_area=2 * WIDTH)
    )
    assert result.alike


def test_what_a_banner_pushes_over_the_end_is_cut_off_and_not_removed() -> None:
    grown = with_rows(PAGE, 210)[:HEIGHT]
    result = found(PAGE, grown)
    assert [(b.kind, b.at_end) for b in result.pair.alignment.blocks] == [
        ("added", False),
        ("removed", True),
    ]
    assert "; 57 rows cut off at the end." in " ".join(view_of(result).facts)
    back = found(grown, PAGE)
    assert "57 rows come into view at the end." in " ".join(view_of(back).facts)
    assert not any(b.at_end for b in found(PAGE, PAGE[:-57]).pair.alignment.blocks)
