"""Numbers at the foot of sheets that come from several PDFs: only together they have an order."""

from __future__ import annotations

from ctypes import c_ushort
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_FACE: Final = b"Helvetica"
_SIZE: Final = 8
"""Points, as everything below."""
_LETTER: Final = 0.55 * _SIZE
_RIGHT, _BOTTOM = 42.5, 22.7
_GRAY: Final = 90


def number_sheets(document: pdfium.PdfDocument) -> None:
    """Write "Page 1" and so on at the bottom right of each."""
    font = pdfium_c.FPDFText_LoadStandardFont(document.raw, _FACE)
    for index in range(len(document)):
        _write(document, font, index, f"Page {index + 1}")
    pdfium_c.FPDFFont_Close(font)


def _write(document: pdfium.PdfDocument, font: Any, index: int, text: str) -> None:  # noqa: ANN401
    sheet = document[index]
    words = pdfium_c.FPDFPageObj_CreateTextObj(document.raw, font, _SIZE)
    letters = [*text.encode("utf-16-le"), 0, 0]
    codes = (c_ushort * (len(letters) // 2))(
        *(low + 256 * high for low, high in zip(letters[::2], letters[1::2], strict=True))
    )
    pdfium_c.FPDFText_SetText(words, codes)
    pdfium_c.FPDFPageObj_SetFillColor(words, _GRAY, _GRAY, _GRAY, 255)
    left = sheet.get_width() - _RIGHT - _LETTER * len(text)
    pdfium_c.FPDFPageObj_Transform(words, 1, 0, 0, 1, left, _BOTTOM)
    pdfium_c.FPDFPage_InsertObject(sheet.raw, words)
    sheet.gen_content()
    sheet.close()
