"""The gallery in a real browser, as a file opened from disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from imgdiff.batch import FilePair
from imgdiff.batch.gallery import Gallery
from imgdiff.batch.results_file import read_results
from imgdiff.batch.task import run_task, task_of
from imgdiff.configuration.rules import Rules
from imgdiff.types import Settings
from tests.pictures import drawing, edited, write
from tests.waiting import until

SETTINGS = Settings(method="ssim", align="none")


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six pairs: two changed, and one of each other kind, two of them equal."""
    folder = tmp_path_factory.mktemp("gallery")
    picture = write(folder, "picture.png", drawing(90, 120))
    little = write(folder, "little.png", edited(drawing(90, 120), count=1))
    much = write(folder, "much.png", edited(drawing(90, 120), count=9))
    broken = folder / "broken.png"
    broken.write_bytes(b"no picture")
    pairs = [
        FilePair("home/little.png", picture, little),
        FilePair("home/much.png", picture, much),
        FilePair("broken.png", picture, broken),
        FilePair("new.png", None, picture),
        FilePair("equal 2.png", picture, picture),
        FilePair("equal 10.png", picture, picture),
    ]
    gallery = Gallery(folder / "report.html")
    tasks = [task_of(pair, Rules(SETTINGS), pictures=True) for pair in pairs]
    rows = [gallery.keep(run_task(task)) for task in tasks]
    gallery.write([*rows, replace(rows[-1], name="<script>alert(1)</script>.png")])
    return gallery.path


@pytest.fixture
def tab(browser: Browser, report: Path) -> Iterator[Page]:
    """The gallery, which fails the test if it asks for anything that isn't on disk."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    yield page
    context.close()
    assert all(url.startswith("file:") for url in asked)


def names(tab: Page) -> list[str]:
    return tab.locator(".card:visible h2").all_inner_texts()


def test_the_most_changed_comes_first_and_names_can_sort(tab: Page) -> None:
    first = ["home/much.png", "home/little.png", "broken.png", "new.png"]
    until(lambda: names(tab)[:4] == first)
    tab.get_by_label("Sort").select_option("by name")
    sorted_names = ["equal 2.png", "equal 10.png"]
    until(lambda: [name for name in names(tab) if name in sorted_names] == sorted_names)
    assert names(tab)[:4] != first


def test_filter_and_search_narrow_it_down(tab: Page) -> None:
    tab.get_by_text("Changed 2").click()
    until(lambda: names(tab) == ["home/much.png", "home/little.png"])
    tab.get_by_label("Search").fill("LITTLE home")
    until(lambda: names(tab) == ["home/little.png"])
    expect(tab.get_by_role("status")).to_have_text("1 of 7 shown")
    tab.get_by_label("Search").fill("")
    tab.get_by_label("All 7").check(force=True)
    expect(tab.get_by_role("status")).to_have_text("")


def test_a_card_opens_its_comparison(tab: Page) -> None:
    tab.get_by_role("link", name="home/much.png").click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("changed.")


def test_pictures_are_there_and_lazy(tab: Page) -> None:
    pictures = tab.locator("img")
    assert {picture.get_attribute("loading") for picture in pictures.all()} == {"lazy"}
    first = pictures.first
    first.scroll_into_view_if_needed()
    expect(first).to_have_js_property("complete", True)
    expect(first).to_have_js_property("naturalWidth", 120)


def test_names_are_text(tab: Page) -> None:
    assert "<script>alert(1)</script>.png" in names(tab)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_use_it(tab: Page, width: int, scheme: str) -> None:
    tab.set_viewport_size({"width": width, "height": 844})
    tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    results = Axe().run(tab)
    assert results.violations_count == 0, results.generate_report()
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_marks_become_an_accept_list_and_stay(browser: Browser, report: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(report.as_uri())
    page.get_by_role("button", name="home/much.png: meant", exact=True).click()
    page.get_by_role("button", name="home/little.png: not meant", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the accept list (1 meant)").click()
    rows = read_results(Path(download.value.path()))
    assert {name: row.status for name, row in rows.items()} == {"home/much.png": "changed"}
    page.reload()
    much = page.get_by_role("button", name="home/much.png: meant", exact=True)
    expect(much).to_have_attribute("aria-pressed", "true")
    much.click()
    expect(page.get_by_role("button", name="Save the accept list")).to_be_hidden()
    context.close()


def test_a_page_says_which_pair_it_shows_and_leads_back(tab: Page) -> None:
    tab.get_by_role("link", name="home/much.png").click()
    expect(tab.get_by_role("navigation")).to_contain_text("home/much.png")
    tab.get_by_role("link", name="All pairs").click()
    expect(tab.get_by_role("link", name="home/little.png")).to_be_visible()
