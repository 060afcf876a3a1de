"""What a PDF holds beside what is drawn: properties, bookmarks, links, attachments, signatures."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from ctypes import Array, byref, c_char, c_int, c_ulong, create_string_buffer
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from imgdiff.load.pdf_file import opened_pdf
from imgdiff.types import DocumentOutline

_PROPERTIES: Final = ("Title", "Author", "Subject", "Keywords")
_MOST: Final = 1000
"""Of bookmarks, links or attachments; a file that has more is compared by these."""
_DEEPEST: Final = 15
_LONGEST: Final = 2000
"""Characters of an address."""


def pdf_outline(data: bytes) -> DocumentOutline:
    """All but the attachments' contents: their digests are for `attachment_digests`.

    Raises
    ------
    LoadError
        As `load_image` does.
    """
    with opened_pdf(data) as document:
        found = document.get_metadata_dict(skip_empty=True)
        return DocumentOutline(
            pages=len(document),
            properties=tuple((name, found[name]) for name in _PROPERTIES if name in found),
            bookmarks=tuple(_bookmarks(document)),
            attachments=tuple(
                (document.get_attachment(index).get_name(), "")
                for index in range(min(_MOST, document.count_attachments()))
            ),
            encrypted=pdfium_c.FPDF_GetSecurityHandlerRevision(document.raw) >= 0,
            signatures=max(0, pdfium_c.FPDF_GetSignatureCount(document.raw)),
        )


def attachment_digests(data: bytes) -> list[str]:
    """A digest of each attachment's content, in the order of the outline."""
    with opened_pdf(data) as document:
        return [
            hashlib.sha256(bytes(document.get_attachment(index).get_data())).hexdigest()
            for index in range(min(_MOST, document.count_attachments()))
        ]


def links_on(document: pdfium.PdfDocument, sheet: pdfium.PdfPage) -> tuple[str, ...]:
    """Where the links of a page lead: an address, or "page 5"."""
    place, link = c_int(0), pdfium_c.FPDF_LINK()
    found: list[str] = []
    while len(found) < _MOST and pdfium_c.FPDFLink_Enumerate(sheet.raw, byref(place), byref(link)):
        found.append(_target(document, link))
    return tuple(filter(None, found))


def _bookmarks(document: pdfium.PdfDocument) -> Iterator[str]:
    for count, mark in enumerate(document.get_toc(max_depth=_DEEPEST)):
        if count == _MOST:
            return
        target = mark.get_dest()
        index = None if target is None else target.get_index()
        yield mark.get_title() if index is None else f"{mark.get_title()}, page {index + 1}"


def _target(document: pdfium.PdfDocument, link: Any) -> str:  # noqa: ANN401 (a pointer of PDFium's)
    target = pdfium_c.FPDFLink_GetDest(document.raw, link)
    action = pdfium_c.FPDFLink_GetAction(link)
    if not target and action:
        kind = pdfium_c.FPDFAction_GetType(action)
        if kind == pdfium_c.PDFACTION_URI:
            return _text(
                lambda room, length: pdfium_c.FPDFAction_GetURIPath(
                    document.raw, action, room, length
                )
            )
        target = pdfium_c.FPDFAction_GetDest(document.raw, action)
    if not target:
        return ""
    return f"page {pdfium_c.FPDFDest_GetDestPageIndex(document.raw, target) + 1}"


def _text(read: Callable[[Array[c_char] | None, c_ulong], int]) -> str:
    """A text that PDFium writes into a room whose size it tells first."""
    length = min(_LONGEST, read(None, c_ulong(0)))
    room = create_string_buffer(length + 1)
    read(room, c_ulong(length))
    return room.value.decode("utf-8", "replace")
