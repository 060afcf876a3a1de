"""Nothing jumps between the first paint and the answer, by what browsers themselves count."""

from __future__ import annotations

from pathlib import Path

import cv2
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

window.tops = new Set();
const look = () => {
  const host = document.querySelector('.st-key-viewer [data-testid=stBidiComponentIsolated]');
  const box = host?.shadowRoot?.querySelector('.panes')?.getBoundingClientRect();
  if (box?.height) window.tops.add(box.top);
  requestAnimationFrame(look);
};
look();
"""
_MOST = 0.1
"""What web.dev/cls calls good; here for the whole way and with what follows a click, which a page's
own score leaves out: no pace of the machine changes the sum."""


@pytest.fixture
def shifted(tmp_path: Path) -> tuple[Path, Path]:
    """Two parts of one picture, of which a long sentence is told."""
    picture = cv2.imread(str(BEFORE))
    assert picture is not None
    paths = tmp_path / "before.png", tmp_path / "after.png"
    for path, part in zip(paths, (picture[:-9, :-13], picture[9:, 13:]), strict=True):
        cv2.imwrite(str(path), part)
    return paths


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_jumps_from_load_to_verdict(
    browser: Browser, server: str, width: int, shifted: tuple[Path, Path]
) -> None:
    height = {1440: 900, 1024: 768, 390: 844}[width]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.add_init_script(_WATCH)
    page.goto(server)
    wait_for_viewer(page)
    upload(page, *((BEFORE, AFTER) if width == 1440 else shifted))
    wait_for_pictures(page)
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) < _MOST, shifts
    tops = page.evaluate("[...window.tops]")
    assert max(tops) - min(tops) < 1, f"the pictures jumped: {tops}"  # px; browsers round
    context.close()
