"""The viewer with what only some comparisons say: moved, unlike, kinds of change."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect

from .doing import PATIENCE, assert_accessible, button, pane, wait_for_pictures


@pytest.fixture
def free_page(browser: Browser) -> Iterator[Page]:
    """A desktop page without an app in it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def show(page: Page, address: str, case: str) -> None:
    page.goto(f"{address}/?case={case}")
    wait_for_pictures(page)


def test_a_moved_picture_lies_where_the_transform_puts_it(
    free_page: Page, viewer_alone: str
) -> None:
    show(free_page, viewer_alone, "moved")
    button(free_page, "Boxes").click()
    before, after = (_seen_at(free_page, share) for share in ("0", "100"))
    window = cv2.createHanningWindow((250, 150), cv2.CV_32F)
    (right, down), likeness = cv2.phaseCorrelate(before, after, window)
    assert max(abs(right), abs(down)) < 0.1
    assert likeness > 0.5


def _seen_at(page: Page, share: str) -> NDArray[np.float32]:
    """The middle of the pane, faded so far from before to after, in gray."""
    page.locator(".mix").fill(share)
    shot = np.frombuffer(pane(page).screenshot(), np.uint8)
    gray = np.asarray(cv2.imdecode(shot, cv2.IMREAD_GRAYSCALE), np.float32)
    return gray[150:300, 250:500]


def test_what_only_one_picture_shows_is_hatched_and_named(
    free_page: Page, viewer_alone: str
) -> None:
    show(free_page, viewer_alone, "moved")
    legend = free_page.locator(".legend")
    expect(legend).to_contain_text("not in this picture")
    expect(legend).to_contain_text("turned by 5°")
    assert_accessible(free_page)


def test_the_picture_after_is_nudged_by_button_and_key(free_page: Page, viewer_alone: str) -> None:
    show(free_page, viewer_alone, "moved")
    image = pane(free_page).locator(".after img")
    before = image.evaluate("e => e.style.transform")
    button(free_page, "Right 1 pixel").click()
    free_page.keyboard.press("ArrowRight")
    free_page.keyboard.press("Shift+ArrowUp")
    expect(free_page.locator(".nudge output")).to_have_text("2 px, -0.1 px")
    assert image.evaluate("e => e.style.transform") != before
    expect(free_page.get_by_text("{'do': 'nudge', 'nudge': [2, -0.1]}")).to_be_visible(
        timeout=PATIENCE
    )


def test_unlike_pictures_get_a_way_out(free_page: Page, viewer_alone: str) -> None:
    show(free_page, viewer_alone, "unrelated")
    expect(
        free_page.get_by_text("Marking what changed would paint nearly everything.")
    ).to_be_visible()
    expect(free_page.locator(".places")).to_be_hidden()
    expect(free_page.get_by_role("radio", name="Side by side")).to_be_visible()
    assert_accessible(free_page)
    button(free_page, "Compare anyway (stretch to fit)").click()
    expect(free_page.get_by_text("{'do': 'stretch'}")).to_be_visible(timeout=PATIENCE)


def test_a_change_says_its_kind(free_page: Page, viewer_alone: str) -> None:
    show(free_page, viewer_alone, "plain")
    expect(free_page.locator(".cards strong")).to_have_text("+ added · sure")
    pane(free_page).press("n")
    said = free_page.locator(".viewer .live[role=status]")
    expect(said).to_have_text("Change 1 of 1, + added, sure, 61 by 51 pixels at 110, 20")


def test_faint_places_are_told_apart_and_shown_when_asked_for(
    free_page: Page, viewer_alone: str
) -> None:
    show(free_page, viewer_alone, "faint")
    expect(free_page.locator(".cards li")).to_have_count(1)
    button(free_page, "1 faint place may be noise: show it").click()
    expect(free_page.locator(".cards li")).to_have_count(2)
    expect(free_page.locator(".places .title")).to_have_text("1 place changed")  # it doesn't count
    pane(free_page).press("n")
    pane(free_page).press("n")
    expect(free_page.locator(".count")).to_have_text("?1 of 1")
    said = free_page.locator(".viewer .live[role=status]")
    expect(said).to_contain_text("Faint place 1, ")
    assert_accessible(free_page)
    button(free_page, "1 faint place may be noise: hide it").click()
    expect(free_page.locator(".cards li")).to_have_count(1)
