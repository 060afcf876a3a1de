"""The comparison as a PDF: one page of summary, then a card for each change.

ReportLab sets it: it has been kept since 2000, breaks tables and cards over pages by itself,
passes JPEGs on as they are, and brings a font to embed. It is imported only when a PDF is made.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from reportlab.lib import colors, pagesizes
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from imgdiff.report.encoded import Encoded, both, crop, crops, numbered_boxes, preview
from imgdiff.report.pdf_text import BOLD, FACE, INK, SOFT, STYLES, markup, shortened
from imgdiff.report.tables import (
    MOST,
    PLACE_COLUMNS,
    Paper,
    Rows,
    caption_of,
    file_rows,
    left_out,
    place_rows,
    settings_rows,
)
from imgdiff.types import Box, Judgement
from imgdiff.view import CountedChange, Layer, View
from imgdiff.view.review_words import judgement_words, review_lines

_SIZES = {"a4": pagesizes.A4, "letter": pagesizes.letter}
_MARGIN = 15 * mm
_GAP = 5 * mm
_MARK = colors.HexColor("#ff4fc0")
_DARK = colors.HexColor("#10151f")
_RULE = colors.HexColor("#d5dae3")
_WIDE = 1.25
"""Pictures wider than this stand one above the other, narrower ones side by side."""

_WORDS_HEIGHT = 105 * mm
"""Of a summary's margins, headline and facts; the rest of the page is the pictures'."""

_LONE_WORDS = 75 * mm
"""Of margins and headline above a single picture."""

_CARD_HEIGHT = 62 * mm
_LONGEST_CELL = 300
"""Characters: a cell can't go on on the next page."""

_NARROWEST = 25 * mm
_SMALLEST_DPI = 72
"""No crop is blown up beyond this: a change of few pixels stays small rather than a blur."""


def to_pdf(view: View, *, paper: Paper = "a4") -> bytes:
    """The comparison as a PDF file on A4 or Letter paper."""
    return pdf_of(view.headline, story_of(view, paper=paper), paper=paper)


def pdf_of(title: str, story: list[Flowable], *, paper: Paper, numbered: bool = True) -> bytes:
    """A story on pages, `numbered` unless they'll be a part of something else."""
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=_SIZES[paper],
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=title,
        creator="imgdiff",
        lang="en",
    )
    finish = _number_page if numbered else _leave_page
    document.build(story, onFirstPage=finish, onLaterPages=finish)
    return file.getvalue()


def story_of(view: View, *, paper: Paper = "a4", heading: str = "") -> list[Flowable]:
    """One comparison: summary, changes, numbers; `heading` replaces the headline."""
    width = _SIZES[paper][0] - 2 * _MARGIN - 12  # ReportLab's frames are padded by 6 pt a side
    height = _SIZES[paper][1] - _WORDS_HEIGHT
    story = [*_summary(view, heading or view.headline, (width, height)), PageBreak()]
    if view.changes:
        story.append(_text("Places changed", "h2"))
        if left_out(view):
            story.append(_text(left_out(view)))
        listed = zip(view.changes[:MOST], view.judged, strict=False)
        story.extend(_card(view, change, said, width) for change, said in listed)
        columns = [10 * mm, width - 107 * mm, *[16 * mm] * 5, 17 * mm]
        story += [
            _text("Places in numbers", "h2"),
            _table(PLACE_COLUMNS, place_rows(view), columns),
        ]
    story += [
        _text("Files", "h2"),
        _table(("", "Before", "After"), file_rows(view), _columns(width, 2)),
        _text("Settings", "h2"),
        _table((), settings_rows(view), _columns(width, 1)),
    ]
    return story


def pages_story(
    words: tuple[str, ...], rows: Rows, text: Rows, *, paper: Paper = "a4"
) -> list[Flowable]:
    """A list of pages below a headline and facts, and what their text says otherwise."""
    headline, *rest = words
    story = [_text(headline, "h1"), *map(_text, rest), Spacer(0, 3 * mm)]
    width = _SIZES[paper][0] - 2 * _MARGIN - 12
    columns = [32 * mm, width - 54 * mm, 22 * mm]
    story.append(_table(("Page", "Verdict", "Changed"), rows, columns))
    if text:
        story += [
            _text("In the text", "h2"),
            _table(("Change", "Where"), text, [width - 42 * mm, 42 * mm]),
        ]
    return story


def lone_story_of(layer: Layer, heading: str, *, paper: Paper = "a4") -> list[Flowable]:
    """One picture below a headline: that of a document's page without a partner."""
    width = _SIZES[paper][0] - 2 * _MARGIN - 12
    encoded = preview(layer)
    room = _SIZES[paper][1] - _LONE_WORDS
    width = min(width, room * encoded.width / encoded.height)
    return [_text(heading, "h1"), Spacer(0, 3 * mm), _Picture(encoded, width)]


