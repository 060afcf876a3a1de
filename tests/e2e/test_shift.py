"""Nothing jumps between the first paint and the answer, by what browsers themselves count."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from .doing import AFTER, BEFORE, upload, wait_for_pictures, wait_for_viewer

_WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) {
    const moved = sources.map(({ node, previousRect, currentRect }) =>
      JSON.stringify([node?.className ?? node?.nodeName, previousRect, currentRect]));
    window.shifts.push([value, moved.join(' / ')]);
  }
}).observe({ type: 'layout-shift', buffered: true });
"""
_MOST = 0.1
"""What web.dev/cls calls good; here for the whole way and with what follows a click, which a page's
own score leaves out: no pace of the machine changes the sum."""


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_jumps_from_load_to_verdict(browser: Browser, server: str, width: int) -> None:
    height = {1440: 900, 1024: 768, 390: 844}[width]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.add_init_script(_WATCH)
    page.goto(server)
    wait_for_viewer(page)
    upload(page, BEFORE, AFTER)
    wait_for_pictures(page)
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) < _MOST, shifts
    context.close()
