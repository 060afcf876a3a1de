"""The comparison as one HTML file that needs nothing else and opens anywhere."""

from __future__ import annotations

import base64
import hashlib
import html
from functools import cache
from pathlib import Path
from string import Template

from imgdiff.report.encoded import Encoded, both, crop, crops, numbered_boxes, preview
from imgdiff.report.judging import judging_facts
from imgdiff.report.tables import (
    MOST,
    PLACE_COLUMNS,
    Rows,
    caption_of,
    file_rows,
    left_out,
    place_rows,
    settings_rows,
)
from imgdiff.types import Box, Judgement, opinion_of
from imgdiff.view import CountedChange, Layer, View
from imgdiff.view.review_words import judgement_words, review_lines

_FOLDER = Path(__file__).parent
_CONTROLS = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)],
    "\N{REPLACEMENT CHARACTER}",
)
_SMALLEST_NUMBER = 14
_NUMBERS_ACROSS = 50
"""So many digits' heights make a picture's longer side: read at the size of a page."""
_WIDE = 1.25
"""Pictures wider than this are printed one above the other, narrower ones side by side."""


def to_html(view: View) -> str:
    """The comparison as a page to read, print and pass on.

    No outside request, and no script needed to read it; with script, the two pictures swipe,
    blink, fade and zoom. Each whole picture is embedded once, reduced if large; the changes
    pixel for pixel.
    """
    return page_of(view.headline, [section_of(view)])


def page_of(title: str, sections: list[str]) -> str:
    """Sections as a whole page; the title is text."""
    style = _tight(_flush(_part("report.css")))
    # What is saved anew is the page as it was before any script.
    script = _flush("".join(map(_part, ("judging.js", "report.js"))))
    return Template(_part("report.html")).substitute(
        title=escaped(title),
        policy=f"default-src 'none'; img-src data:; style-src '{source_digest(style)}'; "
        f"script-src '{source_digest(script)}'; base-uri 'none'; form-action 'none'",
        style=style,
        script=script,
        body="\n".join(sections),
    )


def section_of(
    view: View, *, prefix: str = "", heading: str = "", pages: tuple[int, int] | None = None
) -> str:
    """One comparison as a part of a page.

    `prefix` makes its anchors differ from other parts'; `heading` replaces the headline; `pages`
    are the numbers of a document's two pages.
    """
    wide = view.canvas.width > _WIDE * view.canvas.height
    return Template(_part("section.html")).substitute(
        shape="wide" if wide else "tall",
        headline=escaped(heading or view.headline),
        score=f"<p>{escaped(view.score_line)}</p>" if view.score_line else "",
        facts="".join(f"<li>{escaped(fact)}</li>" for fact in view.facts),
        review=_review(view) + judging_facts(view, pages),
        stage="".join(_marked(layer, view, prefix) for layer in both(view)),
        layers="".join(_figure(view.layers[key]) for key in ("diff", "mask")),
        changes=_changes(view, prefix),
        files=_table(("", "Before", "After"), file_rows(view), "Files"),
        settings=_table((), settings_rows(view), "Settings"),
    )


def lone_section_of(layer: Layer, heading: str) -> str:
    """One picture as a part of a page: that of a document's page without a partner."""
    return (
        f'<article class="lone"><header><h1>{escaped(heading)}</h1></header>'
        f"{_figure(layer)}</article>"
    )


def escaped(text: str) -> str:
    """Text as HTML; control characters and those that turn the reading direction are shown."""
    return html.escape(text.translate(_CONTROLS))


def read_parts() -> None:
    """Read what pages are made of, where no file can be opened later."""
    for path in _FOLDER.iterdir():
        if path.suffix in (".css", ".html", ".js"):
            _part(path.name)


