"""Review: each change is judged, the judgement travels, and two people's come together."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Page, expect

from imgdiff.review.review_file import read_review

from .doing import (
    PATIENCE,
    assert_accessible,
    button,
    compare_sample,
    expect_places,
    pane,
    settle,
    tool,
    wait_for_pictures,
)


def progress(page: Page, words: str) -> None:
    expect(page.locator(".reviewing .far")).to_have_text(words, timeout=PATIENCE)


def judge(page: Page, name: str) -> None:
    page.locator(".judge").get_by_role("button", name=name, exact=True).click()


def review_file(page: Page) -> bytes:
    """What the page offers to go on with."""
    settle(page)
    offer = page.get_by_role("button", name="Review file, to go on with")
    if not offer.is_visible():
        page.get_by_role("button", name="Download", exact=True).click()
    with page.expect_download() as download:
        offer.click()
    return Path(download.value.path()).read_bytes()


def drop(page: Page, data: bytes, name: str = "a–b.review.imgdiff") -> None:
    payload = FilePayload(name=name, mimeType="application/zip", buffer=data)
    page.locator(".st-key-dropped input[type=file]").set_input_files(payload)


def test_changes_are_judged_by_key_and_taken_back(coffee: Page) -> None:
    progress(coffee, "0 of 3 reviewed")
    pane(coffee).press("a")  # nothing is looked at yet: the first is
    progress(coffee, "0 of 3 reviewed")
    pane(coffee).press("a")
    progress(coffee, "1 of 3 reviewed")
    expect(coffee.locator(".steps .count")).to_have_text("2 of 3")
    pane(coffee).press("d")
    progress(coffee, "2 of 3 reviewed")
    expect(coffee.locator(".reviewing small")).to_have_text("1 meant, 1 not meant")
    expect(coffee.locator(".pane:visible .box text").nth(1)).to_have_text("2✗")
    assert_accessible(coffee)
    coffee.get_by_label("Only open ones").check()
    expect(coffee.locator(".cards li:visible")).to_have_count(1)
    settle(coffee)
    pane(coffee).press("Control+z")
    progress(coffee, "1 of 3 reviewed")
    settle(coffee)
    pane(coffee).press("Control+z")
    progress(coffee, "0 of 3 reviewed")


def test_quick_judgements_all_arrive(coffee: Page) -> None:
    for key in "aada":
        pane(coffee).press(key)
    progress(coffee, "3 of 3 reviewed")
    settle(coffee)
    said = read_review(review_file(coffee)).review.judgements
    assert sorted(one.intent for one in said) == ["meant", "meant", "not meant"]


def test_a_note_is_written_pinned_and_in_every_file(coffee: Page) -> None:
    coffee.get_by_role("button", name="Note on change 2").click()
    coffee.get_by_label("Note", exact=True).fill("<b>Who put this here?</b>")
    coffee.get_by_role("button", name="Pin to a point").click()
    pane(coffee).click(position={"x": 300, "y": 200})
    expect(coffee.locator(".note button", has_text="Pinned at")).to_be_visible()
    coffee.locator(".note").get_by_role("button", name="Save").click()
    expect(coffee.locator(".said")).to_contain_text(["Note: <b>Who put this here?</b>"])
    expect(coffee.locator(".pane:visible .pin")).to_have_count(1)
    settle(coffee)
    coffee.get_by_role("button", name="Download", exact=True).click()
    with coffee.expect_download() as download:
        coffee.get_by_role("button", name="Report (HTML)").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert "&lt;b&gt;Who put this here?&lt;/b&gt;" in text
    data = review_file(coffee)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {*archive.namelist()} == {"review.json", "numbers.json", "before", "after"}
        numbers = json.loads(archive.read("numbers.json"))
    assert numbers["review"]["changes"][0]["said"][0]["note"] == "<b>Who put this here?</b>"
    [note] = read_review(data).review.judgements
    assert note.pin is not None


def test_a_review_passes_between_two_browsers_and_back(
    page: Page, browser: Browser, server: str
) -> None:
    compare_sample(page, "cup of coffee", 3)
    button(page, "Ignore change 1").click()
    expect_places(page, 2)
    settle(page)
    judge(page, "Meant: change 1")
    progress(page, "1 of 2 reviewed")
    first = review_file(page)

    other = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    other.goto(server)
    expect(other.get_by_role("button", name=re.compile("cup of coffee"))).to_be_visible()
    drop(other, first)
    expect_places(other, 2)
    wait_for_pictures(other)
    progress(other, "1 of 2 reviewed")
    other.locator(".reviewing summary").click()
    other.get_by_label("Your name, to stand with your judgements").fill("Bob")
    other.get_by_label("Your name, to stand with your judgements").press("Enter")
    judge(other, "Not meant: change 1")
    judge(other, "Not meant: change 2")
    progress(other, "2 of 2 reviewed")
    second = review_file(other)
    other.context.close()

    drop(page, second)
    expect(page.locator(".reviewing small")).to_have_text("1 not meant, 1 in conflict")
    progress(page, "1 of 2 reviewed")
    expect(page.locator(".said").first).to_contain_text("Two people differ")
    expect(page.locator(".said").first).to_contain_text("Not meant (Bob)")
    judge(page, "Meant: change 1")
    progress(page, "2 of 2 reviewed")


def test_a_hostile_review_file_gets_a_sentence_and_the_page_goes_on(coffee: Page) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("../../etc/cron.d/x", "* * * * *")
    drop(coffee, target.getvalue())
    refused = coffee.get_by_text("leads out of it")
    expect(refused).to_be_visible(timeout=PATIENCE)
    expect_places(coffee, 3)
    pane(coffee).press("a")
    pane(coffee).press("a")
    progress(coffee, "1 of 3 reviewed")


def test_picture_and_verdict_are_copied(coffee: Page) -> None:
    coffee.context.grant_permissions(["clipboard-read", "clipboard-write"])
    pane(coffee).press("n")
    pane(coffee).press("a")
    progress(coffee, "1 of 3 reviewed")
    settle(coffee)
    tool(coffee, "Copy the verdict as Markdown")
    expect(coffee.locator(".pill")).to_contain_text("The verdict is copied")
    text = coffee.evaluate("navigator.clipboard.readText()")
    assert text.startswith("**3 places changed.**\n\ncoffee\\_before.jpg → coffee\\_after.jpg")
    assert text.count("| Meant |") == 1
    tool(coffee, "Copy the picture with its boxes")
    expect(coffee.locator(".pill")).to_contain_text("The picture is copied")
    size = coffee.evaluate(
        "navigator.clipboard.read().then(([item]) => item.getType('image/png'))"
        ".then(createImageBitmap).then(({width, height}) => [width, height])"
    )
    assert size == [600, 400]
