"""The HTML report in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from imgdiff import compare, load_image, view_of
from imgdiff.report.html import to_html
from imgdiff.review.review_file import read_review
from tests.pictures import SAMPLES
from tests.report.test_downloads import HOSTILE, named

from .doing import assert_accessible

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


def _open_report(browser: Browser, text: str) -> Page:
    page = browser.new_context(accept_downloads=True).new_page()
    page.route(
        "http://report.test/",
        lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"),
    )
    page.goto("http://report.test/")
    return page


def test_a_report_is_judged_saved_and_gone_on_with(browser: Browser, tmp_path: Path) -> None:
    paths = SAMPLES / "page_before.png", SAMPLES / "page_after.png"
    view = view_of(compare(load_image(paths[0]), load_image(paths[1])))
    page = _open_report(browser, to_html(view))
    page.get_by_label("Your name").fill("Ann")
    page.get_by_label("Your name").press("Tab")
    card = page.locator("#place-1")
    card.get_by_role("button", name="not meant").click()
    card.get_by_text("Note", exact=True).click()
    note = "Old logo </script><img src=x onerror=alert(1)>"
    card.get_by_role("textbox").fill(note)
    card.get_by_role("textbox").press("Tab")
    page.locator(".judging").get_by_role("button", name=": meant").click()
    expect(page.locator(".review").first).to_have_text(
        f"1 of {len(view.changes)} reviewed: 1 not meant."
    )
    for name in ("Save this report", "Save a review file"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        download.value.save_as(tmp_path / download.value.suggested_filename)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "page_before–page_after.report.html", "page_before–page_after.review.imgdiff",
    ]  # fmt: skip
    review = read_review((tmp_path / "page_before–page_after.review.imgdiff").read_bytes())
    first, second = sorted(review.review.judgements, key=lambda one: one.box is not None)
    assert (first.intent, first.by, first.box) == ("meant", "Ann", None)
    assert (second.intent, second.note) == ("not meant", note)
    assert second.box == view.changes[0].region.box
    assert review.verdict == view.headline
    saved = (tmp_path / "page_before–page_after.report.html").read_text("utf-8")
    again = _open_report(browser, saved)
    card = again.locator("#place-1")
    expect(card.locator(".said")).to_have_text(f"Not meant (Ann): {note}")
    expect(card.get_by_role("button", name="not meant")).to_have_attribute("aria-pressed", "true")
    assert again.get_by_role("button", name="Swipe").count() == 1
    assert_accessible(again)
    # Judged once more, the same place holds one judgement.
    card.get_by_role("button", name=": meant").click()
    expect(card.locator(".said")).to_have_text(re.compile("Meant"))
    page.context.close()
    again.context.close()
