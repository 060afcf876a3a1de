"""What is done faster than the server answers is done, all of it, and stays."""

from __future__ import annotations

import re
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.waiting import until

from .doing import (
    AFTER,
    BEFORE,
    PATIENCE,
    button,
    choose,
    compare_sample,
    expect_places,
    pane,
    settle,
    upload,
    wait_for_pictures,
    wait_for_viewer,
)

_TOLD_VIEW = """() => {
  const host = document.querySelector('.st-key-viewer [data-testid=stBidiComponentIsolated]');
  const inside = [host.shadowRoot, ...host.shadowRoot.querySelectorAll('*')];
  return inside.find((node) => node.component).component.sources.payload.view;
}"""

_SLOW_BROWSER = """
crypto.subtle.digest = () => new Promise(() => undefined);
const addressOf = URL.createObjectURL;
URL.createObjectURL = (what) => (what instanceof File ? "/never" : addressOf(what));
"""
"""A browser that has neither shown its own copy of a picture nor told its digest so far."""

_LATE_FIRST_CALL = """
const addressOf = URL.createObjectURL;
const held = new WeakMap();
window.late = (show, asked) => {
  const { parentElement } = asked;
  if (!held.has(parentElement))
    return new Promise((done) => held.set(parentElement, () => done(show(asked))));
  const result = show(asked);
  held.get(parentElement)();
  held.set(parentElement, () => {});
  return result;
};
URL.createObjectURL = (what) => what.type !== "text/javascript" ? addressOf(what) :
  addressOf(new Blob([`import show from "${addressOf(what)}";
    export default (asked) => window.late(show, asked);`], { type: what.type }));
"""
"""Two calls of a component wait for its module, and the first comes last: Chromium may do that."""


class Line:
    """The line between page and server: it holds back what either says, when told to."""

    def __init__(self, page: Page) -> None:
        self.held: dict[str, list[str | bytes]] = {"asked": [], "answered": []}
        self.holding: set[str] = set()
        self.page = page
        page.route_web_socket(re.compile("/_stcore/stream"), self._connect)

    def _connect(self, page: WebSocketRoute) -> None:
        self._ways = {"asked": page.connect_to_server(), "answered": page}
        page.on_message(lambda message: self._pass_on("asked", message))
        self._ways["asked"].on_message(lambda message: self._pass_on("answered", message))

    def _pass_on(self, way: str, message: str | bytes) -> None:
        if way in self.holding:
            self.held[way].append(message)
        else:
            self._ways[way].send(message)

    def hold(self, way: str) -> None:
        self.holding.add(way)

    def release(self, way: str) -> None:
        """Pass on what was held, and hold no more."""
        self.holding.discard(way)
        messages, self.held[way] = self.held[way], []
        for message in messages:
            self._ways[way].send(message)

    def wait_for(self, fact: Callable[[], bool]) -> None:
        """Wait for something about what is held: it is heard of while the browser is spoken to."""
        until(lambda: (self.page.evaluate("0"), fact())[1])

    def has_answered(self) -> bool:
        """Whether the end of an answer is held back."""
        return any(
            isinstance(message, bytes)
            and ForwardMsg.FromString(message).WhichOneof("type") == "script_finished"
            for message in self.held["answered"]
        )


@pytest.fixture
def line(page: Page) -> Line:
    line = Line(page)
    page.reload()
    wait_for_viewer(page)  # what is done in haste here begins on a page that is there
    compare_sample(page, "cup of coffee", 3)
    settle(page)  # or an answer to what went before may be the one that is held back
    return line


