"""Areas to ignore: drawn, moved and deleted in the viewer, by mouse and key."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from .doing import (
    PATIENCE,
    button,
    expect_places,
    pane,
    settle,
    tool,
)


def test_an_area_is_drawn_moved_resized_and_deleted_by_mouse(coffee: Page) -> None:
    bean = coffee.locator(".box").first.bounding_box()
    assert bean is not None
    left, top = bean["x"] - 20, bean["y"] - 20
    right, bottom = bean["x"] + bean["width"] + 20, bean["y"] + bean["height"] + 20
    middle = (left + right) / 2, (top + bottom) / 2
    tool(coffee, "Ignore an area")
    drag(coffee, (left, top), (right, bottom))
    expect_places(coffee, 2)  # the bean in the corner
    area = coffee.get_by_role("button", name=re.compile("^Ignored area 1, "))
    name = area.get_attribute("aria-label")
    expect(coffee).to_have_url(re.compile(r"ignore=\d+%2C\d+%2C\d+%2C\d+"))
    settle(coffee)
    drag(coffee, middle, (middle[0], middle[1] - (bottom - top) - 20))
    expect_places(coffee, 3)
    assert area.get_attribute("aria-label") != name
    area.locator("[data-corner=se]").hover()
    drag(coffee, None, (right, bottom))
    expect_places(coffee, 2)
    button(coffee, "Stop ignoring area 1").click()
    expect_places(coffee, 3)
    expect(area).to_be_hidden()


def test_an_area_over_half_a_place_takes_it_whole(coffee: Page) -> None:
    bean = coffee.locator(".box .line").first.bounding_box()
    assert bean is not None
    tool(coffee, "Ignore an area")
    top, bottom = bean["y"] - 20, bean["y"] + bean["height"] + 20
    drag(coffee, (bean["x"] - 20, top), (bean["x"] + 0.6 * bean["width"], bottom))
    expect_places(coffee, 2)


def drag(page: Page, start: tuple[float, float] | None, end: tuple[float, float]) -> None:
    """From where the pointer is, if there is no start."""
    if start is not None:
        page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def test_an_area_is_made_moved_and_deleted_by_key(coffee: Page) -> None:
    pane(coffee).press("r")
    pane(coffee).press("Enter")
    area = coffee.get_by_role("button", name=re.compile("^Ignored area 1, "))
    expect(area).to_be_visible(timeout=PATIENCE)
    settle(coffee)
    where = coffee.locator(".ignored li span")
    x, y = map(int, re.findall(r"\d+", where.inner_text())[2:])
    area.focus()
    coffee.keyboard.press("ArrowRight")
    coffee.keyboard.press("Shift+ArrowUp")
    expect(where).to_have_text(re.compile(f" at {x + 1}, {y - 10}$"))
    coffee.keyboard.press("Alt+ArrowRight")
    expect(coffee).to_have_url(re.compile(f"ignore={x + 1}%2C{y - 10}"), timeout=PATIENCE)
    area.focus()
    coffee.keyboard.press("Delete")
    expect(area).to_be_hidden()
    expect(coffee).not_to_have_url(re.compile("ignore="), timeout=PATIENCE)


def test_a_change_can_be_ignored_and_a_link_keeps_it(coffee: Page) -> None:
    button(coffee, "Ignore change 1").click()
    expect_places(coffee, 2)
    settle(coffee)
    coffee.reload()
    expect_places(coffee, 2)
    told = coffee.get_by_text("The link that you opened set: 1 ignored area.")
    expect(told).to_be_visible(timeout=PATIENCE)
    expect(coffee.get_by_role("button", name=re.compile("^Ignored area 1, "))).to_be_visible()
    coffee.get_by_role("button", name="Stop ignoring 1 area", exact=True).click()
    expect_places(coffee, 3)
