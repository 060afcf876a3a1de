"""Rows put into pages whose rows repeat, were saved as JPEG, drawn anew, or stand in columns."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest

from imgdiff import Settings, align, compare, view_of
from imgdiff.alignment.row_belief import lie_right_too, slips
from imgdiff.alignment.row_offsets import lines_by_offset
from imgdiff.types import Block, Pair
from tests.pictures import Picture, image

LETTERS = np.array(list("abcdefghiklmnoprstuvwxyz"))


def written(row: Picture, text: str, x: int, y: int) -> None:
    cv2.putText(row, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (40, 40, 40), 1, cv2.LINE_AA)


def words(rng: np.random.Generator, count: int) -> str:
    return " ".join("".join(rng.choice(LETTERS, rng.integers(2, 9))) for _ in range(count))


def row_of(kind: str, index: int, rng: np.random.Generator, width: int) -> Picture:
    """One row of a page: of a table, of a list of equal rows, of code, of a chat."""
    height = {"table": 26, "list": 30, "code": 20, "chat": 58}[kind]
    row = np.full((height, width, 3), 255, np.uint8)
    if kind == "table":
        row[:] = 255 if index % 2 else 244
        written(row, f"{words(rng, 1)}  {rng.integers(100, 9999) / 100:.2f}", 20, 18)
    elif kind == "list":
        written(row, "pending   0.00   -", 20, 20)
    elif kind == "code":
        written(row, words(rng, int(rng.integers(1, 5))), 20 + 24 * int(rng.integers(0, 4)), 15)
    else:
        x = 20 if index % 2 else width // 3
        cv2.rectangle(row, (x, 4), (x + width // 2, 52), (235, 240, 250), -1)
        written(row, words(rng, 4), x + 10, 24)
        written(row, words(rng, 3), x + 10, 44)
    if kind in ("table", "list"):
        row[-1] = 220
    return row


@cache
def rows_of(kind: str, seed: int = 0, width: int = 640) -> tuple[Picture, ...]:
    rng = np.random.default_rng(seed)
    head = np.full((70, width, 3), 255, np.uint8)
    written(head, "Report of " + words(rng, 2), 20, 40)
    foot = np.full((60, width, 3), 240, np.uint8)
    written(foot, "Page 1", 20, 35)
    return head, *(row_of(kind, index, rng, width) for index in range(18)), foot


def jpeg(quality: int) -> Callable[[Picture], Picture]:
    def saved(page: Picture) -> Picture:
        data = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)

    return saved


def grainy(page: Picture) -> Picture:
    grain = np.random.default_rng(len(page)).normal(0, 2, page.shape)
    return np.clip(page + grain, 0, 255).astype(np.uint8)


def as_it_is(page: Picture) -> Picture:
    return page


SAVED = {"as it is": as_it_is, "JPEG 85": jpeg(85), "JPEG 70": jpeg(70), "grainy": grainy}


def pages(kind: str, saved: Callable[[Picture], Picture]) -> tuple[Picture, Picture, int]:
    """A page, the same with two more rows after its eighth, and their height."""
    rows = rows_of(kind)
    more = rows[1:3] if kind == "list" else rows_of(kind, 7)[1:3]
    after = np.concatenate([*rows[:9], *more, *rows[9:]])
    return saved(np.concatenate(rows)), saved(after), sum(len(row) for row in more)


def only_block(pair: Pair) -> Block:
    (block,) = pair.alignment.blocks
    return block


@pytest.mark.parametrize("saved", SAVED)
@pytest.mark.parametrize("kind", ["table", "list", "code", "chat"])
def test_inserted_rows_are_found_whatever_the_rows_look_like(kind: str, saved: str) -> None:
    before, after, height = pages(kind, SAVED[saved])
    block = only_block(align(image(before), image(after)))
    assert (block.kind, block.axis, block.span) == ("added", "rows", None)
    assert abs(block.count - height) <= 1
    back = only_block(align(image(after), image(before)))
    assert back.kind == "removed"
    assert abs(back.count - height) <= 1


def test_what_follows_inserted_rows_has_not_changed() -> None:
    before, after, height = pages("table", jpeg(85))
    result = compare(image(before), image(after))
    assert [region.kind for region in result.regions] == ["added"]
    assert any(f"{height} rows inserted" in fact for fact in view_of(result).facts)


def test_a_page_of_one_height_loses_at_its_end_what_was_put_in() -> None:
    before, after, height = pages("chat", jpeg(85))
    first, last = align(image(before), image(after[: len(before)])).alignment.blocks
    assert (first.kind, last.kind) == ("added", "removed")
    assert abs(first.count - height) <= 1
    assert last.at + last.count == len(before)


@pytest.mark.parametrize("saved", ["as it is", "JPEG 85", "grainy"])
def test_of_two_columns_one_moves(saved: str) -> None:
    left = np.concatenate(rows_of("code", 3, 300))
    rows = rows_of("chat", 4, 340)
    right, pushed = (
        np.concatenate(rows),
        np.concatenate([*rows[:6], *rows_of("chat", 5, 340)[1:2], *rows[6:]]),
    )
    height = min(len(left), len(right))
    gap = np.full((height, 30, 3), 255, np.uint8)
    before, after = (
        SAVED[saved](np.hstack([left[:height], gap, column[:height]])) for column in (right, pushed)
    )
    pair = align(image(before), image(after))
    first, last = pair.alignment.blocks
    assert (first.kind, last.kind) == ("added", "removed")
    assert abs(first.count - 58) <= 1
    for block in (first, last):
        assert block.span is not None
        assert 250 < block.span[0] < 345
        assert block.span[1] == before.shape[1]
    np.testing.assert_array_equal(pair.test.pixels[:, :250], after[:, :250])
    assert pair.overlap[:, :250].all()
    assert not pair.overlap[-50:, 360:].any()
    region = next(
        r for r in compare(image(before), image(after), Settings("absdiff")).regions if r.block
    )
    assert region.box.x == first.span[0] if first.span else False


def test_a_page_drawn_anew_half_a_row_lower_is_met_there() -> None:
    rows = rows_of("code")
    rest = np.concatenate(rows[9:]).astype(np.float32)
    lower = np.concatenate([rest[:1], (rest[1:] + rest[:-1]) / 2])
    more = rows_of("code", 7)[1:3]
    after = np.concatenate([*rows[:9], *more, lower.astype(np.uint8)])
    before = np.concatenate(rows)
    pair = align(image(before), image(after))
    assert abs(only_block(pair).count - 40) <= 1
    assert pair.alignment.interpolated
    below = np.s_[300:-60]
    gap = np.abs(pair.test.pixels[below].astype(int) - before[below]).mean()
    whole = np.abs(after[340:-60].astype(int) - before[below]).mean()
    assert gap < 0.85 * whole


@pytest.mark.parametrize("kind", ["list", "table"])
def test_a_changed_row_among_like_rows_stays_where_it_is(kind: str) -> None:
    before = np.concatenate(rows_of(kind))
    after = before.copy()
    after[200:420:2, 100:500] //= 2
    assert align(image(before), image(jpeg(85)(after))).alignment.blocks == ()


def test_a_lattice_with_faults_is_not_pushed_on() -> None:
    """Like a circuit board: every tenth row is alike, and some places differ."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:400, :400]
    before = np.where((y % 24 < 8) | (x % 36 < 10), 230, 20).astype(np.uint8)
    after = before.copy()
    for top, left in rng.integers(20, 370, (8, 2)).tolist():
        after[top : top + 12, left : left + 12] ^= 255
    assert align(image(before), image(after)).alignment.blocks == ()


