"""Documents on the command line: what is printed and written, and the exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pypdfium2
import pytest
from tinyhtml5.parser import HTMLParser

from imgdiff.cli import main
from tests.documents import letters
from tests.pdf_files import object_pdf, text_pdf

PAGES = letters(3, rows=6)
NEW = letters(1, seed=9, rows=6)[0]
EDITED = [*PAGES[2][:3], "the price is 4,310", *PAGES[2][4:]]


def _write(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    before = _write(tmp_path, "<b>a.pdf", text_pdf(PAGES))
    return before, _write(tmp_path, "b.pdf", text_pdf([PAGES[0], NEW, PAGES[1], EDITED]))


def test_the_verdict_and_a_line_a_page(
    pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *pair]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "1 of 3 pages changed, 1 page added.",
        "The document has 3 pages before, 4 after.",
    ]
    assert lines[2].startswith("In the text: added: “")
    assert lines[2].endswith("→ “the price is 4,310” (page 4).")
    assert lines[3].startswith("Page 3, now 4: 1 place changed")
    assert [line[:6] for line in lines[4:]] == ["Page 2", "Page 1", "Page 2"]
    assert main(["compare", pair[0], pair[0]]) == 0
    assert capsys.readouterr().out.startswith("The two files are identical")


def test_json_has_every_page(pair: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *pair, "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert facts["test"] == {"name": "b.pdf", "pages": 4}
    assert [(p["before"], p["after"], p["status"]) for p in facts["pages"]] == [
        (1, 1, "equal"), (None, 2, "added"), (2, 3, "equal"), (3, 4, "changed"),
    ]  # fmt: skip
    assert [page["alike"] for page in facts["pages"]] == [True, False, True, False]
    assert facts["pages"][3]["regions"]
    assert facts["pages"][1]["regions"] == []
    assert main(["compare", *pair, "--csv"]) == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["page"] for row in rows} == {"3"}


def test_documents_of_one_page_are_two_pictures_with_their_notes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _write(tmp_path, "a.pdf", text_pdf(PAGES[:1], title="one"))
    after = _write(tmp_path, "b.pdf", text_pdf(PAGES[:1], title="two"))
    assert main(["compare", before, after]) == 0
    assert "Title in the file: “one” before, “two” after." in capsys.readouterr().out
    assert main(["compare", before, after, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["score_text"]
    assert [(p["before"], p["after"], p["status"]) for p in facts["pages"]] == [(1, 1, "equal")]


def test_documents_make_one_report(pair: tuple[str, str], tmp_path: Path) -> None:
    page, paper = tmp_path / "r.html", tmp_path / "r.pdf"
    assert main(["compare", *pair, "--report", str(page)]) == 1
    text = page.read_text("utf-8")
    parser = HTMLParser()
    parser.parse(text)
    assert parser.errors == []
    assert text.index(">Page 3, now 4: ") < text.index(">Page 2, added: ")
    assert ">Page 1: " not in text
    assert "<b>a.pdf" not in text
    assert main(["compare", *pair, "--report", str(paper), "--paper", "letter"]) == 1
    printed = pypdfium2.PdfDocument(str(paper))
    sheets = [sheet.get_textpage().get_text_bounded() for sheet in printed]
    assert "1 of 3 pages changed, 1 page added." in sheets[0]
    assert "Page 3, now 4: 1 place changed" in sheets[1]
    assert "Page 2, added: It is only in the document after." in sheets[-1]
    for number, sheet in enumerate(sheets, 1):
        assert sheet.rstrip().endswith(f"Page {number}")
    assert printed.get_page_size(0) == (612, 792)


def test_one_page_of_documents_is_two_pictures(pair: tuple[str, str], tmp_path: Path) -> None:
    assert main(["compare", *pair, "--page", "1"]) == 0
    assert main(["compare", *pair, "--page", "2:3"]) == 0
    assert main(["compare", *pair, "--page", "2", "--gif", str(tmp_path / "x.gif")]) == 1
    assert (tmp_path / "x.gif").read_bytes().startswith(b"GIF89a")


@pytest.mark.parametrize("number", ["0", "-1", "1:0", "x", "1:2:3"])
def test_there_is_no_page_zero(
    number: str, pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["compare", *pair, f"--page={number}"])
    assert "expected a page's number from 1" in capsys.readouterr().err


def test_a_page_that_is_not_there(
    pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *pair, "--page", "9"]) == 2
    assert "a.pdf: The PDF has 3 pages, but page 9" in capsys.readouterr().err


def test_pages_are_paired_by_hand(
    pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *pair, "--pair", "2:2", "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert (2, 2, "changed") in [(p["before"], p["after"], p["status"]) for p in facts["pages"]]


def test_pictures_of_whole_documents_are_refused(
    pair: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *pair, "--out", str(tmp_path / "out")]) == 2
    assert "choose a page with --page" in capsys.readouterr().err


def test_a_page_that_brings_its_program_down_fails_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Forms that hold ten of the next: drawn, they come to more than any memory."""
    bodies = []
    for number in range(5, 17):
        draw = " ".join(["/X Do"] * 30)
        inner = f"/Resources << /XObject << /X {number + 1} 0 R >> >>"
        box = "/Type /XObject /Subtype /Form /BBox [0 0 200 100]"
        bodies.append(f"<< {box} {inner} /Length {len(draw)} >>\nstream\n{draw}\nendstream")
    bodies.append(
        "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 0 >>\nstream\n\nendstream"
    )
    bomb = object_pdf(*bodies, page="/Resources << /XObject << /X 5 0 R >> >>", content="/X Do")
    before = _write(tmp_path, "a.pdf", bomb)
    after = _write(tmp_path, "b.pdf", text_pdf(PAGES))
    assert main(["compare", before, after]) == 2
    told = capsys.readouterr()
    assert told.out.startswith("3 pages added, 1 page can't be compared.")
    assert "a.pdf: " in told.out
    assert told.err.startswith("imgdiff: Page 1 before: ")


