"""The same thing seen otherwise: in other light, at another size, with more or less around."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from imgdiff import Comparison, Settings, align, compare, view_of
from imgdiff.metrics.changes.find import find_changes
from imgdiff.metrics.changes.places.outline import Place
from imgdiff.metrics.changes.places.residue import too_faint
from imgdiff.types import Alignment, Box
from tests.pictures import Picture, image, noisy, photo, saved_as_jpeg

PHOTOGRAPH = photo("coffee", 400, 600)


def found(before: Picture, after: Picture, **params: bool) -> Comparison:
    return compare(image(before), image(after), Settings(params=params))


def chart(scale: float, bars: tuple[int, ...] = (130, 60, 170, 90)) -> Picture:
    """Bars, grid and a curve, all lines on whole pixels as plotting programs put them."""
    canvas = np.full((round(240 * scale), round(360 * scale), 3), 255, np.uint8)

    def line(x: float, y: float, right: float, bottom: float, gray: int) -> None:
        ends = [(round(a * scale), round(b * scale)) for a, b in ((x, y), (right, bottom))]
        cv2.line(canvas, ends[0], ends[1], (gray,) * 3, max(1, round(0.8 * scale)))

    for step in range(6):
        line(30.3, 20.4 + 37.3 * step, 340.3, 20.4 + 37.3 * step, 190)
        line(30.3 + 62 * step, 20.4, 30.3 + 62 * step, 206.9, 190)
    for index, bar in enumerate(bars):
        corners = [(40.4 + 70.3 * index, 206.4 - bar), (80.2 + 70.3 * index, 206.4)]
        left, right = ([round(v * scale) for v in corner] for corner in corners)
        cv2.rectangle(canvas, left, right, (31, 119, 180), -1)
    curve = [(30.3 + 10.3 * x, 110 + 70 * np.sin(x * 0.9)) for x in range(30)]
    points = np.rint(16 * scale * np.array(curve)).astype(np.int32)
    cv2.polylines(canvas, [points], False, (200, 60, 0), round(1.5 * scale), cv2.LINE_AA, 4)
    return canvas


@pytest.mark.parametrize("scale", [1.5, 2])
def test_a_chart_drawn_anew_at_another_size_didnt_change(scale: float) -> None:
    for pair in ((chart(1), chart(scale)), (chart(scale), chart(1))):
        result = found(*pair)
        assert result.alike
        assert "how lines and letters fall on the pixels isn't counted" in " ".join(
            view_of(result).facts
        )


def test_a_bar_of_a_chart_drawn_at_another_size_is_found() -> None:
    (region,) = found(chart(1), chart(2, (130, 60, 158, 90))).regions
    assert region.box.x < 200 < region.box.x + region.box.width


def on_paper(*, stamped: bool = False) -> Picture:
    """A plan in thin lines on white."""
    canvas = np.full((420, 560, 3), 255, np.uint8)
    for step in range(9):
        cv2.rectangle(canvas, (30 + 50 * step, 40 + 30 * step), (150 + 40 * step, 120), (30,) * 3)
        cv2.putText(canvas, f"{step}47", (40 + 55 * step, 380), 0, 0.5, (30,) * 3, 1, cv2.LINE_AA)
    if stamped:
        cv2.circle(canvas, (420, 320), 22, (40, 60, 170), -1, cv2.LINE_AA)
    return canvas


def photographed(paper: Picture) -> Picture:
    """Too bright at the top, darker at the bottom, out of focus, a quarter of a pixel off."""
    height, width = paper.shape[:2]
    field = 1.15 - 0.45 * np.mgrid[:height, :width][0] / height
    lit = cv2.GaussianBlur(paper, (0, 0), 1.2) * field[..., None]
    moved = cv2.warpAffine(lit, np.array([[1, 0, 6.25], [0, 1, 4.25]]), (width, height),
                           borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
    return np.clip(np.rint(moved), 0, 255).astype(np.uint8)


def test_uneven_light_on_white_paper_out_of_focus_is_no_change() -> None:
    assert found(on_paper(), photographed(on_paper())).alike
    (stamp,) = found(on_paper(), photographed(on_paper(stamped=True))).regions
    assert stamp.box.x < 420 < stamp.box.x + stamp.box.width


def test_one_curve_for_all_shades_of_a_gray_photograph_is_light() -> None:
    before = photo("moon", 400, 400)
    after = before.copy()
    after[100:130, 200:240] = 255 - after[100:130, 200:240]
    lit = np.clip(np.rint(255 * 1.12 * (before / 255) ** 0.9), 0, 255).astype(np.uint8)
    changed = np.clip(np.rint(255 * 1.12 * (after / 255) ** 0.9), 0, 255).astype(np.uint8)
    assert found(before, lit).alike
    (region,) = found(before, changed).regions
    assert region.box.x < 220 < region.box.x + region.box.width


def framed(picture: Picture) -> Picture:
    return np.asarray(
        cv2.copyMakeBorder(picture, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=(255, 255, 255)),
        np.uint8,
    )


@pytest.mark.parametrize(
    ("kind", "ends"),
    [
        ("added", lambda picture: (picture, framed(picture))),
        ("removed", lambda picture: (framed(picture), picture)),
        ("removed", lambda picture: (picture, picture[40:])),
        ("added", lambda picture: (picture[40:], picture)),
    ],
    ids=["frame", "no frame any more", "less at the top", "more at the top"],
)
def test_what_only_one_copy_of_a_photograph_shows_is_a_change(
    kind: str, ends: Callable[[Picture], tuple[Picture, Picture]]
) -> None:
    before, after = (np.ascontiguousarray(p) for p in ends(PHOTOGRAPH))
    result = found(before, after)
    assert {region.kind for region in result.regions} == {kind}
    assert result.regions[0].box.y == 0 or len(result.regions) == 4
    if len(result.regions) == 4:
        assert found(before, after, ignore_framing=True).alike


def test_a_photograph_cut_out_of_another_one_shows_nothing_new() -> None:
    assert found(PHOTOGRAPH, PHOTOGRAPH[20:-30, 15:-25].copy()).alike


def test_paper_and_ink_as_a_scanner_sees_them_are_the_same_page() -> None:
    """Turned a little, white a light gray, black a dark one, and hardly any noise."""
    page = np.full((420, 560, 3), 255, np.uint8)
    for row in range(12):
        text = f"{row * 37 % 90 + 10} of {row} shipped within two days, paid in {row + 3}"
        cv2.putText(page, text, (30, 40 + 31 * row), 0, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D((280, 210), 0.3, 1)
    turned = cv2.warpAffine(page, turn, (560, 420), flags=cv2.INTER_CUBIC, borderValue=(255,) * 3)
    faded = 28 + turned * (198 / 255)
    scan = saved_as_jpeg(noisy(np.rint(faded).astype(np.uint8), 1), 75)
    assert found(page, scan).alike


def test_ink_that_is_nowhere_near_in_the_other_picture_is_not_too_faint() -> None:
    """A stroke of a digit that became another, in a drawing scanned askew; and one 2 px further."""
    paper = np.full((60, 60, 1), 230, np.float32)
    stroke, further = paper.copy(), paper.copy()
    stroke[26:34, 28:30] = further[26:34, 30:32] = 60
    place = Place(Box(26, 24, 8, 12), np.ones((12, 8), np.bool_))
    z, valid = np.full((60, 60), 10, np.float32), np.ones((60, 60), np.bool_)
    assert not too_faint(place, z, 8.5, valid, (paper, stroke))
    assert too_faint(place, z, 8.5, valid, (further, stroke))


def texture(seed: int, *, size: float, height: float, level: float) -> Picture:
    grain = np.random.default_rng(seed).normal(0, 1, (240, 360, 3))
    smooth = cv2.GaussianBlur(grain, (0, 0), size)
    return np.asarray(np.clip(level + height * smooth / smooth.std(), 0, 255), np.uint8)


def test_of_a_place_that_agrees_in_part_all_that_light_would_explain_has_changed() -> None:
    """A map, or another season: brought onto one grid by the little that both show."""
    before = image(texture(1, size=1, height=45, level=140))
    after = image(texture(2, size=2, height=27, level=60))
    pair = align(before, after, motion="none")
    agrees, in_part = (
        find_changes(replace(pair, alignment=Alignment("turned 2°", quality=q)), Settings())
        for q in (0.9, 0.4)
    )
    assert agrees.indistinct
    assert agrees.regions == ()
    assert not in_part.indistinct
    (whole,) = in_part.regions or ()
    assert whole.area > 0.9 * pair.valid.size
    assert in_part.score == agrees.score
    assert in_part.explained == ()
