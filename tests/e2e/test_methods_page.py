"""The methods page in a real browser: all maps follow one zoom."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from imgdiff import METHODS

from .doing import AFTER, BEFORE, PATIENCE, upload


def _transforms(maps: Locator) -> list[str]:
    return list(maps.evaluate_all("images => images.map(image => image.style.transform)"))


def test_all_maps_of_the_pair_just_compared_follow_one_zoom(page: Page) -> None:
    upload(page, BEFORE, AFTER)
    expect(page.get_by_text("3 places changed.").first).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Methods").click()
    expect(page.get_by_text(f"{BEFORE.name} and {AFTER.name}")).to_be_visible(timeout=PATIENCE)

    maps = page.locator(".maps img")
    expect(maps).to_have_count(2 + len(METHODS), timeout=PATIENCE)
    maps.evaluate_all("images => Promise.all(images.map(image => image.decode()))")
    widths = maps.evaluate_all("images => images.map(image => image.naturalWidth)")
    assert set(widths) == {600}
    assert len(set(_transforms(maps))) == 1

    page.get_by_role("button", name="Zoom in").click()
    expect(page.get_by_role("status").filter(has_text="150 %")).to_be_visible()
    zoomed = _transforms(maps)
    assert len(set(zoomed)) == 1
    assert "scale(1.5)" in zoomed[0]

    frame = page.locator(".maps .frame").nth(3)
    frame.focus()
    frame.press("ArrowRight")
    moved = _transforms(maps)
    assert len(set(moved)) == 1
    assert moved != zoomed
    frame.press("0")
    expect(page.get_by_role("button", name="Fit")).to_be_disabled()
