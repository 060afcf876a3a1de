"""Pictures with a palette, as GIF has: their colours, and what these make of another picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imgdiff.pixels.order_statistics import distinct
from imgdiff.types import Picture

_MOST, _SAMPLE, _FIRST = 256, 60_000, 4_000
"""Colours that a palette holds; pixels by which they're counted, and those that mostly tell."""

_SHIFT = 3
"""Bits by which levels are cut where the nearest colour is looked up: 32 steps a channel."""


def palette_colours(picture: Picture) -> NDArray[np.float32] | None:
    """The colours of a picture, (N, 3), levels; None if they're more than a palette holds."""
    pixels = picture.reshape(-1, 3)
    pixels = pixels[:: 1 + len(pixels) // _SAMPLE]
    for part in (pixels[:_FIRST], pixels):
        packed = distinct(part.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1]))
        if len(packed) > _MOST:
            return None
    return np.stack([packed >> shift & 255 for shift in (16, 8, 0)], 1).astype(np.float32)


def nearest_colours(picture: Picture, palette: NDArray[np.float32]) -> Picture:
    """A picture, (h, w, 3), in the nearest colours of a palette, (N, 3)."""
    steps = np.arange(256 >> _SHIFT, dtype=np.float32) * (1 << _SHIFT) + (1 << _SHIFT) / 2
    cells = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3)
    nearest = (np.square(palette).sum(axis=1) - 2 * cells @ palette.T).argmin(axis=1)
    red, green, blue = (picture[..., index].astype(np.int32) >> _SHIFT for index in range(3))
    bits = 8 - _SHIFT
    cell = (red << 2 * bits) + (green << bits) + blue
    return np.asarray(palette[nearest[cell]], np.uint8)
