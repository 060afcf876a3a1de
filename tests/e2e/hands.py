"""One user's hands: what is done by mouse, by keyboard alone, or by touch on a phone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Position

from .doing import TABS, pane

WAYS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "mouse": {"viewport": {"width": 1440, "height": 900}},
        "keyboard": {"viewport": {"width": 1024, "height": 768}},
        "touch": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    }
)
"""By way, the window it is done in."""


class Hands:
    """What each way has for the same thing.

    Attributes
    ----------
    page : Page
        What they work on.
    way : str
        One of `WAYS`.
    """

    def __init__(self, page: Page, way: str) -> None:
        self.page, self.way = page, way

    def press(self, what: Locator, *, key: str = "Enter") -> None:
        """Press a button, or the key that does the same."""
        if self.way == "mouse":
            what.click()
        elif self.way == "touch":
            what.tap()
        elif key == "Enter":
            what.press("Enter")
        else:
            self.page.keyboard.press(key)

    def choose(self, label: str, file: Path) -> None:
        """Choose a file for a side, through the button and what it opens."""
        opener = self.page.get_by_label(label, exact=True).locator("button").first
        with self.page.expect_file_chooser() as chooser:
            self.press(opener)
        chooser.value.set_files(file)

    @property
    def _tab(self) -> str:
        return str(self.page.locator(".viewer").get_attribute("data-tab"))

    def turn_to(self, tab: str) -> None:
        """Open a tab."""
        if self.way == "keyboard":
            self.page.locator(".st-key-view [role=tab][aria-selected=true]").focus()
            for _ in range((TABS.index(tab) - TABS.index(self._tab)) % len(TABS)):
                self.page.keyboard.press("ArrowRight")
        else:
            self.press(self.page.get_by_role("tab", name=tab, exact=True))

    def point(self, share: float) -> None:
        """At a part of the picture, counted from its left and its top; a key takes the middle."""
        box = pane(self.page).bounding_box()
        assert box is not None
        at = box["x"] + share * box["width"], box["y"] + share * box["height"]
        if self.way == "mouse":
            self.page.mouse.move(*at)
        elif self.way == "touch":
            self.page.touchscreen.tap(*at)
        else:
            self.page.keyboard.press("i")

    def slide(self, slider: Locator, share: float) -> None:
        """Move a slider to about a share of its way."""
        if self.way == "keyboard":
            slider.press("End" if share > 0.5 else "Home")
            return
        box = slider.bounding_box()
        assert box is not None
        where: Position = {"x": share * box["width"], "y": box["height"] / 2}
        slider.click(position=where) if self.way == "mouse" else slider.tap(position=where)

    def draw(self, box: tuple[float, float, float, float]) -> None:
        """Draw a rectangle around a part of the window; by key, one in the middle is placed."""
        left, top, right, bottom = box
        if self.way == "keyboard":
            self.page.keyboard.press("Enter")
        elif self.way == "mouse":
            self.page.mouse.move(left, top)
            self.page.mouse.down()
            self.page.mouse.move(right, bottom, steps=4)
            self.page.mouse.up()
        else:
            finger = self.page.context.new_cdp_session(self.page)
            for kind, x, y in (
                ("touchStart", left, top),
                ("touchMove", (left + right) / 2, bottom),
                ("touchMove", right, bottom),
            ):
                points = [{"x": x, "y": y}]
                finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
            finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@contextmanager
def hands_on(browser: Browser, address: str, way: str) -> Iterator[Hands]:
    """Hands on the empty page."""
    context = browser.new_context(**WAYS[way])
    page = context.new_page()
    page.goto(address)
    yield Hands(page, way)
    context.close()
