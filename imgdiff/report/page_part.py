"""A page's part of the report on a document, made where the page is: HTML, or sheets of a PDF."""

from __future__ import annotations

from functools import partial
from typing import Literal, TypeAlias

from imgdiff.pixels.color import on_ground
from imgdiff.pixels.render import checkered
from imgdiff.report.html import lone_section_of, section_of
from imgdiff.types import Image, Picture
from imgdiff.view import Layer, View

Form: TypeAlias = Literal["", "html", "a4", "letter"]
"""Of a report: none, HTML, or PDF on that paper."""


def part_of_view(view: View, heading: str, form: Form, pages: tuple[int, int]) -> bytes:
    """Two pages compared; empty if no report is wanted."""
    if form == "html":
        return section_of(view, prefix=_prefix(heading), heading=heading, pages=pages).encode()
    if not form:
        return b""
    from imgdiff.report.pdf import pdf_of, story_of  # noqa: PLC0415 (ReportLab is slow to import)

    return pdf_of(heading, story_of(view, paper=form, heading=heading), paper=form, numbered=False)


def part_of_image(image: Image, heading: str, form: Form) -> bytes:
    """A page that only one document has; empty if no report is wanted."""
    layer = Layer("page", "Page", "The page", image.height, image.width, partial(_rows, image))
    if form == "html":
        return lone_section_of(layer, heading).encode()
    if not form:
        return b""
    from imgdiff.report.pdf import lone_story_of, pdf_of  # noqa: PLC0415 (as above)

    return pdf_of(heading, lone_story_of(layer, heading, paper=form), paper=form, numbered=False)


def _rows(image: Image, rows: slice) -> Picture:
    """Rows of a page as it is shown, in 8 bits."""
    squares = checkered((image.height, image.width), rows)
    return on_ground(
        image.pixels[rows], None if image.alpha is None else image.alpha[rows], squares
    )


def _prefix(heading: str) -> str:
    """What makes the anchors of a page its own: its title comes once in a document."""
    title = heading.partition(":")[0].lower()
    return "".join(letter if letter.isalnum() else "-" for letter in title) + "-"