class _Picture(Flowable):
    """A picture of a given width, with the places drawn on it, sharp at any size."""

    def __init__(
        self,
        encoded: Encoded,
        width: float,
        *,
        boxes: Iterable[tuple[int, Box]] = (),
        scale: float = 1,
    ) -> None:
        super().__init__()
        self.encoded = encoded
        self.width = width
        self.height = width * encoded.height / encoded.width
        self.boxes = list(boxes)
        self.scale = scale
        """Points for each pixel of the canvas."""

    def wrap(self, *_: float) -> tuple[float, float]:
        """How much room it takes."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it at the origin."""
        reader = ImageReader(io.BytesIO(self.encoded.data))
        self.canv.drawImage(reader, 0, 0, self.width, self.height)
        self.canv.setStrokeColor(_RULE)
        self.canv.setLineWidth(0.5)
        self.canv.rect(0, 0, self.width, self.height)
        for number, box in reversed(self.boxes):
            self._mark(number, box)

    def _mark(self, number: int, box: Box) -> None:
        canvas: Canvas = self.canv
        x, y = box.x * self.scale, self.height - (box.y + box.height) * self.scale
        width, height = box.width * self.scale, box.height * self.scale
        for color, thickness in ((_DARK, 2.4), (_MARK, 1.4)):
            canvas.setStrokeColor(color)
            canvas.setLineWidth(thickness)
            canvas.rect(x, y, width, height)
        plate = 3 + 4.6 * len(str(number))
        top = min(y + height, self.height - 9)
        canvas.setFillColor(_MARK)
        canvas.rect(x, top, plate, 9, stroke=0, fill=1)
        canvas.setFillColor(_DARK)
        canvas.setFont(BOLD, 7)
        canvas.drawCentredString(x + plate / 2, top + 2.2, str(number))


def _summary(view: View, heading: str, size: tuple[float, float]) -> list[Flowable]:
    """Verdict, facts and both pictures: it fits one page."""
    width, height = size
    story = [
        _text(heading, "h1"),
        *([_text(view.score_line, "strong")] if view.score_line else []),
        *(_text(fact) for fact in view.facts),
        *(
            _text(shortened(line, _LONGEST_CELL), "strong")
            for line in review_lines(view.judged, view.review.of_pair)
        ),
        Spacer(0, 3 * mm),
    ]
    canvas = view.canvas
    boxes = numbered_boxes(view, MOST)
    stacked = canvas.width > _WIDE * canvas.height
    room = width if stacked else (width - _GAP) / 2
    room = min(room, (height / 2 if stacked else height) * canvas.width / canvas.height)
    cells = []
    for layer in both(view):
        name = f"{layer.title}: {_short_name(view, layer)}"
        picture = _Picture(preview(layer), room, boxes=boxes, scale=room / canvas.width)
        cells.append([_text(name, "soft"), picture])
    rows = [[cell] for cell in cells] if stacked else [cells]
    return [*story, Table(rows, hAlign="LEFT", style=_BARE)]


def _card(
    view: View, change: CountedChange, judgements: tuple[Judgement, ...], width: float
) -> Flowable:
    """One change, before and after."""
    title, where = caption_of(view, change)
    parts = crops(view, change)
    around = max((box for _, box in parts), key=lambda box: box.width / box.height)
    strip = change.region.block is not None and change.region.block.axis == "rows"
    room = width - _GAP if strip else (width - _GAP) / 2
    room = min(room, _CARD_HEIGHT * around.width / around.height)
    room = min(room, around.width * 72 / _SMALLEST_DPI)
    cells = []
    for layer, box in parts:
        encoded = crop(layer, box)
        share = f" at {100 * encoded.reduced:.0f} %" if encoded.reduced < 1 else ""
        cells.append([_Picture(encoded, room), _text(f"{layer.title}{share}", "soft")])
    grid = [[cell] for cell in cells] if strip else [cells]
    table = Table(grid, [max(room, _NARROWEST) + _GAP] * len(grid[0]), hAlign="LEFT", style=_BARE)
    said = [_text(shortened(judgement_words(judgements), _LONGEST_CELL))] if judgements else []
    words = [_text(title, "strong"), _text(where, "soft"), *said]
    return KeepTogether([*words, table, Spacer(0, 3 * mm)])


def _short_name(view: View, layer: Layer) -> str:
    """The file's name, on one line."""
    pair = view.comparison.pair
    name = (pair.reference if layer.key == "before" else pair.unmoved).name
    return shortened(name, 80)


_BARE: list[tuple[str, tuple[int, int], tuple[int, int], Any]] = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), _GAP),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


def _columns(width: float, values: int) -> list[float]:
    label = 35 * mm
    return [label, *[(width - label) / values] * values]


def _table(columns: tuple[str, ...], rows: Rows, widths: list[float]) -> Table:
    """A table that breaks over pages and repeats its head."""
    head = [[_text(column, "head") for column in columns]] if columns else []
    body = [[_text(shortened(value, _LONGEST_CELL), "cell") for value in row] for row in rows]
    style: list[tuple[Any, ...]] = [
        *_BARE[:1],
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, _RULE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return Table(head + body, widths, repeatRows=len(head), hAlign="LEFT", style=style)


def _text(text: str, style: str = "body") -> Paragraph:
    return Paragraph(markup(text), STYLES[style])


def _number_page(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.setFont(FACE, 8)
    canvas.setFillColor(SOFT)
    canvas.drawRightString(document.pagesize[0] - _MARGIN, 8 * mm, f"Page {document.page}")
    canvas.setFillColor(INK)


def _leave_page(_canvas: Canvas, _document: SimpleDocTemplate) -> None:
    """No number: whoever puts the sheets together will write it."""
