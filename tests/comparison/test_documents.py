"""PDFs: a page as a picture, and two documents page by page."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image as PillowImage
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from tinyhtml5.parser import HTMLParser

from imgdiff import LoadError, load_image
from imgdiff.cli import main
from imgdiff.load import count_pages
from imgdiff.load import pdf_file as pdf_room


def document(*pages: str, size: tuple[float, float] = (200, 120), password: str = "") -> bytes:
    """A PDF with a line of text on each page, and a red square with its corner at (20, 20)."""
    file = io.BytesIO()
    encrypt = StandardEncryption(password) if password else None
    canvas = Canvas(file, pagesize=size, encrypt=encrypt, invariant=1)
    for text in pages:
        canvas.drawString(20, 90, text)
        canvas.setFillColorRGB(1, 0, 0)
        canvas.rect(20, 20, 40, 40, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _write(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


def test_a_page_is_a_picture_upright_in_srgb_on_white() -> None:
    page = load_image(document("one"), dpi=72)
    assert page.pixels.shape == (120, 200, 3)
    assert page.pixels.dtype == np.uint8
    assert page.alpha is None
    assert page.file is not None
    assert page.file.format == "PDF"
    np.testing.assert_array_equal(page.pixels[0, 0], (255, 255, 255))
    np.testing.assert_array_equal(page.pixels[80, 40], (255, 0, 0))
    np.testing.assert_array_equal(page.pixels[30:60, 100:], 255)


def test_the_resolution_is_chosen() -> None:
    assert load_image(document("one"), dpi=144).pixels.shape == (240, 400, 3)
    assert load_image(document("one")).pixels.shape == (250, 417, 3)
    with pytest.raises(LoadError, match="20 to 600 pixels an inch, but 1000"):
        load_image(document("one"), dpi=1000)


def test_pages_are_counted_and_chosen() -> None:
    data = document("one", "two", "three")
    assert count_pages(data) == 3
    first = load_image(data, name="a.pdf")
    assert first.notes == ("Only page 1 of 3 is compared.",)
    second = load_image(data, name="a.pdf", page=2)
    assert second.name == "a.pdf, page 2"
    assert (first.pixels != second.pixels).any()
    with pytest.raises(LoadError, match="has 3 pages, but page 4"):
        load_image(data, page=4)


def test_a_pdf_of_one_page_is_just_a_picture() -> None:
    one = load_image(document("one"), name="a.pdf")
    assert (one.name, one.notes) == ("a.pdf", ())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (document("one", password="secret"), "needs a password"),  # noqa: S106
        (document("one")[:300], "damaged"),
        (b"%PDF-1.7", "damaged"),
        (document("one", size=(72_000, 72)), "30000 pixels long"),
        (document("one", size=(8000, 8000)), "megapixels"),
    ],
)
def test_a_pdf_that_cannot_be_drawn_gets_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(LoadError, match=reason):
        load_image(data)


def test_a_picture_that_speaks_of_pdfs_is_a_picture() -> None:
    """Its metadata may hold anything, a PDF's mark as well."""
    webp = io.BytesIO()
    exif = PillowImage.Exif()
    exif[0x010E] = "%PDF-1.7"
    PillowImage.new("RGB", (9, 9)).save(webp, "WEBP", exif=exif)
    data = webp.getvalue()
    assert b"%PDF-" in data[:1024]
    assert load_image(data).pixels.shape == (9, 9, 3)
    assert load_image(b"junk before\n" + document("one")).file is not None


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_room, "MAX_PAGES", 2)
    with pytest.raises(LoadError, match="may have 2 pages, but this one has 3"):
        count_pages(document("1", "2", "3"))


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_room, "MAX_SECONDS", -1.0)
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(500, 500))
    for step in range(20_000):
        canvas.rect(step % 400, step % 399, 90, 90, fill=1)
    canvas.save()
    with pytest.raises(LoadError, match="takes longer"):
        load_image(file.getvalue())


def test_documents_are_compared_page_by_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _write(tmp_path, "a.pdf", document("one", "two", "three"))
    after = _write(tmp_path, "b.pdf", document("one", "TWO and more", "thrEE", "four"))
    assert main(["compare", before, after]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 of 3 pages changed."
    assert lines[1] == "Page 4 is only in the second file."
    assert [line[:6] for line in lines[2:]] == ["Page 2", "Page 3", "Page 1"]
    assert main(["compare", before, after, "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert facts["test"] == {"name": "b.pdf", "pages": 4}
    assert [page["alike"] for page in facts["pages"]] == [True, False, False]
    assert main(["compare", before, after, "--csv"]) == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["page"] for row in rows} == {"2", "3"}
    assert main(["compare", before, before]) == 0


def test_documents_make_one_report(tmp_path: Path) -> None:
    before = _write(tmp_path, "<b>a.pdf", document("one", "two", "three"))
    after = _write(tmp_path, "b.pdf", document("one", "TWO and more", "thrEE"))
    page, paper = tmp_path / "r.html", tmp_path / "r.pdf"
    assert main(["compare", before, after, "--report", str(page)]) == 1
    text = page.read_text("utf-8")
    parser = HTMLParser()
    parser.parse(text)
    assert parser.errors == []
    assert text.index(">Page 2: ") < text.index(">Page 3: ")
    assert ">Page 1: " not in text
    assert "<b>a.pdf" not in text
    assert main(["compare", before, after, "--report", str(paper), "--paper", "letter"]) == 1
    printed = pypdfium2.PdfDocument(str(paper))
    assert "2 of 3 pages changed." in printed[0].get_textpage().get_text_bounded()
    assert printed.get_page_size(0) == (612, 792)


def test_one_page_of_documents_is_two_pictures(tmp_path: Path) -> None:
    before = _write(tmp_path, "a.pdf", document("one", "two"))
    after = _write(tmp_path, "b.pdf", document("one", "TWO"))
    assert main(["compare", before, after, "--page", "1"]) == 0
    assert main(["compare", before, after, "--page", "2", "--gif", str(tmp_path / "x.gif")]) == 1
    assert (tmp_path / "x.gif").read_bytes().startswith(b"GIF89a")


def test_pictures_of_whole_documents_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _write(tmp_path, "a.pdf", document("one", "two"))
    assert main(["compare", path, path, "--out", str(tmp_path / "out")]) == 2
    assert "choose a page with --page" in capsys.readouterr().err


def test_pages_of_different_sizes_are_told_and_the_rest_is_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _write(tmp_path, "a.pdf", document("one", "two"))
    after = _write(tmp_path, "b.pdf", document("one", "two", size=(120, 200)))
    assert main(["compare", before, after, "--align", "none"]) == 1
    assert (
        "Page 1: Without alignment both pictures must have the same size" in capsys.readouterr().out
    )
