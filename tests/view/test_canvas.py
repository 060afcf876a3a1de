"""The common canvas: what one picture has and the other lacks is seen, and where."""

from __future__ import annotations

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

from imgdiff import Settings, compare, load_image, view_of
from imgdiff.comparison.page_result import page_result_of
from imgdiff.pixels.render import hatched
from imgdiff.report.encoded import both
from imgdiff.report.numbers import region_rows, to_dict
from imgdiff.types import Block, Box, Comparison
from imgdiff.view import canvas_of
from imgdiff.view.places import changed_fraction
from tests.pictures import SAMPLES, drawing, image

PAGE = np.asarray(load_image(SAMPLES / "page_before.png").pixels, np.uint8)
HEIGHT, WIDTH = PAGE.shape[:2]
AT, COUNT = 210, 57
BANNER = np.random.default_rng(3).choice(np.array([30, 200], np.uint8), (COUNT, WIDTH, 3))


def with_banner() -> np.ndarray:
    return np.concatenate([PAGE[:AT], BANNER, PAGE[AT:]])


def compared(before: np.ndarray, after: np.ndarray, **settings: object) -> Comparison:
    return compare(image(before), image(after), Settings(method="absdiff", **settings))  # type: ignore[arg-type]


def test_what_was_put_in_is_seen_in_after_and_hatched_in_before() -> None:
    view = view_of(compared(PAGE, with_banner()))
    before, after = (layer.draw() for layer in both(view))
    assert before.shape == after.shape == (HEIGHT + COUNT, WIDTH, 3)
    np.testing.assert_array_equal(after, with_banner())
    np.testing.assert_array_equal(before[AT : AT + COUNT], hatched((COUNT, WIDTH), top=AT))
    np.testing.assert_array_equal(np.delete(before, slice(AT, AT + COUNT), axis=0), PAGE)


def test_what_was_taken_out_is_hatched_in_after() -> None:
    view = view_of(compared(with_banner(), PAGE))
    before, after = (layer.draw() for layer in both(view))
    np.testing.assert_array_equal(before, with_banner())
    np.testing.assert_array_equal(after[AT : AT + COUNT], hatched((COUNT, WIDTH), top=AT))
    (region,) = view.regions
    assert view.canvas.box_of(region) == Box(0, AT, WIDTH, COUNT)


@pytest.mark.parametrize("axis", [0, 1])
def test_every_layer_frames_the_strip_and_nothing_else(axis: int) -> None:
    before, after = PAGE, with_banner()
    if axis:
        before, after = np.swapaxes(before, 0, 1).copy(), np.swapaxes(after, 0, 1).copy()
    view = view_of(compared(before, after))
    strip = np.zeros(after.shape[:2], bool)
    strip[(slice(None),) * axis + (slice(AT, AT + COUNT),)] = True
    np.testing.assert_array_equal(view.layers["mask"].draw() == 255, strip)
    np.testing.assert_array_equal(view.layers["diff"].draw() == 0, strip)
    assert (view.layers["filled"].draw()[strip] == (0, 255, 0)).all()
    assert {layer.draw().shape[:2] for layer in view.layers.values()} == {after.shape[:2]}


def test_layers_in_strips_are_the_layers() -> None:
    view = view_of(compared(PAGE, with_banner()))
    for layer in (*view.layers.values(), *both(view)):
        np.testing.assert_array_equal(np.concatenate(list(layer.strips())), layer.draw())


def test_numbers_and_words_count_the_strip() -> None:
    comparison = compared(PAGE, with_banner())
    assert changed_fraction(comparison) == pytest.approx(COUNT / (HEIGHT + COUNT))
    facts = to_dict(view_of(comparison))
    assert facts["canvas"] == [WIDTH, HEIGHT + COUNT]
    assert facts["regions"][0]["canvas_box"] == [0, AT, WIDTH, COUNT]


