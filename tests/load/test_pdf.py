"""PDFs: a page as a picture."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as PillowImage
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from imgdiff import LoadError, load_image
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