@cache
def _part(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _flush(text: str) -> str:
    """Without indentation and remarks, which are for those who write, not for each copy."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/**")))


def _tight(style: str) -> str:
    """A style sheet without the spaces after its signs."""
    for sign in ":;,{":
        style = style.replace(f"{sign} ", sign)
    return style.replace(" {", "{").replace(" }", "}")


def source_digest(text: str) -> str:
    """How a content security policy names an inline part: by what it holds."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _marked(layer: Layer, view: View, prefix: str) -> str:
    """A whole picture with the places on it; boxes are drawn by the browser, sharp at any size."""
    encoded = preview(layer)
    size = max(_SMALLEST_NUMBER, round(max(layer.width, layer.height) / _NUMBERS_ACROSS))
    boxes = numbered_boxes(view, MOST)
    marks = "".join(_mark(number, box, size, prefix) for number, box in reversed(boxes))
    return (
        f'<figure class="picture"><figcaption>{escaped(layer.title)}{_note(encoded)}'
        f'</figcaption><div class="scroll"><div class="canvas">{_img(encoded, layer.alt)}'
        f'<svg viewBox="0 0 {layer.width} {layer.height}" '
        f'preserveAspectRatio="none">{marks}</svg></div></div></figure>'
    )


def _mark(number: int, box: Box, size: int, prefix: str) -> str:
    """A frame and a number that leads to the place's card."""
    plate = round(size * (0.62 * len(str(number)) + 0.5))
    top = box.y - 1.3 * size if box.y > 1.3 * size else box.y
    frame = f"M{box.x} {box.y}h{box.width}v{box.height}h-{box.width}z"
    return (
        f'<a href="#{prefix}place-{number}" aria-label="Change {number}">'
        f'<path class="halo" d="{frame}"/><path class="frame" d="{frame}"/>'
        f'<rect class="plate" x="{box.x}" y="{top:g}" width="{plate}" height="{1.3 * size:g}"/>'
        f'<text x="{box.x + plate / 2:g}" y="{top + size:g}" font-size="{size}">{number}</text></a>'
    )


def _changes(view: View, prefix: str) -> str:
    """A card for each change, and the table of them all."""
    if not view.changes:
        return ""
    listed = zip(view.changes[:MOST], view.judged, strict=False)
    cards = "".join(_card(view, change, said, prefix) for change, said in listed)
    note = f"<p>{escaped(left_out(view))}</p>" if left_out(view) else ""
    table = _table(PLACE_COLUMNS, place_rows(view), "Places in numbers", numeric=True)
    return f'<section><h2>Places changed</h2>{note}<ol class="cards">{cards}</ol></section>{table}'


def _review(view: View) -> str:
    """How far a review has come."""
    lines = review_lines(view.judged, view.review.of_pair)
    told = "".join(f'<p class="review">{escaped(line)}</p>' for line in lines)
    return f'<div class="told">{told}</div>'


def _said(judgements: tuple[Judgement, ...]) -> str:
    """What people said of a change."""
    if not judgements:
        return ""
    kind = opinion_of(judgements).replace(" ", "-") or "open"
    return f'<p class="said {kind}">{escaped(judgement_words(judgements))}</p>'


def _card(view: View, change: CountedChange, judgements: tuple[Judgement, ...], prefix: str) -> str:
    title, where = caption_of(view, change)
    number = change.number
    wide = ' class="strip"' if change.region.block else ""
    figures = ""
    for layer, around in crops(view, change):
        encoded = crop(layer, around)
        label = f"{layer.title}{_note(encoded)}"
        alt = f"Change {number}, {layer.title.lower()}"
        figures += f"<figure>{_img(encoded, alt)}<figcaption>{label}</figcaption></figure>"
    return (
        f'<li id="{prefix}place-{number}"{wide}><h3>{escaped(title)}</h3><p>{escaped(where)}</p>'
        f'{_said(judgements)}<div class="crops">{figures}</div></li>'
    )


def _figure(layer: Layer) -> str:
    encoded = preview(layer)
    caption = f"{escaped(layer.title)}{_note(encoded)}"
    return f"<figure>{_img(encoded, layer.alt)}<figcaption>{caption}</figcaption></figure>"


def _img(encoded: Encoded, alt: str) -> str:
    source = f"data:{encoded.mime};base64,{base64.b64encode(encoded.data).decode()}"
    size = f'width="{encoded.width}" height="{encoded.height}"'
    return f'<img src="{source}" {size} alt="{escaped(alt)}">'


def _note(encoded: Encoded) -> str:
    """How much a picture was reduced, if it was."""
    return f" <small>at {100 * encoded.reduced:.0f} %</small>" if encoded.reduced < 1 else ""


def _table(columns: tuple[str, ...], rows: Rows, title: str, *, numeric: bool = False) -> str:
    """A section with a table; its first column names the rows."""
    cells = "".join(f'<th scope="col">{escaped(c)}</th>' if c else "<td></td>" for c in columns)
    head = f"<thead><tr>{cells}</tr></thead>" if columns else ""
    body = "".join(
        f'<tr><th scope="row">{escaped(first)}</th>'
        + "".join(f"<td>{escaped(value)}</td>" for value in rest)
        + "</tr>"
        for first, *rest in rows
    )
    kind = ' class="numeric"' if numeric else ""
    return (
        f'<section><h2>{title}</h2><div class="wide"><table{kind}>{head}'
        f"<tbody>{body}</tbody></table></div></section>"
    )
