"""Every state has one sentence and a way on, and is for everybody."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from .doing import (
    AFTER,
    BEFORE,
    PATIENCE,
    assert_accessible,
    choose,
    expect_places,
    pane,
    settle,
    wait_for_pictures,
    wait_for_viewer,
)
from .slowed import slowed_workers


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two pictures of 12 MP, turned against each other: there is time to look at what goes on."""
    grain = np.random.default_rng(8).normal(128, 60, (750, 1000, 3)).clip(0, 255).astype(np.uint8)
    large = cv2.resize(grain, (4000, 3000), interpolation=cv2.INTER_CUBIC)
    turn = cv2.getRotationMatrix2D((2000, 1500), 1.5, 1)
    folder = tmp_path_factory.mktemp("slow")
    paths = folder / "one.jpg", folder / "other.jpg"
    for path, picture in zip(
        paths, (large, cv2.warpAffine(large, turn, (4000, 3000))), strict=True
    ):
        cv2.imwrite(str(path), picture, [cv2.IMWRITE_JPEG_QUALITY, 70])
    return paths


@pytest.fixture(scope="module")
def edited(slow: tuple[Path, Path]) -> tuple[Path, Path]:
    """The first of them, and the same with two places inverted."""
    picture = cv2.imread(str(slow[0]))
    assert picture is not None
    for x, y in ((500, 400), (2900, 2200)):
        picture[y : y + 150, x : x + 200] = 255 - picture[y : y + 150, x : x + 200]
    path = slow[0].with_name("edited.jpg")
    cv2.imwrite(str(path), picture, [cv2.IMWRITE_JPEG_QUALITY, 70])
    return slow[0], path


def drop(page: Page, files: tuple[Path, Path]) -> None:
    """Choose both files at once, as soon as the page listens."""
    wait_for_viewer(page)
    page.locator(".st-key-dropped input[type=file]").set_input_files(files)


def test_steps_are_named_and_a_comparison_can_be_cancelled(
    page: Page, slow: tuple[Path, Path], hosted: tuple[str, int]
) -> None:
    with slowed_workers(hosted[1]):
        drop(page, slow)
        pill = page.locator(".pill")
        expect(pill).to_contain_text(re.compile("Lining up|Looking for changes|Marking"))
        pill.get_by_role("button", name="Cancel").click()
        expect(page.get_by_text("The comparison was cancelled.")).to_be_visible()
    expect(pane(page)).to_be_visible()  # the pictures stay
    assert_accessible(page)
    page.get_by_role("button", name="Compare again").click()
    wait_for_pictures(page)


def test_what_is_seen_at_first_glance_is_marked_until_all_is_known(
    page: Page, edited: tuple[Path, Path], hosted: tuple[str, int]
) -> None:
    glimpsed = page.locator(".box.glimpsed")
    with slowed_workers(hosted[1]):
        drop(page, edited)
        said = page.get_by_role("heading", name="At first glance, 2 places changed.")
        expect(said).to_be_visible(timeout=PATIENCE)
        expect(glimpsed.locator("visible=true")).to_have_count(2, timeout=PATIENCE)
        top = said.bounding_box()
        glimpsed.first.dispatch_event("click")  # which leads nowhere yet
    expect_places(page, 2)
    wait_for_pictures(page)
    expect(glimpsed).to_have_count(0)
    answer = page.get_by_role("heading", name="2 places changed.").bounding_box()
    assert top is not None
    assert answer is not None
    assert abs(top["y"] - answer["y"]) < 3


def test_one_picture_asks_for_the_other_and_an_unreadable_one_is_told_of(page: Page) -> None:
    choose(page, "Before", BEFORE)
    expect(page.get_by_text("Now add the picture after the change.")).to_be_visible()
    assert_accessible(page)
    broken = {"name": "broken.png", "mimeType": "image/png", "buffer": b"no picture at all"}
    choose(page, "After", broken)  # type: ignore[arg-type]
    expect(page.get_by_role("alert").filter(has_text="After: ")).to_be_visible()
    settle(page)
    expect(pane(page)).to_be_visible()
    assert_accessible(page)
    page.get_by_label("After", exact=True).locator("input[type=file]").set_input_files(AFTER)
    wait_for_pictures(page)
