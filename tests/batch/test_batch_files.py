"""What batches take and refuse, and what becomes of their rows for other programs."""

from __future__ import annotations

import csv
import io
import json
import os
import unicodedata
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from reportlab.pdfgen.canvas import Canvas

from imgdiff.batch import Row, compare_pairs, pair_folders
from imgdiff.batch.files import rows_to_csv
from imgdiff.batch.gallery import gallery_html
from imgdiff.batch.markdown import rows_to_markdown
from imgdiff.batch.results_file import read_results, write_results
from imgdiff.cli import main
from imgdiff.types import Settings
from tests.pictures import drawing, write

SETTINGS = ["--preset", "exact", "--workers", "1"]


def pdf(pages: str) -> bytes:
    """A document with a large letter on each page."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(200, 100), invariant=1)
    for letter in pages:
        canvas.setFont("Helvetica", 60)
        canvas.drawString(70, 30, letter)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two folders with an equal pair, and one of which a place of 100 px changed."""
    monkeypatch.chdir(tmp_path)
    for number, name in enumerate(("home/same.png", "home/other.png")):
        picture = drawing(80, 100, seed=number)
        changed = picture.copy()
        changed[10:20, 30:40] ^= np.uint8(255 * number)
        for side, shown in (("before", picture), ("after", changed)):
            (tmp_path / side / "home").mkdir(parents=True, exist_ok=True)
            write(tmp_path / side, name, shown)
    return tmp_path


def batch(*options: str) -> int:
    return main(["batch", "before", "after", *SETTINGS, *options])


def test_rows_carry_boxes_words_and_facts(capsys: pytest.CaptureFixture[str]) -> None:
    assert batch("--results", "new/folder/results.jsonl", "--json") == 1
    changed = json.loads(capsys.readouterr().out)["pairs"][0]
    assert changed["boxes"] == [[30, 10, 10, 10]]
    assert len(changed["words"]) == 1
    assert "10 × 10 px" in changed["facts"][0]
    row = read_results(Path("new/folder/results.jsonl"))["home/other.png"]
    assert row.boxes == ((30, 10, 10, 10),)
    assert "30,10,10,10" in rows_to_csv([row])


def test_a_comment_and_junit_lead_to_the_pages() -> None:
    files = ["--markdown", "a/comment.md", "--junit", "b/junit.xml", "--report", "c/report.html"]
    assert batch(*files) == 1
    comment = Path("a/comment.md").read_text("utf-8")
    assert comment.startswith("### imgdiff: 2 pairs: 1 changed, 1 equal.\n")
    page = comment.partition("](")[2].partition(")")[0]
    assert (Path("a") / page).is_file()
    assert "same.png" not in comment
    (failure,) = ET.fromstring(Path("b/junit.xml").read_text("utf-8")).iter("failure")  # noqa: S314
    assert "10 × 10 px" in (failure.text or "")
    assert (Path("b") / (failure.text or "").partition("Page: ")[2].strip()).is_file()


def test_nothing_in_a_comment_is_markup() -> None:
    row = Row("![x](http://a/b)|@all\n# <b>", "changed", "It [changed](http://c).")
    text = rows_to_markdown([row])
    (line,) = [line for line in text.splitlines() if line.startswith("| ≠")]
    for markup in ("![", "](", "@all", "<b>"):
        assert markup not in line
    assert line.count(" | ") == 3


def test_pairs_are_chosen_by_their_paths(capsys: pytest.CaptureFixture[str]) -> None:
    assert batch("--exclude", "home/o*") == 0
    assert "1 pair: 1 equal." in capsys.readouterr().out
    assert batch("--include", "*other*") == 1
    assert batch("--include", "nothing") == 2
    assert "check the patterns" in capsys.readouterr().err


def test_accents_stored_in_two_ways_are_one_name(here: Path) -> None:
    name = "Ärger.png"
    picture = drawing(20, 30)
    for side, form in (("before", "NFC"), ("after", "NFD")):
        write(here / side, unicodedata.normalize(form, name), picture)  # type: ignore[arg-type]
    names = [pair.name for pair in pair_folders(here / "before", here / "after")]
    assert len(names) == 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_links_and_pipes_fail_their_row_at_once(here: Path) -> None:
    (here / "secret.png").write_bytes((here / "before/home/same.png").read_bytes())
    for side in ("before", "after"):
        (here / side / "link.png").symlink_to(here / "secret.png")
        os.mkfifo(here / side / "pipe.png")
    pairs = pair_folders(here / "before", here / "after")
    rows = {row.name: row for row in compare_pairs(pairs, Settings.preset("exact"))}
    assert {name: row.status for name, row in rows.items()} == {
        "home/other.png": "changed", "home/same.png": "equal",
        "link.png": "failed", "pipe.png": "failed",
    }  # fmt: skip
    assert "this is a link" in rows["link.png"].verdict


def test_names_that_are_no_text_fail_their_row(capsys: pytest.CaptureFixture[str]) -> None:
    for side in (b"before", b"after"):
        try:
            Path(os.fsdecode(side + b"/bad\xff.png")).write_bytes(b"")
        except OSError:
            pytest.skip("the file system refuses such names")
    assert batch() == 2
    out = capsys.readouterr().out
    assert "1 changed, 1 failed, 1 equal" in out
    assert "must be text in UTF-8" in out


def test_resuming_doubles_no_line() -> None:
    results = ["--results", "results.jsonl", "--resume"]
    batch(*results)
    before = Path("results.jsonl").read_text()
    with_a_cut = before.splitlines()[0] + "\n"
    Path("results.jsonl").write_text(with_a_cut)
    batch(*results)
    names = [json.loads(line)["name"] for line in Path("results.jsonl").read_text().splitlines()]
    assert names == ["home/other.png", "home/same.png"]


def test_failed_pairs_dont_count_as_changed_ones(here: Path) -> None:
    (here / "before/bad.png").write_bytes(b"no picture")
    (here / "after/bad.png").write_bytes(b"nor this")
    assert batch("--fail-over", "1", "--exclude", "bad*") == 0
    assert batch("--fail-over", "1") == 2


def test_all_pages_of_documents_are_compared(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for side, pages in (("before", "aab"), ("after", "aac")):
        (here / side / "paper.pdf").write_bytes(pdf(pages))
    (here / "before" / "longer.pdf").write_bytes(pdf("ab"))
    (here / "after" / "longer.pdf").write_bytes(pdf("abc"))
    assert batch("--include", "*.pdf", "--report", "report.html") == 1
    out = capsys.readouterr().out
    assert "1 of 3 pages changed." in out
    assert "1 page added, no change on the other 2 pages." in out


def test_what_was_judged_stands_in_table_and_gallery(tmp_path: Path) -> None:
    rows = [
        Row("a.png", "changed", "1 place changed.", judgement="not meant", note="=Why <b>?"),
        Row("b.png", "changed", "1 place changed."),
    ]
    first, second = csv.DictReader(io.StringIO(rows_to_csv(rows)))
    assert (first["judgement"], first["note"]) == ("not meant", "'=Why <b>?")
    assert (second["judgement"], second["note"]) == ("", "")
    page = gallery_html(rows, lambda *_: "")
    assert page.count('<p class="said">') == 1
    assert '<p class="said">Not meant: =Why &lt;b&gt;?</p>' in page
    assert 'data-judgement="not meant"' in page
    write_results(tmp_path / "results.jsonl", rows)
    assert [*read_results(tmp_path / "results.jsonl").values()] == rows
