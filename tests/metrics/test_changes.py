"""The method `changes`: what it must not see, what it must see, and what it says about it."""

from __future__ import annotations

import re
from collections.abc import Callable

import cv2
import numpy as np
import pytest

from imgdiff import Box, Comparison, Region, Settings, SettingsError, compare, view_of
from imgdiff.metrics.changes.light.exposure import match_tone
from tests.pictures import Picture, drawing, image, noisy, photo, saved_as_jpeg

COFFEE = photo("coffee", 300, 400)
PLAN = drawing(300, 400)


def found(before: Picture, after: Picture, **params: float) -> Comparison:
    return compare(image(before), image(after), Settings(params=params))


def lit(picture: Picture) -> Picture:
    gradient = np.linspace(0.8, 1.05, picture.shape[1])[None, :, None]
    return np.clip(np.rint(picture * gradient), 0, 255).astype(np.uint8)


def exposed(picture: Picture) -> Picture:
    return np.rint(255 * (picture / 255) ** 1.2 * [0.9, 0.85, 0.88]).astype(np.uint8)


def blurred(picture: Picture) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.2), np.uint8)


NUISANCES = [
    saved_as_jpeg,
    lit,
    exposed,
    blurred,
    lambda p: noisy(p, 6),
    lambda p: saved_as_jpeg(noisy(lit(p), 3)),
]
NAMES = ["jpeg", "light", "exposure", "blur", "noise", "several"]
under = pytest.mark.parametrize("nuisance", NUISANCES, ids=NAMES)


def with_ball(picture: Picture) -> Picture:
    copy = picture.copy()
    cv2.circle(copy, (150, 120), 18, (30, 90, 200), -1, cv2.LINE_AA)
    return copy


def only(regions: tuple[Region, ...]) -> Region:
    assert len(regions) == 1
    return regions[0]


@under
@pytest.mark.parametrize("base", [COFFEE, PLAN], ids=["photo", "drawing"])
def test_what_is_no_change_gives_no_region(base: Picture, nuisance: Callable[..., Picture]) -> None:
    assert found(base, nuisance(base)).regions == ()


@under
def test_a_change_is_found_through_it_all(nuisance: Callable[..., Picture]) -> None:
    region = only(found(COFFEE, nuisance(with_ball(COFFEE))).regions)
    assert region.box.x == pytest.approx(132, abs=5)
    assert region.box.width == pytest.approx(37, abs=9)
    assert region.area == pytest.approx(np.pi * 18**2, rel=0.2)
    assert region.confidence is not None
    assert region.confidence > 0.9


def test_more_noise_adds_no_region() -> None:
    after = with_ball(COFFEE)
    counts = [len(found(COFFEE, noisy(after, sigma)).regions) for sigma in (0, 2, 5, 10, 20)]
    assert counts == sorted(counts, reverse=True)
    assert counts[:4] == [1, 1, 1, 1]


def test_both_ends_of_a_move_tell_of_each_other() -> None:
    before, after = with_ball(COFFEE), COFFEE.copy()
    after[162:199, 282:319] = COFFEE[162:199, 282:319]
    cv2.circle(after, (300, 180), 18, (30, 90, 200), -1, cv2.LINE_AA)
    regions = found(before, after).regions
    assert [region.kind for region in regions] == ["moved", "moved"]
    by_end = {region.move.end: region for region in regions if region.move}
    assert set(by_end) == {"from", "to"}
    for region in by_end.values():
        assert region.move is not None
        assert (region.move.dx, region.move.dy) == (150, 60)
    assert by_end["from"].move is not None
    assert by_end["from"].move.partner == by_end["to"].box
    view = view_of(found(before, after))
    assert view.headline == "1 place changed."


def test_tiny_and_faint_changes_of_exact_pictures_are_found() -> None:
    after = PLAN.copy()
    after[200:206, 300:306] = 255 - after[200:206, 300:306]
    assert only(found(PLAN, after).regions).box == Box(300, 200, 6, 6)
    faint = PLAN.copy()
    faint[20, 30:130] = np.clip(faint[20, 30:130].astype(int) - 5, 0, 255)
    assert found(PLAN, faint).regions


