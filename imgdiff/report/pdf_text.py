"""Text in a PDF: faces, styles, and any file name as nothing but text."""

from __future__ import annotations

import codecs
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

FACE, BOLD = "Vera", "VeraBd"
"""Bitstream Vera, which ReportLab brings along; what is used of it is embedded."""

INK = colors.HexColor("#111827")
SOFT = colors.HexColor("#4b5563")

_SIGNS = ("Symbol", codecs.lookup("symbol"))
"""One of the 14 faces that every reader brings, for arrows and Greek, and what it can show."""

_EAST_ASIAN = (
    ("HeiseiKakuGo-W5", codecs.lookup("shift_jis")),
    ("STSong-Light", codecs.lookup("gb2312")),
    ("MSung-Light", codecs.lookup("big5")),
    ("HYGothic-Medium", codecs.lookup("euc_kr")),
)
"""Faces that most readers have by these names or replace, and what each can show: looked up here,
since a worker process can open no file any more when it makes a report."""

_UNKNOWN = "\N{WHITE SQUARE}"
"""For a character that no face has; Vera hasn't this one either, but the Japanese one has."""

for _name in (FACE, BOLD):
    pdfmetrics.registerFont(TTFont(_name, f"{_name}.ttf"))
for _name, _ in _EAST_ASIAN:
    pdfmetrics.registerFont(UnicodeCIDFont(_name))

_GLYPHS = TTFont(FACE, f"{FACE}.ttf").face.charToGlyph


def _style(name: str, size: float, **rest: Any) -> ParagraphStyle:
    options: dict[str, Any] = {
        "fontName": FACE,
        "textColor": INK,
        "spaceAfter": 3,
        "splitLongWords": 1,
        **rest,
    }
    return ParagraphStyle(name, fontSize=size, leading=1.35 * size, **options)


STYLES = {
    "h1": _style("h1", 18, fontName=BOLD, spaceAfter=6),
    "h2": _style("h2", 12, fontName=BOLD, spaceBefore=10, spaceAfter=5, keepWithNext=1),
    "strong": _style("strong", 9.5, fontName=BOLD),
    "body": _style("body", 9.5),
    "soft": _style("soft", 8.5, textColor=SOFT),
    "head": _style("head", 7.5, fontName=BOLD, spaceAfter=0),
    "cell": _style("cell", 7.5, spaceAfter=0, wordWrap="CJK"),
}


def shortened(text: str, longest: int) -> str:
    """A text with its middle left out if it is longer than `longest` characters."""
    if len(text) <= longest:
        return text
    end = longest // 2
    return f"{text[: longest - end - 3]} … {text[-end:]}"


def markup(text: str) -> str:
    """Plain text as ReportLab's markup: escaped, each run in a face that has its characters."""
    runs = groupby((_faced(character) for character in text), key=lambda faced: faced[1])
    parts = []
    for face, characters in runs:
        words = escape("".join(character for character, _ in characters))
        parts.append(words if face is None else f'<font name="{face}">{words}</font>')
    return "".join(parts)


def _faced(character: str) -> tuple[str, str | None]:
    """A character and the face to set it in, None for that of the style."""
    if not character.isprintable() and character != "\N{NO-BREAK SPACE}":
        return " ", None
    if ord(character) in _GLYPHS:
        return character, None
    for face, codec in (_SIGNS, *_EAST_ASIAN):
        try:
            codec.encode(character)
        except UnicodeEncodeError:
            continue
        return character, face
    return _UNKNOWN, _EAST_ASIAN[0][0]
