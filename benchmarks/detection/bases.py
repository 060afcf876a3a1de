"""Pictures to make pairs from: scikit-image's photographs, and drawn screens, papers and plans."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

Picture = NDArray[np.uint8]

_LONG_SIDE = 640
_WORDS = """
    lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut
    labore et dolore magna aliqua enim minim veniam quis nostrud exercitation ullamco laboris
""".split()  # noqa: SIM905
_PHOTOS = """
    astronaut page coffee chelsea text rocket camera coins moon hubble_deep_field
    immunohistochemistry brick gravel grass clock retina cell
""".split()  # noqa: SIM905


def words(rng: np.random.Generator, count: int) -> str:
    """Some words to write."""
    return " ".join(rng.choice(_WORDS, count))


def _photo(load: Callable[[], NDArray[np.uint8]]) -> Picture:
    """A photograph in colour, at most 640 px long."""
    picture = np.asarray(load(), np.uint8)
    if picture.ndim == 2:
        picture = np.dstack([picture] * 3)
    scale = min(1, _LONG_SIDE / max(picture.shape[:2]))
    small = cv2.resize(picture[..., :3], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small, np.uint8)


def _screen(seed: int, *, dark: bool = False) -> Picture:
    """A page of an application: bars, cards, buttons, lines of text."""
    rng = np.random.default_rng(seed)
    ink, paper, card = ((225, 228, 232), (24, 26, 31), (38, 41, 48)) if dark else (
        (45, 50, 60), (244, 245, 248), (255, 255, 255))  # fmt: skip
    canvas = np.full((440, 640, 3), paper, np.uint8)
    accent = tuple(int(v) for v in rng.integers(30, 220, 3))
    cv2.rectangle(canvas, (0, 0), (639, 38), accent, -1)
    cv2.putText(canvas, words(rng, 2), (14, 25), 0, 0.55, (255, 255, 255), 1, cv2.LINE_AA)
    cv2.rectangle(canvas, (0, 39), (128, 439), card, -1)
    for row in range(8):
        cv2.putText(canvas, words(rng, 1), (16, 72 + 30 * row), 0, 0.42, ink, 1, cv2.LINE_AA)
    for row in range(2):
        for column in range(3):
            x, y = 146 + 166 * column, 54 + 192 * row
            cv2.rectangle(canvas, (x, y), (x + 152, y + 178), card, -1)
            tint = tuple(int(v) for v in rng.integers(60, 220, 3))
            cv2.rectangle(canvas, (x + 8, y + 8), (x + 144, y + 62), tint, -1)
            for line in range(4):
                text = words(rng, 3)[:21]
                cv2.putText(canvas, text, (x + 8, y + 84 + 18 * line), 0, 0.36, ink, 1, cv2.LINE_AA)
            cv2.rectangle(canvas, (x + 92, y + 152), (x + 144, y + 170), accent, -1)
    return canvas


def _paper(seed: int) -> Picture:
    """A page of print: headings, paragraphs, a table."""
    rng = np.random.default_rng(seed)
    canvas = np.full((640, 480, 3), (250, 248, 243), np.uint8)
    y = 50
    cv2.putText(canvas, words(rng, 3), (40, y), 3, 0.7, (20, 20, 20), 1, cv2.LINE_AA)
    while y < 430:
        y += 17
        if rng.random() < 0.12:
            y += 14
            continue
        text = words(rng, 9)[:62]
        cv2.putText(canvas, text, (40, y), 2, 0.4, (35, 35, 40), 1, cv2.LINE_AA)
    for row in range(6):
        top = 470 + 24 * row
        cv2.line(canvas, (40, top), (440, top), (120, 120, 120), 1)
        for column in range(4):
            number = f"{rng.integers(10, 99999) / 100:.2f}"
            place = (50 + 100 * column, top + 17)
            cv2.putText(canvas, number, place, 0, 0.38, (40, 40, 40), 1, cv2.LINE_AA)
    return canvas


def _plan(seed: int) -> Picture:
    """Line art: rooms, circles, measures."""
    rng = np.random.default_rng(seed)
    canvas = np.full((480, 640, 3), 255, np.uint8)
    for _ in range(16):
        x, y = (int(v) for v in rng.integers((20, 20), (520, 380)))
        w, h = (int(v) for v in rng.integers(40, 150, 2))
        cv2.rectangle(canvas, (x, y), (min(x + w, 625), min(y + h, 465)), (30, 30, 30), 2)
        if rng.random() < 0.4:
            cv2.circle(
                canvas, (x + w // 2, y + h // 2), min(w, h) // 4, (30, 30, 30), 1, cv2.LINE_AA
            )
        label = f"{rng.integers(100, 999)}"
        cv2.putText(canvas, label, (x + 6, y + 18), 0, 0.4, (60, 60, 60), 1, cv2.LINE_AA)
    return canvas


def bases() -> dict[str, Picture]:
    """All base pictures by name; photographs and drawings take turns."""
    pictures = {name: _photo(getattr(data, name)) for name in _PHOTOS}
    pictures["motorcycle"] = _photo(lambda: data.stereo_motorcycle()[0])
    for seed in range(3):
        pictures[f"screen {seed}"] = _screen(seed, dark=seed == 2)
        pictures[f"paper {seed}"] = _paper(seed)
        pictures[f"plan {seed}"] = _plan(seed)
    return pictures
