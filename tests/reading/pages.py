"""Pages of text, drawn with the face that comes with Pillow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]

LETTER = (
    "Dear customer, thank you for the order of last week",
    "The total price of the delivery is 4,160.00 this time",
    "Please pay it within fourteen days to our account",
    "We are glad to answer all your questions by phone",
)


def page(
    lines: Sequence[str], *, size: int = 20, width: int = 760, dark: bool = False, left: int = 30
) -> Picture:
    """Lines of text on a plain ground."""
    ink, paper = ("#e8e8e8", "#1c1e24") if dark else ("#20242c", "#ffffff")
    canvas = Image.new("RGB", (width, 2 * size * len(lines) + 2 * size), paper)
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(size)
    for number, line in enumerate(lines):
        draw.text((left, size + 2 * size * number), line, font=font, fill=ink)
    return np.asarray(canvas)


def replaced(lines: Sequence[str], old: str, new: str) -> tuple[str, ...]:
    """The same lines with one word instead of another."""
    assert any(old in line for line in lines)
    return tuple(line.replace(old, new) for line in lines)


def drawn_anew(lines: Sequence[str], *, size: int = 20, width: int = 760) -> Picture:
    """The page as another program might set it: letter by letter, each on a whole pixel."""
    canvas = Image.new("RGB", (width, 2 * size * len(lines) + 2 * size), "#ffffff")
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(size)
    for number, line in enumerate(lines):
        x = 30.0
        for letter in line:
            draw.text((round(x), size + 2 * size * number), letter, font=font, fill="#20242c")
            x += font.getlength(letter) + 0.15
    return np.asarray(canvas)
