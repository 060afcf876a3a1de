"""The usual tasks, each by mouse, by keyboard and by touch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.documents import letters
from tests.pdf_files import text_pdf
from tests.pictures import write

from .doing import (
    AFTER,
    BEFORE,
    PATIENCE,
    button,
    compare_sample,
    expect_places,
    pane,
    settle,
    upload,
    wait_for_pictures,
    wait_for_viewer,
    zoom_percent,
)
from .hands import WAYS, Hands, hands_on


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Page]:
    """A phone, with fingers for a mouse."""
    with hands_on(browser, server, "touch") as hands:
        compare_sample(hands.page, "cup of coffee", 3)
        yield hands.page


@pytest.fixture(params=WAYS)
def hands(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Hands]:
    with hands_on(browser, server, request.param) as found:
        yield found


def open_list(hands: Hands) -> None:
    """On a phone the list of places lies in a sheet."""
    sheet = hands.page.locator(".sheet")
    if hands.way == "touch" and sheet.get_attribute("aria-expanded") == "false":
        sheet.tap()


def tool_of(hands: Hands, name: str, *, key: str) -> None:
    """Take a tool from the menu, or by its key."""
    if hands.way == "keyboard":
        hands.page.keyboard.press(key)
        return
    hands.press(button(hands.page, "More tools"))
    hands.press(hands.page.locator(".menu").get_by_role("button", name=name))


def test_two_pictures_from_the_files_to_the_report(hands: Hands) -> None:
    """Compare, next place, flip, colours, overlay, exclude and take back, save: in one go."""
    page = hands.page
    wait_for_viewer(page)
    hands.choose("Before", BEFORE)
    expect(page.get_by_text("Now add the picture after the change.")).to_be_visible()
    hands.choose("After", AFTER)
    expect_places(page, 3)
    wait_for_pictures(page)

    fitted = zoom_percent(page)
    hands.press(button(page, "Next change"), key="n")
    expect(page.locator(".count")).to_have_text("1 of 3")
    assert zoom_percent(page) > fitted
    assert page.locator(".viewer .live").inner_text().startswith("Change 1 of 3")
    open_list(hands)
    hands.press(page.locator(".go[aria-label^='Change 2: ']"), key="n")
    expect(page.locator(".count")).to_have_text("2 of 3")
    if hands.way == "touch":
        page.locator(".sheet").tap()
    hands.press(button(page, "Fit"), key="0")

    hands.press(page.get_by_role("radio", name="Blink"), key="Space")
    expect(pane(page).locator(".name").first).to_have_text("After")

    hands.point(0.4)
    expect(page.locator(".probe")).to_contain_text(re.compile("before #.*after #"))
    page.keyboard.press("Escape")

    hands.turn_to("Filled")
    hands.slide(page.get_by_role("slider", name="Opacity of the highlight"), 0.9)
    mask = pane(page).locator(".mask .world > div")
    assert float(mask.evaluate("e => getComputedStyle(e).opacity")) > 0.8
    hands.turn_to("Compare")

    open_list(hands)
    hands.press(button(page, "Ignore change 1"))
    expect_places(page, 2)
    settle(page)
    if hands.way == "touch":
        page.locator(".sheet").tap()
    tool_of(hands, "Undo", key="Control+z")
    expect_places(page, 3)

    hands.press(page.get_by_role("button", name="Download"))
    report = page.get_by_role("button", name="Report (HTML)")
    with page.expect_download() as download:
        hands.press(report)
    assert download.value.suggested_filename == "coffee_before–coffee_after.report.html"


def test_a_clock_is_excluded_by_a_rectangle_around_it(hands: Hands) -> None:
    page = hands.page
    compare_sample(page, "cup of coffee", 3)
    box = pane(page).locator(".box .line").last.bounding_box()
    assert box is not None
    if hands.way == "keyboard":  # what is placed by key lies in the middle of what is seen
        for _ in range(3):
            page.keyboard.press("n")
    tool_of(hands, "Ignore an area", key="r")
    around = box["x"] - 8, box["y"] - 8, box["x"] + box["width"] + 8, box["y"] + box["height"] + 8
    hands.draw(around)
    expect_places(page, 2)
    expect(page.get_by_role("button", name=re.compile("^Ignored area 1, "))).to_be_visible()


def test_two_documents_are_opened_and_their_pages_turned(hands: Hands, tmp_path: Path) -> None:
    page = hands.page
    pages = letters(2, rows=5)
    before, after = tmp_path / "old.pdf", tmp_path / "new.pdf"
    before.write_bytes(text_pdf(pages))
    after.write_bytes(text_pdf([pages[0], [*pages[1][:3], "the price is 4,310"]]))
    wait_for_viewer(page)
    hands.choose("Before", before)
    expect(page.get_by_text("Now add the picture after the change.")).to_be_visible()
    hands.choose("After", after)
    expect(page.get_by_role("heading", name="1 of 2 pages changed")).to_be_visible()
    wait_for_pictures(page)
    hands.press(page.locator(".strip button").first)
    expect(page.get_by_role("heading", level=3, name=re.compile("^Page 1: "))).to_be_visible()


def test_what_a_long_page_inserted_is_found(hands: Hands, tmp_path: Path) -> None:
    page = hands.page
    rows = np.random.default_rng(5).integers(0, 255, (900, 60, 1), np.uint8)
    plain = np.repeat(np.repeat(rows, 8, axis=1), 3, axis=2)
    strip = np.full((40, plain.shape[1], 3), (20, 90, 200), np.uint8)
    grown = np.concatenate([plain[:300], strip, plain[300:]])
    upload(page, write(tmp_path, "a.png", plain), write(tmp_path, "b.png", grown))
    wait_for_pictures(page)
    open_list(hands)
    expect(page.locator(".cards li.rows")).to_have_count(1)
    gap = pane(page).locator(".before .gaps i")
    assert gap.evaluate("e => [e.style.top, e.style.height].join()") == "300px,40px"
    assert pane(page).locator(".after .gaps i").count() == 0
    fitted = zoom_percent(page)
    hands.press(page.locator(".cards li.rows .go"), key="n")
    assert zoom_percent(page) >= fitted
    expect(page.locator(".legend")).to_contain_text("not in this picture")


def test_a_refused_file_is_told_and_the_good_one_stays(page: Page) -> None:
    upload(page, BEFORE, AFTER)
    wait_for_pictures(page)
    page.get_by_label("After", exact=True).locator("input[type=file]").set_input_files(
        {"name": "notes.docx", "mimeType": "application/msword", "buffer": b"PK"}
    )
    told = page.locator(".refused")
    expect(told).to_contain_text("notes.docx can’t be compared")
    expect(page.locator(".st-key-facts_after")).to_contain_text("coffee_after.jpg")
    expect_places(page, 3)
    told_at, shown_at = told.bounding_box(), pane(page).bounding_box()
    assert told_at
    assert shown_at
    assert told_at["y"] + told_at["height"] <= shown_at["y"], "above the pictures"
    with page.expect_file_chooser() as chooser:
        told.get_by_role("button", name="Choose another").click()
    chooser.value.set_files(BEFORE)
    expect(told).to_be_hidden()
    headline = page.get_by_role("heading", name="The two files are identical, byte for byte.")
    expect(headline).to_be_visible(timeout=PATIENCE)


def test_the_browser_tab_tells_the_result_and_a_removed_picture_is_asked_for(page: Page) -> None:
    upload(page, BEFORE, AFTER)
    wait_for_pictures(page)
    expect(page).to_have_title(re.compile("^3 places changed"))
    page.get_by_role("button", name="Remove", exact=True).first.click()
    asks = page.get_by_text("Now add the picture before the change.")
    expect(asks).to_be_visible(timeout=PATIENCE)


def test_the_picture_has_the_room(page: Page, phone: Page) -> None:
    upload(page, BEFORE, AFTER)
    wait_for_pictures(page)
    script = """() => {
      const root = document.querySelector('[data-testid=stBidiComponentIsolated]').shadowRoot;
      const box = root.querySelector('.pane').getBoundingClientRect();
      const seen = (Math.min(box.bottom, innerHeight) - box.top) * (box.right - box.left);
      return seen / innerWidth / innerHeight;
    }"""
    assert page.evaluate(script) >= 0.55
    assert phone.evaluate(script) >= 0.5


def test_changing_the_view_moves_nothing(coffee: Page) -> None:
    def place() -> list[object]:
        return [coffee.locator(s).bounding_box() for s in (".frame", ".steps", ".zooms", ".places")]

    was = place()
    for look in ("Side by side", "Fade", "Blink", "Swipe"):
        coffee.get_by_role("radio", name=look).click()
        assert place() == was, look
    for tab in ("Boxed", "Mask", "Filled", "Compare"):
        coffee.get_by_role("tab", name=tab, exact=True).click()
        expect(coffee.locator(f".viewer[data-tab={tab}]")).to_be_visible()
        assert place() == was, tab