def test_an_answer_to_the_last_tab_doesnt_take_back_the_next(page: Page, line: Line) -> None:
    def click(tab: str) -> None:
        page.get_by_role("tab", name=tab, exact=True).click()
        expect(page.locator(f".viewer[data-tab={tab}]")).to_be_visible()

    line.hold("answered")
    click("Mask")
    line.wait_for(line.has_answered)
    line.hold("asked")
    click("Filled")
    line.release("answered")
    until(lambda: page.evaluate(_TOLD_VIEW) == "Mask")
    expect(page.get_by_role("tab", name="Filled")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".viewer[data-tab=Filled]")).to_be_visible()
    line.release("asked")
    expect(page).to_have_url(re.compile("view=Filled"), timeout=PATIENCE)
    settle(page)
    expect(page.locator(".viewer[data-tab=Filled]")).to_be_visible()


def test_of_two_things_done_at_once_neither_is_lost(page: Page, line: Line) -> None:
    line.hold("asked")
    button(page, "Ignore change 1").click()
    page.get_by_role("radio", name="Fade").click()
    line.wait_for(lambda: len(line.held["asked"]) >= 2)
    line.release("asked")
    expect(page).to_have_url(re.compile("look=fade"), timeout=PATIENCE)
    expect_places(page, 2)


def test_two_clicks_within_a_moment_both_count(page: Page, line: Line) -> None:
    line.hold("asked")
    for side in ("before", "after"):
        page.locator(f".st-key-remove_{side} button").first.click()
    line.wait_for(lambda: len(line.held["asked"]) >= 2)
    line.release("asked")
    expect(page.get_by_text("See what changed, where and how much")).to_be_visible()


def test_what_is_taken_away_while_the_page_is_renewed_comes(page: Page, line: Line) -> None:
    line.hold("answered")
    page.get_by_role("tab", name="Filled", exact=True).click()
    line.wait_for(line.has_answered)  # the server has other buttons than the page by now
    page.get_by_role("button", name="Download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Numbers (JSON)").click()
        line.release("answered")
    assert download.value.suggested_filename.endswith(".json")


def test_a_result_that_overtakes_the_browsers_own_copies_is_shown(page: Page) -> None:
    page.add_init_script(_SLOW_BROWSER)
    page.route("**/never", lambda _: None)
    page.reload()
    wait_for_viewer(page)
    upload(page, BEFORE, AFTER)
    expect_places(page, 3)
    wait_for_pictures(page)


def test_what_was_told_before_the_viewer_was_there_doesnt_hide_what_came_next(page: Page) -> None:
    page.add_init_script(_LATE_FIRST_CALL)
    page.reload()
    compare_sample(page, "cup of coffee", 3)


def test_a_picture_that_the_browser_is_slow_to_load_is_shown(page: Page) -> None:
    loads: list[Route] = []
    page.add_init_script(_SLOW_BROWSER)
    page.route("**/never", lambda load: loads.append(load))  # noqa: PLW0108 - not a method
    page.reload()
    wait_for_viewer(page)
    choose(page, "Before", BEFORE)
    expect(page.get_by_text("Now add the picture after the change.")).to_be_visible()
    settle(page)  # the viewer has been told of it twice, by the browser and by the server
    for load in loads:
        load.fulfill(path=BEFORE, content_type="image/jpeg")
    expect(page.locator(".viewer[data-shown=preview]")).to_be_visible()


def test_pictures_that_didnt_come_are_told_of_and_come_when_asked_for(page: Page) -> None:
    page.route("**/media/**", lambda route: route.fulfill(status=404))
    page.get_by_role("button", name="Try a sample: cup of coffee").click()
    told = page.locator(".viewer .pill")
    lacking = "The server didn’t send the picture before, the picture after, and the mask."
    expect(told).to_contain_text(lacking)
    page.unroute("**/media/**")
    told.get_by_role("button", name="Try again").click()
    wait_for_pictures(page)
    expect(told).to_be_hidden()
    page.get_by_role("tab", name="Mask", exact=True).click()
    until(lambda: _white_share(page) > 0.005)  # the pill and its button are less


def _white_share(page: Page) -> float:
    """How much of the first pane is white, 0 to 1."""
    shot = cv2.imdecode(np.frombuffer(pane(page).screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)
    return float(np.mean(shot > 250)) if shot is not None else 0.0
