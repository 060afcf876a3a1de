"""Pixels that only smooth an edge."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.types import Pixels

_LUMA = np.array([[29889531, 58662247, 11448223]], np.float64)
"""Weights of Rec. 601 times 10⁸."""

_NEIGHBOURS = [(dy, dx) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]
"""In pixelmatch's order, which decides between equals: columns first."""

Places = NDArray[np.intp]


def smooths_an_edge(a: Pixels, b: Pixels, places: Places) -> NDArray[np.bool_]:
    """Whether the pixels at flat places are anti-aliased in either picture.

    Parameters
    ----------
    a, b : ndarray of uint8 or uint16, shape (H, W) or (H, W, 3)
        Same shape and dtype.
    places : ndarray of int, shape (N,)
        Of pixels, in rows from the top left.

    Returns
    -------
    ndarray of bool, shape (N,)

    References
    ----------
    V. Vyšniauskas, "Anti-aliased pixel and intensity slope detector", Elektronika ir
    Elektrotechnika 95 (2009), as in M. Petroff et al., pixelmatch.
    """
    found = np.zeros(places.size, np.bool_)
    if not places.size:
        return found
    plain = _framed(_is_plain(a) & _is_plain(b), 0)
    # What has no plain area beside it, as most of a photograph, needs no closer look.
    beside = cv2.dilate(plain.view(np.uint8), np.ones((3, 3), np.uint8))[1:-1, 1:-1]
    for picture in (a, b):
        open_ones = np.flatnonzero((beside.ravel()[places] > 0) & ~found)
        if open_ones.size:
            found[open_ones] = _anti_aliased(picture, plain, places[open_ones])
    return found


def _anti_aliased(picture: Pixels, plain: NDArray[np.bool_], places: Places) -> NDArray[np.bool_]:
    """Vyšniauskas' test of pixels at flat places.

    Anti-aliased is what has a darker and a brighter neighbour, at most two of its own brightness,
    and beside it (as its darkest or its brightest neighbour) a plain area in both pictures.
    """
    shape = picture.shape[:2]
    brightness = _framed(_brightness(picture), np.nan).ravel()
    at_border = _framed(_border(shape), 0).ravel()
    row, column = np.divmod(places, shape[1])
    places = (row + 1) * (shape[1] + 2) + column + 1
    offsets = np.array([dy * (shape[1] + 2) + dx for dy, dx in _NEIGHBOURS], np.intp)
    around = brightness[places[:, None] + offsets]  # NaN in the frame, which equals nothing
    around -= brightness[places, None]
    equal = np.count_nonzero(around == 0, axis=1) + at_border[places]
    around[np.isnan(around)] = 0
    darkest, brightest = around.argmin(axis=1), around.argmax(axis=1)
    rows = np.arange(places.size)
    both = (around[rows, darkest] < 0) & (around[rows, brightest] > 0)
    beside_plain = np.zeros(places.size, np.bool_)
    for side in (darkest, brightest):
        beside_plain |= plain.ravel()[places + offsets[side]]
    return np.asarray((equal <= 2) & both & beside_plain)


def _is_plain(pixels: Pixels) -> NDArray[np.bool_]:
    """Where a pixel has three neighbours or more of its very colour; the border counts as one."""
    colors = _packed(pixels)
    equal = _border(colors.shape).view(np.uint8)
    height, width = colors.shape
    for down, right in ((0, 1), (1, -1), (1, 0), (1, 1)):
        # Each pair of neighbours once, seen from the upper or left one and from the other.
        one = np.s_[: height - down, max(0, -right) : width - max(0, right)]
        other = np.s_[down:, max(0, right) : width + min(0, right)]
        same = (colors[one] == colors[other]).view(np.uint8)
        equal[one] += same
        equal[other] += same
    return equal > 2


def _brightness(pixels: Pixels) -> NDArray[np.float64]:
    """Y times 10⁸: whole numbers, so that equal means equal."""
    if pixels.ndim == 2:
        return pixels.astype(np.float64)
    return np.asarray(cv2.transform(pixels.astype(np.float64), _LUMA))


def _packed(pixels: Pixels) -> NDArray[Any]:
    """Each colour as one number, in as few bytes as hold it exactly."""
    if pixels.ndim == 2:
        return pixels
    kind, base = (np.float32, 2.0**8) if pixels.dtype == np.uint8 else (np.float64, 2.0**16)
    weights = np.array([[base**2, base, 1]])
    return np.asarray(cv2.transform(pixels.astype(kind), weights))


def _framed(plane: NDArray[Any], value: float) -> NDArray[Any]:
    """A plane within a frame of one pixel."""
    return np.pad(plane, 1, constant_values=value)


def _border(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The first and last row and column."""
    border = np.ones(shape[:2], np.bool_)
    border[1:-1, 1:-1] = False
    return border
