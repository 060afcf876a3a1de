"""What differs between two renderings beyond how their edges are smoothed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.pixelmatch_7 import yiq_errors
from imgdiff.metrics.planes import worse_plane
from imgdiff.metrics.pool import share_over
from imgdiff.metrics.tiles import map_in_tiles
from imgdiff.types import ErrorMap, Measurement, Pair, Pixels, Settings


@dataclass(frozen=True, slots=True)
class _Tuned:
    """Where smoothing ends.

    Chosen on shapes drawn with nine kinds of smoothing, of which none may count, and 20 changes of
    a page of text (blurred by 0.4 px, moved by half a pixel, 3 % darker, a full stop for a comma,
    …), of which all must.
    """

    flat: float = 0.02
    """YIQ distance that counts where all is of one colour: 5 gray levels of 255."""
    edge: float = 0.1
    """YIQ distance that counts at an edge: pixelmatch's own threshold."""
    rise: float = 0.25
    """By how much the limit rises with the contrast of an edge, 0 to 1, from the one to the other.
    """
    mixed: float = 0.6
    """Share of an edge's contrast by which one pixel may be mixed otherwise: a step of a pixel
    changes all of it, smoothing half.
    """
    least_edge: float = 0.1
    """Contrast in both pictures, 0 to 1, from which on there is an edge to be mixed at."""
    rounding: float = 6
    """Gray levels by which a mixture may lie outside the colours that it's mixed from."""


_TUNED = _Tuned()
FLAT_THRESHOLD = _TUNED.flat


def rendering_difference(
    reference: Pixels, test: Pixels, *, threshold: float = FLAT_THRESHOLD
) -> ErrorMap:
    """Difference of renderings.

    Lets the pixels of an edge be smoothed otherwise, and nothing else: best for gates on
    screenshots, where a flat area that is five levels off counts, and so do blur and a step of a
    pixel. Noise and compression show up in full.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, 3)
        Same shape and dtype.
    threshold : float
        Errors above it count in flat areas; near edges, errors above 0.1, unless this is more.

    Returns
    -------
    ndarray of float32, shape (H, W)
        Weighted distance in YIQ, 0 to 1; 0 where it exceeds the threshold by smoothing alone.

    References
    ----------
    Y. Kotsarenko, F. Ramos, "Measuring perceived color difference using YIQ NTSC transmission
    color space in mobile applications", Programación Matemática y Software 2 (2010); V.
    Vyšniauskas, "Anti-aliased pixel and intensity slope detector", Elektronika ir
    Elektrotechnika 95 (2009).
    """
    work = partial(_errors, threshold=threshold)
    return map_in_tiles(work, reference, test, reach=2, pointwise=True)


def measure_rendering(pair: Pair, settings: Settings) -> Measurement:
    """Measure by the share of the pixels that differ."""
    limit = FLAT_THRESHOLD if settings.threshold is None else settings.threshold
    errors = worse_plane(pair, settings, partial(rendering_difference, threshold=limit))
    return Measurement(errors, share_over(errors, pair.valid, limit=limit), limit)


def _errors(a: Pixels, b: Pixels, *, threshold: float) -> NDArray[np.float32]:
    errors = yiq_errors(a, b, threshold=threshold, include_aa=False)
    over = errors > threshold
    if over.any():
        rows, columns = _around(over)
        near = errors[rows, columns]
        smoothed = _smoothed(a[rows, columns], b[rows, columns], near, threshold)
        near[over[rows, columns] & smoothed] = 0
    return errors


def _around(mask: NDArray[np.bool_]) -> tuple[slice, slice]:
    """The rows and columns that hold a mask, with one more on each side where there is one."""
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    return slice(max(0, y - 1), y + height + 1), slice(max(0, x - 1), x + width + 1)


def _smoothed(
    a: Pixels, b: Pixels, errors: NDArray[np.float32], threshold: float
) -> NDArray[np.bool_]:
    """Where a difference is but that of a mixture, or too faint for the edge it lies on."""
    first, second = _levels(a), _levels(b)
    low_a, high_a = _surroundings(first)
    low_b, high_b = _surroundings(second)
    contrast = _over_channels(np.maximum, np.minimum(high_a - low_a, high_b - low_b)) / 255
    limit = np.clip(threshold + _TUNED.rise * contrast, threshold, max(threshold, _TUNED.edge))
    slack = _TUNED.rounding
    between = (second >= low_a - slack) & (second <= high_a + slack)
    between &= (first >= low_b - slack) & (first <= high_b + slack)
    most = _TUNED.mixed * (np.maximum(high_a, high_b) - np.minimum(low_a, low_b)) + slack
    mixed = _over_channels(np.logical_and, between & (np.abs(first - second) <= most))
    mixed &= contrast >= _TUNED.least_edge
    return np.asarray(mixed | (errors <= limit))


def _over_channels(ufunc: np.ufunc, samples: NDArray[Any]) -> NDArray[Any]:
    """A ufunc over (H, W, C) → (H, W): NumPy's own way over so short an axis is a slow one."""
    whole = samples[..., 0]
    for channel in range(1, samples.shape[2]):
        whole = ufunc(whole, samples[..., channel])
    return whole


def _levels(pixels: Pixels) -> NDArray[np.float32]:
    """Gray levels of 0 to 255, (H, W, C)."""
    levels = pixels.astype(np.float32) * np.float32(255 / np.iinfo(pixels.dtype).max)
    return levels[..., None] if levels.ndim == 2 else levels


def _surroundings(levels: NDArray[np.float32]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The least and the largest level of the 3 × 3 pixels around each, (H, W, C)."""
    around = np.ones((3, 3), np.uint8)
    low, high = cv2.erode(levels, around), cv2.dilate(levels, around)
    return low.reshape(levels.shape), high.reshape(levels.shape)
