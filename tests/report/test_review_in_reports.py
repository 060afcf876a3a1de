"""What people said stands in every report, as text."""

from __future__ import annotations

import csv
import html
import io
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pypdfium2
import pytest

from imgdiff import View
from imgdiff.comparison.documents import compare_pages
from imgdiff.comparison.page_pair import HowPages
from imgdiff.report.document_text import pages_to_json, pages_to_text
from imgdiff.report.downloads import FILES
from imgdiff.report.html import to_html
from imgdiff.report.numbers import to_csv, to_json
from imgdiff.report.pdf import to_pdf
from imgdiff.report.whole_document import pages_to_html
from imgdiff.types import Intent, Judgement, Review, Settings
from imgdiff.view.review_words import progress_words
from tests.documents import letters, plan_of
from tests.pdf_files import text_pdf

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


def test_what_is_said_of_pages_stands_in_the_report_on_the_document() -> None:
    pages = letters(3)
    changed = [[*pages[0]], [*pages[1]], [*pages[2]], letters(1, seed=9)[0]]
    changed[1][3] = "quite another line"
    plan = plan_of(text_pdf(pages), text_pdf(changed))
    review = Review(
        (
            Judgement(None, "not meant", "Was it agreed?", by="Ann", pages=(2, 2)),
            Judgement(None, "meant", by="Bob", pages=(0, 4)),
        )
    )
    for form in ("", "html"):
        with ThreadPoolExecutor(1) as executor:
            how = HowPages(Settings(), 50, form, review=review)
            found = plan.with_pages(compare_pages(plan, how, executor))
        text = pages_to_text(found)
        assert "The pair as a whole: Not meant (Ann): Was it agreed?" in text
        assert "Review: Meant (Bob)." in text
        facts = json.loads(pages_to_json(found))
        assert facts["pages"][1]["review"]["pair"][0]["note"] == "Was it agreed?"
        assert [len(page["said"]) for page in facts["pages"]] == [0, 1, 0, 1]
    html_text = html.unescape(pages_to_html(found))
    assert html_text.count("The pair as a whole: Not meant (Ann): Was it agreed?") == 2
    assert "Review: Meant (Bob)." in html_text


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
    assert "reviewed" not in to_html(view).rpartition("<script>")[0]
    conflict = (Judgement(None, "meant"), Judgement(None, "not meant"))
    assert progress_words([conflict, ()]) == "0 of 2 reviewed: 1 in conflict"
