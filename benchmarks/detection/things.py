"""Things to put into pictures, and those that photographs show: each with where it covers what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.detection.bases import Picture, words

Rng = np.random.Generator
Mask = NDArray[np.bool_]

_FINE = 4
"""Things are drawn so many times larger, for soft edges."""

_FONTS = (0, 2, 3, 4)


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """Its colours, float32 (h, w, 3), and how much it covers, float32 (h, w), 0 to 1."""

    colours: NDArray[np.float32]
    cover: NDArray[np.float32]


def _size(rng: Rng, low: int = 9, high: int = 110) -> int:
    """As many small as large ones."""
    return int(np.exp(rng.uniform(np.log(low), np.log(high))))


def colour(rng: Rng) -> tuple[int, int, int]:
    """Any, more often a strong or a dark one, as designers take."""
    if rng.random() < 0.3:
        gray = int(rng.integers(0, 90))
        return gray, gray, gray
    hue, strength, value = rng.integers(0, 180), rng.integers(60, 256), rng.integers(60, 256)
    pixel = np.array([[[hue, strength, value]]], np.uint8)
    red, green, blue = cv2.cvtColor(pixel, cv2.COLOR_HSV2RGB)[0, 0]
    return int(red), int(green), int(blue)


def _painted(
    rng: Rng, width: int, height: int, draw: Callable[[NDArray[np.uint8], int, int], None]
) -> Thing:
    """What `draw` covers of a canvas `_FINE` times as large, in one colour or a shade of it."""
    canvas = np.zeros((height * _FINE, width * _FINE), np.uint8)
    draw(canvas, width * _FINE - 1, height * _FINE - 1)
    small = cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA)
    paint = np.empty((height, width, 3), np.float32)
    paint[:] = colour(rng)
    if rng.random() < 0.3:
        paint *= np.linspace(0.8, 1.15, width, dtype=np.float32)[None, :, None]
    return Thing(np.clip(paint, 0, 255), np.asarray(small / np.float32(255), np.float32))


def disc(rng: Rng, _: Picture) -> Thing:
    """A filled ellipse."""
    width, height = _size(rng), 0
    height = max(8, int(width * rng.uniform(0.7, 1.3)))

    def draw(canvas: NDArray[np.uint8], w: int, h: int) -> None:
        cv2.ellipse(canvas, (w // 2, h // 2), (w // 2, h // 2), 0, 0, 360, 255, -1)

    return _painted(rng, width, height, draw)


def bar(rng: Rng, _: Picture) -> Thing:
    """A button or a bar of a chart."""
    width, height = _size(rng), _size(rng)
    return _painted(rng, width, height, lambda canvas, *_: canvas.fill(255))


def ring(rng: Rng, _: Picture) -> Thing:
    """An outline: of an ellipse or a frame."""
    width = _size(rng, 14)
    height = max(12, int(width * rng.uniform(0.6, 1.4)))
    stroke, square = int(rng.integers(1, 4)) * _FINE, rng.random() < 0.5

    def draw(canvas: NDArray[np.uint8], w: int, h: int) -> None:
        if square:
            cv2.rectangle(canvas, (stroke, stroke), (w - stroke, h - stroke), 255, stroke)
        else:
            axes = w // 2 - stroke, h // 2 - stroke
            cv2.ellipse(canvas, (w // 2, h // 2), axes, 0, 0, 360, 255, stroke)

    return _painted(rng, width, height, draw)


def arrow(rng: Rng, _: Picture) -> Thing:
    """A line with a head, any way."""
    width, height = _size(rng, 16), _size(rng, 16)
    stroke, way = int(rng.integers(1, 4)) * _FINE, int(rng.integers(4))

    def draw(canvas: NDArray[np.uint8], w: int, h: int) -> None:
        corners = [(stroke, stroke), (w - stroke, h - stroke), (w - stroke, stroke)]
        corners.append((stroke, h - stroke))
        cv2.arrowedLine(canvas, corners[way], corners[way ^ 1], 255, stroke, tipLength=0.25)

    return _painted(rng, width, height, draw)


def icon(rng: Rng, _: Picture) -> Thing:
    """A tick, a cross, a plus, a star or a house."""
    side = _size(rng, 14, 64)
    shapes = (
        [[(1, 5), (4, 8), (9, 2)]], [[(2, 2), (8, 8)], [(8, 2), (2, 8)]],
        [[(5, 1), (5, 9)], [(1, 5), (9, 5)]],
        [[(5, 0), (6, 4), (10, 4), (7, 6), (8, 10), (5, 8), (2, 10), (3, 6), (0, 4), (4, 4)]],
        [[(1, 9), (1, 5), (5, 1), (9, 5), (9, 9), (1, 9)]],
    )  # fmt: skip
    lines = shapes[int(rng.integers(len(shapes)))]

    def draw(canvas: NDArray[np.uint8], w: int, _: int) -> None:
        for line in lines:
            points = (np.array(line) * (w - 4 * _FINE) / 10 + 2 * _FINE).astype(np.int32)
            cv2.polylines(canvas, [points], False, 255, max(_FINE, w // 9))

    return _painted(rng, side, side, draw)


def piece(rng: Rng, donor: Picture) -> Thing:
    """A piece of another picture, in the outline of a blob."""
    side = min(_size(rng, 14), *(n - 2 for n in donor.shape[:2]))
    thing = _painted(rng, side, side, _blob(rng))
    y, x = (int(rng.integers(0, n - side)) for n in donor.shape[:2])
    return Thing(donor[y : y + side, x : x + side].astype(np.float32), thing.cover)


def _blob(rng: Rng) -> Callable[[NDArray[np.uint8], int, int], None]:
    angles, radius = np.sort(rng.uniform(0, 2 * np.pi, 11)), rng.uniform(0.65, 1, 11)

    def draw(canvas: NDArray[np.uint8], w: int, h: int) -> None:
        x, y = w / 2 * (1 + radius * np.cos(angles)), h / 2 * (1 + radius * np.sin(angles))
        cv2.fillPoly(canvas, [np.stack([x, y], 1).astype(np.int32)], 255)

    return draw


def signature(rng: Rng, _: Picture) -> Thing:
    """A line as of a pen."""
    width = _size(rng, 50, 160)
    height = max(16, width // 3)
    steps = np.linspace(0, 1, 90)
    swing = sum(rng.normal() * np.sin(2 * np.pi * f * steps + rng.uniform(0, 6)) for f in (3, 5, 9))
    sideways = steps + 0.04 * np.sin(40 * steps + rng.uniform(0, 6))

    def draw(canvas: NDArray[np.uint8], w: int, h: int) -> None:
        tall = np.asarray(swing) / (np.abs(swing).max() * 2.4) + 0.5
        points = np.stack([w * (0.06 + 0.88 * sideways), h * tall], 1).astype(np.int32)
        cv2.polylines(canvas, [points], False, 255, int(1.6 * _FINE))

    return _painted(rng, width, height, draw)


def stamp(rng: Rng, _: Picture) -> Thing:
    """Two rings around a word; what is below shines through."""
    side, word = _size(rng, 48, 110), words(rng, 1)[:6].upper()

    def draw(canvas: NDArray[np.uint8], w: int, _: int) -> None:
        middle = (w // 2, w // 2)
        for radius in (0.48, 0.38):
            cv2.circle(canvas, middle, int(radius * w), 200, w // 40)
        (wide, tall), _below = cv2.getTextSize(word, 0, 1, 2)
        scale = 0.62 * w / wide
        place = (int(0.19 * w), int(w / 2 + scale * tall / 2))
        cv2.putText(canvas, word, place, 0, scale, 200, max(2, w // 60), cv2.LINE_AA)

    return _painted(rng, side, side, draw)


def written(rng: Rng, lines: int, per_line: int) -> Thing:
    """Lines of words, dark or in a colour."""
    size, font = float(rng.uniform(0.35, 0.9)), _FONTS[int(rng.integers(len(_FONTS)))]
    texts = [words(rng, per_line) for _ in range(lines)]
    sizes = [cv2.getTextSize(text, font, size, 1) for text in texts]
    step = int(1.5 * sizes[0][0][1]) + 4
    width = max(wide for (wide, _), _ in sizes) + 4
    cover = np.zeros((step * lines + 6, width), np.uint8)
    for row, text in enumerate(texts):
        cv2.putText(cover, text, (2, step * (row + 1) - 3), font, size, 255, 1, cv2.LINE_AA)
    paint = np.empty((*cover.shape, 3), np.float32)
    paint[:] = colour(rng) if rng.random() < 0.4 else (25, 25, 28)
    return Thing(paint, np.asarray(cover / np.float32(255), np.float32))


def line_of_text(rng: Rng, _: Picture) -> Thing:
    """One to five words."""
    return written(rng, 1, int(rng.integers(1, 6)))


def paragraph(rng: Rng, _: Picture) -> Thing:
    """Two to five lines."""
    return written(rng, int(rng.integers(2, 6)), 4)


DRAWN: Mapping[str, Callable[[Rng, Picture], Thing]] = {
    thing.__name__: thing
    for thing in (
        disc, bar, ring, arrow, icon, piece, signature, stamp, line_of_text, paragraph
    )
}  # fmt: skip

_SEEN = {
    "astronaut": [(280, 340, 50, 40), (135, 345, 75, 80), (345, 425, 25, 35)],
    "coffee": [(325, 238, 80, 90), (195, 230, 60, 75)],
    "chelsea": [(133, 80, 70, 65), (298, 105, 48, 55), (228, 222, 68, 50)],
    "rocket": [
        (305, 125, 35, 290), (128, 355, 45, 40), (340, 370, 50, 45), (415, 375, 40, 40),
        (90, 395, 45, 30),
    ],
    "camera": [(410, 115, 30, 60), (255, 135, 75, 50), (335, 160, 65, 35)],
    "clock": [(140, 95, 135, 115)],
    "motorcycle": [(435, 105, 55, 60), (475, 160, 75, 85)],
}  # fmt: skip
"""Things in scikit-image's photographs, as `bases` shows them: x, y, width, height, by hand."""


