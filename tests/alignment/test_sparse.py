"""Small and sparse pictures: what changed in them is no motion, what was resized is just that."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from imgdiff import align, compare
from imgdiff.alignment.registration import Registration
from imgdiff.alignment.search import _Search
from imgdiff.alignment.sight import Sight
from tests.pictures import Picture, image, photo


def qr_code(text: str) -> Picture:
    modules = np.asarray(cv2.QRCodeEncoder.create().encode(text), np.uint8)
    framed = cv2.copyMakeBorder(modules, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=255)
    large = cv2.resize(framed, None, fx=6, fy=6, interpolation=cv2.INTER_NEAREST)
    return np.dstack([np.asarray(large, np.uint8)] * 3)


def badge(text: str) -> Picture:
    picture = np.full((28, 120, 3), 85, np.uint8)
    picture[:, 60:] = (60, 160, 70)
    for x, word in ((6, "state"), (64, text)):
        cv2.putText(picture, word, (x, 18), 0, 0.4, (255, 255, 255), 1, cv2.LINE_AA)
    return picture


def die(*dots: tuple[int, int]) -> Picture:
    picture = np.full((96, 96, 3), 255, np.uint8)
    cv2.rectangle(picture, (6, 6), (90, 90), (0, 0, 0), 3)
    for x, y in dots:
        cv2.circle(picture, (x, y), 8, (0, 0, 0), -1, cv2.LINE_AA)
    return picture


def page() -> Picture:
    picture = np.full((300, 400, 3), 255, np.uint8)
    for line in range(10):
        text = f"Line {line} of a page that is here"
        cv2.putText(picture, text, (20, 30 + 26 * line), 0, 0.5, (20, 20, 20), 1, cv2.LINE_AA)
    return picture


SIX = die(*((x, y) for x in (26, 70) for y in (20, 48, 76)))
PAIRS = {
    "a QR code": (
        qr_code("WIFI:S:home;P:12345678;;"),
        qr_code("WIFI:S:work;P:87654321;;"),
    ),
    "a badge": (badge("Active"), badge("Paused")),
    "a version": (badge("passing"), badge("failing")),
    "a turned die": (SIX, np.rot90(SIX)),
    "a mirrored die": (die((26, 26), (70, 70)), die((70, 26), (26, 70))),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_what_is_drawn_otherwise_was_not_moved(pair: str) -> None:
    before, after = PAIRS[pair]
    found = align(image(before), image(np.ascontiguousarray(after)))
    assert found.related
    assert found.alignment.motions == ()
    assert found.alignment.blocks == ()


@pytest.mark.parametrize("scale", [2, 1.5, 0.5, 1 / 3, 4 / 3, 0.75])
@pytest.mark.parametrize("kind", ["page", "die", "photo"])
def test_simple_multiples_are_plain_rescaling(kind: str, scale: float) -> None:
    """Lines of a page look alike: at 1.5 times the size, two lines lower did better."""
    before = {"page": page(), "die": SIX, "photo": photo("astronaut", 396, 480)}[kind]
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    after = np.asarray(cv2.resize(before, None, fx=scale, fy=scale, interpolation=how), np.uint8)
    pair = align(image(before), image(after))
    assert pair.related
    assert pair.alignment.motions == ("scale",)


def test_a_crop_of_another_size_is_no_plain_rescaling() -> None:
    before = photo("astronaut", 400, 480)
    part = np.ascontiguousarray(before[40:340, 60:420])
    after = np.asarray(cv2.resize(part, (240, 200), interpolation=cv2.INTER_AREA), np.uint8)
    found = align(image(before), image(after))
    assert "scale" in found.alignment.motions
    np.testing.assert_allclose(found.transform[:2, 2], [60.25, 40.25], atol=0.5)


def test_a_photograph_and_a_symbol_of_one_size_are_not_related() -> None:
    photograph = photo("astronaut", 440, 440)
    symbol = np.full((440, 440, 3), 255, np.uint8)
    cv2.line(symbol, (60, 380), (380, 60), (0, 0, 0), 20)
    assert not compare(image(photograph), image(symbol)).pair.related


def test_a_sprite_lies_on_no_drawing_by_a_motion_that_fits_in_part() -> None:
    """One of 83 × 73 px came to lie on a drawing of another size, seen at an angle: quality .47."""
    rng = np.random.default_rng(0)
    sprite, drawing = (rng.integers(0, 255, shape, np.uint8) for shape in ((73, 83), (389, 546)))
    search = _Search(Sight(drawing, sprite, "homography"))
    assert not search.vouched(Registration(np.eye(3), 0.47))
    assert search.vouched(Registration(np.eye(3), 0.7))
    assert search.vouched(Registration(np.eye(3), 0.47, proved=True))


@pytest.mark.parametrize("swap", [False, True])
def test_a_part_of_a_letter_shows_nothing_of_a_photograph(swap: bool) -> None:
    """Of other sizes: of one size, as before a page has loaded, what is there came in."""
    letter = np.full((88, 80, 3), 255, np.uint8)
    letter[60:, 64:] = 20
    whole = photo("coffee", 300, 400)
    pictures = (whole, letter) if swap else (letter, whole)
    assert not align(*map(image, pictures)).related
    loading = np.full_like(whole, 255)
    assert align(image(loading), image(whole)).related


@pytest.mark.parametrize("seed", range(6))
def test_an_icon_that_was_mirrored_has_changed_where_it_is(seed: int) -> None:
    rng = np.random.default_rng(seed)
    icon = np.full((48, 48, 3), 245, np.uint8)
    for x, y in rng.integers(8, 40, (4, 2)).tolist():
        cv2.circle(icon, (x, y), int(rng.integers(2, 10)), rng.integers(0, 200, 3).tolist(), -1, 16)
    cv2.line(icon, (8, 10), (24, 38), (30, 30, 30), 2, cv2.LINE_AA)
    pair = align(image(icon), image(np.ascontiguousarray(icon[:, ::-1])))
    np.testing.assert_array_equal(pair.transform, np.eye(3))
