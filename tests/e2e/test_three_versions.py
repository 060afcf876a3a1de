"""A third version: any two of three are compared."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from imgdiff import compare, view_of
from tests.pictures import drawing, edited, image, write

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
    pairs = {"B → C": (second, third), "A → C": (first, third), "A → B": (first, second)}
    for name, (before, after) in pairs.items():
        page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).click()
        headline = view_of(compare(image(before), image(after))).headline
        expect(page.locator(".st-key-answer h2")).to_have_text(headline, timeout=PATIENCE)
        wait_for_pictures(page)
    settle(page)
    page.get_by_role("link", name="Methods").click()
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text("C: v2.png")).to_be_visible(timeout=PATIENCE)