def seen_things(name: str, photograph: Picture) -> list[Mask]:
    """What a photograph shows, each thing as a mask: those of `_SEEN`, coins, galaxies, words."""
    if name in _SEEN:
        found = []
        for x, y, width, height in _SEEN[name]:
            mask = np.zeros(photograph.shape[:2], np.uint8)
            middle, axes = (x + width // 2, y + height // 2), (width // 2, height // 2)
            found.append(cv2.ellipse(mask, middle, axes, 0, 0, 360, 1, -1) > 0)
        return found
    if name not in ("coins", "hubble_deep_field", "text", "page"):
        return []
    gray = np.asarray(cv2.cvtColor(photograph, cv2.COLOR_RGB2GRAY), np.uint8)
    dark = name in ("text", "page")
    local = cv2.THRESH_BINARY_INV if dark else cv2.THRESH_BINARY
    level = 12 if dark else -12
    bright = cv2.adaptiveThreshold(gray, 1, cv2.ADAPTIVE_THRESH_MEAN_C, local, 61, level)
    kernel = np.ones((3, 9) if dark else (7, 7), np.uint8)
    closed = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, kernel)
    closed = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed)
    return [
        cv2.dilate((labels == index).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        for index, each in enumerate(stats)
        if index and 60 <= each[cv2.CC_STAT_AREA] <= 6000
    ]


def without(photograph: Picture, thing: Mask, rng: Rng) -> Picture:
    """A photograph without a thing: filled by inpainting, or with a piece from beside it."""
    step = _step_aside(photograph, thing, rng) if rng.random() < 0.5 else None
    if step is None:
        filled = cv2.inpaint(photograph, thing.astype(np.uint8), 5, cv2.INPAINT_TELEA)
        return np.asarray(filled, np.uint8)
    moved = np.roll(photograph, step, (0, 1)).astype(np.float32)
    fitted = moved + np.median((photograph - moved)[_rim(thing)], axis=0)
    soft = cv2.GaussianBlur(thing.astype(np.float32), (0, 0), 1.2)
    share = np.maximum(soft, thing)[..., None]
    mixed = photograph + (fitted - photograph) * share
    return np.asarray(np.clip(np.rint(mixed), 0, 255), np.uint8)


def _step_aside(photograph: Picture, thing: Mask, rng: Rng) -> tuple[int, int] | None:
    """How far down and right from a piece that fits best in a thing's place; None without any."""
    x, y, width, height = cv2.boundingRect(thing.astype(np.uint8))
    tall, wide = thing.shape
    tries = []
    for down, right in rng.integers(-2, 3, (40, 2)) * (height + 6, width + 6) // 2:
        inside = 0 <= x - right <= wide - width and 0 <= y - down <= tall - height
        if inside and (abs(right) >= width or abs(down) >= height):
            moved = np.roll(photograph, (down, right), (0, 1)).astype(float)
            misfit = float(np.abs(moved - photograph)[_rim(thing)].mean())
            tries.append((misfit, int(down), int(right)))
    return min(tries)[1:] if tries else None


def _rim(thing: Mask) -> Mask:
    grown = cv2.dilate(thing.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return np.asarray(grown & ~thing)
