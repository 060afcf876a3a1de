"""The row of two documents, made in this process as a worker makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from imgdiff import Settings
from imgdiff.batch.pairing import FilePair
from imgdiff.batch.row import Row
from imgdiff.batch.task import run_task, task_of
from imgdiff.comparison.lone_page import lone_page_view
from imgdiff.configuration.rules import Rules
from imgdiff.types import PagePair
from tests.documents import letters
from tests.pdf_files import text_pdf
from tests.pictures import drawing, image

PAGES = letters(3)


def row(folder: Path, before: bytes, after: bytes, rules: Rules | None = None) -> Row:
    files = folder / "before.pdf", folder / "after.pdf"
    for file, data in zip(files, (before, after), strict=True):
        file.write_bytes(data)
    return run_task(task_of(FilePair("contract", *files), rules or Rules(), pictures=True))


def test_documents_that_differ_have_a_page_of_their_own(tmp_path: Path) -> None:
    changed = [PAGES[0], ["Another sum is due", *PAGES[1][1:]], PAGES[2], letters(1, seed=5)[0]]
    found = row(tmp_path, text_pdf(PAGES), text_pdf(changed))
    assert found.status == "changed"
    assert found.verdict.startswith("1 of 3 pages changed, 1 page added.")
    assert {*found.files} == {"before.jpg", "after.jpg", "comparison.html"}
    assert b"Another sum" in found.files["comparison.html"]


def test_the_same_document_is_equal_and_has_no_page(tmp_path: Path) -> None:
    found = row(tmp_path, text_pdf(PAGES), text_pdf(PAGES))
    assert (found.status, found.regions, found.changed_fraction) == ("equal", 0, 0)
    assert "comparison.html" not in found.files


@pytest.mark.parametrize(("before", "after", "kind"), [(None, 2, "added"), (2, None, "removed")])
def test_a_page_without_a_partner_is_one_place(
    before: int | None, after: int | None, kind: str
) -> None:
    view = lone_page_view(image(drawing(60, 80)), PagePair(before, after), Settings())
    assert [region.kind for region in view.comparison.regions] == [kind]
