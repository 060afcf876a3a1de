"""The page for many pairs in a real browser."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.pictures import SAMPLES, drawing, edited, write

from .doing import PATIENCE, WCAG_A_AA, settle


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
    expect(page.get_by_text(before.name)).to_be_visible(timeout=PATIENCE)
    fields.nth(1).set_input_files(after)


def test_two_archives_become_a_table_and_each_row_a_comparison(
    page: Page, archives: tuple[Path, Path]
) -> None:
    drop(page, *archives)
    headline = page.get_by_role("heading", name="3 pairs: 1 changed, 1 failed, 1 equal.")
    expect(headline).to_be_visible(timeout=PATIENCE)
    table = page.get_by_test_id("stDataFrame").first
    expect(table).to_be_visible(timeout=PATIENCE)
    settle(page)
    results = Axe().run(page, options=WCAG_A_AA)
    assert results.violations_count == 0, results.generate_report()

    for label, begins in (("Report (HTML)", "<!doctype html>"), ("Table (CSV)", "name,status,")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        text = Path(download.value.path()).read_text("utf-8")
        assert text.startswith(begins)
        assert text.count("b.png")

    box = table.locator("canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 18, box["y"] + 36 + 44)
    expect(page.get_by_role("heading", name="The chosen pair")).to_be_visible(timeout=PATIENCE)
    answer = page.get_by_role("heading", name=re.compile(r"^\d+ places? changed\.$"))
    expect(answer).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("stText").filter(has_text="b.png")).to_be_visible()


def test_an_archive_that_does_harm_gets_one_sentence(
    page: Page, archives: tuple[Path, Path], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("../x.png", (SAMPLES / "page_before.png").read_bytes())
    drop(page, archives[0], bad)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("leads out of it", timeout=PATIENCE)
