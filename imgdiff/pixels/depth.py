"""16-bit pictures that use but few of their levels: which, and how they fill the whole range."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from imgdiff.pixels.color import to_uint16
from imgdiff.types import Pair, Pixels

Span: TypeAlias = tuple[int, int]
"""Least and largest level, of 0 to 65535."""

_FEW_LEVELS = 32768
_OUTLIERS = 1e-4
_SAMPLE = 1_000_000
"""Pictures of 16 bits that use fewer levels, but for such a share of a sample, are stretched."""
_LEAST = 256
"""Of fewer levels nobody has a picture: stretched, a plain area would be all noise."""


def few_levels(pair: Pair) -> Span | None:
    """The levels that both pictures use, if they are few; so 12 bits of a camera in 16 look black.

    Parameters
    ----------
    pair : Pair
        Its valid pixels are looked at.

    Returns
    -------
    tuple of int, or None
        Least and largest level, lone outliers apart; None if they lie far apart, and of 8 bits.
    """
    if pair.reference.pixels.dtype != np.uint16:
        return None
    valid = pair.valid
    places = np.flatnonzero(valid)[:: 1 + valid.size // _SAMPLE]
    pictures = pair.reference.pixels, pair.test.pixels
    samples = [pixels.reshape(valid.size, -1)[places] for pixels in pictures]
    if not places.size:
        return None
    both = np.concatenate(samples)
    low, high = np.quantile(both, (_OUTLIERS, 1 - _OUTLIERS))
    room = max(1.0, high - low)
    low, high = max(float(both.min()), low - room), min(float(both.max()), high + room)
    return (int(low), int(high)) if high - low < _FEW_LEVELS else None


def dark_levels(pair: Pair) -> Span | None:
    """As `few_levels`, where a screen would show them as (nearly) black; else None."""
    span = few_levels(pair)
    return span if span and span[1] < _FEW_LEVELS and span[1] - span[0] >= _LEAST else None


def stretched(pixels: Pixels, span: Span | None) -> Pixels:
    """A picture whose levels within the span fill the range of 16 bits; as it is without one."""
    if span is None:
        return pixels
    low, high = span
    scale = 65535 / max(1, high - low)
    levels: NDArray[np.float32] = (to_uint16(pixels).astype(np.float32) - np.float32(low)) * (
        np.float32(scale)
    )
    return np.clip(np.rint(levels), 0, 65535).astype(np.uint16)
