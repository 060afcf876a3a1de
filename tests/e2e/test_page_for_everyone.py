"""The page for everyone: with a keyboard or a screen reader, on a phone, without scrolling."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from .doing import (
    AFTER,
    BEFORE,
    PATIENCE,
    TABS,
    assert_accessible,
    button,
    compare_sample,
    expect_places,
    pane,
    upload,
    wait_for_pictures,
)


@pytest.mark.parametrize("width", [1440, 390], ids=["desktop", "phone"])
def test_no_accessibility_violation(browser: Browser, server: str, scheme: str, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(server)
    expect(page.get_by_role("button", name="Try a sample: web page")).to_be_visible(
        timeout=PATIENCE
    )
    assert_accessible(page)
    compare_sample(page, "web page", 4)
    if width < 700:  # a phone has the list in a sheet
        page.locator(".sheet").click()
    button(page, "Ignore change 1").click()
    expect_places(page, 3)
    for tab in TABS:
        page.get_by_role("tab", name=tab, exact=True).click()
        assert_accessible(page)
    page.goto(f"{server}/methods")
    expect(page.get_by_role("heading", name="Absolute difference")).to_be_visible(timeout=PATIENCE)
    assert_accessible(page)
    context.close()


def test_nothing_is_wider_than_a_phone(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(server)
    compare_sample(page, "deep sky", 2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for selector in (".frame", ".looks", ".toolbar", ".st-key-pictures", ".st-key-answer"):
        box = page.locator(selector).bounding_box()
        assert box is not None
        assert box["x"] >= 0, selector
        assert box["x"] + box["width"] <= 390, selector
    context.close()


def test_the_picture_is_above_the_fold(page: Page) -> None:
    upload(page, BEFORE, AFTER)
    wait_for_pictures(page)
    box = pane(page).bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900
    assert box["height"] >= 450
