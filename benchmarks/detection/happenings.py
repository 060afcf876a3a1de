"""Pairs by what happened: a thing came, went, moved, changed its colour, its words, or its like.

Graphics, documents and photographs; things of all sizes, also at borders and edges. Each pair has
one change, so that what it is called can be told from what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from benchmarks.detection.bases import Picture
from benchmarks.detection.edits import Change
from benchmarks.detection.nuisances import jpeg
from benchmarks.detection.things import (
    DRAWN,
    Mask,
    Rng,
    Thing,
    colour,
    seen_things,
    without,
    written,
)

_SEEN = 45
"""Median levels by which a thing differs from what it lies on; less, and eyes pass over it."""

_PLAIN = 8
"""Standard deviation, levels, below which nobody could tell another light from another thing."""


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """What things are put upon.

    Attributes
    ----------
    name : str
        Of the picture.
    ground, donor : ndarray of uint8, shape (H, W, 3)
        The picture, and another one to cut pieces from.
    rng : Generator
        By which all is chosen.
    """

    name: str
    ground: Picture
    donor: Picture
    rng: Rng

    def thing(self, *, words: bool = True) -> Thing:
        """One of the things that are drawn, no larger than two thirds of the picture."""
        kinds = [kind for kind in DRAWN if words or kind not in ("line_of_text", "paragraph")]
        while True:
            thing = DRAWN[kinds[int(self.rng.integers(len(kinds)))]](self.rng, self.donor)
            if all(
                t < 0.66 * g for t, g in zip(thing.cover.shape, self.ground.shape, strict=False)
            ):
                return thing

    def placed(self, *, words: bool = True) -> tuple[Thing, tuple[int, int]]:
        """A thing, and where it can be seen, x and y."""
        for _ in range(50):
            thing = self.thing(words=words)
            spot = self.spot(thing)
            if self.shows(thing, spot):
                return thing, spot
        raise LookupError("nothing can be seen on it")

    def shows(self, thing: Thing, spot: tuple[int, int]) -> bool:
        """Whether the thing stands out there."""
        x, y = spot
        height, width = thing.cover.shape
        laid = _put(self.ground, thing, spot)
        step = cv2.absdiff(laid, self.ground)[y : y + height, x : x + width].max(axis=2)
        return bool(np.median(step[thing.cover > thing.cover.max() / 2]) > _SEEN)

    def spot(self, thing: Thing) -> tuple[int, int]:
        """Where it may stand; once in six at the picture's border."""
        free = [g - t for t, g in zip(thing.cover.shape, self.ground.shape, strict=False)]
        y, x = (int(self.rng.integers(0, room)) for room in free)
        if self.rng.random() < 1 / 6:
            x, y = ((0, y), (free[1], y), (x, 0), (x, free[0]))[int(self.rng.integers(4))]
        return x, y


def _put(picture: Picture, thing: Thing, spot: tuple[int, int]) -> Picture:
    x, y = spot
    height, width = thing.cover.shape
    laid = picture.copy()
    under = laid[y : y + height, x : x + width].astype(np.float32)
    mixed = under + (thing.colours - under) * thing.cover[..., None]
    laid[y : y + height, x : x + width] = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
    return laid


def _turned(thing: Thing, rng: Rng) -> Thing:
    """The same in another colour: its hue turned, stronger or weaker, darker or lighter."""
    hsv = cv2.cvtColor((thing.colours / 255).astype(np.float32), cv2.COLOR_RGB2HSV)
    if hsv[..., 1].mean() < 0.15:
        hsv[..., 1] = np.clip(hsv[..., 1] + rng.uniform(0.4, 0.8), 0, 1)
        hsv[..., 2] = np.clip(hsv[..., 2] + rng.uniform(0.1, 0.5), 0, 1)
    hsv[..., 0] = (hsv[..., 0] + rng.uniform(50, 310)) % 360
    hsv[..., 2] = np.clip(hsv[..., 2] * rng.uniform(0.75, 1.3), 0, 1)
    colours = 255 * cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)
    return Thing(np.asarray(colours, np.float32), thing.cover)


def _lit(thing: Thing, rng: Rng) -> Thing:
    factor = rng.uniform(1.25, 1.6)
    factor = 1 / factor if thing.colours.mean() > 110 else factor
    lifted = thing.colours * factor + (rng.uniform(15, 40) if factor > 1 else 0)
    return Thing(np.clip(lifted, 0, 255).astype(np.float32), thing.cover)


Before = tuple[Picture, Picture]


def came(stage: Stage) -> Before:
    """A thing that wasn't there; of a photograph, often one that it shows."""
    seen = seen_things(stage.name, stage.ground)
    if seen and stage.rng.random() < 0.7:
        mask = seen[int(stage.rng.integers(len(seen)))]
        return without(stage.ground, mask, stage.rng), stage.ground
    return stage.ground, _put(stage.ground, *stage.placed())


def went(stage: Stage) -> Before:
    """The other way round."""
    before, after = came(stage)
    return after, before


def moved(stage: Stage) -> Before:
    """A thing that lay elsewhere, by at least its size."""
    for _ in range(50):
        thing, one = stage.placed()
        other = stage.spot(thing)
        height, width = thing.cover.shape
        apart = abs(one[0] - other[0]) > width + 12 or abs(one[1] - other[1]) > height + 12
        if apart and stage.shows(thing, other):
            return _put(stage.ground, thing, one), _put(stage.ground, thing, other)
    raise LookupError("there's no room for both")


def recoloured(stage: Stage) -> Before:
    """A thing in another colour."""
    thing, spot = stage.placed()
    other = _turned(thing, stage.rng)
    if not stage.shows(other, spot):
        raise LookupError("the other colour can't be seen")
    return _put(stage.ground, thing, spot), _put(stage.ground, other, spot)


