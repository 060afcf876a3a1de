"""The page Similar in a real browser."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect
from skimage import data

from tests.pictures import SAMPLES, write

from .doing import PATIENCE, assert_accessible, settle, wait_for_pictures

PICTURES = sorted(
    path for path in SAMPLES.iterdir() if path.suffix in {".jpg", ".png"} and path.stem != "app"
)
HEADLINE = "3 groups of near-duplicates: 6 of 6 pictures."


def open_similar(page: Page, server: str) -> None:
    page.goto(f"{server}/similar")
    expect(page.get_by_text("Drop two pictures to see")).to_be_visible(timeout=PATIENCE)


def test_two_pictures_are_drawn_with_their_points(page: Page, server: str, tmp_path: Path) -> None:
    coffee = data.coffee()
    name = "<b>coffee</b> & more.png"
    mirrored = np.ascontiguousarray(coffee[:, ::-1])
    paths = [write(tmp_path, "a.png", coffee), write(tmp_path, "b.png", mirrored)]
    files: list[FilePayload] = [
        {"name": name, "mimeType": "image/png", "buffer": path.read_bytes()} for path in paths
    ]
    open_similar(page, server)
    page.get_by_label("Pictures, or a ZIP of them").locator("input[type=file]").set_input_files(
        files
    )
    heading = page.get_by_role("heading", name="alike: nearly identical content")
    expect(heading).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("One of them is mirrored.")).to_be_visible()
    meter = page.get_by_role("meter", name="How alike")
    expect(meter).to_have_attribute("aria-valuenow", heading.inner_text().split()[0])
    drawing = page.get_by_role("img", name=f"{name} and {name} side by side")
    expect(drawing).to_be_visible()
    expect(drawing).to_have_js_property("naturalWidth", 600 / 400 * 480 * 2 + 40)
    svg = page.request.get(drawing.evaluate("img => img.src")).text()
    assert svg.count("<circle") == 120


def test_a_set_is_grouped_drawn_and_taken_away(page: Page, server: str) -> None:
    open_similar(page, server)
    page.get_by_label("Pictures, or a ZIP of them").locator("input[type=file]").set_input_files(
        PICTURES
    )
    expect(page.get_by_role("heading", name=HEADLINE)).to_be_visible(timeout=PATIENCE)
    cards = page.get_by_role("tabpanel").locator(".cards .zoom img:visible")
    expect(cards).to_have_count(6)
    for index in range(6):
        cards.nth(index).scroll_into_view_if_needed()
        expect(cards.nth(index)).to_have_js_property("naturalWidth", 256)
    page.get_by_role("tab", name="Similarity matrix").click()
    matrix = page.get_by_role("img", name="Similarity of every two of 6 pictures")
    expect(matrix).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as download:
        page.get_by_role("button", name="Matrix (CSV)").click()
    assert len(download.value.path().read_text().splitlines()) == 7
    page.get_by_role("tab", name="Neighbours").click()
    expect(page.get_by_text("% alike: nearly identical content; ").first).to_be_visible(
        timeout=PATIENCE
    )


def test_two_of_a_set_open_in_full_and_the_set_is_still_there(page: Page, server: str) -> None:
    open_similar(page, server)
    page.get_by_label("Pictures, or a ZIP of them").locator("input[type=file]").set_input_files(
        PICTURES
    )
    expect(page.get_by_role("heading", name=HEADLINE)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("% like the first").first).to_be_visible()
    settle(page)
    page.get_by_test_id("stButton").get_by_text("See what changed").click()
    expect(page.get_by_role("heading", level=2, name="changed")).to_be_visible(timeout=PATIENCE)
    wait_for_pictures(page)
    page.get_by_role("link", name="Similar").click()
    expect(page.get_by_role("heading", name=HEADLINE)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("and 5 more")).to_be_visible()


def test_a_picture_of_a_group_is_shown_large_and_compared(page: Page, server: str) -> None:
    open_similar(page, server)
    page.get_by_role("button", name="Try a sample: 6 pictures").click()
    expect(page.get_by_role("heading", name=HEADLINE)).to_be_visible(timeout=PATIENCE)
    settle(page)
    page.get_by_role("button", name="coffee_after.jpg", exact=True).first.click()
    large = page.get_by_role("dialog").get_by_role("img")
    expect(large).to_be_visible()
    # The thumbnail has 256 px; the picture itself comes a moment later.
    expect(large).to_have_js_property("naturalWidth", 600, timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()
    page.get_by_role(
        "button", name="See what changed from coffee_before.jpg to coffee_after.jpg"
    ).first.click()
    expect(page.get_by_role("heading", level=2, name="changed")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("coffee_after.jpg").first).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390], ids=["desktop", "phone"])
def test_it_is_accessible_and_fits(browser: Browser, server: str, scheme: str, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    open_similar(page, server)
    assert_accessible(page)
    page.get_by_role("button", name="Try a sample: two pictures").click()
    expect(page.get_by_role("meter")).to_be_visible(timeout=PATIENCE)
    assert_accessible(page)
    page.get_by_role("button", name="Start over").click()
    page.get_by_role("button", name="Try a sample: 6 pictures").click(timeout=PATIENCE)
    expect(page.get_by_role("heading", name=HEADLINE)).to_be_visible(timeout=PATIENCE)
    assert_accessible(page)
    for tab in ("Similarity matrix", "Neighbours"):
        page.get_by_role("tab", name=tab).click()
        assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
