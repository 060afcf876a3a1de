"""The colour difference of pixelmatch, which knows anti-aliasing when it sees it."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.planes import worse_plane
from imgdiff.metrics.pool import share_over
from imgdiff.metrics.tiles import map_in_tiles
from imgdiff.types import ErrorMap, Measurement, Pair, Param, Pixels, Settings

THRESHOLD = 0.1
"""Pixelmatch's own default."""

_YIQ = np.array(
    [
        [0.29889531, 0.58662247, 0.11448223],
        [0.59597799, -0.27417610, -0.32180189],
        [0.21147017, -0.52261711, 0.31114694],
    ]
)
_WEIGHTS = np.array([0.5053, 0.299, 0.1957])
_LARGEST = 35215
"""Of the weighted sum of squares, between any two colours."""

_ROOTED = _YIQ * np.sqrt(_WEIGHTS / _LARGEST)[:, None]
"""From a difference in gray levels to a vector whose length is the error, 0 to 1."""

_ROUNDING = 1e-5
"""Relative; nearer to the threshold than this, single precision doesn't decide."""

_NEIGHBOURS = [(dy, dx) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]
"""In pixelmatch's order, which decides between equals: columns first."""

Places = NDArray[np.intp]


def perceived_difference(
    reference: Pixels,
    test: Pixels,
    *,
    threshold: float = THRESHOLD,
    include_aa: Annotated[
        bool,
        Param(
            0,
            1,
            1,
            "Count pixels that only smooth an edge too, as any other.",
            title="Count smoothed edges",
        ),
    ] = False,
) -> ErrorMap:
    """Pixelmatch: colour difference without anti-aliasing.

    Weighs brightness and colour roughly as an eye does and passes over pixels that only smooth an
    edge: best for screenshots and rendered pages, where text and curves are drawn a little
    differently each time. Noise and compression of photographs stay below the threshold if weak;
    shifts show up in full.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, 3)
        Same shape and dtype.
    threshold : float
        Only errors above it are tested for anti-aliasing.
    include_aa : bool
        Leave out that test.

    Returns
    -------
    ndarray of float32, shape (H, W)
        Weighted distance in YIQ, 0 to 1; 0 where it exceeds the threshold by anti-aliasing alone.

    References
    ----------
    Y. Kotsarenko, F. Ramos, "Measuring perceived color difference using YIQ NTSC transmission
    color space in mobile applications", Programación Matemática y Software 2 (2010); V.
    Vyšniauskas, "Anti-aliased pixel and intensity slope detector", Elektronika ir
    Elektrotechnika 95 (2009); M. Petroff et al., pixelmatch (its published algorithm).
    """
    work = partial(_errors, threshold=threshold, include_aa=bool(include_aa))
    return map_in_tiles(work, reference, test, reach=2)


def measure_pixelmatch(pair: Pair, settings: Settings) -> Measurement:
    """Measure by the share of the pixels that differ; the threshold is at once pixelmatch's."""
    limit = THRESHOLD if settings.threshold is None else settings.threshold
    errors = worse_plane(pair, settings, partial(perceived_difference, threshold=limit))
    return Measurement(errors, share_over(errors, pair.valid, limit=limit), limit)


def _errors(a: Pixels, b: Pixels, *, threshold: float, include_aa: bool) -> NDArray[np.float32]:
    errors = _distance(a, b)
    near = np.flatnonzero(errors >= threshold * (1 - _ROUNDING))
    near = near[errors.ravel()[near] <= threshold * (1 + _ROUNDING)]
    if near.size:
        # What is decided by the last digit is computed once more in double precision, and put
        # on its side of the threshold.
        exact = _distance(_at(a, near), _at(b, near), np.float64).ravel()
        above = np.nextafter(np.float32(threshold), np.float32(2))
        below = np.float32(threshold)
        errors.ravel()[near] = np.where(exact > threshold, above, below)
    if not include_aa:
        over = np.flatnonzero(errors > threshold)
        errors.ravel()[over[_smooths_an_edge(a, b, over)]] = 0
    return errors


def _distance(a: Pixels, b: Pixels, dtype: type[np.floating[Any]] = np.float32) -> NDArray[Any]:
    """Length of the weighted YIQ difference, 0 to 1."""
    difference = np.subtract(a, b, dtype=dtype)
    scale = 255 / np.iinfo(a.dtype).max  # to gray levels
    if difference.ndim == 2:
        weight = float(_ROOTED[0].sum() * scale)
        return np.asarray(np.abs(difference) * dtype(weight))
    vector = cv2.transform(difference, _ROOTED * scale)
    return np.asarray(np.sqrt(np.einsum("ijk,ijk->ij", vector, vector)))


def _at(pixels: Pixels, places: Places) -> Pixels:
    """The pixels at flat places, as one row."""
    return pixels.reshape(-1, *pixels.shape[2:])[places][None]


def _smooths_an_edge(a: Pixels, b: Pixels, places: Places) -> NDArray[np.bool_]:
    """Whether the pixel is anti-aliased in either picture."""
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
    return np.asarray(cv2.transform(pixels.astype(np.float64), np.rint(_YIQ[:1] * 1e8)))


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