@pytest.mark.parametrize("seed", range(6))
def test_lines_are_met_where_they_went_one_row_more_or_less(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines that were taken out and put in, each of the others drawn up to two rows off."""
    rng = np.random.default_rng(seed)
    lines = [row_of("code", index, rng, 300)[..., 0] for index in range(30)]
    gone, at = int(rng.integers(2, 9)), int(rng.integers(12, 27))
    more = [row_of("code", index, rng, 300)[..., 0] for index in range(int(rng.integers(1, 6)))]
    kept = [*range(gone), *range(gone + 2, len(lines))]
    after = [np.roll(lines[index], int(rng.integers(-1, 2)), axis=0) for index in kept]
    after[at:at] = more
    pages = np.concatenate(lines), np.concatenate(after)
    found = next(lines_by_offset(*pages))
    monkeypatch.setattr("imgdiff.alignment.row_offsets._PIECE", 7)
    np.testing.assert_array_equal(next(lines_by_offset(*pages)), found)
    where = {index: place + len(more) * (place >= at) for place, index in enumerate(kept)}
    middles = found[10::20]
    right = [abs(middles[index] - (20 * place + 10)) <= 2 for index, place in where.items()]
    assert all(right)
    assert (middles[gone : gone + 2] == -1).sum() >= 1


def test_rows_that_fit_worse_once_moved_lie_right() -> None:
    """A photograph through another lens: nothing fits exactly, but moved rows do worse."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 200, (12, 9), np.uint8)
    reference = np.asarray(cv2.resize(coarse, (90, 120), interpolation=cv2.INTER_CUBIC), np.uint8)
    reference = np.minimum(reference, 200).astype(np.uint8)
    on = np.where(np.arange(120) < 60, np.arange(120), np.arange(120) + 9)
    lines = np.where(on < 120, on, -1)
    assert lie_right_too(lines, reference, reference + np.uint8(14))
    pushed = np.concatenate([reference[:60], reference[20:29], reference[60:-9]])
    assert not lie_right_too(lines, reference, pushed)


@pytest.mark.parametrize("saved", SAVED)
def test_one_row_put_into_a_striped_table_turns_the_stripes_that_follow(saved: str) -> None:
    rows = rows_of("table")
    more = rows_of("table", 7)[3]
    turned = []
    for row in rows[9:-1]:
        light = np.all(row >= 244, axis=2, keepdims=True)
        paper = 255 if (row[:-1, :, 0] == 244).any() else 244
        turned.append(np.where(light, paper, row).astype(np.uint8))
    after = np.concatenate([*rows[:9], more, *turned, rows[-1]])
    before = np.concatenate(rows)
    block = only_block(align(image(SAVED[saved](before)), image(SAVED[saved](after))))
    assert (block.kind, block.span) == ("added", None)
    assert abs(block.count - 26) <= 1
    assert abs(block.at - sum(len(row) for row in rows[:9])) <= 26


def test_a_row_more_or_less_beside_a_block_is_none() -> None:
    """A line alone is one; between 24 and 25 rows no whole number is right: 24.5 were put in."""
    block, slip = Block("added", "rows", 24, 162, 162), Block("added", "rows", 1, 593, 617)
    assert slips([block, slip])
    assert not slips([slip])
    assert not slips([block, block])


@pytest.mark.parametrize("way", [(15.9, -1.2), (0.3, -7.4), (-6.6, 12.5)])
def test_a_page_moved_by_parts_of_a_pixel_has_no_rows_put_in(way: tuple[float, float]) -> None:
    before = np.concatenate(rows_of("code"))
    size = before.shape[1], before.shape[0]
    by = np.array([[1, 0, way[0]], [0, 1, way[1]]])
    after = cv2.warpAffine(before, by, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    pair = align(image(before), image(np.asarray(after, np.uint8)))
    assert pair.alignment.blocks == ()
    assert pair.transform[:2, 2] == pytest.approx([-way[0], -way[1]], abs=0.2)
