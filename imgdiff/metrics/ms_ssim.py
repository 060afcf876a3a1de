"""Structural similarity on five scales.

Contrast and structure are compared on each scale, brightness on the coarsest alone. With the
terms of `ssim`, 1 − cs = (Q/2) / (K + C2/2 + Q/2) and 1 − l = (T/2) / (P + C1/2 + T/2): where the
windows are equal both are exactly 0, and rounding only ever touches what differs.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.errors import SizeError
from imgdiff.metrics.planes import measure_scored
from imgdiff.metrics.pool import mean_similarity
from imgdiff.metrics.tiles import map_in_tiles
from imgdiff.metrics.windows import GAUSSIAN, GAUSSIAN_REACH, constants
from imgdiff.pixels.color import levels
from imgdiff.types import ErrorMap, Floats, Mask, Measurement, Pair, Pixels, Settings

_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Of the scales, from fine to coarse: the paper's, found with viewers."""

_SHORTEST = 2 * GAUSSIAN_REACH * 2 ** (len(_WEIGHTS) - 1) + 1
"""Shortest side, px: such that a window fits into the coarsest scale."""

_MIDDLE = 128
_STRIP = 64
_HALF_C1, _HALF_C2 = (c / 2 for c in constants(np.dtype(np.uint8)))


def multi_scale_dissimilarity(reference: Pixels, test: Pixels) -> ErrorMap:
    """Multi-scale structural similarity (MS-SSIM).

    Compares pattern and contrast on five sizes of the pictures, so that the answer depends less
    on how near one looks: best for judging the quality of photographs after compression, scaling
    or filters. It hardly sees single small changes or changes of colour, and its map is coarse.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, C)
        Same shape and dtype; both sides at least 161 px.

    Returns
    -------
    ndarray of float32, shape (H, W)
        1 minus the weighted product of all scales at each pixel, 0 = equal, up to 1.

    Raises
    ------
    SizeError
        A side is too short for the coarsest scale.

    References
    ----------
    Z. Wang, E. P. Simoncelli, A. C. Bovik, "Multiscale structural similarity for image quality
    assessment", Asilomar Conference on Signals, Systems and Computers (2003),
    DOI 10.1109/ACSSC.2003.1292216.
    """
    everywhere = np.broadcast_to(np.True_, reference.shape[:2])
    return ms_ssim(reference, test, everywhere)[1]


def ms_ssim(reference: Pixels, test: Pixels, valid: Mask) -> tuple[float, ErrorMap]:
    """MS-SSIM of the valid part, and `multi_scale_dissimilarity`.

    The score is the product of the means of the scales, each to the power of its weight, as in
    the paper, not the mean of the map. Means leave out windows that reach over the border. Of
    several channels it is the mean of their scores.
    """
    height, width = reference.shape[:2]
    if min(height, width) < _SHORTEST:
        raise SizeError(
            f"MS-SSIM needs pictures of at least {_SHORTEST} × {_SHORTEST} pixels, but these are "
            f"{width} × {height}: use larger pictures or the method ssim."
        )
    if reference.ndim == 2:
        return _one_channel(reference, test, valid)
    channels = range(reference.shape[2])
    total, errors = 0.0, np.zeros((height, width), np.float32)
    for channel in channels:
        a, b = (np.ascontiguousarray(pixels[..., channel]) for pixels in (reference, test))
        score, its_errors = _one_channel(a, b, valid)
        total += score
        errors += its_errors
    errors /= len(channels)
    return total / len(channels), errors


def measure_ms_ssim(pair: Pair, settings: Settings) -> Measurement:
    """Measure by MS-SSIM; of colours and transparency the worse counts."""
    return measure_scored(pair, settings, scored=ms_ssim, ceiling=1)


class _Scale(NamedTuple):
    """Both pictures at one size, and where they count."""

    a: Pixels | Floats
    b: Pixels | Floats
    valid: Mask

    def halved(self) -> _Scale:
        return _Scale(_halved(self.a), _halved(self.b), self.valid[::2, ::2])


