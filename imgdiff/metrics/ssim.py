"""Structural similarity from exact integer window sums.

With Sa, Sb, X = Σab and D = Σ(a − b)² over a window of N pixels, write P = Sa·Sb and
T = (Sa − Sb)². Then the usual moments (Wang et al. 2004, sample covariance) are

    2 µa µb = 2P / N²                    µa² + µb² = (2P + T) / N²
    2 σab   = 2(N·X − P) / (N(N − 1))    σa² + σb² = (2(N·X − P) + N·D − T) / (N(N − 1))

and, with c1 = C1·N² / 2 and c2 = C2·N(N − 1) / 2,

    S = (P + c1)(N·X − P + c2) / ((P + c1 + T/2)(N·X − P + c2 + (N·D − T)/2)).

Every difference above is between whole numbers, so nothing cancels: rounding begins only when
the terms become floats. Where the windows are equal D = T = 0 and S is exactly 1.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import DTypeLike, NDArray

from imgdiff.errors import SizeError
from imgdiff.types import ErrorMap, Pixels

WINDOW = 7
"""Side of the square window, px."""

_N = WINDOW * WINDOW
_STRIP = 128
"""Rows worked on at a time: the floats of one strip stay in the processor's cache."""


def structural_dissimilarity(reference: Pixels, test: Pixels) -> ErrorMap:
    """Structural similarity (SSIM).

    Compares brightness, contrast and pattern in a small window around each pixel, much as an
    eye does: best for judging how alike two pictures of the same size look. An even change of
    light counts little; blur, noise and the slightest shift count a lot.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, C)
        Same shape and dtype; both sides at least 7 px.

    Returns
    -------
    ndarray of float32, shape (H, W)
        ``1 − SSIM``: 0 = equal, 1 = nothing alike, up to 2 = opposed. Several channels are
        compared each by itself and averaged.

    Raises
    ------
    SizeError
        A side is shorter than the window.

    References
    ----------
    Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image quality assessment: from error
    visibility to structural similarity", IEEE Transactions on Image Processing 13 (2004),
    DOI 10.1109/TIP.2003.819861.
    """
    similarity = ssim_map(reference, test)
    np.subtract(1, similarity, out=similarity)
    return similarity


def ssim_map(reference: Pixels, test: Pixels, *, dtype: DTypeLike = np.float32) -> ErrorMap:
    """SSIM at every pixel: window 7, uniform weights, sample covariance, mirrored borders.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, C)
        Same shape and dtype; both sides at least 7 px.
    dtype : float32 or float64
        Precision of the finish; the sums are exact in either case.

    Returns
    -------
    ndarray of `dtype`, shape (H, W)
        SSIM in [-1, 1], the mean over the channels. Equals scikit-image's
        ``structural_similarity(full=True)`` to 1e-10 in float64, to 5e-7 in float32.

    Raises
    ------
    SizeError
        A side is shorter than the window.
    """
    height, width = reference.shape[:2]
    if min(height, width) < WINDOW:
        raise SizeError(
            f"SSIM needs pictures of at least {WINDOW} × {WINDOW} pixels, but these are "
            f"{width} × {height}: use larger pictures or the method absdiff."
        )
    similarity = np.empty((height, width), dtype)
    for top in range(0, height, _STRIP):
        rows = slice(top, min(top + _STRIP, height))
        strip = _mirrored_rows(rows, height)
        channels = _strip_ssim(reference[strip], test[strip], similarity.dtype)
        similarity[rows] = channels if channels.ndim == 2 else channels.mean(axis=2)
    return similarity


def _mirrored_rows(rows: slice, height: int) -> NDArray[np.intp]:
    """Indices of `rows` and of the half window above and below, mirrored at the border."""
    reach = WINDOW // 2
    index = np.arange(rows.start - reach, rows.stop + reach)
    index = np.where(index < 0, -1 - index, index)
    return np.where(index >= height, 2 * height - 1 - index, index)


def _strip_ssim(a: Pixels, b: Pixels, dtype: np.dtype[Any]) -> NDArray[Any]:
    """SSIM of a strip that carries a half window of rows above and below, which are cut off."""
    sum_a, sum_b, sum_ab, sum_d2 = _window_sums(a, b)
    product = sum_a * sum_b
    spread = sum_ab * _N - product
    shift = (sum_a - sum_b) ** 2
    noise = sum_d2 * _N - shift

    peak = np.iinfo(a.dtype).max
    c1 = (0.01 * peak) ** 2 * _N**2 / 2
    c2 = (0.03 * peak) ** 2 * _N * (_N - 1) / 2
    half = dtype.type(0.5)
    luminance = product.astype(dtype) + dtype.type(c1)
    structure = spread.astype(dtype) + dtype.type(c2)
    worst = (luminance + shift.astype(dtype) * half) * (structure + noise.astype(dtype) * half)
    luminance *= structure
    luminance /= worst
    return np.asarray(luminance, dtype)


def _window_sums(a: Pixels, b: Pixels) -> tuple[NDArray[Any], ...]:
    """Σa, Σb, Σab and Σ(a − b)² over each window, exact.

    For 8-bit samples N²·255² < 2³¹, so int32 holds them; for 16-bit ones N²·65535² < 2⁵³, so
    float64 does.
    """
    eight_bit = a.dtype == np.uint8
    depth = cv2.CV_32S if eight_bit else cv2.CV_64F
    reach = WINDOW // 2
    product = np.multiply(a, b, dtype=np.uint16 if eight_bit else np.float64)
    difference = cv2.absdiff(a, b)

    options: Any = {"normalize": False, "borderType": cv2.BORDER_REFLECT}
    window = (WINDOW, WINDOW)
    totals = (
        cv2.boxFilter(a, depth, window, **options),
        cv2.boxFilter(b, depth, window, **options),
        cv2.boxFilter(product, depth, window, **options),
        cv2.sqrBoxFilter(difference, depth, window, **options),
    )
    return tuple(np.asarray(total)[reach:-reach].reshape(-1, *a.shape[1:]) for total in totals)
