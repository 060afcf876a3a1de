"""Pairs of kinds that photographs and their nuisances don't cover: each changed, and unchanged.

Icons, words and typefaces of pages, charts, maps, frames and pages that grew, gray copies, nights,
motion blur, transparent logos, and 16 bits of which few levels are used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.detection.bases import Picture, words
from benchmarks.detection.drawn import grown, street_map, two_sizes, typeface
from benchmarks.detection.edits import Canvas, Change, added, brightness, recoloured, removed
from benchmarks.detection.nuisances import Rng, jpeg
from benchmarks.detection.scenery import Scene, told

_INK, _PAPER = (30, 30, 34), (252, 252, 250)


def _anyhow(picture: Picture, rng: Rng) -> Picture:
    """As it is, saved as JPEG, or with weak noise."""
    grain = rng.normal(0, 2, picture.shape)
    noisy = np.clip(np.rint(picture + grain), 0, 255).astype(np.uint8)
    return (picture, jpeg(picture, rng), noisy)[int(rng.integers(3))]


def icon(_: Picture, rng: Rng, *, changed: bool) -> Scene:
    """An icon of 24 to 64 px: another colour, or another stroke."""
    side = int(rng.integers(24, 65))
    colour, other = (tuple(int(v) for v in rng.integers(20, 236, 3)) for _ in range(2))
    recolour = changed and rng.random() < 0.5
    slash = changed and not recolour

    def drawn(fill: tuple[int, ...], *, struck: bool) -> Picture:
        canvas = np.full((4 * side, 4 * side, 3), 255, np.uint8)
        cv2.circle(canvas, (2 * side, 2 * side), int(1.5 * side), fill, -1, cv2.LINE_AA)
        if struck:
            ends = (int(0.9 * side), int(0.9 * side)), (int(3.1 * side), int(3.1 * side))
            cv2.line(canvas, *ends, (255, 255, 255), max(4, side // 3), cv2.LINE_AA)
        return np.asarray(cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA), np.uint8)

    before = drawn(colour, struck=False)
    after = drawn(other if recolour else colour, struck=slash)
    seen = after if changed else _anyhow(after, rng)
    return Scene(before, seen, told("recoloured" if recolour else "changed", before, after))


def _page(lines: list[list[str]], ink: tuple[int, int, int] = _INK) -> Picture:
    canvas = np.full((360, 560, 3), _PAPER, np.uint8)
    for row, line in enumerate(lines):
        for column, word in enumerate(line):
            place = (24 + 132 * column, 40 + 26 * row)
            cv2.putText(canvas, word, place, 0, 0.5, ink, 1, cv2.LINE_AA)
    return canvas


def text(_: Picture, rng: Rng, *, changed: bool) -> Scene:
    """A page in which one word is another one; clean, in noise, or saved as JPEG."""
    lines = [words(rng, 4).split() for _ in range(12)]
    before = _page(lines)
    if changed:
        lines[int(rng.integers(12))][int(rng.integers(4))] = "QUANTUM"
    after = _page(lines)
    return Scene(_anyhow(before, rng), _anyhow(after, rng), told("text", before, after))


def chart(_: Picture, rng: Rng, *, changed: bool) -> Scene:
    """Bars, of which one is higher by a few pixels; as it is, or saved as JPEG."""
    heights = rng.integers(40, 220, 8)
    other = heights.copy()
    if changed:
        other[int(rng.integers(8))] += int(rng.integers(4, 40))

    def drawn(bars: NDArray[Any]) -> Picture:
        canvas = np.full((320, 480, 3), 255, np.uint8)
        for line in range(6):
            cv2.line(canvas, (30, 40 + 48 * line), (470, 40 + 48 * line), (220, 220, 220), 1)
        for index, bar in enumerate(bars):
            left = 44 + 54 * index
            cv2.rectangle(canvas, (left, 280 - int(bar)), (left + 30, 280), (31, 119, 180), -1)
        return canvas

    before, after = drawn(heights), drawn(other)
    return Scene(_anyhow(before, rng), _anyhow(after, rng), told("changed", before, after))


def _edited(
    photograph: Picture, rng: Rng, *, changed: bool
) -> tuple[Picture, Picture, list[Change]]:
    """A photograph, and what was done to it: before, after, and the change."""
    canvas = Canvas(photograph, photograph[::-1, ::-1].copy(), rng)
    found: list[Change] = []
    edits = (added, removed, recoloured, brightness)
    while changed and not found:
        canvas = Canvas(photograph, photograph[::-1, ::-1].copy(), rng)
        try:
            change = edits[int(rng.integers(len(edits)))](canvas)
        except LookupError:
            continue
        if change is not None and change.levels > 20:
            found.append(change)
    return canvas.before, canvas.after, found


def gray(photograph: Picture, rng: Rng, *, changed: bool) -> Scene:
    """A gray copy of a photograph in colour; a thing added, if changed."""
    canvas = Canvas(photograph, photograph[::-1, ::-1].copy(), rng)
    found = added(canvas) if changed else None
    plain = cv2.cvtColor(canvas.after, cv2.COLOR_RGB2GRAY)
    return Scene(canvas.before, np.dstack([plain] * 3), (found,) if found else ())


def night(photograph: Picture, rng: Rng, *, changed: bool) -> Scene:
    """A third of the light, and grain in both pictures."""
    before, after, found = _edited(photograph, rng, changed=changed)
    dark = [
        np.clip(np.rint(p * 0.3 + rng.normal(0, 3, p.shape)), 0, 255).astype(np.uint8)
        for p in (before, after)
    ]
    return Scene(dark[0], dark[1], tuple(found))


def motion_blur(photograph: Picture, rng: Rng, *, changed: bool) -> Scene:
    """The camera moved by 4 to 9 px while it took the picture after."""
    before, after, found = _edited(photograph, rng, changed=changed)
    length, angle = int(rng.integers(4, 10)), rng.uniform(0, np.pi)
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    step = length / 2 * np.array([np.cos(angle), np.sin(angle)])
    first, last = (np.rint(length + side * step).astype(int).tolist() for side in (-1, 1))
    cv2.line(kernel, first, last, 1.0, 1)
    smeared = cv2.filter2D(after, -1, kernel / kernel.sum())
    return Scene(before, np.asarray(smeared, np.uint8), tuple(found))


def transparent(_: Picture, rng: Rng, *, changed: bool) -> Scene:
    """A logo on nothing: one of its parts is gone; colours that nobody sees differ anyway."""
    opaque = np.zeros((120, 240, 1), np.uint8)
    cv2.circle(opaque, (60, 60), 40, 255, -1, cv2.LINE_AA)
    less = opaque.copy()
    cv2.rectangle(opaque, (120, 40), (220, 80), 255, -1)
    after_opaque = less if changed else opaque
    fill, hidden = (rng.integers(0, 200, 3).astype(np.uint8) for _ in range(2))
    before = np.dstack([np.where(opaque > 0, fill, 0).astype(np.uint8), opaque])
    after = np.dstack([np.where(after_opaque > 0, fill, hidden).astype(np.uint8), after_opaque])
    return Scene(before, after, told("removed", opaque, after_opaque))


def sixteen_bits(_: Picture, rng: Rng, *, changed: bool) -> Scene:
    """A sensor that uses 60 of 65,536 levels, with noise of one; a disc brighter, if changed."""
    x = np.linspace(0, 40, 200)[None, :, None] + np.zeros((150, 1, 3))
    lit = x.copy()
    if changed:
        centre = tuple(int(v) for v in rng.integers(30, 120, 2))
        disc = cv2.circle(np.zeros((150, 200), np.uint8), centre, 12, 1, -1)
        lit[disc > 0] += 15
    before, after = (
        np.rint(100 + p + rng.normal(0, 1, (150, 200, 1))).astype(np.uint16) for p in (x, lit)
    )
    return Scene(before, after, told("brightness", x, lit))


SCENES: Mapping[str, Callable[..., Scene]] = {
    scene.__name__.replace("_", " "): scene
    for scene in (
        icon,
        text,
        typeface,
        chart,
        two_sizes,
        street_map,
        grown,
        gray,
        night,
        motion_blur,
        transparent,
        sixteen_bits,
    )
}
