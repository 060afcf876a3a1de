"""What people said stands in every report, as text."""

from __future__ import annotations

import csv
import html
import io
import json
from dataclasses import replace

import pypdfium2
import pytest

from imgdiff import View
from imgdiff.report.downloads import FILES
from imgdiff.report.html import to_html
from imgdiff.report.numbers import to_csv, to_json
from imgdiff.report.pdf import to_pdf
from imgdiff.types import Intent, Judgement, Review
from imgdiff.view.review_words import progress_words

from .test_downloads import HOSTILE, named


def reviewed(view: View, intent: Intent, note: str) -> View:
    box = view.changes[0].region.box
    said = Judgement(box, intent, note, by="Ann", at="2026-01-02T03:04:05Z")
    return replace(view, review=Review((said, Judgement(None, "meant", by="Bob"))))


def test_a_judgement_stands_in_every_file() -> None:
    view = reviewed(named("a.png"), "not meant", "The logo is the old one.")
    progress = progress_words(view.judged)
    assert progress.startswith("1 of ")
    printed = ""
    for page in pypdfium2.PdfDocument(to_pdf(view)):
        printed += " ".join(page.get_textpage().get_text_bounded().split()) + " "
    for text in (html.unescape(to_html(view)), printed):
        assert progress in text
        assert "Not meant (Ann): The logo is the old one." in text
        assert "The pair as a whole: Meant (Bob)" in text
    facts = json.loads(to_json(view))["review"]
    assert facts["changes"][0]["opinion"] == "not meant"
    assert facts["changes"][0]["said"][0]["note"] == "The logo is the old one."
    assert facts["pair"][0]["by"] == "Bob"
    row = next(iter(csv.DictReader(io.StringIO(to_csv(view)))))
    assert (row["judgement"], row["note"], row["judged_by"]) == (
        "not meant", "The logo is the old one.", "Ann",
    )  # fmt: skip


@pytest.mark.parametrize("note", HOSTILE, ids=range(len(HOSTILE)))
def test_notes_are_text_and_no_formula(note: str) -> None:
    view = reviewed(named("a.png"), "meant", note)
    text = to_html(view)
    assert text.count("<script>") == 1
    assert "<svg/onload" not in text
    FILES["imgdiff.pdf"].make(view)
    cell = next(iter(csv.DictReader(io.StringIO(to_csv(view)))))["note"]
    assert not cell.startswith(("=", "+", "-", "@"))


def test_without_a_review_nothing_is_said_of_one() -> None:
    view = named("a.png")
    assert progress_words(view.judged) == ""
    assert "reviewed" not in to_html(view)
    conflict = (Judgement(None, "meant"), Judgement(None, "not meant"))
    assert progress_words([conflict, ()]) == "0 of 2 reviewed: 1 in conflict"
