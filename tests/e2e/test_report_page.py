"""The HTML report in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from imgdiff.report.html import to_html
from tests.report.test_downloads import HOSTILE, named

_SCROLLED = (
    "(({scrollLeft, scrollTop}) => [scrollLeft, scrollTop])(document.querySelector('.scroll'))"
)


def _drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()


@pytest.mark.parametrize("name", HOSTILE[:3], ids=range(3))
def test_a_report_runs_in_a_browser_and_nothing_of_the_names_does(
    browser: Browser, name: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("request", lambda request: complaints.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.set_content(to_html(named(name)))
    assert page.get_by_role("button", name="Swipe").is_visible()
    page.get_by_role("button", name="Swipe").click()
    assert page.locator(".stage").get_attribute("data-mode") == "swipe"
    page.get_by_label("Position").fill("25")
    clip = "getComputedStyle(document.querySelectorAll('.scroll')[1]).clipPath"
    assert "25%" in page.evaluate(clip)
    box = page.locator(".scroll").nth(1).bounding_box()
    assert box
    middle = box["y"] + 30
    _drag(page, (box["x"] + 0.75 * box["width"], middle), (box["x"] + 0.5 * box["width"], middle))
    assert "50" in page.evaluate(clip)
    page.get_by_label("Zoom").fill("4")
    before = page.evaluate(_SCROLLED)
    _drag(page, (box["x"] + 0.75 * box["width"], middle + 30), (box["x"] + 80, middle))
    after = page.evaluate(_SCROLLED)
    assert after[0] > before[0]
    assert after[1] > before[1]
    page.get_by_label("Zoom").fill("1")
    page.get_by_role("button", name="Blink").click()
    after = page.locator(".picture").nth(1)
    after.wait_for(state="hidden")
    after.wait_for(state="visible")
    assert not [text for text in complaints if not text.startswith("data:image/")]
    context.close()
