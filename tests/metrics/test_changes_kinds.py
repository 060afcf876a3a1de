"""What `changes` calls what happened, in graphics, text and photographs, and swapped."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from imgdiff import Settings, compare
from tests.pictures import Picture, drawing, image, noisy, photo, saved_as_jpeg

COFFEE = photo("coffee", 300, 400)
PLAN = drawing(300, 400)

SWAPPED = {"added": "removed", "removed": "added"}


def paper() -> Picture:
    return np.full((200, 320, 3), 252, np.uint8)


def page() -> Picture:
    """Six lines of words under a flat header."""
    canvas = paper()
    canvas[:36] = (40, 90, 160)
    for row in range(6):
        words = ("Terms of sale apply", "Orders ship in two days")[row % 2]
        cv2.putText(canvas, words, (16, 62 + 24 * row), 0, 0.5, (30, 30, 34), 1, cv2.LINE_AA)
    return canvas


def with_disc(picture: Picture, colour: tuple[int, int, int] = (200, 60, 40)) -> Picture:
    return np.asarray(cv2.circle(picture.copy(), (200, 18), 11, colour, -1, cv2.LINE_AA), np.uint8)


def with_words(picture: Picture, words: str) -> Picture:
    after = picture.copy()
    cv2.putText(after, words, (120, 60), 0, 0.7, (250, 250, 250), 1, cv2.LINE_AA)
    return after


def with_arrow(picture: Picture) -> Picture:
    ends = (60, 40), (200, 150)
    return np.asarray(
        cv2.arrowedLine(picture.copy(), *ends, (20, 20, 20), 2, cv2.LINE_AA), np.uint8
    )


def with_cross(picture: Picture, at: tuple[int, int]) -> Picture:
    """As a letter X."""
    x, y = at
    after = picture.copy()
    for slope in (-1, 1):
        ends = (x - 8, y - 8 * slope), (x + 8, y + 8 * slope)
        cv2.line(after, *ends, (20, 60, 30), 3, cv2.LINE_AA)
    return after


def with_line(picture: Picture, start: tuple[int, int], end: tuple[int, int]) -> Picture:
    return np.asarray(cv2.line(picture.copy(), start, end, (30, 30, 34), 1), np.uint8)


def without_a_line(picture: Picture) -> Picture:
    after = picture.copy()
    after[94:118] = 252
    return after


def with_umbrella(picture: Picture, colour: tuple[int, int, int]) -> Picture:
    """A half disc with ribs, shaded."""
    after = picture.copy()
    cv2.ellipse(after, (150, 150), (60, 45), 0, 180, 360, colour, -1, cv2.LINE_AA)
    for end in (100, 125, 175, 200):
        rib = tuple(int(0.6 * part) for part in colour)
        cv2.line(after, (150, 108), (end, 150), rib, 2, cv2.LINE_AA)
    return after


def lit_there(picture: Picture) -> Picture:
    after = picture.astype(np.int16)
    after[100:140, 200:250] += 25
    return np.clip(after, 0, 255).astype(np.uint8)


def tinted_there(picture: Picture) -> Picture:
    """Another colour of the same luma: .299 · 42 − .587 · 30 + .114 · 44 = 0."""
    after = picture.astype(np.int16)
    after[100:140, 200:250] += np.array([42, -30, 44], np.int16)
    return np.clip(after, 0, 255).astype(np.uint8)


def plan(radius: int) -> Picture:
    """A hole in a drawing, with its centre lines."""
    canvas = np.full((200, 300, 3), 255, np.uint8)
    cv2.circle(canvas, (150, 100), radius, (0, 0, 0), 1)
    for start, end in (((150, 40), (150, 160)), ((90, 100), (210, 100))):
        cv2.line(canvas, start, end, (0, 0, 0), 1)
    return canvas


MUTED = np.asarray(80 + COFFEE * 0.3, np.uint8)
BRICK = photo("brick", 300, 400)

HAPPENED: dict[str, tuple[Picture, Picture, str]] = {
    "disc on a header": (page(), with_disc(page()), "added"),
    "disc on a photograph": (COFFEE, with_disc(COFFEE, (30, 90, 200)), "added"),
    "disc on bricks": (BRICK, with_disc(BRICK), "added"),
    "words on a photograph": (COFFEE, with_words(COFFEE, "sold out"), "added"),
    "arrow on paper": (paper(), with_arrow(paper()), "added"),
    "underline": (page(), with_line(page(), (20, 68), (150, 68)), "added"),
    "text cursor": (page(), with_line(page(), (220, 76), (220, 92)), "added"),
    "line of text": (page(), without_a_line(page()), "removed"),
    "umbrella": (
        with_umbrella(COFFEE, (200, 40, 40)), with_umbrella(COFFEE, (40, 80, 200)), "recoloured"
    ),
    "disc in another colour": (
        with_disc(page()), with_disc(page(), (240, 200, 40)), "recoloured"
    ),
    "same luma": (MUTED, tinted_there(MUTED), "recoloured"),
    "lighter patch": (COFFEE, lit_there(COFFEE), "brightness"),
    "larger hole": (plan(30), plan(33), "changed"),
    "other words": (with_words(COFFEE, "sold out"), with_words(COFFEE, "in stock"), "text"),
}  # fmt: skip

happened = pytest.mark.parametrize(("before", "after", "kind"), HAPPENED.values(), ids=HAPPENED)


def kind_between(before: Picture, after: Picture) -> str:
    """Of the largest place."""
    return compare(image(before), image(after), Settings(align="none")).regions[0].kind


@happened
def test_what_happened_is_called_by_its_name(before: Picture, after: Picture, kind: str) -> None:
    assert kind_between(before, after) == kind


@happened
def test_the_other_way_round_what_came_has_gone(before: Picture, after: Picture, kind: str) -> None:
    assert kind_between(after, before) == SWAPPED.get(kind, kind)


@pytest.mark.parametrize("saved", [saved_as_jpeg, lambda picture: noisy(picture, 3)])
@pytest.mark.parametrize("name", ["disc on a header", "arrow on paper", "umbrella"])
def test_compression_and_noise_change_no_name(
    name: str, saved: Callable[[Picture], Picture]
) -> None:
    before, after, kind = HAPPENED[name]
    assert kind_between(before, saved(after)) == kind


def test_a_cross_that_moved_is_no_letter_drawn_anew() -> None:
    plan = np.full((480, 640, 3), 255, np.uint8)
    cv2.rectangle(plan, (20, 200), (300, 300), (30, 30, 30), 2)
    before, after = (with_cross(plan, at) for at in ((190, 100), (526, 360)))
    regions = compare(image(before), image(after)).regions
    assert [region.kind for region in regions] == ["moved", "moved"]
    assert {region.move and (region.move.dx, region.move.dy) for region in regions} == {(336, 260)}


def test_a_colour_alone_is_no_change_in_gray() -> None:
    assert compare(image(MUTED), image(tinted_there(MUTED)), Settings(grayscale=True)).regions == ()


@pytest.mark.parametrize("ink", [20, 90])
def test_a_letter_that_became_another_is_text_where_its_line_goes_on(ink: int) -> None:
    pages = []
    for total in ("Total 268.50 due", "Total 264.50 due"):
        page = np.full((120, 260, 3), 250, np.uint8)
        cv2.putText(page, total, (20, 64), 0, 0.7, (ink,) * 3, 1, cv2.LINE_AA)
        pages.append(page)
    for before, after in (pages, pages[::-1]):
        result = compare(image(before), image(after), Settings(align="none", read="nothing"))
        assert {region.kind for region in result.regions} == {"text"}
