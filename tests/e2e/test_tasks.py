"""The usual tasks, each by mouse, by keyboard and by touch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

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
    zoom_percent,
)


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Page]:
    """A phone, with fingers for a mouse."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(server)
    compare_sample(page, "cup of coffee", 3)
    yield page
    context.close()


def said(page: Page) -> str:
    return page.locator(".viewer .live").inner_text()


def test_next_change_by_mouse_and_by_key_wherever_the_focus_is(coffee: Page) -> None:
    fitted = zoom_percent(coffee)
    button(coffee, "Next change").click()
    expect(coffee.locator(".count")).to_have_text("1 of 3")
    assert zoom_percent(coffee) > fitted
    coffee.get_by_role("tab", name="Compare", exact=True).focus()  # outside the viewer
    coffee.keyboard.press("n")
    expect(coffee.locator(".count")).to_have_text("2 of 3")
    coffee.keyboard.press("p")
    expect(coffee.locator(".count")).to_have_text("1 of 3")
    assert said(coffee).startswith("Change 1 of 3")


def test_next_change_by_touch(phone: Page) -> None:
    button(phone, "Next change").tap()
    expect(phone.locator(".count")).to_have_text("1 of 3")
    phone.locator(".sheet").tap()
    phone.locator(".go[aria-label^='Change 2: ']").tap()
    expect(phone.locator(".count")).to_have_text("2 of 3")


def test_flip_by_mouse_key_and_touch(coffee: Page, phone: Page) -> None:
    coffee.keyboard.press("Space")
    name = pane(coffee).locator(".name").first
    expect(name).to_have_text("After")
    coffee.keyboard.press("b")
    expect(name).to_have_text("Before")
    coffee.get_by_role("radio", name="Blink").click()
    expect(button(coffee, "Play")).to_be_visible()  # stepping by key pauses it
    phone.get_by_role("radio", name="Blink").tap()
    expect(button(phone, "Pause")).to_be_visible()


def test_exclude_a_place_and_take_it_back(coffee: Page) -> None:
    button(coffee, "Ignore change 1").click()
    expect_places(coffee, 2)
    settle(coffee)
    coffee.keyboard.press("Control+z")
    expect_places(coffee, 3)
    coffee.keyboard.press("r")
    coffee.keyboard.press("Enter")
    area = coffee.get_by_role("button", name=re.compile("^Ignored area 1, "))
    expect(area).to_be_visible(timeout=PATIENCE)


def test_exclude_a_place_by_touch(phone: Page) -> None:
    phone.locator(".sheet").tap()
    button(phone, "Ignore change 1").tap()
    expect_places(phone, 2)


def test_read_colours_by_mouse_and_key(coffee: Page) -> None:
    pane(coffee).hover(position={"x": 100, "y": 100})
    probe = coffee.locator(".probe")
    expect(probe).to_contain_text(re.compile("before #.*after #"))
    coffee.keyboard.press("i")
    expect(probe).to_contain_text(re.compile(r"rgb\(.*hsl\(.*held"))


def test_overlay_with_opacity_by_mouse_and_key(coffee: Page) -> None:
    coffee.get_by_role("tab", name="Filled", exact=True).click()
    slider = coffee.get_by_role("slider", name="Opacity of the highlight")
    slider.fill("80")
    mask = pane(coffee).locator(".mask .world > div")
    assert mask.evaluate("e => getComputedStyle(e).opacity") == "0.8"
    slider.press("ArrowLeft")
    assert float(mask.evaluate("e => getComputedStyle(e).opacity")) < 0.8


def test_what_a_long_page_inserted_is_found(page: Page, tmp_path: Path) -> None:
    rows = np.random.default_rng(5).integers(0, 255, (900, 60, 1), np.uint8)
    plain = np.repeat(np.repeat(rows, 8, axis=1), 3, axis=2)
    strip = np.full((40, plain.shape[1], 3), (20, 90, 200), np.uint8)
    grown = np.concatenate([plain[:300], strip, plain[300:]])
    upload(page, write(tmp_path, "a.png", plain), write(tmp_path, "b.png", grown))
    wait_for_pictures(page)
    expect(page.locator(".cards li.rows")).to_have_count(1)
    gap = pane(page).locator(".before .gaps i")
    assert gap.evaluate("e => [e.style.top, e.style.height].join()") == "300px,40px"
    assert pane(page).locator(".after .gaps i").count() == 0
    fitted = zoom_percent(page)
    page.keyboard.press("n")
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
