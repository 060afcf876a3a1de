"""Pictures of one size that lie right: what differs in them has changed, and nothing was moved."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from imgdiff import align, load_image
from imgdiff.alignment.geometry import shift
from imgdiff.alignment.in_place import IN_PLACE, edges_in_place
from imgdiff.alignment.motion import Motion, _lies_right
from tests.motions import untouched
from tests.pictures import SAMPLES, Picture, image, photo


def badge(word: str) -> Picture:
    """A word on a coloured badge, as a repository shows its state."""
    picture = np.full((60, 240, 3), 255, np.uint8)
    cv2.rectangle(picture, (8, 10), (231, 49), (60, 90, 160), -1, cv2.LINE_AA)
    cv2.putText(picture, word, (20, 38), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (255, 255, 255), 2, 16)
    return picture


def cards(shadow: int) -> Picture:
    """Three cards with a few lines each, with or without a shadow round them."""
    picture = np.full((150, 420, 3), 250, np.uint8)
    for x in (20, 155, 290):
        if shadow:
            cv2.rectangle(picture, (x - 3, 24), (x + 115, 134), (190, 190, 190), -1)
            picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), shadow), np.uint8)
    for x in (20, 155, 290):
        cv2.rectangle(picture, (x, 20), (x + 110, 128), (255, 255, 255), -1)
        cv2.rectangle(picture, (x, 20), (x + 110, 128), (210, 210, 210), 1)
        for y in (45, 65, 85):
            cv2.line(picture, (x + 12, y), (x + 90 - y // 2, y), (70, 70, 70), 4)
    return picture


def code(seed: int) -> Picture:
    """Like a QR code: three finder marks, and cells at random."""
    cells = np.random.default_rng(seed).integers(0, 2, (29, 29))
    finder = np.ones((8, 8), int)
    finder[:7, :7] = 0
    finder[1:6, 1:6] = 1
    finder[2:5, 2:5] = 0
    cells[:8, :8], cells[:8, -8:], cells[-8:, :8] = finder, finder[:, ::-1], finder[::-1]
    framed = np.pad(np.kron(cells * 255, np.ones((8, 8))), 32, constant_values=255)
    return np.dstack([framed.astype(np.uint8)] * 3)


def arrow(side: int) -> Picture:
    picture = np.full((side, side, 3), 255, np.uint8)
    start, end = (side // 2, side * 7 // 8), (side // 2, side // 8)
    cv2.arrowedLine(picture, start, end, (0, 0, 0), max(1, side // 12), cv2.LINE_AA, tipLength=0.4)
    return picture


def upside_down(picture: Picture) -> Picture:
    return np.ascontiguousarray(picture[::-1])


def sticker(x: int, y: int, paper: int = 255) -> Picture:
    """One thing on a page."""
    picture = np.full((240, 360, 3), paper, np.uint8)
    cv2.rectangle(picture, (x, y), (x + 40, y + 28), (40, 120, 220), -1)
    return picture


def signature(height: float) -> Picture:
    """A line that goes up and down by so many px."""
    picture = np.full((170, 420, 3), 255, np.uint8)
    along = np.linspace(0, 1, 90)
    down = 85 + height * (np.sin(27 * along) + 0.7 * np.sin(51 * along + 1))
    line = np.stack([40 + 330 * along, down], 1)
    cv2.polylines(picture, [np.rint(line * 16).astype(np.int32)], False, (90, 30, 25), 2, 16, 4)
    return picture


CHANGES = {
    "one thing on a page": (sticker(60, 50), sticker(120, 90)),
    "one thing on black": (sticker(60, 50, 0), sticker(69, 55, 0)),
    "a signature forged": (signature(26), signature(31)),
    "a badge with another word": (badge("Deprecated"), badge("Supported")),
    "a badge with a longer word": (badge("Passing"), badge("Unavailable")),
    "cards with a shadow": (cards(0), cards(3)),
    "two codes": (code(1), code(2)),
    "a small arrow turned round": (arrow(24), upside_down(arrow(24))),
    "an arrow turned round": (arrow(120), upside_down(arrow(120))),
    "a large arrow turned round": (arrow(600), upside_down(arrow(600))),
    "an arrow to the side": (arrow(200), np.ascontiguousarray(np.rot90(arrow(200)))),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_in_place_is_not_moved(name: str) -> None:
    before, after = CHANGES[name]
    for one, other in ((before, after), (after, before)):
        assert untouched(align(image(one), image(other)))


def test_a_page_whose_edges_partly_agree_by_chance_is_turned_back_all_the_same() -> None:
    page = load_image(SAMPLES / "page_before.png").pixels
    pair = align(image(page), image(np.ascontiguousarray(page[:, ::-1])))
    assert pair.alignment.sentence == "mirrored left to right"


def test_a_photograph_moved_by_a_pixel_is_moved_back() -> None:
    whole = photo("coffee", 400, 600)
    pair = align(image(whole[:, 1:]), image(whole[:, :-1]))
    assert pair.alignment.sentence == "shifted by 1 px left"


@pytest.mark.parametrize("name", ["a page in dark", "a negative", "a noisy negative"])
def test_the_same_in_other_colours_belongs_together(name: str) -> None:
    page, coffee = load_image(SAMPLES / "page_before.png").pixels, photo("coffee", 400, 600)
    before = page if name == "a page in dark" else coffee
    after = 255 - before
    if name == "a page in dark":
        after = np.asarray(30 + after * 0.8, np.uint8)
        after[100:200, 100:300] = 30
    elif name == "a noisy negative":
        noise = np.random.default_rng(0).normal(0, 4, before.shape)
        after = np.clip(after + noise, 0, 255).astype(np.uint8)
    for one, other in ((before, after), (after, before)):
        pair = align(image(one), image(other))
        assert pair.related
        assert untouched(pair)


@pytest.mark.parametrize("factor", [2, 1.5])
def test_one_drawing_at_two_resolutions_is_only_resized(factor: float) -> None:
    before = code(1)
    size = round(before.shape[1] * factor), round(before.shape[0] * factor)
    after = np.asarray(cv2.resize(before, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    assert align(image(before), image(after)).alignment.sentence == f"reduced {factor:g}×"


def test_a_far_motion_is_believed_only_if_it_brings_edges_into_place() -> None:
    before = code(1)[..., 0] // 2
    after = before + 30
    after[84:] = code(2)[84:, :, 0] // 2 + 30
    here = edges_in_place(before, after)
    assert IN_PLACE.some_edges < here.common < IN_PLACE.same_edges
    assert here.kept < IN_PLACE.kept
    assert _lies_right(before, after, Motion(shift(6, 0)))
    moved = np.roll(after, -6, axis=1)
    assert not _lies_right(before, moved, Motion(shift(6, 0)))