def test_a_tiny_change_of_a_large_picture_is_found() -> None:
    before = cv2.resize(COFFEE, (3200, 2400), interpolation=cv2.INTER_CUBIC)
    after = before.copy()
    after[1500:1506, 2000:2006] = (255, 0, 255)
    region = only(found(np.asarray(before), np.asarray(after)).regions)
    assert region.box == Box(2000, 1500, 6, 6)


def explained(comparison: Comparison) -> str:
    return " ".join(explanation.sentence for explanation in comparison.explained)


def test_what_was_explained_away_is_told_and_can_be_switched_off() -> None:
    told = explained(found(COFFEE, blurred(exposed(COFFEE))))
    assert re.search(r"The picture after is \d+ % darker: not counted as a change\.", told)
    assert "The picture after is blurrier, by 1.2 px: not counted as a change." in told
    noise = explained(found(COFFEE, noisy(COFFEE, 6)))
    within = re.search(r"nearly all is within ±(\d+) of 255 levels", noise)
    assert within is not None
    assert 10 <= int(within[1]) <= 13  # 99 % of luma: 2.6 σ of .7 × 6 levels
    assert not found(COFFEE, exposed(COFFEE), ignore_light=False).alike
    assert not found(COFFEE, noisy(COFFEE, 6), ignore_noise=False).alike
    unfocused = found(COFFEE, blurred(COFFEE), ignore_focus=False)
    assert "blurrier" not in explained(unfocused)


def test_sensitivity_finds_more_and_more() -> None:
    after = noisy(COFFEE, 3)
    for index, step in enumerate((4, 8, 16, 32, 90)):
        patch = after[40:60, 20 + 70 * index : 50 + 70 * index].astype(int) + step
        after[40:60, 20 + 70 * index : 50 + 70 * index] = np.clip(patch, 0, 255)
    counts = [len(found(COFFEE, after, sensitivity=step).regions) for step in range(1, 6)]
    assert counts == sorted(counts)
    assert counts[0] < counts[2] < counts[4]


def test_most_of_a_picture_is_one_change() -> None:
    rng = np.random.default_rng(3)
    after = COFFEE.copy()
    after[:, 60:] = rng.integers(0, 256, after[:, 60:].shape)
    result = found(COFFEE, after)
    assert len(result.regions) == 1
    assert view_of(result).headline == "Most of the picture changed."


def test_what_may_be_noise_or_change_is_called_neither() -> None:
    rng = np.random.default_rng(4)
    noise = rng.integers(0, 256, (2, 120, 160, 3)).astype(np.uint8)
    result = compare(image(noise[0]), image(noise[1]), Settings(align="none"))
    assert not result.alike
    view = view_of(result)
    assert view.headline.startswith("The pictures differ all over, by up to ±")
    assert "choose the method absdiff" in " ".join(view.facts)
    assert "is ignored" not in " ".join(view.facts)


@pytest.mark.parametrize("level", [0, 255])
def test_black_and_white_pictures_are_no_trouble(level: int) -> None:
    blank = np.full((120, 160, 3), level, np.uint8)
    assert found(blank, blank).alike
    marked = blank.copy()
    marked[50:60, 50:80] = 255 - level
    assert only(found(blank, marked).regions).box == Box(50, 50, 30, 10)


def test_two_levels_are_no_trouble() -> None:
    rng = np.random.default_rng(5)
    coarse = rng.integers(0, 2, (30, 40)).astype(np.uint8) * 255
    before = np.kron(coarse, np.ones((8, 8), np.uint8))
    before = np.dstack([before] * 3)
    after = before.copy()
    after[80:96, 160:184] = 255 - after[80:96, 160:184]
    region = only(found(before, after).regions)
    assert region.box == Box(160, 80, 24, 16)


@pytest.mark.parametrize("size", [(1, 90), (6, 6), (9, 300)])
def test_the_smallest_pictures_are_compared(size: tuple[int, int]) -> None:
    before = drawing(*size)
    after = 255 - before
    assert found(before, before).alike
    assert not found(before, after).alike


