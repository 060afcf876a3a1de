"""Points marked on both pictures: by mouse, by hand and by key."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .doing import PATIENCE, assert_accessible, button, pane, wait_for_pictures

FITTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""That the viewer has fitted its panes to the room they have by now."""


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desktop", "phone"])
def page(browser: Browser, viewer_alone: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Two pictures that nothing lines up, with points to be marked."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(f"{viewer_alone}/?case=unrelated")
    wait_for_pictures(page)
    button(page, "Mark the same points on both").click()
    yield page
    context.close()


def point(page: Page, number: int, side: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^Point {number} in {side}, "))


def click(page: Page, number: int, right: float, down: float) -> None:
    """Click a pane so far from the middle, which shows the middle of the picture."""
    page.evaluate(FITTED)  # another sentence above may have moved it
    box = pane(page, number).bounding_box()
    assert box is not None
    page.mouse.click(
        box["x"] + box["width"] / 2 + right * scale(page),
        box["y"] + box["height"] / 2 + down * scale(page),
    )


def scale(page: Page) -> float:
    return float(
        pane(page)
        .locator(".world")
        .first.evaluate("e => new DOMMatrix(getComputedStyle(e).transform).a")
    )


def sent(page: Page) -> list[list[float]]:
    """What the server heard: places before and after, px."""
    told = page.get_by_text(re.compile("^{'do': 'match'"))
    expect(told).to_be_visible(timeout=PATIENCE)
    numbers = [float(text) for text in re.findall(r"-?\d+\.?\d*", told.inner_text())]
    return [numbers[i : i + 4] for i in range(0, len(numbers), 4)]


def test_points_are_marked_by_clicks_and_dragged(page: Page) -> None:
    told = page.locator(".matching p")
    expect(told).to_contain_text("Mark a point in Before")
    expect(button(page, "Line up")).to_be_disabled()
    click(page, 0, -100, -50)
    expect(told).to_have_text("Now mark the same point in After.")
    click(page, 1, -80, -40)
    expect(told).to_contain_text("enough for a shift.")
    click(page, 1, 90, 60)  # the other picture may come first
    expect(told).to_have_text("Now mark the same point in Before.")
    click(page, 0, 100, 50)
    expect(told).to_contain_text("a turn and another size")
    assert_accessible(page)
    handle = point(page, 2, "After").locator(".ring").bounding_box()
    assert handle is not None
    page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    page.mouse.down()
    page.mouse.move(
        handle["x"] + handle["width"] / 2 + 10 * scale(page),
        handle["y"] + handle["height"] / 2,
        steps=3,
    )
    page.mouse.up()
    button(page, "Line up").click()
    first, second = sent(page)
    assert first == pytest.approx([99.5, 99.5, 119.5, 109.5], abs=1.6)
    assert second == pytest.approx([299.5, 199.5, 299.5, 209.5], abs=1.6)
    expect(page.locator(".point")).to_have_count(0)


def test_points_are_marked_moved_and_taken_back_by_key(page: Page) -> None:
    pane(page).press("Enter")  # begun, the first picture has the focus
    pane(page, 1).press("Enter")
    mark = point(page, 1, "After")
    mark.press("ArrowRight")
    mark.press("Shift+ArrowDown")
    expect(mark).to_be_focused()
    pane(page).press("ArrowLeft")  # the view moves, so the middle is another place
    pane(page).press("Enter")
    expect(point(page, 2, "Before")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(point(page, 2, "Before")).to_have_count(0)
    button(page, "Line up").click()
    [(x, y, x_after, y_after)] = sent(page)
    assert (x, y) == pytest.approx((199.5, 149.5), abs=0.1)
    assert (x_after - x, y_after - y) == pytest.approx((1, 0.1), abs=0.02)


def test_a_pair_is_deleted_and_marking_left_without_a_trace(page: Page) -> None:
    for number in (0, 1):
        click(page, number, 20, 30)
    point(page, 1, "Before").press("Delete")
    expect(page.locator(".point")).to_have_count(0)
    click(page, 0, 0, 0)
    page.keyboard.press("Escape")
    expect(page.locator(".point")).to_have_count(0)
    expect(button(page, "Mark the same points on both")).to_be_visible()
    expect(page.get_by_role("radio", name="Swipe")).to_be_visible()
