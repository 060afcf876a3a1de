"""Two documents in the browser: a strip of pages, turned by click and by key."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.documents import letters
from tests.pdf_files import text_pdf

from .doing import PATIENCE, WCAG_A_AA, settle, wait_for_pictures

PAGES = letters(3, rows=6)
NEW = letters(1, seed=9, rows=6)[0]
EDITED = [*PAGES[2][:3], "the price is 4,310", *PAGES[2][4:]]


@pytest.fixture
def documents(page: Page, tmp_path: Path) -> Page:
    """Two documents, all pages compared: the second page is new, and the last one changed."""
    before, after = tmp_path / "before.pdf", tmp_path / "after.pdf"
    before.write_bytes(text_pdf(PAGES))
    after.write_bytes(text_pdf([PAGES[0], NEW, PAGES[1], EDITED]))
    page.locator(".st-key-dropped input[type=file]").set_input_files([before, after])
    heading = page.get_by_role("heading", name="1 of 3 pages changed, 1 page added.")
    expect(heading).to_be_visible(timeout=PATIENCE)
    wait_for_pictures(page)
    return page


def _open_page(page: Page) -> str:
    settle(page)
    return page.get_by_role("heading", level=3).filter(has_text="Page").first.inner_text()


def test_every_page_has_its_badge(documents: Page) -> None:
    badges = documents.locator(".strip .badge").all_inner_texts()
    assert badges == ["=", "+ added", "=", "● 1"]
    names = documents.locator(".strip .name").all_inner_texts()
    assert names == ["1", "2", "2 → 3", "3 → 4"]
    loaded = documents.locator(".strip img").evaluate_all("all => all.map(i => i.naturalWidth > 0)")
    assert all(loaded)


def test_pages_are_turned_by_click_and_key(documents: Page) -> None:
    assert _open_page(documents).startswith("Page 2, added")
    documents.locator(".strip button").nth(3).click()
    expect(documents.get_by_role("heading", name="Page 3, now 4: 1 place changed")).to_be_visible()
    documents.keyboard.press("PageUp")
    expect(documents.get_by_role("heading", name="Page 2, now 3: ")).to_be_visible()
    documents.keyboard.press("PageDown")
    expect(documents.get_by_role("heading", name="Page 3, now 4: ")).to_be_visible()
    expect(documents.locator(".strip [aria-current=page]")).to_have_count(1)


def test_next_goes_on_to_the_next_page_that_differs(documents: Page) -> None:
    assert _open_page(documents).startswith("Page 2, added")
    documents.keyboard.press("n")
    expect(documents.locator(".count")).to_have_text("1 of 1")
    documents.keyboard.press("n")  # past the next page, which is equal
    expect(documents.get_by_role("heading", name="Page 3, now 4: 1 place changed")).to_be_visible()
    wait_for_pictures(documents)
    documents.keyboard.press("n")
    expect(documents.locator(".count")).to_have_text("1 of 1")
    documents.keyboard.press("p")
    expect(documents.get_by_role("heading", name="Page 2, added")).to_be_visible()


def test_the_whole_document_is_taken_away(documents: Page) -> None:
    documents.get_by_role("button", name="All pages").click()
    with documents.expect_download(timeout=PATIENCE) as download:
        documents.get_by_role("button", name="Report (HTML)").click()
    assert download.value.suggested_filename == "before–after.report.html"
    text = Path(download.value.path()).read_text("utf-8")
    assert "1 of 3 pages changed, 1 page added." in text
    assert ">Page 3, now 4: " in text


def test_documents_are_for_everybody(documents: Page) -> None:
    found = Axe().run(documents, options=WCAG_A_AA)
    assert found.response["violations"] == [], found.generate_report()


def test_on_a_phone_nothing_sticks_out(documents: Page) -> None:
    documents.set_viewport_size({"width": 390, "height": 844})
    settle(documents)
    assert documents.evaluate("document.documentElement.scrollWidth") <= 390