def _one_channel(reference: Pixels, test: Pixels, valid: Mask) -> tuple[float, ErrorMap]:
    scale = _Scale(reference, test, valid)
    score, maps = 1.0, []
    for index, weight in enumerate(_WEIGHTS):
        last = index == len(_WEIGHTS) - 1
        work = partial(_errors, brightness=last)
        errors = map_in_tiles(work, scale.a, scale.b, reach=GAUSSIAN_REACH + 1)
        score *= max(0.0, mean_similarity(errors, scale.valid, margin=GAUSSIAN_REACH)) ** weight
        maps.append(errors)
        scale = scale if last else scale.halved()
    return score, _combined(maps)


def _combined(maps: list[ErrorMap]) -> ErrorMap:
    """1 minus the product of all scales, each grown to the size of the finest; in their place."""
    coarser: ErrorMap | None = None
    for errors, weight in zip(reversed(maps), reversed(_WEIGHTS), strict=True):
        for top in range(0, len(errors), _STRIP):
            strip = errors[top : top + _STRIP]
            np.minimum(strip, 1, out=strip)
            np.subtract(1, strip, out=strip)
            cv2.pow(strip, weight, dst=strip)
            if coarser is not None:
                strip *= _grown(coarser, top, *strip.shape)
        coarser = errors
    return np.subtract(1, maps[0], out=maps[0])


def _grown(half: ErrorMap, top: int, height: int, width: int) -> ErrorMap:
    """Rows from `top` (even) of a map at twice its size, bilinear; made with one row to spare."""
    first = max(0, top // 2 - 1)
    rows = half[first : top // 2 + -(-height // 2) + 1]
    grown = cv2.resize(rows, (2 * rows.shape[1], 2 * rows.shape[0]))
    skipped = top - 2 * first
    return np.asarray(grown[skipped : skipped + height, :width], np.float32)


def _errors(a: Pixels | Floats, b: Pixels | Floats, *, brightness: bool) -> Floats:
    """1 − cs, or 1 − l · cs, under Gaussian weights, borders mirrored.

    Levels are taken from the middle of their range, which keeps E[ab] − µν from cancelling.
    """

    def mean(samples: Floats) -> Floats:
        return np.asarray(cv2.sepFilter2D(samples, cv2.CV_32F, GAUSSIAN, GAUSSIAN), np.float32)

    a, b = levels(a), levels(b)
    difference = a - b
    a -= _MIDDLE
    b -= _MIDDLE
    mu, nu = mean(a), mean(b)
    k = mean(np.multiply(a, b, out=a))
    k -= np.multiply(mu, nu, out=b)
    q = mean(np.square(difference, out=difference))
    t = np.square(mu - nu)
    q -= t
    half_q = np.maximum(q, 0, out=q)
    half_q *= 0.5
    k += _HALF_C2
    k += half_q
    errors = half_q / k
    if brightness:
        t *= 0.5
        of_brightness = t / ((mu + _MIDDLE) * (nu + _MIDDLE) + (_HALF_C1 + t))
        errors += of_brightness * (1 - errors)
    return np.asarray(errors, np.float32)


def _halved(samples: Pixels | Floats) -> Floats:
    """Means of 2 × 2 px; a row or column left over is averaged with itself."""
    height, width = samples.shape
    half = np.empty((-(-height // 2), -(-width // 2)), np.float32)
    for top in range(0, height, _STRIP):
        strip: NDArray[Any] = levels(samples[top : top + _STRIP])
        odd_rows, odd_columns = (side % 2 for side in strip.shape)
        if odd_rows or odd_columns:
            replicate = cv2.BORDER_REPLICATE
            strip = cv2.copyMakeBorder(strip, 0, odd_rows, 0, odd_columns, replicate)
        rows = half[top // 2 : (top + _STRIP) // 2]
        cv2.resize(strip, rows.shape[::-1], dst=rows, interpolation=cv2.INTER_AREA)
    return half
