"""What `changes` makes of graphics: no noise, light or focus explains what is drawn otherwise."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from imgdiff import Comparison, Settings, compare, view_of
from tests.pictures import Picture, image, noisy, photo, saved_as_jpeg

WHITE, INK, RED, GREEN = (255, 255, 255), (34, 34, 34), (198, 40, 40), (46, 125, 50)
Colour = tuple[int, int, int]


def found(before: Picture, after: Picture) -> Comparison:
    return compare(image(before), image(after), Settings(align="none"))


def page(ink: Colour = INK, paper: Colour = WHITE, word: str = "order") -> Picture:
    canvas = np.full((180, 300, 3), paper, np.uint8)
    for row, text in enumerate(("Terms of sale", f"Your {word} is", "shipped within", "two days")):
        cv2.putText(canvas, text, (16, 40 + 40 * row), 0, 0.8, ink, 2, cv2.LINE_AA)
    return canvas


def ramp(first: int, last: int) -> Picture:
    levels = np.rint(np.linspace(first, last, 300)).astype(np.uint8)
    return np.dstack([np.tile(levels, (180, 1))] * 3)


def badge(fill: Colour, word: str = "Deprecated") -> Picture:
    canvas = np.full((60, 240, 3), 255, np.uint8)
    cv2.rectangle(canvas, (10, 10), (229, 49), fill, -1)
    cv2.putText(canvas, word, (50, 38), 0, 0.7, WHITE, 1, cv2.LINE_AA)
    return canvas


def icon(*strokes: tuple[int, int, int, int]) -> Picture:
    canvas = np.full((32, 32, 3), 255, np.uint8)
    cv2.circle(canvas, (16, 16), 14, (43, 88, 118), -1, cv2.LINE_AA)
    for x0, y0, x1, y1 in strokes:
        cv2.line(canvas, (x0, y0), (x1, y1), WHITE, 2, cv2.LINE_AA)
    return canvas


TICK, CROSS = (
    icon((9, 16, 14, 21), (14, 21, 23, 11)),
    icon((10, 10, 22, 22), (10, 22, 22, 10)),
)


def code(seed: int) -> Picture:
    """Something like a QR code."""
    cells = np.random.default_rng(seed).integers(0, 2, (25, 25)).astype(np.uint8) * 255
    return np.dstack([np.kron(cells, np.ones((6, 6), np.uint8))] * 3)


def signature(seed: int) -> Picture:
    rng = np.random.default_rng(seed)
    x = np.linspace(40, 380, 60)
    y = 90 + np.cumsum(rng.normal(0, 7, 60)).clip(-60, 60)
    canvas = np.full((180, 420, 3), 250, np.uint8)
    line = np.stack([x, y], 1).astype(np.int32)
    cv2.polylines(canvas, [line], False, (20, 20, 20), 2, cv2.LINE_AA)
    return canvas


CHANGED = {
    "badge": (badge(RED), badge(GREEN)),
    "word on a badge": (badge(RED), badge(RED, "Supported")),
    "ink": (page(INK), page((102, 102, 102))),
    "dark page": (page((230, 230, 230), (26, 26, 26)), page((230, 230, 230), (0, 0, 0))),
    "dark page, a little lighter": (
        page((230, 230, 230), (20, 20, 20)),
        page((230, 230, 230), (33, 33, 33)),
    ),
    "ink, a little lighter": (page((20, 20, 20)), page((40, 40, 40))),
    "tinted paper": (page(), page(paper=(255, 250, 235))),
    "gradient": (ramp(40, 220), ramp(10, 250)),
    "black to blue": (
        np.full((60, 60, 3), 0, np.uint8),
        np.full((60, 60, 3), (0, 0, 200), np.uint8),
    ),
    "icon": (TICK, CROSS),
    "code": (code(1), code(2)),
    "signature": (signature(1), signature(2)),
    "checker": (code(3), 255 - code(3)),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_graphic_drawn_otherwise_is_never_the_same(name: str) -> None:
    for before, after in (CHANGED[name], CHANGED[name][::-1]):
        result = found(before, after)
        assert not result.alike
        assert "same" not in view_of(result).headline


def test_a_replaced_word_in_a_noisy_scan_is_found_though_its_line_flows_on() -> None:
    before = noisy(page(), 1)
    after = noisy(page(word="never"), 1)
    assert found(before, after).regions


def test_a_button_three_pixels_lower_is_found() -> None:
    pages = []
    for top in (100, 103):
        canvas = page()
        cv2.rectangle(canvas, (200, top), (280, top + 30), RED, -1)
        pages.append(canvas)
    regions = found(*pages).regions
    assert regions
    assert all(region.box.x >= 190 for region in regions)


@pytest.mark.parametrize("gain", [0.8, 1.25])
def test_smoothed_edges_tell_light_from_other_inks(gain: float) -> None:
    """One ink on paper: a curve bends what lies between them, and another ink doesn't."""
    before = page((60, 60, 60), (235, 235, 235))
    exposed = 255 * gain * (before / 255) ** 1.15
    assert found(before, np.clip(np.rint(exposed), 0, 255).astype(np.uint8)).regions == ()


