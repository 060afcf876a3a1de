"""Pages of PDFs: their own text is compared, if it is what is seen."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from imgdiff import Comparison, compare, load_image, view_of

_SIZE = (480, 200)
LINES = (
    "The tenant pays the rent of 1,250.00 on the first day of each",
    "month to the account named below, and bears the cost of water",
    "in addition to it. The landlord repairs what is broken within",
    "fourteen days after notice was given.",
)
LONGER = (
    "The tenant pays the rent of 1,250.00 on the first day of each",
    "month to the account named below, and bears the cost of light,",
    "of power and of water in addition to it. The landlord repairs",
    "what is broken within fourteen days after notice was given.",
)


def _pdf(lines: Sequence[str]) -> bytes:
    """A page of lines."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=_SIZE, invariant=1)
    canvas.setFont("Helvetica", 12)
    for number, line in enumerate(lines):
        canvas.drawString(40, 160 - 18 * number, line)
    canvas.save()
    return file.getvalue()


def _contract(clause: str, lead: float = 0) -> bytes:
    """Three paragraphs on a larger page, the second with a clause more, or further down."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(400, 500), invariant=1)
    canvas.setFont("Helvetica", 12)
    paragraphs = LINES[:3], [line for line in (*LINES[3:], clause) if line], LINES[::-1]
    top = 460.0
    for number, lines in enumerate(paragraphs):
        for row, line in enumerate(lines):
            canvas.drawString(40, top - 18 * row, f"{line[:52]} {number}{row}")
        top -= 18 * len(lines) + 20 + lead
    canvas.save()
    return file.getvalue()


def _scan(shown: Sequence[str], hidden: Sequence[str]) -> bytes:
    """A picture of a page of lines, with other lines as its invisible text."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=_SIZE, invariant=1)
    picture = Image.fromarray(load_image(_pdf(shown)).pixels)
    canvas.drawImage(ImageReader(picture), 0, 0, *_SIZE)
    for number, line in enumerate(hidden):
        text = canvas.beginText(40, 160 - 18 * number)
        text.setFont("Helvetica", 12)
        text.setTextRenderMode(3)
        text.textOut(line)
        canvas.drawText(text)
    canvas.save()
    return file.getvalue()


def _compared(before: bytes, after: bytes) -> Comparison:
    return compare(load_image(before, name="a.pdf"), load_image(after, name="b.pdf"))


def _words(found: Comparison) -> list[tuple[str, str]]:
    texts = [region.text for region in found.regions if region.text is not None]
    return [(word.before, word.after) for text in texts for word in text.words]


def _with(old: str, new: str) -> list[str]:
    return [line.replace(old, new) for line in LINES]


def test_a_page_brings_its_text_along() -> None:
    page = load_image(_pdf(LINES))
    assert page.text is not None
    assert page.text.text.split() == " ".join(LINES).split()


def test_words_of_the_page_itself_are_told() -> None:
    found = _compared(_pdf(LINES), _pdf(_with("1,250.00", "1,310.00")))
    assert _words(found) == [("1,250.00", "1,310.00")]
    (region,) = found.regions
    assert region.text is not None
    box = region.text.words[0].before_box
    assert abs(box.x - 391) < 4  # at 150 dpi, after "The tenant pays the rent of"


def test_a_clause_over_the_end_of_a_line_is_one_change() -> None:
    found = _compared(_pdf(LINES), _pdf(LONGER))
    assert _words(found) == [("", "light, of power and of")]


def test_lines_that_a_clause_pushed_down_the_page_are_no_places() -> None:
    """Each gap that grew by a row was a place, and the text that was pushed a lie."""
    found = _compared(_contract(""), _contract("or at once where the other party stopped"))
    assert _words(found) == [("", "or at once where the other party stopped 11")]
    assert len(found.regions) == 1
    assert not any(known.cause == "layer" for known in found.explained)


def test_paragraphs_that_stand_further_apart_say_the_same() -> None:
    found = _compared(_contract(""), _contract("", lead=9))
    assert not found.regions
    assert any("further apart" in known.sentence for known in found.explained)


def test_i_and_l_are_told_apart_as_the_file_does() -> None:
    found = _compared(_pdf(_with("notice", "Illinois")), _pdf(_with("notice", "Ilinois")))
    assert _words(found) == [("Illinois", "Ilinois")]


def test_a_text_that_is_not_what_is_seen_is_not_believed() -> None:
    before = _scan(LINES, LINES)
    after = _scan(_with("fourteen", "thirty"), _with("1,250.00", "9,999.00"))
    found = _compared(before, after)
    assert _words(found) == [("fourteen", "thirty")]
    assert any("isn't what is seen" in fact for fact in view_of(found).facts)


def test_a_change_of_invisible_text_alone_is_no_change_of_what_is_seen() -> None:
    assert _compared(_scan(LINES, LINES), _scan(LINES, _with("1,250.00", "9,999.00"))).alike


def test_a_scan_with_its_words_behind_it_is_told_by_them() -> None:
    changed = _with("fourteen", "thirty")
    found = _compared(_scan(LINES, LINES), _scan(changed, changed))
    assert _words(found) == [("fourteen", "thirty")]
    assert "isn't what is seen" not in " ".join(view_of(found).facts)


def test_pages_without_text_are_read() -> None:
    before, after = load_image(_pdf(LINES)), load_image(_pdf(_with("water", "heating")))
    found = compare(replace(before, text=None), replace(after, text=None))
    assert ("water", "heating") in _words(found)


@pytest.mark.parametrize("quarter", [90, 180])
def test_a_page_that_is_turned_is_told_too(quarter: int) -> None:
    def turned(data: bytes) -> bytes:
        document = pdfium.PdfDocument(data)
        document[0].set_rotation(quarter)
        file = io.BytesIO()
        document.save(file)
        return file.getvalue()

    found = _compared(turned(_pdf(LINES)), turned(_pdf(_with("water", "heating"))))
    assert ("water", "heating") in _words(found)