def relit(stage: Stage) -> Before:
    """A part of the picture brighter or darker; where it is plain, of a thing put there."""
    thing = DRAWN["piece"](stage.rng, stage.donor)
    x, y = spot = stage.spot(thing)
    height, width = thing.cover.shape
    part = Thing(stage.ground[y : y + height, x : x + width].astype(np.float32), thing.cover)
    if part.colours.std(axis=(0, 1)).max() > _PLAIN:
        return stage.ground, _put(stage.ground, _lit(part, stage.rng), spot)
    lit = _lit(thing, stage.rng)
    return _put(stage.ground, thing, spot), _put(stage.ground, lit, spot)


def reworded(stage: Stage) -> Before:
    """Other words in the same hand: a word, a line or a paragraph."""
    lines, per_line = ((1, 1), (1, 3), (3, 3))[int(stage.rng.integers(3))]
    while True:
        one = written(stage.rng, lines, per_line)
        other = written(np.random.default_rng(int(stage.rng.integers(1 << 30))), lines, per_line)
        shape = tuple(max(a, b) for a, b in zip(one.cover.shape, other.cover.shape, strict=True))
        if shape[0] < stage.ground.shape[0] - 4 and shape[1] < stage.ground.shape[1] - 4:
            break
    ink = one.colours[0, 0]
    canvas = [np.zeros(shape, np.float32) for _ in range(2)]
    for cover, thing in zip(canvas, (one, other), strict=True):
        cover[: thing.cover.shape[0], : thing.cover.shape[1]] = thing.cover
    for line in np.array_split(np.arange(shape[0]), lines):
        ends = [np.flatnonzero(cover[line].any(axis=0))[-1] for cover in canvas]
        for cover in canvas:  # none goes on where the other one has ended
            cover[line, min(ends) + 1 :] = 0
    things = [Thing(np.broadcast_to(ink, (*shape, 3)).astype(np.float32), c) for c in canvas]
    spot = stage.spot(things[0])
    if not all(stage.shows(thing, spot) for thing in things):
        raise LookupError("the words can't be read")
    return _put(stage.ground, things[0], spot), _put(stage.ground, things[1], spot)


def replaced(stage: Stage) -> Before:
    """Another thing in its place, of its size."""
    one, spot = stage.placed(words=False)
    height, width = one.cover.shape
    for _ in range(50):
        other = stage.thing(words=False)
        fitted = Thing(
            np.asarray(cv2.resize(other.colours, (width, height)), np.float32),
            np.asarray(cv2.resize(other.cover, (width, height)), np.float32),
        )
        both = np.minimum(one.cover, fitted.cover).sum()
        differ = both < 0.7 * np.maximum(one.cover, fitted.cover).sum()
        if differ and stage.shows(fitted, spot):
            return _put(stage.ground, one, spot), _put(stage.ground, fitted, spot)
    raise LookupError("no other thing can be seen there")


HAPPENINGS: Mapping[str, Callable[[Stage], Before]] = {
    "added": came, "removed": went, "moved": moved, "recoloured": recoloured,
    "brightness": relit, "text": reworded, "changed": replaced,
}  # fmt: skip


def flat(rng: Rng) -> Picture:
    """One colour, mostly light or dark."""
    fill = colour(rng) if rng.random() < 0.4 else (int(rng.choice([255, 250, 240, 34, 18])),) * 3
    return np.full((360, 520, 3), fill, np.uint8)


def gradient(rng: Rng) -> Picture:
    """From one colour to another."""
    ends = [np.array(colour(rng), np.float32) for _ in range(2)]
    share = np.linspace(0, 1, 520, dtype=np.float32)[None, :, None]
    if rng.random() < 0.5:
        share = np.linspace(0, 1, 360, dtype=np.float32)[:, None, None]
    mixed = ends[0] + (ends[1] - ends[0]) * share
    return np.broadcast_to(np.rint(mixed), (360, 520, 3)).astype(np.uint8)


def texture(rng: Rng) -> Picture:
    """Stripes, squares or grain."""
    y, x = np.mgrid[:360, :520]
    step = int(rng.integers(4, 16))
    pattern = (
        (x // step) % 2, (x // step + y // step) % 2, (y // step) % 2, rng.random((360, 520)),
    )[int(rng.integers(4))]  # fmt: skip
    one, other = np.array(colour(rng), float), rng.uniform(-70, 70)
    return np.clip(np.rint(one + other * pattern[..., None]), 0, 255).astype(np.uint8)


GROUNDS: Mapping[str, Callable[[Rng], Picture]] = {
    ground.__name__: ground for ground in (flat, gradient, texture)
}


def seen(picture: Picture, rng: Rng) -> Picture:
    """As it is; once in four saved as JPEG, once in seven with weak noise."""
    chance = rng.random()
    if chance < 0.25:
        return jpeg(picture, rng)
    if chance < 0.4:
        noisy = picture + rng.normal(0, 2.5, picture.shape)
        return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
    return picture


def told(kind: str, before: Picture, after: Picture) -> Change | None:
    """The one change, of a move both ends; None if hardly anything can be seen."""
    difference = np.abs(before.astype(int) - after).max(axis=2)
    differs = difference > 6
    if np.count_nonzero(differs) < 12 or difference[differs].mean() < 12:
        return None
    whole: Mask = (
        cv2.morphologyEx(
            np.pad(differs, 16).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)
        )[16:-16, 16:-16]
        > 0
    )
    return Change(kind, (whole,), float(difference[differs].mean()))
