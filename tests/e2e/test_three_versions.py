"""A third version: any two of three are compared."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.pictures import drawing, edited, write

from .doing import PATIENCE, choose, settle, upload, wait_for_pictures


def test_any_two_of_three_versions_are_compared_at_a_click(page: Page, tmp_path: Path) -> None:
    first = drawing(120, 160)
    second = edited(first, count=1)
    third = edited(second, seed=4, count=4)
    paths = [write(tmp_path, f"v{n}.png", p) for n, p in enumerate((first, second, third))]
    upload(page, paths[0], paths[1])
    wait_for_pictures(page)
    page.locator(".st-key-third_offer").get_by_role("button").click()
    choose(page, "A third version", paths[2])
    expect(page.get_by_text("C: v2.png")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    told = set()
    for pair in ("A → B", "B → C", "A → C"):
        page.get_by_role("radio", name=pair).or_(page.get_by_role("button", name=pair)).click()
        settle(page)
        wait_for_pictures(page)
        told.add(page.locator(".st-key-answer h2").inner_text())
    assert len(told) > 1
    settle(page)
    page.get_by_role("link", name="Methods").click()
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text("C: v2.png")).to_be_visible(timeout=PATIENCE)
