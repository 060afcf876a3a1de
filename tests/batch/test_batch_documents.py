"""Documents in a batch: a row each, among pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image as PillowImage

from imgdiff import Settings
from imgdiff.batch import Row, compare_pairs
from imgdiff.batch.pairing import pair_folders
from imgdiff.batch.run import machine
from imgdiff.cli import main
from tests.documents import letters
from tests.files import encoded
from tests.pdf_files import text_pdf
from tests.pictures import drawing

PAGES = letters(3, rows=6)
NEW = letters(1, seed=9, rows=6)[0]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders with three documents and a picture."""
    picture = encoded(PillowImage.fromarray(drawing(30, 40, 1)), "PNG")
    pairs = {
        "added.pdf": (text_pdf(PAGES), text_pdf([PAGES[0], NEW, *PAGES[1:]])),
        "same.pdf": (text_pdf(PAGES), text_pdf(PAGES, title="A title")),
        "broken.pdf": (text_pdf(PAGES), b"%PDF-1.7"),
        "picture.png": (picture, picture),
    }
    for name, contents in pairs.items():
        for side, content in zip(("before", "after"), contents, strict=True):
            (tmp_path / side).mkdir(exist_ok=True)
            (tmp_path / side / name).write_bytes(content)
    return tmp_path / "before", tmp_path / "after"


def _rows(folders: tuple[Path, Path], *, pictures: bool = False) -> dict[str, Row]:
    workers = machine(1)
    try:
        rows = compare_pairs(pair_folders(*folders), Settings(), workers, pictures=pictures)
        return {row.name: row for row in rows}
    finally:
        workers.shutdown()


def test_every_document_has_its_row(folders: tuple[Path, Path]) -> None:
    rows = _rows(folders, pictures=True)
    assert {name: row.status for name, row in rows.items()} == {
        "added.pdf": "changed",
        "same.pdf": "equal",
        "broken.pdf": "failed",
        "picture.png": "equal",
    }
    added = rows["added.pdf"]
    assert added.verdict.startswith("1 page added, no change on the other 3 pages. The document")
    assert added.changed_fraction == 0.25
    assert added.files["after.jpg"].startswith(b"\xff\xd8")
    assert b"Page 2, added: " in added.files["comparison.html"]
    assert "before.jpg" not in added.files
    assert rows["same.pdf"].verdict.startswith("No change on 3 pages. Title in the file: ")
    assert "comparison.html" not in rows["same.pdf"].files
    assert rows["broken.pdf"].verdict.startswith("After: The PDF is damaged")


def test_the_command_takes_folders_of_documents(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.html"
    assert main(["batch", *map(str, folders), "--report", str(report)]) == 2
    assert "4 pairs: 1 changed, 1 failed, 2 equal." in capsys.readouterr().out
    assert "added.pdf" in report.read_text("utf-8")
