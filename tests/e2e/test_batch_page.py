"""The page for many pairs in a real browser."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from imgdiff.cli import main
from tests.pictures import SAMPLES, drawing, edited, write

from .doing import PATIENCE, WCAG_A_AA, assert_accessible, pane, settle, wait_for_pictures


@pytest.fixture
def archives(tmp_path: Path) -> tuple[Path, Path]:
    """Three pairs: one changed, one equal, one whose second picture is damaged."""
    picture, change = drawing(120, 160), edited(drawing(120, 160))
    contents = {
        "before": {"a.png": picture, "b.png": picture, "c.png": picture},
        "after": {"a.png": picture, "b.png": change, "c.png": picture},
    }
    found = []
    for side, files in contents.items():
        (tmp_path / side).mkdir()
        path = tmp_path / f"{side}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, pixels in files.items():
                file = write(tmp_path / side, name, pixels)
                data = b"damaged" if (side, name) == ("after", "c.png") else file.read_bytes()
                archive.writestr(f"{side}/{name}", data)
        found.append(path)
    return found[0], found[1]


def drop(page: Page, before: Path, after: Path) -> None:
    page.goto(f"{page.url.rstrip('/')}/batch")
    fields = page.locator("input[type=file]")
    expect(fields).to_have_count(2, timeout=PATIENCE)
    fields.nth(0).set_input_files(before)
    asks_for_the_other = page.get_by_text("Now add the pictures after the change.")
    expect(asks_for_the_other).to_be_visible(timeout=PATIENCE)
    settle(page)
    fields.nth(1).set_input_files(after)


def tile(page: Page, name: str) -> Locator:
    return page.locator(f".tiles li[data-name='{name}']")


def far(page: Page, words: str) -> None:
    expect(page.locator(".pairs .far")).to_have_text(words, timeout=PATIENCE)


def test_two_archives_become_tiles_and_each_a_comparison(
    page: Page, archives: tuple[Path, Path]
) -> None:
    drop(page, *archives)
    headline = page.get_by_role("heading", name="3 pairs: 1 changed, 1 failed, 1 equal.")
    expect(headline).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".tiles li")).to_have_count(3, timeout=PATIENCE)
    assert [*page.locator(".tiles .name").all_text_contents()] == ["b.png", "c.png", "a.png"]
    expect(tile(page, "c.png").locator(".verdict")).to_contain_text("this file is something else")
    settle(page)
    results = Axe().run(page, options=WCAG_A_AA)
    assert results.violations_count == 0, results.generate_report()

    for label, begins in (("Report (HTML)", "<!doctype html>"), ("Table (CSV)", "name,status,")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        text = Path(download.value.path()).read_text("utf-8")
        assert text.startswith(begins)
        assert text.count("b.png")

    tile(page, "b.png").locator(".go").click()
    expect(page.get_by_role("heading", name="The chosen pair")).to_be_visible(timeout=PATIENCE)
    answer = page.get_by_role("heading", name=re.compile(r"^\d+ places? changed\.$"))
    expect(answer).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("stText").filter(has_text="b.png")).to_be_visible()
    settle(page)
    page.keyboard.press("j")
    expect(page.get_by_test_id("stText").filter(has_text="c.png")).to_be_visible(timeout=PATIENCE)
    settle(page)
    page.keyboard.press("k")
    expect(page.get_by_test_id("stText").filter(has_text="b.png")).to_be_visible(timeout=PATIENCE)


def test_pairs_are_judged_and_become_the_new_baseline(
    page: Page, archives: tuple[Path, Path], tmp_path: Path
) -> None:
    drop(page, *archives)
    far(page, "0 of 1 reviewed")
    tile(page, "b.png").get_by_role("button", name="b.png: meant", exact=True).click()
    far(page, "1 of 1 reviewed")
    settle(page)
    page.get_by_role("button", name="Accept all meant").click(timeout=PATIENCE)
    with page.expect_download() as download:
        page.get_by_role("button", name="New baseline (ZIP)").click()
    with zipfile.ZipFile(download.value.path()) as found, zipfile.ZipFile(archives[1]) as after:
        assert found.read("baseline/b.png") == after.read("after/b.png")
        assert found.read("baseline/c.png") != b"damaged"
        (tmp_path / "accepted.jsonl").write_bytes(found.read("accepted.jsonl"))
    sides = str(tmp_path / "before"), str(tmp_path / "after")
    accept = ["accept", *sides, "--results", str(tmp_path / "accepted.jsonl"), "--yes"]
    assert main(accept) == 0
    same = [(tmp_path / side / "b.png").read_bytes() for side in ("before", "after")]
    assert same[0] == same[1]


def test_the_open_pair_and_its_tile_say_the_same(page: Page, archives: tuple[Path, Path]) -> None:
    drop(page, *archives)
    tile(page, "b.png").locator(".go").click(timeout=PATIENCE)
    wait_for_pictures(page)
    pane(page).press("Shift+A")
    far(page, "1 of 1 reviewed")
    expect(tile(page, "b.png")).to_have_attribute("data-opinion", "meant", timeout=PATIENCE)


def test_filters_search_and_a_table_that_can_be_walked(
    page: Page, archives: tuple[Path, Path]
) -> None:
    drop(page, *archives)
    page.get_by_role("button", name="Changed 1").click(timeout=PATIENCE)
    far(page, "0 of 1 reviewed · 1 of 3 pairs shown")
    page.get_by_role("button", name="All 3").click()
    page.get_by_label("Search").fill("C.PNG")
    expect(page.locator(".tiles li")).to_have_count(1)
    page.get_by_label("Search").fill("")
    page.get_by_role("button", name="Table", exact=True).click()
    expect(page.get_by_role("row")).to_have_count(4)
    expect(page.get_by_role("rowheader", name="b.png")).to_be_visible()
    assert_accessible(page)


def test_another_page_and_back_leaves_files_and_results_as_they_were(
    page: Page, archives: tuple[Path, Path]
) -> None:
    drop(page, *archives)
    tile(page, "b.png").get_by_role("button", name="b.png: not meant").click(timeout=PATIENCE)
    far(page, "1 of 1 reviewed")
    settle(page)
    page.get_by_role("link", name="Methods").click()
    expect(page.get_by_role("heading", name="Which one to choose")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Many pairs").click()
    far(page, "1 of 1 reviewed")
    expect(page.get_by_text("before.zip", exact=True)).to_be_visible()


def test_the_samples_are_three_pairs_and_a_missing_side_is_asked_for(page: Page) -> None:
    page.goto(f"{page.url.rstrip('/')}/batch")
    page.get_by_role("button", name="Try the samples as pairs").click(timeout=PATIENCE)
    expect(page.locator(".tiles li")).to_have_count(3, timeout=PATIENCE)
    settle(page)
    page.get_by_role("button", name="Remove", exact=True).first.click()
    asks = page.get_by_text("Now add the pictures before the change.")
    expect(asks).to_be_visible(timeout=PATIENCE)


def test_an_archive_that_does_harm_gets_one_sentence(
    page: Page, archives: tuple[Path, Path], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("../x.png", (SAMPLES / "page_before.png").read_bytes())
    drop(page, archives[0], bad)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("leads out of it", timeout=PATIENCE)
