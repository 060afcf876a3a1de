"""What `changes` makes of drawings that were compressed: other inks and papers are no light."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image

from imgdiff import Comparison, Settings, compare, view_of
from tests.pictures import Picture, image, photo, saved_as_jpeg

Colour = tuple[int, int, int]

INK, PAPER, BLUE, RED = (30, 30, 36), (250, 248, 240), (40, 90, 200), (200, 50, 50)


def found(before: Picture, after: Picture) -> Comparison:
    return compare(image(before), image(after), Settings(align="none"))


def letter(ink: Colour = INK, paper: Colour = PAPER, *, size: float = 0.6) -> Picture:
    canvas = np.full((240, 400, 3), paper, np.uint8)
    for row in range(6):
        text = f"Line {row + 1} of the letter"
        cv2.putText(canvas, text, (24, 40 + 32 * row), 0, size, ink, 1, cv2.LINE_AA)
    return canvas


def menu(ink: Colour) -> Picture:
    """An icon of three bars, 32 px."""
    canvas = np.full((32, 32, 3), 255, np.uint8)
    for y in (8, 15, 22):
        cv2.rectangle(canvas, (5, y), (26, y + 2), ink, -1)
    return canvas


def dot(ground: Colour) -> Picture:
    canvas = np.full((48, 48, 3), ground, np.uint8)
    cv2.circle(canvas, (24, 24), 12, INK, -1, cv2.LINE_AA)
    return canvas


def as_webp(picture: Picture, quality: int) -> Picture:
    _, data = cv2.imencode(".webp", picture[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


REDRAWN = {
    "ink": (letter(), letter(ink=(90, 90, 96))),
    "coloured ink": (letter(), letter(ink=RED)),
    "ink as dark, and blue": (letter((0, 0, 0), size=0.4), letter((0, 0, 160), size=0.4)),
    "paper": (letter(), letter(paper=(236, 234, 226))),
    "bars of an icon": (menu(INK), menu(BLUE)),
    "ground of an icon": (dot((255, 255, 255)), dot((229, 229, 229))),
}


@pytest.mark.parametrize("name", REDRAWN)
@pytest.mark.parametrize("quality", [60, 90])
def test_a_compressed_drawing_in_other_colours_is_never_the_same(name: str, quality: int) -> None:
    before, after = (saved_as_jpeg(picture, quality) for picture in REDRAWN[name])
    for result in (found(before, after), found(after, before)):
        assert result.regions
        assert "same" not in view_of(result).headline
        assert "light" not in {known.cause for known in result.explained}


@pytest.mark.parametrize("name", REDRAWN)
def test_compression_alone_recolours_nothing(name: str) -> None:
    drawing = REDRAWN[name][0]
    for saved in (saved_as_jpeg(drawing, 50), as_webp(drawing, 60)):
        assert found(drawing, saved).alike


def board(*, panel: int = 0, hairlines: bool = True) -> Picture:
    """Numbers and bars on a dark ground; beside them faint hairlines on a lighter panel."""
    canvas = np.full((320, 480, 3), (20, 26, 34), np.uint8)
    canvas[:, 240:] += np.uint8(panel)
    for row in range(4):
        text = f"Total {row + 1}: {17 * row + 12},204"
        cv2.putText(canvas, text, (16, 40 + 70 * row), 0, 0.6, (200, 205, 215), 1, cv2.LINE_AA)
        cv2.rectangle(canvas, (16, 50 + 70 * row), (80 + 30 * row, 62 + 70 * row), BLUE, -1)
        if hairlines:
            canvas[40 + 70 * row : 42 + 70 * row, 250:470] += 8
    return canvas


@pytest.mark.parametrize(("after", "places"), [(board(hairlines=False), 4), (board(panel=2), 1)])
def test_what_is_faint_is_found_where_compression_leaves_nothing(
    after: Picture, places: int
) -> None:
    before, later = (saved_as_jpeg(picture, 80) for picture in (board(), after))
    assert len(found(before, later).regions) == places
    assert found(before, saved_as_jpeg(before, 80)).alike


def turned(picture: Picture, degrees: int) -> Picture:
    hsv = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(int) + degrees // 2) % 180
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.uint8)


def indexed(picture: Picture) -> Picture:
    """In a palette of 64 colours."""
    return np.asarray(Image.fromarray(picture).quantize(64).convert("RGB"))


def test_a_palette_changes_nothing_in_a_photograph() -> None:
    cat = photo("chelsea", 300, 451)
    assert found(cat, indexed(cat)).alike
    changed = cat.copy()
    cv2.circle(changed, (300, 80), 24, (60, 70, 160), -1)
    (region,) = found(cat, indexed(changed)).regions
    assert region.box.x < 300 < region.box.x + region.box.width


def test_soft_shadows_that_went_from_a_drawing_are_no_noise() -> None:
    plain = np.full((240, 320, 3), (17, 18, 20), np.uint8)
    for y in (30, 130):
        cv2.rectangle(plain, (30, y), (290, y + 60), (30, 31, 35), -1)
        cv2.putText(plain, "Total 12.50", (50, y + 36), 0, 0.6, (230, 230, 230), 1, cv2.LINE_AA)
    shade = np.zeros(plain.shape[:2], np.float32)
    for y in (30, 130):
        cv2.rectangle(shade, (30, y + 4), (290, y + 66), 0.4, -1)
    shade = cv2.GaussianBlur(shade, (0, 0), 5)
    ground = (plain == (17, 18, 20)).all(axis=2)
    lit = np.where(ground[..., None], np.rint(plain * (1 - shade[..., None])), plain)
    shadowed = lit.astype(np.uint8)
    assert found(plain, shadowed).regions


COFFEE = photo("coffee", 240, 360)


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (np.ascontiguousarray(COFFEE[..., ::-1]), "red and blue are swapped"),
        (np.ascontiguousarray(COFFEE[..., [1, 0, 2]]), "red and green are swapped"),
        (255 - COFFEE, "one picture is a negative of the other"),
        (turned(COFFEE, 40), "hues are turned by about 40°"),
    ],
)
def test_colours_turned_all_over_are_one_change_and_no_light(after: Picture, told: str) -> None:
    for result in (found(COFFEE, after), found(after, COFFEE)):
        view = view_of(result)
        assert [region.kind for region in result.regions] == ["recoloured"]
        assert view.headline == "Most of the picture changed."
        assert any(told in fact for fact in view.facts)


@pytest.mark.parametrize("gains", [(1.15, 1.0, 0.8), (0.85, 1.0, 1.15), (0.6, 0.6, 0.6)])
def test_a_warmer_or_darker_photograph_is_the_same(gains: tuple[float, float, float]) -> None:
    lit = np.clip(np.rint(COFFEE * np.array(gains)), 0, 255).astype(np.uint8)
    assert found(COFFEE, lit).alike


def test_a_copy_in_dots_of_black_and_white_is_not_called_the_same() -> None:
    dots = np.asarray(Image.fromarray(COFFEE).convert("1").convert("RGB"))
    result = found(COFFEE, dots)
    assert not result.alike
    assert "same" not in view_of(result).headline
