"""The page in a real browser: what a user does, sees and takes away."""

from __future__ import annotations

import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, FilePayload, Locator, Page, expect

from imgdiff import compare, load_image, view_of

from ..pictures import SAMPLES, drawing, edited, write

BEFORE, AFTER = SAMPLES / "coffee_before.jpg", SAMPLES / "coffee_after.jpg"
TABS = ["Compare", "Diff", "Boxed", "Mask", "Filled"]
WCAG_A_AA = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }
}
PATIENCE = 20_000
"""Milliseconds; a cold start imports pandas, which may take long on a busy machine."""


def upload(page: Page, before: Path | FilePayload, after: Path | FilePayload) -> None:
    """Choose both files, one after the other as a hand does."""
    page.get_by_label("Before").locator("input[type=file]").set_input_files(before)
    asks_for_the_other = page.get_by_text("Now add the picture after the change.")
    expect(asks_for_the_other).to_be_visible(timeout=PATIENCE)
    page.get_by_label("After").locator("input[type=file]").set_input_files(after)


def settle(page: Page) -> None:
    """Wait until the app has nothing more to do."""
    expect(page.locator("[data-test-script-state=running]")).to_have_count(0, timeout=PATIENCE)


def picture(page: Page) -> Locator:
    """The pictures of the open tab."""
    return page.get_by_role("tabpanel").locator("img:visible")


def assert_accessible(page: Page) -> None:
    """No WCAG A or AA violation."""
    settle(page)
    results = Axe().run(page, options=WCAG_A_AA)
    assert results.violations_count == 0, results.generate_report()


def test_upload_look_and_take_away(page: Page) -> None:
    upload(page, BEFORE, AFTER)
    expect(page.get_by_role("heading", name="3 places changed.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("stMetric").filter(has_text="Image similarity")).to_contain_text(
        "99.1947 %"
    )
    view = view_of(compare(load_image(BEFORE), load_image(AFTER)))
    for tab in TABS:
        page.get_by_role("tab", name=tab, exact=True).click()
        expect(picture(page)).to_have_count(2 if tab == "Compare" else 1, timeout=PATIENCE)
    expect(page.get_by_alt_text(view.layers["filled"].alt)).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="All pictures (ZIP)").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        for key, layer in view.layers.items():
            png = np.frombuffer(archive.read(f"{key}.png"), np.uint8)
            expected = layer.draw()
            flag = cv2.IMREAD_UNCHANGED if expected.ndim == 2 else cv2.IMREAD_COLOR_RGB
            np.testing.assert_array_equal(cv2.imdecode(png, flag), expected)


def test_pictures_reach_the_browser_at_full_size_and_untouched(page: Page, tmp_path: Path) -> None:
    """``st.image`` would shrink this to 1460 px and make a JPEG of it."""
    wide = drawing(300, 2400)
    upload(page, write(tmp_path, "a.png", wide), write(tmp_path, "b.png", edited(wide)))
    page.get_by_role("tab", name="Filled").click(timeout=PATIENCE)
    expect(picture(page)).to_have_count(1)
    expect(page.get_by_alt_text("painted green")).to_be_visible(timeout=PATIENCE)
    address = picture(page).evaluate("img => img.src")
    body = page.request.get(address).body()
    shown = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR_RGB)
    view = view_of(compare(load_image(tmp_path / "a.png"), load_image(tmp_path / "b.png")))
    np.testing.assert_array_equal(shown, view.layers["filled"].draw())


def test_a_picture_download_is_exact(page: Page) -> None:
    upload(page, BEFORE, AFTER)
    page.get_by_role("tab", name="Mask").click(timeout=PATIENCE)
    with page.expect_download() as download:
        page.get_by_role("button", name="Mask (PNG)").click(timeout=PATIENCE)
    assert download.value.suggested_filename == "mask.png"
    mask = cv2.imread(str(download.value.path()), cv2.IMREAD_UNCHANGED)
    view = view_of(compare(load_image(BEFORE), load_image(AFTER)))
    np.testing.assert_array_equal(mask, view.layers["mask"].draw())


def test_the_address_carries_the_settings(page: Page, server: str) -> None:
    page.goto(f"{server}/?method=absdiff&min_area=150&grayscale=false&view=Mask")
    page.get_by_role("button", name="Try a sample: web page").click(timeout=PATIENCE)
    expect(page.get_by_test_id("stMetric").first).to_contain_text(
        "Mean absolute difference", timeout=PATIENCE
    )
    expect(page.get_by_role("heading", name="3 places changed.")).to_be_visible()
    expect(page.get_by_role("tab", name="Mask")).to_have_attribute("aria-selected", "true")
    for setting in ("method=absdiff", "min_area=150", "grayscale=false", "view=Mask"):
        assert setting in page.url


def test_another_page_and_back_loses_nothing(page: Page) -> None:
    upload(page, BEFORE, AFTER)
    expect(page.get_by_role("heading", name="3 places changed.")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Methods").click()
    expect(page.get_by_role("heading", name="Methods")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", name="3 places changed.")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_role("heading", name="3 places changed.")).to_be_hidden()


def test_a_bad_file_gets_a_sentence_and_a_good_one_an_answer(page: Page, tmp_path: Path) -> None:
    words = tmp_path / "words.png"
    words.write_text("just words")
    upload(page, BEFORE, words)
    expect(page.get_by_role("alert")).to_contain_text("After: A JPEG, PNG", timeout=PATIENCE)
    page.get_by_label("After").get_by_role("button", name="Remove").click()
    page.get_by_label("After").locator("input[type=file]").set_input_files(AFTER)
    expect(page.get_by_role("heading", name="3 places changed.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_hostile_file_name_stays_text(page: Page) -> None:
    """Neither markup nor Markdown: the page fixture fails on any request to the outside."""
    name = "![x](http://127.0.0.1:1/a.png)<img src=x onerror=alert(1)>.jpg"
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    files: list[FilePayload] = [
        {"name": name, "mimeType": "image/jpeg", "buffer": path.read_bytes()}
        for path in (BEFORE, AFTER)
    ]
    upload(page, *files)
    expect(page.get_by_role("heading", name="3 places changed.")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Methods").click()
    expect(page.get_by_role("heading", name="Methods")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text(f"Showing {name}")).to_be_visible(timeout=PATIENCE)
    assert dialogs == []


@pytest.mark.parametrize("width", [1440, 390], ids=["desktop", "phone"])
def test_no_accessibility_violation(browser: Browser, server: str, scheme: str, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(server)
    expect(page.get_by_role("button", name="Try a sample: web page")).to_be_visible(
        timeout=PATIENCE
    )
    assert_accessible(page)
    page.get_by_role("button", name="Try a sample: web page").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=PATIENCE)
    expect(picture(page)).to_have_count(2)
    assert_accessible(page)
    page.goto(f"{server}/methods")
    expect(page.get_by_role("heading", name="Absolute difference")).to_be_visible(timeout=PATIENCE)
    assert_accessible(page)
    context.close()


def test_nothing_is_wider_than_a_phone(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(server)
    page.get_by_role("button", name="Try a sample: deep sky").click(timeout=PATIENCE)
    expect(picture(page)).to_have_count(2, timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for index in range(2):
        box = picture(page).nth(index).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    context.close()
