"""Scenes that were drawn: charts at two sizes, maps, text in another hand, pages that grew."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from benchmarks.detection.bases import Picture, words
from benchmarks.detection.edits import Change
from benchmarks.detection.nuisances import Rng, jpeg
from benchmarks.detection.scenery import Scene, told


def _chart(scale: float, bars: NDArray[Any], wave: float) -> Picture:
    """Bars, a grid and a curve, all lines on whole pixels, as plotting programs put them."""
    canvas = np.full((round(300 * scale), round(460 * scale), 3), 255, np.uint8)

    def at(x: float, y: float) -> tuple[int, int]:
        return round(x * scale), round(y * scale)

    thin = max(1, round(scale))
    for step in range(6):
        y = 30.4 + 43.7 * step
        cv2.line(canvas, at(40.3, y), at(430.3, y), (195, 195, 195), thin)
    for index, bar in enumerate(bars):
        left, right = 50.4 + 62.3 * index, 88.7 + 62.3 * index
        cv2.rectangle(canvas, at(left, 248.9 - bar), at(right, 248.9), (31, 119, 180), -1)
    curve = [at(40.3 + 13 * x, 130 + 80 * np.sin(x * wave)) for x in range(31)]
    cv2.polylines(canvas, [np.array(curve)], False, (214, 90, 20), 2 * thin, cv2.LINE_AA)
    cv2.rectangle(canvas, at(40.3, 30.4), at(430.3, 248.9), (0, 0, 0), thin)
    return canvas


def two_sizes(_: Picture, rng: Rng, *, changed: bool) -> Scene:
    """A chart drawn anew 1.5 or 2 times as large; a bar is higher, if changed."""
    bars, wave = rng.integers(30, 180, 6), rng.uniform(0.3, 1)
    other = bars.copy()
    if changed:
        other[int(rng.integers(6))] += int(rng.integers(8, 36))
    before, seen = _chart(1, bars, wave), _chart(1, other, wave)
    scale = float(rng.choice([1.5, 2]))
    return Scene(before, _chart(scale, other, wave), told("changed", before, seen))


def street_map(_: Picture, rng: Rng, *, changed: bool) -> Scene:
    """Streets, parks and names, saved as JPEG once in two; a street is new, if changed."""
    canvas = np.full((360, 520, 3), (242, 239, 233), np.uint8)
    for _park in range(4):
        x, y = (int(v) for v in rng.integers((10, 10), (420, 270)))
        cv2.ellipse(canvas, (x, y), (50, 30), int(rng.integers(180)), 0, 360, (205, 235, 176), -1)
    for _street in range(14):
        ends = [tuple(int(v) for v in rng.integers((0, 0), (520, 360))) for _end in range(2)]
        cv2.line(canvas, ends[0], ends[1], (200, 190, 180), 9, cv2.LINE_AA)
        cv2.line(canvas, ends[0], ends[1], (255, 255, 255), 6, cv2.LINE_AA)
    for _name in range(8):
        place = tuple(int(v) for v in rng.integers((10, 20), (440, 350)))
        cv2.putText(canvas, words(rng, 1), place, 0, 0.38, (60, 60, 60), 1, cv2.LINE_AA)
    after = canvas.copy()
    if changed:
        x, y = (int(v) for v in rng.integers((60, 60), (400, 280)))
        cv2.line(after, (x, y), (x + 60, y + 18), (220, 120, 120), 5, cv2.LINE_AA)
    seen = jpeg(after, rng) if rng.random() < 0.5 else after
    return Scene(canvas, seen, told("added", canvas, after))


def _lines(texts: list[str], *, spacing: int, finer: int, bold: int | None = None) -> Picture:
    """Lines of a page, smoothed as if drawn so many times finer; one of them may be bold."""
    canvas = Image.new("RGB", (480 * finer, 300 * finer), "white")
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(14 * finer)
    for row, text in enumerate(texts):
        place = (20 * finer, (16 + spacing * row) * finer)
        stroke = finer // 2 if row == bold else 0
        draw.text(place, text, (25, 25, 30), font, stroke_width=stroke)
    return np.asarray(canvas.resize((480, 300), Image.Resampling.BOX))


def typeface(_: Picture, rng: Rng, *, changed: bool) -> Scene:
    """A page smoothed otherwise, as by another hinting; a line of it is bold, if changed."""
    texts = [words(rng, 6) for _ in range(11)]
    bold = int(rng.integers(11)) if changed else None
    finer = int(rng.choice([3, 5, 6]))
    before = _lines(texts, spacing=24, finer=4)
    plain, other = (_lines(texts, spacing=24, finer=finer, bold=each) for each in (None, bold))
    return Scene(before, other, told("text", plain, other))


def grown(photograph: Picture, rng: Rng, *, changed: bool) -> Scene:
    """A frame or the last rows are gone, if changed; else a part is cut out, which is no change."""
    height, width = photograph.shape[:2]
    if not changed:
        top, left, bottom, right = (int(v) for v in rng.integers(6, 40, 4))
        return Scene(photograph, photograph[top : height - bottom, left : width - right].copy(), ())
    rows = int(rng.integers(height // 8, height // 3))
    mask = np.zeros((height, width), np.bool_)
    if rng.random() < 0.5:
        mask[height - rows :] = True
        cut = np.ascontiguousarray(photograph[: height - rows])
        return Scene(photograph, cut, (Change("removed", (mask,), 255),))
    sides = [mask.copy() for _ in range(4)]
    sides[0][:20] = sides[1][height - 20 :] = sides[2][:, :20] = sides[3][:, width - 20 :] = True
    framed = photograph.copy()
    framed[np.logical_or.reduce(sides)] = 250
    inner = np.ascontiguousarray(framed[20:-20, 20:-20])
    return Scene(framed, inner, tuple(Change("removed", (side,), 255) for side in sides))
