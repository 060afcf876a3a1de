"""The text layer: which characters, and where they stand on the drawn page."""

from __future__ import annotations

import io

import numpy as np
import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from imgdiff import load_image
from imgdiff.load.page_text import page_text


def _page(turn: int = 0) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(300, 200), invariant=1)
    canvas.setPageRotation(turn)
    canvas.setFont("Helvetica", 24)
    canvas.drawString(40, 150, "HXE")
    canvas.drawString(40, 60, "N")
    canvas.save()
    return file.getvalue()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("dpi", [72, 150])
def test_characters_lie_where_they_are_drawn(turn: int, dpi: int) -> None:
    data = _page(turn)
    found = page_text(data, 1, dpi=dpi)
    assert found.text.split() == ["HXE", "N"]
    assert found.boxes.shape == (len(found.text), 4)
    ink = load_image(data, dpi=dpi).pixels[..., 0] < 128
    for character, (x, y, width, height) in zip(found.text, found.boxes, strict=True):
        if character.isspace():
            continue
        rows = slice(max(0, int(y) - 1), int(y + height) + 2)
        columns = slice(max(0, int(x) - 1), int(x + width) + 2)
        assert ink[rows, columns].any(), character
        ink[rows, columns] = False
    assert not ink.any()  # every spot of ink is some character's


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_was_turned_has_the_same_pixels_and_words(turn: int) -> None:
    data, file = _page(), io.BytesIO()
    with pdfium.PdfDocument(data) as document:
        document[0].set_rotation(turn)
        document.save(file)
    upright, turned = load_image(data), load_image(file.getvalue())
    np.testing.assert_array_equal(turned.pixels, np.rot90(upright.pixels, -turn // 90))
    assert upright.text is not None
    assert turned.text is not None
    assert turned.text.text == upright.text.text


def test_a_page_without_text_has_none() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(300, 200), invariant=1)
    canvas.rect(10, 10, 50, 50)
    canvas.save()
    found = page_text(file.getvalue(), 1)
    assert (found.text, found.boxes.shape) == ("", (0, 4))
    assert found.boxes.dtype == np.float32