def test_a_theme_made_lighter_as_a_whole_is_light() -> None:
    """Many inks by one gain: as a screen that was photographed brighter."""
    canvas = page((30, 30, 30), (200, 200, 200))
    for number, colour in enumerate(((90, 40, 40), (40, 90, 140), (120, 150, 60), (160, 90, 150))):
        cv2.rectangle(canvas, (220, 8 + 40 * number), (290, 36 + 40 * number), colour, -1)
    lighter = np.clip(np.rint(canvas * 1.2), 0, 255).astype(np.uint8)
    assert found(canvas, lighter).regions == ()


def screen() -> Picture:
    """A page with a coloured button on it, whose colours JPEG halves the resolution of."""
    canvas = np.full((260, 420, 3), (246, 247, 249), np.uint8)
    for row in range(5):
        words = "We send a mail when someone replies"
        cv2.putText(canvas, words, (16, 36 + 32 * row), 0, 0.55, INK, 1, cv2.LINE_AA)
    cv2.rectangle(canvas, (20, 200), (180, 240), (33, 118, 210), -1)
    cv2.putText(canvas, "Save changes", (32, 226), 0, 0.6, WHITE, 1, cv2.LINE_AA)
    cv2.circle(canvas, (300, 220), 10, RED, -1, cv2.LINE_AA)
    return canvas


@pytest.mark.parametrize("quality", [40, 60, 90])
def test_a_screen_saved_as_jpeg_didnt_change_where_it_has_colours(quality: int) -> None:
    for before, after in (
        (screen(), saved_as_jpeg(screen(), quality)),
        (saved_as_jpeg(screen(), quality), screen()),
    ):
        assert found(before, after).regions == ()


@pytest.mark.parametrize("quality", [60, 90])
def test_a_dot_of_another_colour_is_found_in_a_screen_saved_as_jpeg(quality: int) -> None:
    after = screen()
    cv2.circle(after, (300, 220), 10, GREEN, -1, cv2.LINE_AA)
    (region,) = found(screen(), saved_as_jpeg(after, quality)).regions
    assert region.box.x == pytest.approx(290, abs=6)


def test_single_pixels_all_over_are_noise_though_most_are_equal_to_the_bit() -> None:
    before = photo("coffee", 300, 400)
    rng = np.random.default_rng(8)
    grain = np.where(rng.random((300, 400, 1)) < 0.17, rng.integers(-30, 31, (300, 400, 1)), 0)
    after = np.clip(before + grain, 0, 255).astype(np.uint8)
    assert found(before, after).regions == ()


def test_four_levels_of_a_dithered_gradient_are_found() -> None:
    gradient = np.linspace(60, 180, 300)[None, :, None] + np.zeros((200, 1, 3))
    lighter = gradient.copy()
    lighter[60:140, 100:200] += 4
    rng = np.random.default_rng(9)
    before, after = (
        np.rint(p + rng.uniform(-0.5, 0.5, (200, 300, 1))).astype(np.uint8)
        for p in (gradient, lighter)
    )
    (region,) = found(before, after).regions
    assert region.box.x == pytest.approx(100, abs=6)
    assert region.box.width == pytest.approx(100, abs=12)


