"""The page in a real browser: what a user does, sees and takes away."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import Dialog, FilePayload, Page, expect

from imgdiff import compare, load_image, view_of
from tests.pictures import drawing, edited, write
from tests.waiting import until

from .doing import (
    AFTER,
    BEFORE,
    PATIENCE,
    TABS,
    choose,
    color_at,
    compare_sample,
    expect_places,
    pane,
    upload,
    wait_for_pictures,
    wait_for_viewer,
)


def test_another_page_and_back_loses_nothing(page: Page) -> None:
    upload(page, BEFORE, AFTER)
    expect(page.get_by_role("heading", name="3 places changed.")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Methods").click()
    expect(page.get_by_role("heading", name="Methods")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", name="3 places changed.")).to_be_visible(timeout=PATIENCE)
    page.locator(".st-key-remove_before").get_by_role("button").click()
    expect(page.get_by_role("heading", name="3 places changed.")).to_be_hidden()


def test_a_bad_file_gets_a_sentence_and_a_good_one_an_answer(page: Page, tmp_path: Path) -> None:
    words = tmp_path / "words.png"
    words.write_text("just words")
    upload(page, BEFORE, words)
    expect(page.get_by_role("alert")).to_contain_text("After: A JPEG, PNG", timeout=PATIENCE)
    page.locator(".st-key-remove_after").get_by_role("button").click()
    choose(page, "After", AFTER)
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
    expect(page.get_by_text(name).first).to_be_visible(timeout=PATIENCE)
    assert dialogs == []


def test_upload_look_and_take_away(page: Page) -> None:
    upload(page, BEFORE, AFTER)
    expect_places(page, 3)
    metric = page.get_by_test_id("stMetric").filter(has_text="Image similarity")
    expect(metric).to_contain_text("99.2 %")
    view = view_of(compare(load_image(BEFORE), load_image(AFTER)))
    for tab in TABS:
        page.get_by_role("tab", name=tab, exact=True).click()
        expect(page.locator(f".viewer[data-tab={tab}]")).to_be_visible(timeout=PATIENCE)

    page.get_by_role("button", name="Download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Pictures (ZIP)").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        for key, layer in view.layers.items():
            png = np.frombuffer(archive.read(f"{key}.png"), np.uint8)
            expected = layer.draw()
            flag = cv2.IMREAD_UNCHANGED if expected.ndim == 2 else cv2.IMREAD_COLOR_RGB
            np.testing.assert_array_equal(cv2.imdecode(png, flag), expected)


def test_the_exact_map_reaches_the_browser_whole(page: Page, tmp_path: Path) -> None:
    """``st.image`` would shrink this to 1460 px and make a JPEG of it."""
    wide = drawing(300, 2400)
    upload(page, write(tmp_path, "a.png", wide), write(tmp_path, "b.png", edited(wide)))
    page.get_by_role("tab", name="Diff").click(timeout=PATIENCE)
    expect(page.locator(".panes[data-view=Diff]")).to_be_visible(timeout=PATIENCE)
    layer = pane(page).locator(".diff img")
    expect(layer).to_have_attribute("src", re.compile("."), timeout=PATIENCE)
    address = layer.evaluate("img => img.src")
    body = page.request.get(address).body()
    shown = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_UNCHANGED)
    view = view_of(compare(load_image(tmp_path / "a.png"), load_image(tmp_path / "b.png")))
    np.testing.assert_array_equal(shown, view.layers["diff"].draw())


def test_a_picture_download_is_exact(page: Page) -> None:
    upload(page, BEFORE, AFTER)
    page.get_by_role("button", name="Download").click(timeout=PATIENCE)
    page.get_by_text("More", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Mask (PNG)").click(timeout=PATIENCE)
    assert download.value.suggested_filename == "coffee_before–coffee_after.mask.png"
    mask = cv2.imread(str(download.value.path()), cv2.IMREAD_UNCHANGED)
    view = view_of(compare(load_image(BEFORE), load_image(AFTER)))
    np.testing.assert_array_equal(mask, view.layers["mask"].draw())


def test_the_address_carries_settings_and_view(page: Page, server: str) -> None:
    page.goto(f"{server}/?method=absdiff&min_area=150&grayscale=true&view=Mask")
    compare_sample(page, "web page", 2)
    expect(page.get_by_test_id("stMetric").first).to_contain_text("Mean absolute difference")
    expect(page.get_by_role("tab", name="Mask")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".panes[data-view=Mask]")).to_be_visible()
    for setting in ("method=absdiff", "min_area=150", "grayscale=true", "view=Mask"):
        expect(page).to_have_url(re.compile(setting))


def test_two_files_dropped_together_become_before_and_after(page: Page) -> None:
    drop(page, BEFORE, AFTER)
    expect_places(page, 3)
    expect(page.locator(".st-key-facts_before")).to_contain_text("coffee_before.jpg")
    wait_for_pictures(page)
    before = pane(page).locator(".before img").evaluate("img => img.src")
    page.get_by_role("button", name="Swap").click()
    after = pane(page).locator(".after img")
    expect(after).to_have_attribute("src", before, timeout=PATIENCE)
    expect(page.locator(".st-key-facts_before")).to_contain_text("coffee_after.jpg")


def test_single_files_dropped_or_pasted_take_the_free_place(page: Page) -> None:
    drop(page, BEFORE)
    asks = page.get_by_text("Now add the picture after the change.")
    expect(asks).to_be_visible(timeout=PATIENCE)
    drop(page, AFTER, kind="paste")
    expect_places(page, 3)
    drop(page, BEFORE)  # another one after
    told = page.get_by_role("heading", name="The two files are identical, byte for byte.")
    expect(told).to_be_visible(timeout=PATIENCE)


def drop(page: Page, *files: Path, kind: str = "drop") -> None:
    """Drop or paste files in the middle of the page."""
    script = """([files, kind]) => {
      const carrier = new DataTransfer();
      for (const [name, bytes] of files) {
        carrier.items.add(new File([new Uint8Array(bytes)], name, {type: 'image/jpeg'}));
      }
      const detail = {bubbles: true, cancelable: true, composed: true};
      const event = kind === 'drop'
        ? new DragEvent('drop', {...detail, dataTransfer: carrier})
        : new ClipboardEvent('paste', {...detail, clipboardData: carrier});
      document.querySelector('.stMain').dispatchEvent(event);
    }"""
    expect(page.get_by_role("button", name="Swap")).to_be_visible(timeout=PATIENCE)
    page.evaluate(script, [[[file.name, list(file.read_bytes())] for file in files], kind])


def test_both_pictures_are_seen_before_the_server_has_them(page: Page) -> None:
    wait_for_viewer(page)
    page.route("**/_stcore/upload_file/**", lambda _: None)  # never answered
    choose(page, "Before", BEFORE)
    expect(page.get_by_text("Uploading …")).to_be_visible(timeout=PATIENCE)
    choose(page, "After", AFTER)
    expect(page.locator(".viewer.pending")).to_be_visible(timeout=PATIENCE)
    for side in ("before", "after"):
        image = pane(page).locator(f".{side} img")
        expect(image).to_have_js_property("naturalWidth", 600)
        assert image.evaluate("img => img.src.startsWith('blob:')")
    expect(page.get_by_text("See what changed")).to_be_hidden()
    page.unroute_all(behavior="ignoreErrors")


def test_tiny_changes_and_colliding_files_are_told_apart(page: Page, tmp_path: Path) -> None:
    """Streamlit's media ids and cache keys look at samples of large files only."""
    large = drawing(1500, 2000)
    changed = large.copy()
    changed[1200:1209, 900:909] = 255 - changed[1200:1209, 900:909]
    names = ("a.bmp", "b.bmp")
    before, after = (
        write(tmp_path, name, picture)
        for name, picture in zip(names, (large, changed), strict=True)
    )
    upload(page, before, after)
    expect_places(page, 1)
    wait_for_pictures(page)
    address = pane(page).locator(".after img").get_attribute("src")
    assert address is not None
    was, now = (",".join(map(str, picture[1204, 904])) for picture in (large, changed))
    assert color_at(page, 904, 1204) == (was, now)
    page.reload()  # without the browser's own copies: from the server
    upload_without_copies(page, before, after)
    assert color_at(page, 904, 1204) == (was, now)


