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
    assert_accessible,
    choose,
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
