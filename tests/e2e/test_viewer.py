"""The viewer: every view, zoom, marks and keys, as a user meets them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pictures import drawing, edited, write

from .doing import (
    PATIENCE,
    button,
    compare_sample,
    expect_places,
    pane,
    settle,
    tool,
    upload,
    wait_for_pictures,
    within,
    zoom_percent,
)


def layers(page: Page) -> list[set[str]]:
    """What is seen in each pane that is seen."""
    script = """(panes) => panes.filter((p) => p.offsetWidth).map((p) =>
      [...p.querySelectorAll('.layer')].filter((l) => l.offsetWidth).map((l) => l.classList[1]))"""
    return [set(names) for names in page.locator(".pane").evaluate_all(script)]


def camera(page: Page) -> str:
    return str(page.locator(".panes").evaluate("e => e.style.getPropertyValue('--camera')"))


def test_the_tabs_switch_the_view_at_once_and_the_camera_stays(coffee: Page) -> None:
    pane(coffee).press("+")
    before = camera(coffee)
    expected = {
        "Mask": [{"mask"}],
        "Filled": [{"after", "mask"}],
        "Diff": [{"diff"}],
        "Compare": [{"before", "after"}],
    }
    for tab, shown in expected.items():
        coffee.get_by_role("tab", name=tab, exact=True).click()
        view = "swipe" if tab == "Compare" else tab
        expect(coffee.locator(f".panes[data-view={view}]")).to_be_visible(timeout=PATIENCE)
        assert layers(coffee) == shown
        assert camera(coffee) == before
    coffee.get_by_role("tab", name="Boxed", exact=True).click()
    expect(coffee.locator(".panes[data-view=Boxed]")).to_be_visible()
    assert layers(coffee) == [{"before"}, {"after"}]
    assert coffee.locator(".pane .box").count() == 6


def test_a_view_needs_no_server(coffee: Page) -> None:
    coffee.context.set_offline(offline=True)
    coffee.get_by_role("tab", name="Mask", exact=True).click()
    expect(coffee.locator(".panes[data-view=Mask]")).to_be_visible()
    assert layers(coffee) == [{"mask"}]
    coffee.get_by_role("tab", name="Diff", exact=True).click()
    expect(coffee.get_by_text("Drawing the exact map …")).to_be_visible()
    assert layers(coffee) == [{"before", "after"}]  # the browser's own difference, for the time
    coffee.context.set_offline(offline=False)


def test_looks_by_mouse_and_key(coffee: Page) -> None:
    coffee.get_by_role("radio", name="Side by side").click()
    assert layers(coffee) == [{"before"}, {"after"}]
    coffee.keyboard.press("ArrowRight")
    expect(coffee.get_by_role("radio", name="Fade")).to_be_focused()
    assert layers(coffee) == [{"before", "after"}]
    coffee.get_by_role("slider", name="Fade from before to after").fill("25")
    after = pane(coffee).locator(".layer.after")
    assert after.evaluate("e => e.style.opacity") == "0.25"
    expect(coffee).to_have_url(re.compile("look=fade"), timeout=PATIENCE)
    coffee.reload()  # the sample has an address
    expect_places(coffee, 3)
    wait_for_pictures(coffee)
    expect(coffee.get_by_role("radio", name="Fade")).to_be_checked()


def test_the_divider_moves_by_mouse_and_key(coffee: Page) -> None:
    divider = coffee.get_by_role("slider", name="Divider")
    expect(divider).to_have_attribute("aria-valuenow", "50")
    divider.press("ArrowRight")
    expect(divider).to_have_attribute("aria-valuenow", "52")
    box = pane(coffee).bounding_box()
    assert box is not None
    divider.hover()
    coffee.mouse.down()
    coffee.mouse.move(box["x"] + box["width"] / 4, box["y"] + 50)
    coffee.mouse.up()
    expect(divider).to_have_attribute("aria-valuenow", "25")
    cut = str(pane(coffee).locator(".layer.after").evaluate("e => e.style.clipPath"))
    assert float(re.findall(r"([\d.]+)%", cut)[-1]) == pytest.approx(25, abs=0.2)


def test_blink_takes_turns_and_can_be_paused(coffee: Page) -> None:
    coffee.get_by_role("radio", name="Blink").click()
    name = pane(coffee).locator(".name").first
    expect(name).to_have_text("After", timeout=PATIENCE)
    expect(name).to_have_text("Before", timeout=PATIENCE)
    button(coffee, "Pause").click()
    expect(button(coffee, "Play")).to_be_visible()
    shown = name.inner_text()
    pane(coffee).press("b")
    expect(name).not_to_have_text(shown)


def test_blink_begins_paused_for_those_who_want_less_motion(browser: Browser, server: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(server)
    compare_sample(page, "cup of coffee", 3)
    page.get_by_role("radio", name="Blink").click()
    expect(button(page, "Play")).to_be_visible()
    context.close()


def test_zoom_by_wheel_button_key_and_double_click(coffee: Page) -> None:
    fitted = zoom_percent(coffee)
    coffee.locator(".handle").hover()
    coffee.mouse.wheel(0, -300)
    expect(coffee.locator(".zooms output")).not_to_have_text(f"{fitted:.0f} %")
    assert zoom_percent(coffee) > fitted
    button(coffee, "Fit").click()
    assert zoom_percent(coffee) == fitted
    tool(coffee, "Actual size")
    assert zoom_percent(coffee) == 100
    button(coffee, "Zoom in").click()
    assert zoom_percent(coffee) == 150
    pane(coffee).press("-")
    assert zoom_percent(coffee) == 100
    pane(coffee).dblclick(position={"x": 300, "y": 100})
    assert zoom_percent(coffee) == 200
    image = pane(coffee).locator(".before img")
    assert image.evaluate("e => getComputedStyle(e).imageRendering") == "pixelated"
    for _ in range(20):
        pane(coffee).press("+")
    assert zoom_percent(coffee) == 3200
    pane(coffee).press("0")
    assert zoom_percent(coffee) == fitted


def test_dragging_pans_and_the_map_shows_where(coffee: Page) -> None:
    navigator = coffee.locator(".navigator")
    expect(navigator).to_be_hidden()
    for _ in range(3):
        pane(coffee).press("+")
    expect(navigator).to_be_visible()
    before = camera(coffee)
    pane(coffee).hover(position={"x": 200, "y": 200})
    coffee.mouse.down()
    coffee.mouse.move(400, 600, steps=3)
    coffee.mouse.up()
    dragged = camera(coffee)
    assert dragged != before
    navigator.click(position={"x": 10, "y": 10})
    assert camera(coffee) != dragged
    pane(coffee).press("ArrowRight")


def test_two_fingers_zoom(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(server)
    compare_sample(page, "cup of coffee", 3)
    pane(page).scroll_into_view_if_needed()
    fitted = zoom_percent(page)
    box = pane(page).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 4, box["y"] + box["height"] / 2
    touch = context.new_cdp_session(page)
    for kind, apart in (("touchStart", 20), ("touchMove", 50), ("touchMove", 70)):
        points = [{"x": x - apart, "y": y - 30, "id": 0}, {"x": x + apart, "y": y - 30, "id": 1}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator(".zooms output")).not_to_have_text(f"{fitted:.0f} %")
    assert zoom_percent(page) > 2 * fitted
    context.close()


def test_changes_by_card_box_and_key(coffee: Page) -> None:
    expect(coffee.locator(".places h3").first).to_have_text("3 places changed")
    coffee.get_by_role("button", name=re.compile("^Change 2: .*of the picture")).click()
    said = coffee.locator(".viewer .live[role=status]")
    expect(said).to_have_text(
        re.compile(r"^Change 2 of 3, \+ added, sure, \d+ by \d+ pixels at \d+, \d+$")
    )
    assert coffee.locator(".box.selected").first.get_attribute("data-index") == "1"
    pane(coffee).press("n")
    expect(said).to_have_text(re.compile("^Change 3 of 3"))
    pane(coffee).press("n")
    expect(said).to_have_text(re.compile("^Change 1 of 3"))
    pane(coffee).press("p")
    expect(coffee.locator(".count")).to_have_text("3 of 3")
    pane(coffee).press("0")
    coffee.locator(".pane").first.locator(".box .tag").first.click()
    expect(said).to_have_text(re.compile("^Change 1 of 3"))


def test_thumbnails_show_before_and_after(coffee: Page) -> None:
    card = coffee.locator(".cards li").first
    expect(card).to_have_attribute("data-drawn", "yes")
    means = card.locator("canvas").evaluate_all(
        """canvases => canvases.map((canvas) => {
          const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          return data.reduce((sum, value) => sum + value) / data.length;
        })"""
    )
    assert abs(means[0] - means[1]) > 3  # a bean lies there only after
    assert min(means) > 70


def test_boxes_can_be_hidden(coffee: Page) -> None:
    expect(coffee.locator(".box").first).to_be_visible()
    pane(coffee).press("x")
    expect(coffee.locator(".box")).to_have_count(0)
    expect(button(coffee, "Boxes")).to_have_attribute("aria-pressed", "false")


def test_the_inspector_tells_colours_and_holds_on_click(coffee: Page) -> None:
    probe = coffee.locator(".probe")
    coffee.get_by_role("button", name=re.compile("^Change 1: ")).click()
    pane(coffee).hover(position={"x": 300, "y": 60})
    expect(probe).to_have_text(
        re.compile(r"^x \d+, y \d+ · before #[\da-f]{6} · after #[\da-f]{6} · (differs|same)")
    )
    coffee.mouse.click(*within(coffee, 300, 60))
    held = probe.inner_text()
    assert held.endswith("held, click to let go")
    pane(coffee).hover(position={"x": 100, "y": 100})
    assert probe.inner_text() == held
    pane(coffee).press("Escape")
    pane(coffee).press("i")
    expect(coffee.locator(".viewer .live[role=status]")).to_contain_text("before #")


def test_the_slider_filters_while_it_is_dragged(coffee: Page) -> None:
    coffee.get_by_role("tab", name="Filled", exact=True).click()
    expect(coffee).to_have_url(re.compile("view=Filled"), timeout=PATIENCE)
    settle(coffee)
    slider = coffee.locator(".st-key-min_area")
    thumb = slider.get_by_test_id("stSliderThumbValue")
    track = slider.locator("[data-orientation=horizontal]").last
    track.hover()  # which waits until it stands still
    box = track.bounding_box()
    assert box is not None
    coffee.mouse.move(box["x"] + 0.04 * box["width"], box["y"] + box["height"] / 2)
    coffee.mouse.down()
    coffee.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + box["height"] / 2, steps=5)
    expect(coffee.locator(".count")).to_have_text("2 places")
    expect(coffee.locator(".places h3").first).to_have_text("2 places changed")
    assert layers(coffee) == [{"after"}]  # the mask gives way to the outlines
    outlines = pane(coffee).locator(".live-mask").get_attribute("d")
    assert outlines is not None
    assert outlines.count("M") == 2
    expect(coffee.get_by_role("heading", name="3 places changed.")).to_be_visible()
    coffee.mouse.up()
    expect_places(coffee, 2)
    wait_for_pictures(coffee)
    assert layers(coffee) == [{"after", "mask"}]
    expect(thumb).to_be_visible()


def test_keys_are_listed(coffee: Page) -> None:
    tool(coffee, "Keys")
    expect(coffee.locator("dl.keys")).to_contain_text("next change")
    coffee.keyboard.press("Escape")
    expect(coffee.locator("dl.keys")).to_be_hidden()


def test_full_screen(coffee: Page) -> None:
    tool(coffee, "Full screen")
    coffee.wait_for_function("document.fullscreenElement !== null")
    pane(coffee).press("f")
    coffee.wait_for_function("document.fullscreenElement === null")


def test_a_pair_of_the_same_size_is_looked_at_where_the_last_one_was(
    page: Page, tmp_path: Path
) -> None:
    picture = drawing(300, 400)
    first, second = write(tmp_path, "a.png", picture), write(tmp_path, "b.png", edited(picture))
    third = write(tmp_path, "c.png", edited(picture, seed=5))
    upload(page, first, second)
    wait_for_pictures(page)
    for _ in range(4):
        pane(page).press("+")
    place = camera(page)
    shown = page.locator(".viewer").get_attribute("data-shown") or ""
    page.get_by_label("After", exact=True).locator("input[type=file]").set_input_files(third)
    expect(page.locator(".viewer")).not_to_have_attribute("data-shown", shown, timeout=PATIENCE)
    wait_for_pictures(page)
    assert camera(page) == place