def test_transparency_of_white_is_seen_though_it_looks_the_same() -> None:
    white = np.full((120, 160, 3), 255, np.uint8)
    alpha = np.full((120, 160), 255, np.uint8)
    alpha[40:60, 50:90] = 0
    result = compare(image(white), image(white, alpha))
    assert only(result.regions).box == Box(50, 40, 40, 20)


def test_swapping_the_pictures_finds_the_same_places() -> None:
    after = saved_as_jpeg(with_ball(COFFEE))
    forth, back = found(COFFEE, after), found(after, COFFEE)
    assert only(forth.regions).box.x == pytest.approx(only(back.regions).box.x, abs=2)


@pytest.mark.parametrize(
    ("params", "match"),
    [({"sensitivity": 6}, "between 1 and 5"), ({"colour": 1}, "has no option colour")],
)
def test_options_out_of_range_are_refused(params: dict[str, float], match: str) -> None:
    with pytest.raises(SettingsError, match=match):
        found(PLAN, PLAN, **params)


def test_light_is_not_taken_for_a_change_nor_a_change_for_light() -> None:
    """A third of the picture replaced doesn't bend the curve fitted to the rest."""
    after = exposed(COFFEE)
    after[:, :130] = 40
    everywhere = np.ones(COFFEE.shape[:2], np.bool_)
    tone = match_tone(COFFEE, after, everywhere, exact=True)
    rest = tone.apply(after)[:, 150:] - COFFEE[:, 150:].astype(np.float32)
    assert float(np.median(np.abs(rest))) < 1.5


def line_drawing() -> Picture:
    """Frames and labels of two grays on white paper."""
    paper = np.full((400, 520, 3), 255, np.uint8)
    rng = np.random.default_rng(4)
    for number in range(12):
        x, y = int(rng.integers(10, 400)), int(rng.integers(10, 320))
        cv2.rectangle(paper, (x, y), (x + 90, y + 60), (30, 30, 30), 2)
        cv2.putText(
            paper, str(100 + number), (x + 6, y + 20), 0, 0.45, (70, 70, 70), 1, cv2.LINE_AA
        )
    return paper


def test_a_drawing_made_brighter_until_paper_is_clipped_didnt_change() -> None:
    """Smoothed first, clipped white is mixed into the strokes, and bends the curve."""
    before = line_drawing()
    after = np.clip(np.rint(before * 1.25 + 8), 0, 255).astype(np.uint8)
    assert found(before, after).regions == ()


def test_a_drawing_shifted_by_parts_of_a_pixel_didnt_change() -> None:
    before = line_drawing()
    shift = np.array([[1, 0, 0.6], [0, 1, 0.75]])
    after = cv2.warpAffine(
        before, shift, before.shape[1::-1], flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101
    )
    result = found(before, np.asarray(after, np.uint8))
    assert result.pair.alignment.interpolated
    assert result.regions == ()


def test_a_small_place_is_drawn_without_its_halo() -> None:
    after = COFFEE.copy()
    after[200:206, 60:66] = 255 - after[200:206, 60:66]
    box = only(found(COFFEE, saved_as_jpeg(after)).regions).box
    assert max(box.width, box.height) <= 12  # 6, and 2 of air, and 1 of blur at each side


def test_what_jpeg_makes_of_a_change_around_it_is_none() -> None:
    after = with_ball(COFFEE)
    rows, columns = slice(88, 160), slice(116, 192)  # a few whole blocks of 8 px more
    after[rows, columns] = saved_as_jpeg(after, 30)[rows, columns]
    assert only(found(COFFEE, after).regions).box.width < 50


def test_light_that_is_the_same_here_raises_no_doubt_here() -> None:
    """A dark place keeps its level where a gain lightens the rest: faint, but seen."""
    before = COFFEE.copy()
    before[20:120, 20:160] = 12 + before[20:120, 20:160] // 16
    after = np.clip(np.rint(before * 1.2), 0, 255).astype(np.uint8)
    after[50:80, 60:100] += 14
    assert only(found(before, noisy(after, 1.5)).regions).box.x == pytest.approx(60, abs=6)
