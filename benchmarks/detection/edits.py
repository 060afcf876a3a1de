"""Changes made to a picture, each with the mask of what it touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.detection.bases import Picture, words

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what kind, where (of a moved thing, both places), and how strong in levels."""

    kind: str
    parts: tuple[Mask, ...]
    levels: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A free place: top left corner and size."""

    x: int
    y: int
    width: int
    height: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """To index an array with."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)


class Canvas:
    """Before and after of a pair in the making, and the places that are taken."""

    def __init__(self, base: Picture, donor: Picture, rng: np.random.Generator) -> None:
        self.before, self.after = base.copy(), base.copy()
        self.donor, self.rng = donor, rng
        self.taken: Mask = np.zeros(base.shape[:2], np.bool_)

    def spot(self, low: int, high: int, *, aspect: float = 1) -> Spot:
        """A place that nothing else is near to, 12 % from the border."""
        height, width = self.taken.shape
        for _ in range(200):
            h = int(self.rng.integers(low, high + 1))
            w = int(h * aspect * self.rng.uniform(0.7, 1.4))
            x = int(self.rng.integers(0.12 * width, max(0.12 * width + 1, 0.88 * width - w)))
            y = int(self.rng.integers(0.12 * height, max(0.12 * height + 1, 0.88 * height - h)))
            near = self.taken[max(0, y - 24) : y + h + 24, max(0, x - 24) : x + w + 24]
            if not near.any() and x + w < width and y + h < height:
                self.taken[y : y + h, x : x + w] = True
                return Spot(x, y, w, h)
        raise LookupError("the picture is full")

    def shape(self, spot: Spot) -> NDArray[np.float32]:
        """A blob that fills the spot, 0 to 1, with an edge one pixel soft."""
        canvas = np.zeros((spot.height * 4, spot.width * 4), np.uint8)
        kind = self.rng.integers(0, 3)
        w, h = spot.width * 4 - 1, spot.height * 4 - 1
        if kind == 0:
            cv2.ellipse(canvas, (w // 2, h // 2), (w // 2 - 4, h // 2 - 4), 0, 0, 360, 255, -1)
        elif kind == 1:
            cv2.rectangle(canvas, (4, 4), (w - 4, h - 4), 255, -1)
        else:
            angles = np.sort(self.rng.uniform(0, 2 * np.pi, 9))
            radius = self.rng.uniform(0.75, 1, 9)
            x, y = w / 2 * (1 + radius * np.cos(angles)), h / 2 * (1 + radius * np.sin(angles))
            cv2.fillPoly(canvas, [np.stack([x, y], 1).astype(np.int32)], 255)
        small = cv2.resize(canvas, (spot.width, spot.height), interpolation=cv2.INTER_AREA)
        return np.asarray(small / np.float32(255), np.float32)

    def change(self, kind: str, touched: dict[Spot, NDArray[np.bool_]]) -> Change | None:
        """What was done at the spots; None if hardly anything can be seen."""
        parts, levels = [], []
        for spot, inside in touched.items():
            mask = np.zeros(self.taken.shape, np.bool_)
            mask[spot.slices] = inside
            difference = self.before[mask].astype(float) - self.after[mask]
            if mask.sum() < 12:
                return None
            parts.append(mask)
            levels.append(float(np.abs(difference).max(axis=1).mean()))
        return Change(kind, tuple(parts), min(levels)) if min(levels) >= 7 else None


def _blend(under: Picture, over: NDArray[np.float32], alpha: NDArray[np.float32]) -> Picture:
    mixed = under + (over - under) * alpha[..., None]
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)


def _object(canvas: Canvas, spot: Spot) -> NDArray[np.float32]:
    """Something to put there: a piece of another picture, or a painted thing."""
    rng, donor = canvas.rng, canvas.donor
    if rng.random() < 0.6 and min(donor.shape[:2]) > 130:
        y = int(rng.integers(0, donor.shape[0] - spot.height))
        x = int(rng.integers(0, donor.shape[1] - spot.width))
        return donor[y : y + spot.height, x : x + spot.width].astype(np.float32)
    paint = np.full((spot.height, spot.width, 3), rng.integers(0, 256, 3), np.float32)
    shade = np.linspace(-15, 15, spot.width, dtype=np.float32)
    return np.clip(paint + shade[None, :, None] + rng.normal(0, 3, paint.shape), 0, 255).astype(
        np.float32
    )


def added(canvas: Canvas) -> Change | None:
    """A thing that wasn't there."""
    spot = canvas.spot(14, 70)
    alpha = canvas.shape(spot)
    canvas.after[spot.slices] = _blend(canvas.after[spot.slices], _object(canvas, spot), alpha)
    return canvas.change("added", {spot: alpha > 0.5})


def removed(canvas: Canvas) -> Change | None:
    """A thing that is gone: what was behind it is seen."""
    spot = canvas.spot(14, 70)
    alpha = canvas.shape(spot)
    canvas.before[spot.slices] = _blend(canvas.before[spot.slices], _object(canvas, spot), alpha)
    return canvas.change("removed", {spot: alpha > 0.5})


def moved(canvas: Canvas) -> Change | None:
    """A thing that lay in one place and lies in another."""
    spot = canvas.spot(18, 48)
    other = None
    for _ in range(30):
        free = canvas.spot(spot.height, spot.height)
        other = Spot(free.x, free.y, spot.width, spot.height)
        if other.x + other.width < canvas.taken.shape[1]:
            break
    if other is None:
        return None
    alpha, thing = canvas.shape(spot), _object(canvas, spot)
    canvas.before[spot.slices] = _blend(canvas.before[spot.slices], thing, alpha)
    canvas.after[other.slices] = _blend(canvas.after[other.slices], thing, alpha)
    return canvas.change("moved", {spot: alpha > 0.5, other: alpha > 0.5})


def recoloured(canvas: Canvas) -> Change | None:
    """Another colour of the same luma."""
    spot = canvas.spot(14, 70)
    alpha = canvas.shape(spot)
    angle, amount = canvas.rng.uniform(0, 2 * np.pi), canvas.rng.uniform(25, 70)
    blue, red = amount * np.cos(angle), amount * np.sin(angle)
    shift = np.array([1.402 * red, -0.344 * blue - 0.714 * red, 1.772 * blue], np.float32)
    patch = canvas.after[spot.slices].astype(np.float32)
    room = np.where(shift > 0, 255 - patch, patch) / np.maximum(np.abs(shift), 1e-3)
    fits = np.minimum(1, room.min(axis=2, keepdims=True))
    canvas.after[spot.slices] = _blend(canvas.after[spot.slices], patch + shift * fits, alpha)
    return canvas.change("recoloured", {spot: alpha > 0.5})


def brightness(canvas: Canvas) -> Change | None:
    """Darker or lighter, the pattern kept."""
    spot = canvas.spot(14, 70)
    alpha = canvas.shape(spot)
    patch = canvas.after[spot.slices].astype(np.float32)
    step = canvas.rng.uniform(12, 50)
    lighter = patch.mean() < 128 if canvas.rng.random() < 0.8 else patch.mean() >= 128
    changed = np.clip(patch + (step if lighter else -step), 0, 255)
    canvas.after[spot.slices] = _blend(canvas.after[spot.slices], changed, alpha)
    return canvas.change("brightness", {spot: alpha > 0.5})


def text(canvas: Canvas) -> Change | None:
    """Other words than before; or words where none were, which is a thing added."""
    size = float(canvas.rng.uniform(0.4, 0.8))
    written = words(canvas.rng, 2)[:12]
    (width, height), below = cv2.getTextSize(written, 0, size, 1)
    for _ in range(60):
        spot = canvas.spot(height + below, height + below, aspect=width / (height + below))
        if spot.width >= width:
            break
    else:
        return None
    gray = canvas.after[spot.slices].mean()
    ink = (20, 20, 25) if gray > 128 else (240, 240, 235)
    place = (spot.x, spot.y + height)
    reworded = canvas.rng.random() < 0.4
    if reworded:
        other = words(canvas.rng, 2)[: len(written)]
        cv2.putText(canvas.before, other, place, 0, size, ink, 1, cv2.LINE_AA)
    cv2.putText(canvas.after, written, place, 0, size, ink, 1, cv2.LINE_AA)
    differs = np.abs(canvas.before.astype(int) - canvas.after).max(axis=2)[spot.slices] > 6
    closed = cv2.morphologyEx(differs.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 15), np.uint8))
    return canvas.change("text" if reworded else "added", {spot: closed > 0})


def tiny(canvas: Canvas) -> Change | None:
    """A square of 6 × 6 px, well visible."""
    spot = canvas.spot(6, 6)
    spot = Spot(spot.x, spot.y, 6, 6)
    patch = canvas.after[spot.slices]
    patch[:] = np.where(patch.mean() > 128, patch * 0.35, 255 - (255 - patch) * 0.35)
    return canvas.change("tiny", {spot: np.ones((6, 6), np.bool_)})


EDITS: Mapping[str, Callable[[Canvas], Change | None]] = {
    edit.__name__: edit for edit in (added, removed, moved, recoloured, brightness, text, tiny)
}
