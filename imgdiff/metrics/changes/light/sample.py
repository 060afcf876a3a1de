"""What corrections of light are fitted to: some thousand points of both pictures."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.light.tone import cubic
from imgdiff.metrics.changes.look import Samples, highest, lowest
from imgdiff.types import Mask, Picture

_FIT_SIDE = 400
_SAMPLES = 16_000
_BINS = 16

WHITE, BLACK = 250, 4
"""Levels from which on a sample may be clipped."""


@dataclass(frozen=True, slots=True, eq=False)
class LightSample:
    """Small pictures, and some thousand points of them.

    The points' values are smoothed a little, so that neither noise nor what is left of
    misalignment flattens a curve.

    Attributes
    ----------
    small_before, small_after : ndarray of uint8, shape (h, w, 3)
        No larger than 400 px a side.
    clean : ndarray of bool, shape (h, w)
        Where the ends of the range don't hide what the light was.
    before, after : ndarray of float32, shape (N, 3)
        The points.
    cubic : ndarray of float64, shape (N, 10)
        Their places, as light sees them.
    """

    small_before: Picture
    small_after: Picture
    clean: Mask
    before: Samples
    after: Samples
    cubic: NDArray[np.float64]


def sample_of(before: Picture, after: Picture, valid: Mask) -> LightSample:
    """The points of a pair, of all levels alike; shapes as `match_tone` takes them."""
    scale = min(1, _FIT_SIDE / max(valid.shape))
    a, b, inside = (
        cv2.resize(p, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        for p in (before, after, valid.view(np.uint8) * np.uint8(255))
    )
    smooth = [cv2.GaussianBlur(p.astype(np.float32), (0, 0), 1.2) for p in (a, b)]
    rows, columns = balanced(a[..., 1], inside == 255, _SAMPLES // 8)
    return LightSample(
        small_before=np.asarray(a, np.uint8),
        small_after=np.asarray(b, np.uint8),
        clean=unclipped(a, b, inside == 255),
        before=smooth[0][rows, columns],
        after=smooth[1][rows, columns],
        cubic=cubic_at(rows, columns, inside.shape),
    )


def cubic_at(
    rows: NDArray[np.intp], columns: NDArray[np.intp], shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """Where pixels of a picture (h, w) lie, as light sees it: (N, 10)."""
    height, width = shape
    return cubic((columns + 0.5) / width * 2 - 1, (rows + 0.5) / height * 2 - 1)


def balanced(
    green: Samples | Picture, valid: Mask, most: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of points of all levels of green: of a sixteenth of them `most` or so.

    Otherwise the ink on a page would have no say beside the paper.
    """
    places = np.flatnonzero(valid)
    levels = np.asarray(green.ravel()[places], np.uint8) // np.uint8(256 // _BINS)
    parts = [np.flatnonzero(levels == level) for level in range(_BINS)]
    chosen = np.concatenate([part[:: 1 + len(part) // most] for part in parts])
    return np.divmod(places[chosen], valid.shape[1])


def unclipped(before: Samples, after: Samples, valid: Mask) -> Mask:
    """Where the ends of the range don't hide what the light was.

    Where much of the picture before is white, it's paper, and tells of the light; so it counts,
    unless it's white in the picture after too.
    """
    low, high = lowest(cv2.min(before, after)), highest(cv2.max(before, after))
    count = np.count_nonzero(valid)
    inside = valid & (low > BLACK) & (high < WHITE)
    if np.count_nonzero(inside) > 0.8 * count:
        return inside
    inside = valid & (highest(after) < WHITE)
    return inside if np.count_nonzero(inside) > 0.3 * count else valid