@pytest.mark.parametrize("axis", [0, 1])
def test_what_grew_at_the_end_is_told_in_full(axis: int) -> None:
    """Its box in the picture before has room for the last line alone."""
    before, after = (
        np.ascontiguousarray(np.swapaxes(page, 0, axis))
        for page in (PAGE[:300], np.concatenate([PAGE[:298], BANNER, PAGE[298:300]]))
    )
    view = view_of(compared(before, after))
    (row,) = region_rows(view)
    told = [row[name] for name in ("x", "y", "width", "height")]
    assert told == ([298, 0, COUNT, WIDTH] if axis else [0, 298, WIDTH, COUNT])
    size = f"{COUNT} × {WIDTH} px" if axis else f"{WIDTH} × {COUNT} px"
    assert any(size in fact for fact in view.facts)


def test_a_change_below_the_strip_keeps_its_pixels() -> None:
    after = with_banner()
    after[400:420, 40:80] = 255 - after[400:420, 40:80]
    view = view_of(compared(PAGE, after))
    boxes = {view.canvas.box_of(region) for region in view.regions}
    assert boxes == {Box(0, AT, WIDTH, COUNT), Box(40, 400, 40, 20)}
    places = json.loads(page_result_of(view).places)
    assert {tuple(place["boxes"][0]) for place in places} == {
        (box.x, box.y, box.width, box.height) for box in boxes
    }


def test_an_ignored_strip_is_ignored_and_the_others_are_not() -> None:
    after = np.concatenate([with_banner()[:450], BANNER[:40] // 2, with_banner()[450:]])
    view = view_of(compared(PAGE, after))
    assert len(view.regions) == 2
    places = json.loads(page_result_of(view).places)
    ignored = Box(*places[0]["ignore"][0])
    left = view_of(compared(PAGE, after, ignore=(ignored,))).regions
    assert [region.block for region in left] == [view.regions[1].block]


def test_the_page_learns_where_the_reference_lies() -> None:
    result = page_result_of(view_of(compared(PAGE, with_banner())))
    assert result.runs == (((0, 0, AT), (AT + COUNT, AT, HEIGHT - AT)), ((0, 0, WIDTH),))
    assert (result.width, result.height) == (WIDTH, HEIGHT + COUNT)
    assert result.before.gaps == (Box(0, AT, WIDTH, COUNT),)
    assert result.after.gaps == ()
    assert not result.before.as_is


def test_what_lies_beyond_the_border_is_shown_in_place() -> None:
    scene = cv2.GaussianBlur(drawing(400, 500), (0, 0), 1).astype(np.uint8)
    view = view_of(compared(scene[:, :380], scene[:, 120:]))
    canvas = view.canvas
    assert (canvas.width, canvas.height) == (500, 400)
    before, after = (layer.draw() for layer in both(view))
    np.testing.assert_array_equal(before[:, :380], scene[:, :380])
    np.testing.assert_array_equal(before[:, 380:], hatched((400, 500))[:, 380:])
    np.testing.assert_array_equal(after[:, 120:], scene[:, 120:])
    np.testing.assert_array_equal(after[:, :120], hatched((400, 500))[:, :120])
    page = page_result_of(view)
    assert list(page.before.transform) == [1, 0, 0, 0, 1, 0, 0, 0, 1]
    assert not view.regions


def test_pictures_on_one_grid_have_no_canvas_of_their_own() -> None:
    picture = image(drawing(60, 80))
    comparison = compare(picture, picture)
    assert canvas_of(comparison.pair).is_plain
    unrelated = replace(comparison.pair, related=False)
    assert canvas_of(unrelated).corner == (0, 0)


def test_of_columns_that_moved_apart_the_canvas_opens_what_it_can() -> None:
    """Where the gaps of two columns overlap, one grid can't open both."""
    picture = image(drawing(80, 100))
    blocks = (
        Block("removed", "rows", 20, 10, 10, span=(0, 50)),
        Block("removed", "rows", 8, 16, 16, span=(50, 100)),
        Block("added", "rows", 5, 60, 40, span=(50, 100)),
    )
    found = compare(picture, picture)
    pair = replace(found.pair, alignment=replace(found.pair.alignment, blocks=blocks))
    canvas = canvas_of(pair)
    assert sorted(line for line in canvas.rows.reference if line >= 0) == list(range(80))
    for block in blocks:
        first, count = canvas.rows.lines_of(block)
        assert first >= 0
        assert first + count <= canvas.height
