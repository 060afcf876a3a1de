"""Where a picture looks like a piece of another: a clock, a banner, a logo, wherever it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from imgdiff.types import Box, Picture


@dataclass(frozen=True, slots=True)
class _Limits:
    """From where on a place looks like a piece.

    Tuned on 120 made pages on which a clock with other digits stood elsewhere, some saved as JPEG
    60, and on 224 searches for pieces of pages and photographs that weren't there: all were found
    and nothing else, from a correlation of 0.54 to 0.56.
    """

    correlation: float = 0.56
    """Normalised, of colours: whether the same shapes are there, in whatever light."""
    agreeing: float = 0.7
    """Share of pixels that are about the same: what is flat correlates with anything."""
    levels: int = 32
    """How far such a pixel may be off, of 255."""
    contrast: float = 4
    """Standard deviation, levels, of a piece that can be told from others."""


LIMITS: Final = _Limits()
_MOST: Final = 20
"""Places that are looked at, the likeliest first."""
_PIXELS: Final = 1_000_000
"""Of the picture that is searched; larger ones are made smaller, as far as the piece allows."""
_SMALLEST: Final = 12
"""px of the piece's shorter side."""


def shows_something(piece: Picture) -> bool:
    """Whether a piece can be told from others by its look."""
    return bool(piece.size) and float(piece.std(axis=(0, 1)).max()) >= LIMITS.contrast


def places_like(picture: Picture, piece: Picture) -> tuple[Box, ...]:
    """Where a piece is found in a picture, turned and scaled as it is.

    Parameters
    ----------
    picture : ndarray of uint8, shape (H, W, 3)
        sRGB.
    piece : ndarray of uint8, shape (h, w, 3)
        sRGB.

    Returns
    -------
    tuple of Box
        The likeliest first; none overlap by half.
    """
    height, width = piece.shape[:2]
    scale = min(1.0, (_PIXELS / (picture.shape[0] * picture.shape[1])) ** 0.5)
    scale = min(1.0, max(scale, _SMALLEST / min(height, width)))
    where, what = _scaled(picture, scale), _scaled(piece, scale)
    if not shows_something(what) or any(
        side < piece_side for side, piece_side in zip(where.shape, what.shape, strict=True)
    ):
        return ()
    spread = round(1 / scale) - 1  # where it lies is known to a pixel of the small picture
    return tuple(
        Box(
            round(x / scale) - spread,
            round(y / scale) - spread,
            width + 2 * spread,
            height + 2 * spread,
        )
        for x, y in _matches(where, what)
    )


def _scaled(picture: Picture, scale: float) -> Picture:
    if scale == 1:
        return np.ascontiguousarray(picture)
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _matches(picture: Picture, piece: Picture) -> list[tuple[int, int]]:
    """The corners of all places that look like the piece."""
    height, width = piece.shape[:2]
    found = np.asarray(cv2.matchTemplate(picture, piece, cv2.TM_CCOEFF_NORMED))
    kept = []
    for _ in range(_MOST):
        _, correlation, _, (x, y) = cv2.minMaxLoc(found)
        if not correlation >= LIMITS.correlation:
            break
        if _agree(picture[y : y + height, x : x + width], piece):
            kept.append((x, y))
        found[max(0, y - height // 2) : y + height // 2 + 1,
              max(0, x - width // 2) : x + width // 2 + 1] = -1  # fmt: skip
    return kept


def _agree(one: Picture, other: Picture) -> bool:
    apart = cv2.absdiff(one, other).max(axis=2)
    return bool((apart <= LIMITS.levels).mean() >= LIMITS.agreeing)
