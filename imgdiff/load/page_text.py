"""The text of a PDF's page, as the file holds it: no reading of pictures."""

from __future__ import annotations

from ctypes import byref, c_double, c_int

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from imgdiff.load.pdf_file import POINTS, loaded_page, opened_pdf, text_layer
from imgdiff.types import PageText

_FINE = 100
"""PDFium tells places on the screen in whole pixels: it is asked for those of so many a point."""


def page_text(data: bytes, page: int, *, dpi: float = 150) -> PageText:
    """The text layer of a page, upright as the page is drawn; "" where it has none, as in a scan.

    Parameters
    ----------
    data : bytes
        A PDF.
    page : int
        Which one, from 1.
    dpi : float
        Pixels an inch of the drawing that the boxes are of.

    Raises
    ------
    LoadError
        As `load_image` does.
    """
    with opened_pdf(data) as document:
        sheet = loaded_page(document, page)
        layer = text_layer(sheet)
        count = layer.count_chars()
        codes = np.fromiter(
            (pdfium_c.FPDFText_GetUnicode(layer.raw, index) for index in range(count)),
            np.uint32,
            count,
        )
        corners = np.zeros((count, 4))
        for index in range(count):
            corners[index] = _corners(layer, index)
        boxes = _on_the_drawing(sheet, corners) * (dpi / POINTS)
    return PageText("".join(map(_character, codes.tolist())), boxes.astype(np.float32))


def _character(code: int) -> str:
    """What PDFium tells: UTF-32, but of broken fonts anything."""
    if code in (0, 0x0D):
        return " "
    return "\N{REPLACEMENT CHARACTER}" if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)


def _corners(layer: pdfium.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a character on the unturned page, points."""
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    pdfium_c.FPDFText_GetCharBox(
        layer.raw, index, byref(left), byref(right), byref(bottom), byref(top)
    )
    return left.value, bottom.value, right.value, top.value


def _on_the_drawing(sheet: pdfium.PdfPage, corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Corners (N, 4) as boxes of the page as it is shown: cut, turned, y down; points."""
    origin, across, up = (_shown(sheet, *point) for point in ((0, 0), (100, 0), (0, 100)))
    turn = np.stack([across - origin, up - origin], axis=1) / 100
    one, other = (corners[:, pair] @ turn.T + origin for pair in ([0, 1], [2, 3]))
    start = np.minimum(one, other)
    return np.hstack([start, np.maximum(one, other) - start])


def _shown(sheet: pdfium.PdfPage, x: float, y: float) -> NDArray[np.float64]:
    """A point of the unturned page on the page as it is shown, points from its top left."""
    width, height = (round(side * _FINE) for side in sheet.get_size())
    column, row = c_int(), c_int()
    pdfium_c.FPDF_PageToDevice(sheet.raw, 0, 0, width, height, 0, x, y, byref(column), byref(row))
    return np.array([column.value, row.value]) / _FINE