def test_a_frame_around_a_page_is_no_change_of_all_of_it() -> None:
    after = page()
    cv2.rectangle(after, (6, 6), (293, 173), RED, 1)
    result = found(page(), after)
    assert view_of(result).headline == "1 place changed."
    assert np.count_nonzero(result.changed) < 2500


def window() -> Picture:
    """A page of an application: bars and buttons, whose edges lie across and down."""
    canvas = np.full((240, 320, 3), (246, 247, 249), np.uint8)
    cv2.rectangle(canvas, (0, 0), (319, 30), (33, 96, 180), -1)
    for row in range(4):
        top = 46 + 48 * row
        cv2.rectangle(canvas, (12, top), (307, top + 38), WHITE, -1)
        cv2.rectangle(canvas, (24, top + 8), (70, top + 30), RED if row % 2 else GREEN, -1)
        cv2.putText(canvas, "Weekly report", (90, top + 25), 0, 0.5, INK, 1, cv2.LINE_AA)
    return canvas


@pytest.mark.parametrize("angle", [0, 45, 90])
def test_a_drawing_smeared_by_a_motion_of_the_camera_didnt_change(angle: float) -> None:
    line = np.zeros((13, 13), np.float32)
    step = 3 * np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))])
    first, last = (np.rint(6 + way * step).astype(int).tolist() for way in (-1, 1))
    cv2.line(line, first, last, 1.0)
    smeared = np.asarray(cv2.filter2D(window(), -1, line / line.sum()), np.uint8)
    result = found(window(), smeared)
    assert result.regions == ()
    assert "smeared" in " ".join(told.sentence for told in result.explained)


def chart() -> Picture:
    canvas = np.full((300, 480, 3), 255, np.uint8)
    for line in range(6):
        cv2.line(canvas, (30, 30 + 48 * line), (470, 30 + 48 * line), (222, 222, 222), 1)
    for bar, height in enumerate((180, 90, 140, 60, 210, 120, 80)):
        left = 50 + 60 * bar
        cv2.rectangle(canvas, (left, 270 - height), (left + 30, 270), (194, 72, 30), -1)
    return canvas


def test_a_drawing_saved_as_webp_is_no_drawing_recoloured() -> None:
    for quality in (70, 80, 85, 90):
        data = cv2.imencode(".webp", chart(), [cv2.IMWRITE_WEBP_QUALITY, quality])[1]
        saved = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
        assert found(chart(), saved).regions == ()


WORDS = (
    "account", "river", "window", "paper", "silver", "market", "engine", "summer", "garden",
    "bridge", "letter", "winter",
)  # fmt: skip


def letter(word: str, ink: Colour) -> Picture:
    canvas = np.full((420, 460, 3), (250, 252, 252), np.uint8)
    for row in range(16):
        line = [WORDS[(5 * row + column) % 12] for column in range(5)]
        line[1] = word if row == 9 else line[1]
        cv2.putText(canvas, " ".join(line), (20, 32 + 24 * row), 0, 0.5, ink, 1, cv2.LINE_AA)
    return canvas


@pytest.mark.parametrize(("ink", "quality"), [((28, 20, 215), 70), ((20, 20, 20), 50)])
def test_what_webp_makes_of_a_word_elsewhere_on_the_page_is_no_change(
    ink: Colour, quality: int
) -> None:
    way = [cv2.IMWRITE_WEBP_QUALITY, quality]
    before, after = (
        cv2.imdecode(cv2.imencode(".webp", letter(word, ink), way)[1], cv2.IMREAD_COLOR)
        for word in ("letter", "better")
    )
    result = found(np.asarray(before, np.uint8), np.asarray(after, np.uint8))
    assert (len(result.regions), len(result.faint)) == (1, 0)
