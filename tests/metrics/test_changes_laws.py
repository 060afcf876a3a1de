"""Laws of `changes`, for graphics, text and photographs alike."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgdiff import Comparison, Settings, compare
from tests.pictures import Picture, drawing, image, noisy, photo

HEIGHT, WIDTH = 160, 220


def written() -> Picture:
    """Lines of text on paper."""
    canvas = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    for row, words in enumerate(("Terms of sale", "Your order is", "shipped within", "two days")):
        cv2.putText(canvas, words, (10, 34 + 36 * row), 0, 0.7, (34, 34, 34), 1, cv2.LINE_AA)
    return canvas


BASES = {
    "graphics": drawing(HEIGHT, WIDTH),
    "text": written(),
    "photograph": photo("coffee", HEIGHT, WIDTH),
}
bases = pytest.mark.parametrize("base", BASES.values(), ids=BASES)
few = settings(max_examples=8, deadline=None, derandomize=True, database=None)


@st.composite
def blocks(draw: st.DrawFn, *, least: int = 4) -> tuple[slice, slice]:
    """The rows and columns of a block of 16 px² at least."""
    height, width = draw(st.integers(least, 90)), draw(st.integers(least, 120))
    top = draw(st.integers(0, HEIGHT - height))
    left = draw(st.integers(0, WIDTH - width))
    return slice(top, top + height), slice(left, left + width)


def stepped(picture: Picture, block: tuple[slice, slice], step: int) -> Picture:
    """A copy whose block differs by `step` levels in every channel, up or down."""
    after = picture.copy()
    part = after[block].astype(int)
    after[block] = np.where(part + step <= 255, part + step, part - step)
    return after


def found(before: Picture, after: Picture, **params: float) -> Comparison:
    return compare(image(before), image(after), Settings(align="none", params=params))


def touches(result: Comparison, block: tuple[slice, slice]) -> bool:
    return bool(result.changed[block].any())


@bases
@few
@given(block=blocks(), step=st.integers(40, 120))
def test_a_block_that_differs_is_found_and_no_box_holds_only_equal_pixels(
    base: Picture, block: tuple[slice, slice], step: int
) -> None:
    after = stepped(base, block, step)
    result = found(base, after)
    assert touches(result, block)
    differs = (base != after).any(axis=2)
    assert all(differs[region.box.slices].any() for region in result.regions)


@bases
@few
@given(block=blocks(), step=st.integers(40, 120))
def test_swapped_pictures_have_the_same_places(
    base: Picture, block: tuple[slice, slice], step: int
) -> None:
    after = stepped(base, block, step)
    forth, back = found(base, after), found(after, base)
    boxes = [{region.box for region in result.regions} for result in (forth, back)]
    assert boxes[0] == boxes[1]
    swapped: dict[str, str] = {"added": "removed", "removed": "added"}
    kinds = {region.box: region.kind for region in back.regions}
    for region in forth.regions:
        assert kinds[region.box] == swapped.get(region.kind, region.kind)


@bases
@few
@given(block=blocks(least=8), step=st.integers(12, 60), sigma=st.sampled_from([0, 2, 4]))
def test_what_a_sensitivity_finds_the_higher_ones_find(
    base: Picture, block: tuple[slice, slice], step: int, sigma: float
) -> None:
    after = noisy(stepped(base, block, step), sigma)
    results = [found(base, after, sensitivity=number) for number in range(1, 6)]
    for lower, higher in pairwise(results):
        for region in lower.regions:
            assert higher.changed[region.box.slices].any()


@bases
@few
@given(block=blocks(least=24), step=st.integers(60, 120))
def test_noise_never_makes_a_clear_change_the_same_picture(
    base: Picture, block: tuple[slice, slice], step: int
) -> None:
    """A block of 24 px and 60 levels, ten times the noise at least, stays found."""
    after = stepped(base, block, step)
    for sigma in (1, 3, 6):
        assert not found(noisy(base, sigma, seed=4), noisy(after, sigma)).alike


@bases
@few
@given(block=blocks(least=1), step=st.integers(1, 3))
def test_equal_means_equal(base: Picture, block: tuple[slice, slice], step: int) -> None:
    assert found(base, base.copy()).score == 1
    after = stepped(base, block, step)
    assert found(base, after).score < 1
