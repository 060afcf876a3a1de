"""A comparison in Firefox and in WebKit: two files, all tabs, zoom and keys.

They are run when asked for, by IMGDIFF_OTHER_BROWSERS=1, as CI does: few machines have them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import until

from .doing import AFTER, BEFORE, TABS
from .other_browsers import FIREFOX, WEBKIT, XVFB, Steered, firefox, webkit

_ROOT = "document.querySelector('.st-key-viewer [data-testid=stBidiComponentIsolated]')?.shadowRoot"

pytestmark = pytest.mark.skipif(
    not os.environ.get("IMGDIFF_OTHER_BROWSERS"), reason="IMGDIFF_OTHER_BROWSERS is not set"
)


@pytest.fixture(
    params=[
        pytest.param(
            firefox,
            marks=pytest.mark.skipif(not FIREFOX, reason="Firefox is not installed"),
            id="firefox",
        ),
        pytest.param(
            webkit,
            marks=pytest.mark.skipif(
                not (WEBKIT and XVFB), reason="WebKitWebDriver or Xvfb is not installed"
            ),
            id="webkit",
        ),
    ]
)
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Steered]:
    with request.param(tmp_path) as browser:
        yield browser


def _text(browser: Steered, selector: str) -> str:
    """What an element of the viewer says; "" if there is none."""
    return str(browser.run(f"{_ROOT}?.querySelector({selector!r})?.textContent ?? ''"))


def test_two_files_all_tabs_zoom_and_keys(other: Steered, server: str) -> None:
    other.open(server)
    dropped = ".st-key-dropped input[type=file]"
    until(lambda: other.run(f"Boolean(document.querySelector({dropped!r}))"))
    other.give(dropped, [BEFORE, AFTER])
    until(lambda: "3 places changed" in other.run("document.querySelector('h2')?.innerText ?? ''"))
    shown = ".viewer[data-shown]:not([data-shown=preview])"
    until(lambda: other.run(f"Boolean({_ROOT}?.querySelector({shown!r}))"))
    widths = f"[...{_ROOT}.querySelectorAll('.pane:first-child .layer > .world > img[src]')]"
    until(lambda: other.run(f"{widths}.filter((image) => image.naturalWidth > 0).length >= 2"))

    for tab in [*TABS[1:], TABS[0]]:
        tabs = "[...document.querySelectorAll('.st-key-view [role=tab]')]"
        other.run(f"{tabs}.find((tab) => tab.innerText.trim() === {tab!r}).click()")
        until(lambda: other.run(f"{_ROOT}.querySelector('.viewer').dataset.tab") == tab)  # noqa: B023

    fitted = _text(other, ".zooms output")
    other.press("+")
    until(lambda: _text(other, ".zooms output") != fitted)
    other.press("0")
    until(lambda: _text(other, ".zooms output") == fitted)
    other.press("n")
    until(lambda: _text(other, ".count") == "1 of 3")
    other.press("b")
    until(lambda: _text(other, ".pane .name") == "After")
