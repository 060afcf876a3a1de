"""Pages of text, and the same with some words changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]
Rng = np.random.Generator
Lines = list[list[str]]

_FONTS = Path("/usr/share/fonts/truetype")
FACES = (
    "dejavu/DejaVuSans", "dejavu/DejaVuSerif", "dejavu/DejaVuSansMono",
    "dejavu/DejaVuSansCondensed", "liberation/LiberationSans-Regular",
    "liberation/LiberationSerif-Regular", "liberation/LiberationMono-Regular",
    "liberation/LiberationSansNarrow-Regular", "liberation/LiberationSans-Bold",
    "liberation/LiberationSerif-Italic",
)  # fmt: skip
"""Debian's fonts-dejavu and fonts-liberation."""

_WORDS = """
    invoice total price delivery address order number customer amount shipping discount payment
    within days thank business quantity unit cost account balance period quarter report annual
    meeting schedule project manager office building street garden window kitchen travel morning
    evening weather market product service quality support contract agreement party notice written
    consent liability insurance premium policy holder claim damage repair replace return refund
    warranty limited section article paragraph appendix table figure value result average sample
    measure temperature pressure voltage current resistance filter pump valve pipe motor engine
    brake wheel steering light sensor camera screen button switch cable network server client
""".split()  # noqa: SIM905
_SYLLABLES = "ba ren tol mi gar den sul pe vor ki lan ster ho man u wig fel dor rin tas".split()  # noqa: SIM905

_CHANGED_LINES = 2
"""One line in so many has a word changed."""


@dataclass(frozen=True)
class Page:
    """A page before and after.

    Attributes
    ----------
    face, size : str, int
        How it is set; px.
    before, after : list of lists of words
        By lines.
    """

    face: str
    size: int
    before: Lines
    after: Lines


def page(rng: Rng, *, lines: int = 12, every: int = _CHANGED_LINES) -> Page:
    """A page with a word changed in one line of `every`; 0 changes none."""
    face, size = str(rng.choice(FACES)), int(rng.integers(11, 33))
    before = [[_word(rng) for _ in range(int(rng.integers(4, 9)))] for _ in range(lines)]
    after = [list(line) for line in before]
    for line in after[::every] if every else []:
        place = int(rng.integers(len(line)))
        line[place] = _another(rng, line[place])
    return Page(face, size, before, after)


def drawn(
    lines: Lines, face: str, size: float, *, dark: bool = False, spacing: float = 0
) -> Picture:
    """Lines of words as a page; its letters `spacing` px further apart."""
    font = ImageFont.truetype(str(_FONTS / f"{face}.ttf"), size)
    ink, paper = ((225, 228, 232), (24, 26, 31)) if dark else ((32, 36, 44), (255, 255, 255))
    step = round(1.8 * size)
    width = round(max(font.getlength(" ".join(line)) for line in lines) * 1.1 + 80)
    canvas = Image.new("RGB", (width, step * len(lines) + 40), paper)
    draw = ImageDraw.Draw(canvas)
    for number, line in enumerate(lines):
        x, y = 30.0, 20 + step * number
        if not spacing:
            draw.text((x, y), " ".join(line), font=font, fill=ink)
            continue
        for letter in " ".join(line):
            draw.text((x, y), letter, font=font, fill=ink)
            x += font.getlength(letter) + spacing
    return np.asarray(canvas)


def is_number(word: str) -> bool:
    """Whether a word has digits."""
    return any(map(str.isdigit, word))


def _word(rng: Rng) -> str:
    kind = rng.random()
    if kind < 0.2:
        return _number(rng)
    if kind < 0.35:
        return "".join(rng.choice(_SYLLABLES, int(rng.integers(2, 4)))).capitalize()
    return str(rng.choice(_WORDS))


def _number(rng: Rng) -> str:
    one, two = (int(value) for value in rng.integers(0, 100, 2))
    forms = (
        f"{one}.{two:02d}", f"{one % 30 + 1},{two * 9 + 100}.{one:02d}", str(one * two + 12),
        f"{one % 28 + 1:02d}/{two % 12 + 1:02d}/2026", f"{one % 24}:{two % 60:02d}", f"{one}%",
    )  # fmt: skip
    return str(rng.choice(forms))


def _another(rng: Rng, word: str) -> str:
    """Another word; of a number, every other time one with another digit."""
    while True:
        new = _word(rng)
        if is_number(word):
            new = _number(rng)
            if rng.random() < 0.5:
                place = int(rng.choice([i for i, sign in enumerate(word) if sign.isdigit()]))
                new = f"{word[:place]}{rng.integers(10)}{word[place + 1 :]}"
        if new != word:
            return new
