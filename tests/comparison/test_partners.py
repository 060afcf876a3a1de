"""Pages find their partners, whatever was put in, taken out, moved, repeated or scanned."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image as PillowImage

from imgdiff import load_image
from imgdiff.errors import SettingsError
from tests.documents import Lines, letters, plan_of
from tests.pdf_files import text_pdf

PAGES = letters(8)
NEW = letters(2, seed=9)


def _pairs(
    before: list[Lines], after: list[Lines], *, turn: int = 0
) -> list[tuple[int | None, int | None]]:
    plan = plan_of(text_pdf(before), text_pdf(after, turn=turn))
    return [(pair.before, pair.after) for pair in plan.pairs]


def _straight(count: int) -> list[tuple[int | None, int | None]]:
    return [(number, number) for number in range(1, count + 1)]


def _edited(page: Lines, row: int = 3) -> Lines:
    return [*page[:row], "a price of 4,310 is due at once", *page[row + 1 :]]


def test_a_document_against_itself() -> None:
    assert _pairs(PAGES, PAGES) == _straight(8)


def test_pages_put_in_and_taken_out() -> None:
    assert _pairs(PAGES, [NEW[0], *PAGES]) == [(None, 1), *((n, n + 1) for n in range(1, 9))]
    assert _pairs(PAGES, [*PAGES, NEW[0]]) == [*_straight(8), (None, 9)]
    assert _pairs(PAGES, PAGES[1:]) == [(1, None), *((n, n - 1) for n in range(2, 9))]
    after = [*PAGES[:2], *NEW, *PAGES[3:]]
    assert _pairs(PAGES, after)[2:6] == [(3, None), (None, 3), (None, 4), (4, 5)]


def test_changed_pages_keep_their_partners() -> None:
    after = [_edited(page) for page in PAGES]
    assert _pairs(PAGES, after) == _straight(8)
    assert _pairs(PAGES, [NEW[0], *after])[1:] == [(n, n + 1) for n in range(1, 9)]


def test_a_page_written_anew_stays_in_its_place() -> None:
    assert _pairs(PAGES, [*PAGES[:4], NEW[0], *PAGES[5:]]) == _straight(8)


def test_pages_that_change_places_have_moved() -> None:
    swapped = [*PAGES[:2], PAGES[3], PAGES[2], *PAGES[4:]]
    plan = plan_of(text_pdf(PAGES), text_pdf(swapped))
    assert {(p.before, p.after) for p in plan.pairs} >= {(3, 4), (4, 3)}
    assert sum(pair.moved for pair in plan.pairs) == 1
    to_the_end = [*PAGES[1:], PAGES[0]]
    plan = plan_of(text_pdf(PAGES), text_pdf(to_the_end))
    assert [(p.before, p.after) for p in plan.pairs if p.moved] == [(1, 8)]


def test_a_repeated_page_is_a_copy() -> None:
    plan = plan_of(text_pdf(PAGES[:4]), text_pdf([*PAGES[:4], PAGES[1]]))
    assert [(p.before, p.after, p.copy_of) for p in plan.pairs][-1] == (None, 5, 2)


def test_blank_pages_belong_to_nobody_far_away() -> None:
    after = [*PAGES[:3], *PAGES[3:7], [], PAGES[7]]
    assert _pairs([PAGES[0], [], *PAGES[1:]], after)[1] == (2, None)
    assert not any(
        p.moved for p in plan_of(text_pdf([PAGES[0], [], *PAGES[1:]]), text_pdf(after)).pairs
    )


@pytest.mark.parametrize("turn", [90, 180])
def test_turned_pages_are_found(turn: int) -> None:
    assert _pairs(PAGES[:3], PAGES[:3], turn=turn) == _straight(3)


def test_the_user_pairs_pages_by_hand() -> None:
    plan = plan_of(text_pdf(PAGES[:3]), text_pdf(PAGES[:3]), by_hand=[(1, 2)])
    found = {(p.before, p.after) for p in plan.pairs}
    assert (1, 2) in found
    assert (3, 3) in found
    with pytest.raises(SettingsError, match="has 3 pages, but page 4 is to be paired"):
        plan_of(text_pdf(PAGES[:3]), text_pdf(PAGES[:3]), by_hand=[(1, 4)])
    with pytest.raises(SettingsError, match="once only"):
        plan_of(text_pdf(PAGES[:3]), text_pdf(PAGES[:3]), by_hand=[(1, 2), (1, 3)])


def scanned(pages: list[Lines], *, seed: int) -> bytes:
    """A PDF of pictures: each page turned and moved a little, on gray paper, with noise."""
    rng = np.random.default_rng(seed)
    data, sheets = text_pdf(pages), []
    for number in range(1, len(pages) + 1):
        pixels = load_image(data, page=number, dpi=100).pixels
        height, width = pixels.shape[:2]
        motion = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-0.7, 0.7), 1)
        shift = np.zeros((2, 3))
        shift[:, 2] = rng.uniform(-6, 6, 2)
        sheet = cv2.warpAffine(pixels, motion + shift, (width, height), borderValue=(250, 250, 250))
        noisy = sheet * 0.95 + rng.normal(0, 5, sheet.shape)
        sheets.append(PillowImage.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)))
    file = io.BytesIO()
    sheets[0].save(file, "PDF", save_all=True, append_images=sheets[1:], resolution=100)
    return file.getvalue()


def test_scans_find_their_twins() -> None:
    after = [*PAGES[:2], NEW[0], *PAGES[3:6], PAGES[2]]
    plan = plan_of(scanned(PAGES[:6], seed=1), scanned(after, seed=2))
    assert [(p.before, p.after) for p in plan.pairs] == [
        (1, 1), (2, 2), (None, 3), (4, 4), (5, 5), (6, 6), (3, 7),
    ]  # fmt: skip
    assert [p.after for p in plan.pairs if p.moved] == [7]


def test_a_scan_finds_the_pages_that_it_is_of() -> None:
    plan = plan_of(text_pdf(PAGES[:4]), scanned([NEW[0], *PAGES[:4]], seed=3))
    assert [(p.before, p.after) for p in plan.pairs] == [(None, 1), (1, 2), (2, 3), (3, 4), (4, 5)]
