"""Pictures with a palette, as GIF has: their colours, and what these make of another picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imgdiff.pixels.order_statistics import distinct
from imgdiff.types import Picture

_PALETTE = 256
"""Colours that a palette holds."""

_AS_MANY = 0.8
"""Share of the other one's colours that a drawing has, unless a palette held no more."""

_SAMPLE, _FIRST = 60_000, 4_000
"""Pixels by which colours are counted, and those that mostly tell."""

_SHIFT = 3
"""Bits by which levels are cut where the nearest colour is looked up: 32 steps a channel."""


def packed(pixels: Picture | NDArray[np.float64]) -> NDArray[np.int64]:
    """The three levels of each pixel, (N, 3), as one number."""
    return np.asarray(pixels.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1]))


def sampled(pixels: Picture) -> Picture:
    """Some ten thousand of a picture's pixels, (N, 3), to count colours by."""
    pixels = pixels.reshape(-1, 3)
    return pixels[:: 1 + len(pixels) // _SAMPLE]


def few_colours(picture: Picture, most: int) -> NDArray[np.int64] | None:
    """The colours of a sample of a picture, `packed`; None if they're more than so many.

    Most pictures have more in a part of it.
    """
    pixels = sampled(picture)
    for part in (pixels[:_FIRST], pixels):
        colours = distinct(packed(part))
        if len(colours) > most:
            return None
    return colours


def palette_colours(picture: Picture) -> NDArray[np.float32] | None:
    """The colours of a picture, (N, 3), levels; None if they're more than a palette holds."""
    colours = few_colours(picture, _PALETTE)
    if colours is None:
        return None
    return np.stack([colours >> shift & 255 for shift in (16, 8, 0)], 1).astype(np.float32)


def is_indexed(before: Picture, after: Picture) -> bool:
    """Whether one of both drawings has fewer colours than the other, as a palette holds."""
    counts = sorted(len(distinct(packed(sampled(picture)))) for picture in (before, after))
    return counts[0] <= _PALETTE and counts[0] < _AS_MANY * counts[1]


def nearest_colours(picture: Picture, palette: NDArray[np.float32]) -> Picture:
    """A picture, (h, w, 3), in the nearest colours of a palette, (N, 3)."""
    steps = np.arange(256 >> _SHIFT, dtype=np.float32) * (1 << _SHIFT) + (1 << _SHIFT) / 2
    cells = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3)
    nearest = (np.square(palette).sum(axis=1) - 2 * cells @ palette.T).argmin(axis=1)
    red, green, blue = (picture[..., index].astype(np.int32) >> _SHIFT for index in range(3))
    bits = 8 - _SHIFT
    cell = (red << 2 * bits) + (green << bits) + blue
    return np.asarray(palette[nearest[cell]], np.uint8)
