"""Nothing is lost: reload and crash bring all back, from the browser's own store."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pictures import SAMPLES
from tests.waiting import until

from .doing import (
    PATIENCE,
    button,
    compare_sample,
    expect_places,
    pane,
    settle,
    upload,
    wait_for_pictures,
)

KEPT = """async () => {
  const opening = indexedDB.open("imgdiff", 1);
  const database = await new Promise((done, failed) => {
    opening.onsuccess = () => done(opening.result);
    opening.onerror = failed;
    opening.onupgradeneeded = () => opening.transaction.abort();
  }).catch(() => null);
  if (!database) return [];
  const asked = database.transaction("comparisons").objectStore("comparisons").getAll();
  const kept = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  database.close();
  return kept.map(({ text }) => JSON.parse(text).judgements.length);
}"""


def agree(page: Page) -> None:
    page.get_by_role("button", name="Keep them").click(timeout=PATIENCE)


def wait_until_kept(page: Page, judgements: int) -> None:
    until(lambda: judgements in page.evaluate(KEPT))


def reviewed(page: Page) -> None:
    """A pair with a setting, an ignored area and a judgement."""
    upload(page, SAMPLES / "coffee_before.jpg", SAMPLES / "coffee_after.jpg")
    expect_places(page, 3)
    wait_for_pictures(page)
    button(page, "Ignore change 1").click()
    expect_places(page, 2)
    settle(page)
    expect(page.locator(".cards li")).to_have_count(2, timeout=PATIENCE)
    pane(page).press("n")
    pane(page).press("a")
    expect(page.locator(".reviewing .far")).to_have_text("1 of 2 reviewed", timeout=PATIENCE)
    wait_until_kept(page, 1)


def expect_all_back(page: Page) -> None:
    expect_places(page, 2)
    wait_for_pictures(page)
    expect(page.locator(".reviewing .far")).to_have_text("1 of 2 reviewed", timeout=PATIENCE)
    expect(page.get_by_role("button", name=re.compile("^Ignored area 1, "))).to_be_visible()
    expect(page.get_by_text("coffee_before.jpg", exact=True)).to_be_visible()


def test_a_reload_brings_pair_areas_and_judgements_back(page: Page) -> None:
    agree(page)
    reviewed(page)
    page.goto(page.url.partition("?")[0])  # without the address's own memory
    expect_all_back(page)
    page.goto("about:blank")
    page.go_back()
    expect_all_back(page)


def test_recent_opens_and_forgets(page: Page) -> None:
    agree(page)
    reviewed(page)
    other = page.context.new_page()  # another tab begins empty, and knows what was kept
    other.goto(page.url.partition("?")[0])
    card = other.locator(".recent .go")
    expect(card).to_contain_text("2 places changed", timeout=PATIENCE)
    expect(card).to_contain_text("1 judgement")
    card.click()
    expect_all_back(other)
    removes = other.get_by_role("button", name="Remove")
    removes.first.click()
    expect(removes).to_have_count(1)  # the page is laid out anew
    removes.click()
    other.get_by_role("button", name="Forget all").click(timeout=PATIENCE)
    expect(other.locator(".recent")).to_be_hidden()
    expect(other.locator(".question")).to_be_visible()
    other.reload()
    expect(other.get_by_role("button", name=re.compile("cup of coffee"))).to_be_visible()
    assert other.evaluate(KEPT) == []


def test_without_consent_nothing_is_kept(page: Page) -> None:
    compare_sample(page, "cup of coffee", 3)
    settle(page)
    assert page.evaluate(KEPT) == []
    names = page.evaluate("Object.keys({...localStorage, ...sessionStorage})")
    assert not {"imgdiff-keep", "imgdiff-last"} & {*names}
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.locator(".question")).to_be_hidden()
    assert page.evaluate(KEPT) == []


@pytest.mark.parametrize(
    "broken",
    [
        "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); }",
        "IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') }",
    ],
    ids=["blocked", "full"],
)
def test_a_browser_that_keeps_nothing_is_told_of_and_the_page_works(
    browser: Browser, server: str, broken: str
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(broken)
    page = context.new_page()
    page.goto(server)
    agree(page)
    compare_sample(page, "cup of coffee", 3)
    expect(page.get_by_text("This browser keeps nothing here")).to_be_visible(timeout=PATIENCE)
    pane(page).press("n")
    pane(page).press("a")
    expect(page.locator(".reviewing .far")).to_have_text("1 of 3 reviewed", timeout=PATIENCE)
    context.close()


OPENED = """
const opened = (version) => new Promise((done, failed) => {
  const opening = indexedDB.open("imgdiff", version);
  opening.onsuccess = () => done(opening.result);
  opening.onerror = () => failed(opening.error);
});
"""


def kept_sample(page: Page) -> None:
    agree(page)
    compare_sample(page, "cup of coffee", 3)
    wait_until_kept(page, 0)


def test_a_store_that_cant_be_read_is_told_of_and_begins_anew(page: Page) -> None:
    kept_sample(page)
    page.evaluate(f"async () => {{ {OPENED} (await opened(7)).close(); }}")
    page.reload()
    expect(page.get_by_text("What this browser kept can't be read")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Forget it").click()
    expect(page.get_by_text("What this browser kept can't be read")).to_be_hidden()
    agree(page)
    expect_places(page, 3)
    wait_until_kept(page, 0)


def test_a_damaged_comparison_is_left_out(page: Page) -> None:
    kept_sample(page)
    page.evaluate(f"""async () => {{
      {OPENED}
      const database = await opened(1);
      const store = database.transaction("comparisons", "readwrite").objectStore("comparisons");
      store.put({{id: "x", text: "no JSON", order: 99, thumbs: "none"}});
      store.put({{id: 7}});
      database.close();
    }}""")
    other = page.context.new_page()
    other.goto(page.url.partition("?")[0])
    expect(other.locator(".recent .go")).to_have_count(1, timeout=PATIENCE)
    expect(other.locator(".trouble span")).to_be_empty()


def test_two_tabs_keep_what_each_of_them_shows(page: Page) -> None:
    """A tab that is duplicated begins with the memory of the first."""
    kept_sample(page)
    other = page.context.new_page()
    other.goto(page.url.partition("?")[0])
    last = page.evaluate("sessionStorage.getItem('imgdiff-last')")
    other.evaluate("last => sessionStorage.setItem('imgdiff-last', last)", last)
    other.reload()
    expect_places(other, 3)
    for tab, judgement in ((page, "a"), (other, "d")):
        wait_for_pictures(tab)
        pane(tab).press("n")
        pane(tab).press(judgement)
    until(lambda: page.evaluate(KEPT) == [1, 1])
    page.reload()
    expect(page.locator(".reviewing small")).to_have_text("1 meant", timeout=PATIENCE)
    other.reload()
    expect(other.locator(".reviewing small")).to_have_text("1 not meant", timeout=PATIENCE)


def test_what_another_tab_forgot_is_kept_again_with_its_pictures(page: Page) -> None:
    kept_sample(page)
    other = page.context.new_page()
    other.goto(page.url.partition("?")[0])
    expect(other.locator(".recent .go")).to_have_count(1, timeout=PATIENCE)
    other.get_by_role("button", name="Forget all").click()
    until(lambda: other.evaluate(KEPT) == [])
    other.get_by_role("button", name="Keep them").click()  # the answer was forgotten too
    wait_for_pictures(page)
    pane(page).press("n")
    pane(page).press("a")
    wait_until_kept(page, 1)
    page.reload()
    expect(page.locator(".reviewing small")).to_have_text("1 meant", timeout=PATIENCE)