@pytest.mark.parametrize("options", [["--jitter=2"], ["--threshold=-1"], ["--ignore-text=["]])
def test_what_no_page_can_be_asked_is_refused_at_once(
    options: list[str], pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *pair, *options]) == 2
    told = capsys.readouterr()
    assert not told.out
    assert told.err.count("\n") == 1


def test_a_tolerance_holds_for_each_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _write(tmp_path, "a.pdf", text_pdf(PAGES))
    after = _write(tmp_path, "b.pdf", text_pdf([*PAGES[:2], EDITED]))
    assert main(["compare", before, after, "--max-diff-percent", "50"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 of 3 pages changed."
    assert lines[2] == "What differs is within what may differ."
    assert main(["compare", before, after, "--max-diff-pixels", "3", "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert not facts["passed"]
    assert [page["passed"] for page in facts["pages"]] == [True, True, False]
    (revision,) = facts["revisions"]
    assert (revision["after"], revision["after_page"]) == ("the price is 4,310", 3)
    assert facts["pages"][2]["failures"][0].endswith("pixels differ, but at most 3 may.")
    longer = _write(tmp_path, "c.pdf", text_pdf([*PAGES, NEW]))
    assert main(["compare", before, longer, "--max-diff-percent", "100"]) == 1


def test_a_tolerance_holds_for_documents_of_a_batch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for side, last in (("before", PAGES[2]), ("after", EDITED)):
        (tmp_path / side).mkdir()
        _write(tmp_path / side, "a.pdf", text_pdf([*PAGES[:2], last]))
    folders = [str(tmp_path / side) for side in ("before", "after")]
    assert main(["batch", *folders, "--max-diff-percent", "50", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["pairs"]
    assert (row["status"], row["regions"]) == ("equal", 1)
    assert "What differs is within what may differ." in row["verdict"]
    assert main(["batch", *folders, "--max-diff-pixels", "3", "--json"]) == 1
    (row,) = json.loads(capsys.readouterr().out)["pairs"]
    assert row["status"] == "changed"
    assert row["verdict"].startswith("1 of 3 pages changed. In the text: “")