def upload_without_copies(page: Page, before: Path, after: Path) -> None:
    """As on a page that came over plain HTTP: no digests, so the server's files are shown."""
    expect(page.get_by_role("button", name="Swap")).to_be_visible(timeout=PATIENCE)
    page.evaluate("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    upload(page, before, after)
    wait_for_pictures(page)
    assert "/media/" in str(pane(page).locator(".after img").get_attribute("src"))


def test_a_new_pair_leaves_no_copies_behind(page: Page, tmp_path: Path) -> None:
    page.evaluate(
        """() => {
          window.alive = new Set();
          const [create, revoke] = [URL.createObjectURL, URL.revokeObjectURL];
          URL.createObjectURL = (thing) => {
            const url = create.call(URL, thing);
            if (thing instanceof File) window.alive.add(url);
            return url;
          };
          URL.revokeObjectURL = (url) => { window.alive.delete(url); revoke.call(URL, url); };
        }"""
    )
    picture = drawing(200, 300)
    for turn in range(3):
        paths = [write(tmp_path, f"{turn}{i}.png", edited(picture, 2 * turn + i)) for i in (0, 1)]
        drop(page, *paths)
        expect(page.locator(".st-key-facts_before").get_by_text(f"{turn}0.png")).to_be_visible(
            timeout=PATIENCE
        )
        wait_for_pictures(page)
    until(lambda: page.evaluate("window.alive.size") == 2)


def test_the_uploads_themselves_are_shown(page: Page) -> None:
    upload(page, BEFORE, AFTER)
    wait_for_pictures(page)
    address = pane(page).locator(".before img").evaluate("img => img.src")
    body = page.evaluate(
        "async (url) => [...new Uint8Array(await (await fetch(url)).arrayBuffer())]", address
    )
    assert bytes(body) == BEFORE.read_bytes()
