"""What a user does and sees, in words that the tests share."""

from __future__ import annotations

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests import waiting
from tests.pictures import SAMPLES

BEFORE, AFTER = SAMPLES / "coffee_before.jpg", SAMPLES / "coffee_after.jpg"
TABS = ["Compare", "Diff", "Boxed", "Mask", "Filled"]
WCAG_A_AA = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }
}
PATIENCE = 1000.0 * waiting.PATIENCE
"""Milliseconds, as the browser counts."""


def upload(page: Page, before: Path | FilePayload, after: Path | FilePayload) -> None:
    """Choose both files, one after the other as a hand does."""
    choose(page, "Before", before)
    asks_for_the_other = page.get_by_text("Now add the picture after the change.")
    expect(asks_for_the_other).to_be_visible(timeout=PATIENCE)
    choose(page, "After", after)


def choose(page: Page, label: str, file: Path | FilePayload) -> None:
    """Choose one file."""
    page.get_by_label(label, exact=True).locator("input[type=file]").set_input_files(file)


def compare_sample(page: Page, title: str, places: int) -> None:
    """Open a sample and wait until it is shown."""
    page.get_by_role("button", name=f"Try a sample: {title}").click(timeout=PATIENCE)
    expect_places(page, places)
    wait_for_pictures(page)


def expect_places(page: Page, count: int) -> None:
    """The headline says how many places changed, and perhaps which words."""
    places = "1 place" if count == 1 else f"{count} places"
    heading = page.get_by_role("heading", name=re.compile(rf"^{places} changed(\.|: .+\.)$"))
    expect(heading).to_be_visible(timeout=PATIENCE)


def wait_for_viewer(page: Page) -> None:
    """Wait until the viewer is there and listens to files that come, seen or not."""
    expect(page.locator(".viewer .pane")).to_have_count(2, timeout=PATIENCE)


_HAS_HEARD = """() => {
  const host = document.querySelector('.st-key-viewer [data-testid=stBidiComponentIsolated]');
  if (!host?.shadowRoot) return true;
  const inside = [host.shadowRoot, ...host.shadowRoot.querySelectorAll('*')];
  return !inside.find((node) => node.component)?.component.acts.waiting.length;
}"""
"""Whether the server has heard of all that was done in the viewer, if there is one: the run that
this brings may not have begun."""


def settle(page: Page) -> None:
    """Wait until the app has nothing more to do."""
    page.wait_for_function(_HAS_HEARD)
    expect(page.locator("[data-test-script-state=running]")).to_have_count(0, timeout=PATIENCE)


def wait_for_pictures(page: Page) -> None:
    """Wait until the viewer shows a result, pictures decoded."""
    viewer = page.locator(".viewer[data-shown]:not([data-shown=preview])")
    expect(viewer).to_be_visible(timeout=PATIENCE)
    settle(page)
    expect(viewer.locator(".pane")).to_have_count(2)  # built once, however often it is shown


def pane(page: Page, number: int = 0) -> Locator:
    """A pane of the viewer."""
    return page.locator(".pane").nth(number)


def button(page: Page, name: str) -> Locator:
    """A button of the viewer."""
    return page.locator(".viewer").get_by_role("button", name=name, exact=True)


def tool(page: Page, name: str) -> None:
    """Choose one of the tools in the viewer's menu."""
    button(page, "More tools").click()
    page.locator(".menu").get_by_role("button", name=name).click()


def zoom_percent(page: Page) -> float:
    """What the viewer says about its zoom."""
    return float(page.locator(".zooms output").inner_text().removesuffix(" %"))


def color_at(page: Page, x: int, y: int) -> tuple[str, str]:
    """Colours of before and after at a pixel, as the viewer's own images hold them."""
    script = """([x, y]) => {
      const root = document.querySelector('[data-testid=stBidiComponentIsolated]').shadowRoot;
      return ['before', 'after'].map((side) => {
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = 1;
        const context = canvas.getContext('2d');
        context.drawImage(root.querySelector(`.${side} img`), x, y, 1, 1, 0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].join();
      });
    }"""
    before, after = page.evaluate(script, [x, y])
    return before, after


def assert_accessible(page: Page) -> None:
    """No WCAG A or AA violation."""
    settle(page)
    results = Axe().run(page, options=WCAG_A_AA)
    assert results.violations_count == 0, results.generate_report()


def within(page: Page, x: float, y: float) -> tuple[float, float]:
    """A point of the window, px, from one of the pane."""
    box = pane(page).bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y
