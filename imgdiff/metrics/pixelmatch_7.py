"""The colour difference of pixelmatch up to its version 7: in YIQ."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.anti_aliasing import Places, smooths_an_edge
from imgdiff.metrics.planes import worse_plane
from imgdiff.metrics.pool import share_over
from imgdiff.metrics.tiles import map_in_tiles
from imgdiff.types import ErrorMap, Measurement, Pair, Param, Pixels, Settings

PIXELMATCH_THRESHOLD = 0.1
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


def yiq_difference(
    reference: Pixels,
    test: Pixels,
    *,
    threshold: float = PIXELMATCH_THRESHOLD,
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
    """Pixelmatch 7: YIQ difference without anti-aliasing.

    Counts the pixels as pixelmatch did up to its version 7, of 2024: best for baselines and limits
    that come from there, as those of Playwright and jest-image-snapshot. It sees colours less well
    than version 8.

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
    work = partial(yiq_errors, threshold=threshold, include_aa=bool(include_aa))
    return map_in_tiles(work, reference, test, reach=2, pointwise=True)


def measure_pixelmatch_7(pair: Pair, settings: Settings) -> Measurement:
    """Measure by the share of the pixels that differ; the threshold is at once pixelmatch's."""
    limit = PIXELMATCH_THRESHOLD if settings.threshold is None else settings.threshold
    errors = worse_plane(pair, settings, partial(yiq_difference, threshold=limit))
    return Measurement(errors, share_over(errors, pair.valid, limit=limit), limit)


def yiq_errors(a: Pixels, b: Pixels, *, threshold: float, include_aa: bool) -> NDArray[np.float32]:
    """As `yiq_difference`, all at once."""
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
        errors.ravel()[over[smooths_an_edge(a, b, over)]] = 0
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
