"""Pages that were laid out anew for a window of another width."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from imgdiff import align, compare, view_of
from tests.alignment.test_like_rows import words
from tests.pictures import Picture, image, photo


def card(page: Picture, x: int, y: int, name: str) -> None:
    cv2.rectangle(page, (x, y), (x + 179, y + 79), (200, 205, 220), 1)
    cv2.putText(page, name, (x + 12, y + 30), 0, 0.5, (40, 40, 60), 1, cv2.LINE_AA)


def page(width: int, *, wrapped: bool, left: int = 0, height: int = 600) -> Picture:
    """Three cards, of which the last goes below if it must, and lines of text below them."""
    rng = np.random.default_rng(5)
    drawn = np.full((height + 90 * wrapped, width, 3), 255, np.uint8)
    cv2.putText(drawn, "Orders this week", (left + 20, 40), 0, 0.8, (30, 30, 40), 2, cv2.LINE_AA)
    card(drawn, left + 20, 60, "Chair")
    card(drawn, left + 220, 60, "Desk")
    card(drawn, *((left + 20, 150) if wrapped else (left + 420, 60)), "Shelf")
    for line in range(16):
        y = 175 + 25 * line + 90 * wrapped
        cv2.putText(drawn, words(rng, 4), (left + 20, y), 0, 0.45, (40, 40, 60), 1, cv2.LINE_AA)
    return drawn


@pytest.mark.parametrize(
    ("sides", "beside"),
    [
        ((0, 0), [("removed", 240, 440)]),
        ((120, 0), [("removed", 120, 0), ("removed", 120, 560)]),
    ],
    ids=["at the left", "in the middle"],
)
def test_what_wraps_is_rows_and_what_is_lacking_beside_columns(
    sides: tuple[int, int], beside: list[tuple[str, int, int]]
) -> None:
    wide = page(680, wrapped=False, left=sides[0])
    narrow = page(440, wrapped=True, left=sides[1])
    result = compare(image(wide), image(narrow))
    rows, *columns = result.pair.alignment.blocks
    assert (rows.kind, rows.axis, rows.count) == ("added", "rows", 90)
    assert abs(rows.at - 150) <= 15  # the card's lower half is as good as empty
    assert [(one.kind, one.count, one.at) for one in columns] == beside
    below = [region for region in result.regions if not region.block and region.box.y > 150]
    assert not below  # the lines that moved on are the same
    facts = " ".join(view_of(result).facts)
    assert "90 rows inserted at y" in facts
    assert "240 columns removed" in facts
    back = align(image(narrow), image(wide)).alignment
    assert [(one.kind, one.count) for one in back.blocks] == [
        ("removed", 90),
        *(("added", count) for _, count, _ in beside),
    ]
    assert 0 < back.only_in_test < 1


def test_a_crop_and_a_photograph_have_no_other_layout() -> None:
    wide = page(680, wrapped=False)
    cropped = wide[40:560, :440]
    assert not align(image(wide), image(cropped)).alignment.blocks
    cat = photo("chelsea", 300, 450)
    assert not align(image(cat), image(cat[20:280, 30:400])).alignment.blocks


@pytest.mark.parametrize("swap", [False, True])
def test_of_two_columns_one_grows_and_the_page_with_it(swap: bool) -> None:
    rng = np.random.default_rng(8)
    sides = [np.full((620, 300), 255, np.uint8) for _ in range(2)]
    for side in sides:
        for y in range(30, 560, 25):
            cv2.putText(side, words(rng, 3), (20, y), 0, 0.45, 40, 1, cv2.LINE_AA)
    empty = np.full((25, 300), 255, np.uint8)
    more = empty.copy()
    cv2.putText(more, "put in", (20, 18), 0, 0.45, 40, 1, cv2.LINE_AA)
    left = np.concatenate([sides[0][:237], more, sides[0][237:]])
    pages = [np.hstack(sides), np.hstack([left, np.concatenate([sides[1], empty])])]
    before, after = (np.dstack([drawn] * 3) for drawn in (pages[::-1] if swap else pages))
    result = compare(image(before), image(after))
    (block,) = result.pair.alignment.blocks
    assert (block.kind, block.count) == ("removed" if swap else "added", 25)
    assert block.span is not None
    assert block.span[0] == 0
    assert [region.block for region in result.regions] == [block]


def in_window(rows: list[Picture], height: int = 440) -> Picture:
    """Rows of a page as a window shows them, with space below."""
    page = np.concatenate(rows)
    space = np.full((height - len(page), *page.shape[1:]), page[-1, -1], np.uint8)
    return np.concatenate([page, space])


def lines_of_code(count: int) -> list[Picture]:
    rng = np.random.default_rng(11)
    rows = []
    for _ in range(count):
        row = np.full((20, 500, 3), 32, np.uint8)
        cv2.putText(row, words(rng, 4), (60, 15), 0, 0.45, (210, 210, 205), 1, cv2.LINE_AA)
        rows.append(row)
    return rows


@pytest.mark.parametrize("swap", [False, True])
def test_space_that_falls_off_the_end_of_a_window_is_no_change(swap: bool) -> None:
    rows = lines_of_code(18)
    pair = [in_window(rows[:7] + rows[8:]), in_window(rows)]
    before, after = pair[::-1] if swap else pair
    (region,) = compare(image(before), image(after)).regions
    assert region.block is not None
    assert (region.block.count, abs(region.block.at - 140) <= 5) == (20, True)


@pytest.mark.parametrize("swap", [False, True])
def test_the_numbers_of_lines_stay_while_the_lines_move(swap: bool) -> None:
    rows, pair = lines_of_code(18), []
    for part in (rows[:7] + rows[8:], rows):
        window = in_window(part)
        for number in range(len(part)):
            where = (12, 20 * number + 15)
            cv2.putText(window, f"{number + 1:2}", where, 0, 0.4, (130,) * 3, 1, cv2.LINE_AA)
        pair.append(window)
    before, after = pair[::-1] if swap else pair
    result = compare(image(before), image(after))
    (block,) = result.pair.alignment.blocks
    assert (block.kind, block.count) == ("removed" if swap else "added", 20)
    assert block.span is not None
    assert 30 <= block.span[0] < 60
    (last,) = (region for region in result.regions if not region.block)
    assert last.box.y == pytest.approx(345, abs=6)  # the number of the last line
