"""Windows: pictures → the local terms that SSIM is made of, as `ssim` names them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import cv2
import numpy as np
from numpy.typing import DTypeLike, NDArray

from imgdiff.metrics.tiles import Scratch
from imgdiff.types import Pixels

UNIFORM_REACH = 3
"""Half the side of the uniform window by default, px."""

UNIFORM_SIDE = 2 * UNIFORM_REACH + 1

GAUSSIAN_REACH = 5
"""Half the side of the Gaussian window: 3.5 σ of 1.5 px, rounded."""

_K1, _K2 = 0.01, 0.03

GAUSSIAN = np.exp(-0.5 * (np.arange(-GAUSSIAN_REACH, GAUSSIAN_REACH + 1) / 1.5) ** 2)
GAUSSIAN /= GAUSSIAN.sum()


class Terms(NamedTuple):
    """P, T, K and Q at every pixel, with the columns of the margin; C1/2 and C2/2."""

    p: NDArray[Any]
    t: NDArray[Any]
    k: NDArray[Any]
    q: NDArray[Any]
    half_c1: float
    half_c2: float


Weigh: TypeAlias = Callable[[Pixels, Pixels, Scratch, np.dtype[Any]], Terms]
"""``(a, b, scratch, precision)``: the terms of samples that have a margin of one reach."""


def uniform_terms(
    a: Pixels, b: Pixels, scratch: Scratch, precision: np.dtype[Any], *, side: int = UNIFORM_SIDE
) -> Terms:
    """Terms times N², or N(N − 1) for K and Q, of samples that have a margin of half the window.

    With windows of N ≤ 13² px, N²·255² < 2³¹ for 8-bit samples, so int32 holds all sums; for
    16-bit ones N²·65535² < 2⁵³, so float64 does.
    """
    count = side**2
    narrow = a.dtype == np.uint8
    depth, whole = (cv2.CV_32S, np.int32) if narrow else (cv2.CV_64F, np.float64)
    product = scratch.array("product", a.shape, np.uint16 if narrow else np.float64)
    np.multiply(a, b, out=product, dtype=product.dtype)
    difference = cv2.absdiff(a, b, dst=scratch.array("difference", a.shape, a.dtype))

    def summed(box: Callable[..., Any], samples: NDArray[Any], name: str) -> NDArray[Any]:
        total = scratch.array(name, a.shape, whole)
        box(samples, depth, (side, side), dst=total, normalize=False)
        return _rows_within(total, side // 2)

    sum_a, sum_b = summed(cv2.boxFilter, a, "a"), summed(cv2.boxFilter, b, "b")
    k, q = summed(cv2.boxFilter, product, "ab"), summed(cv2.sqrBoxFilter, difference, "d2")
    p = np.multiply(sum_a, sum_b, out=scratch.array("p", sum_a.shape, whole))
    t = np.subtract(sum_a, sum_b, out=sum_a)
    t *= t
    k *= count
    k -= p
    q *= count
    q -= t
    rounded = {}
    free = sum_b
    for name, exact in (("t", t), ("p", p), ("k", k), ("q", q)):
        # Each takes the place of the one before, so that little memory stays in the cache.
        fits = free.itemsize == precision.itemsize
        term = free.view(precision) if fits else scratch.array(name, exact.shape, precision)
        np.copyto(term, exact, casting="unsafe")
        rounded[name], free = term, exact
    half_c1, half_c2 = uniform_constants(a.dtype, side)
    return Terms(**rounded, half_c1=half_c1, half_c2=half_c2)


def uniform_constants(dtype: np.dtype[Any], side: int) -> tuple[float, float]:
    """C1/2 times N², and C2/2 times N(N − 1), for windows of N = `side`² px."""
    count = side**2
    c1, c2 = constants(dtype)
    return c1 / 2 * count**2, c2 / 2 * count * (count - 1)


def gaussian_terms(a: Pixels, b: Pixels, scratch: Scratch, precision: np.dtype[Any]) -> Terms:
    """Terms under Gaussian weights, of samples that have a margin of 5 px.

    Always in double precision: no term is a whole number here, and float32 means would leave
    errors of 2e-6 in S. Samples are taken from the middle of their range, which keeps E[ab] − µν
    from cancelling.
    """
    narrow = a.dtype == np.uint8
    middle = 2 ** (8 * a.itemsize - 1)
    wide = np.int16 if narrow else np.float64
    reach = GAUSSIAN_REACH

    def array(name: str, dtype: DTypeLike = np.float64) -> NDArray[Any]:
        return scratch.array(name, a.shape, dtype)

    def mean(samples: NDArray[Any], name: str) -> NDArray[Any]:
        total = array(name)
        cv2.sepFilter2D(samples, cv2.CV_64F, GAUSSIAN, GAUSSIAN, dst=total)
        return _rows_within(total, reach)

    centred_a = np.subtract(a, middle, out=array("centred a", wide), dtype=wide)
    centred_b = np.subtract(b, middle, out=array("centred b", wide), dtype=wide)
    product = np.multiply(centred_a, centred_b, out=array("product", wide))
    square_type = np.uint16 if narrow else np.float64
    difference = cv2.absdiff(a, b, dst=array("difference", a.dtype))
    square = array("square", square_type)
    np.multiply(difference, difference, out=square, dtype=square_type)

    p, t = mean(centred_a, "mean a"), mean(centred_b, "mean b")
    k, q = mean(product, "ab"), mean(square, "d2")
    means = scratch.array("means", p.shape, np.float64)
    np.multiply(p, t, out=means)
    k -= means
    np.subtract(p, t, out=means)
    p += middle
    t += middle
    p *= t
    np.multiply(means, means, out=t)
    q -= t
    c1, c2 = constants(a.dtype)
    p, t, k, q = (term.astype(precision, copy=False) for term in (p, t, k, q))
    return Terms(p, t, k, q, half_c1=c1 / 2, half_c2=c2 / 2)


def constants(dtype: np.dtype[Any]) -> tuple[float, float]:
    """C1 and C2, which keep S steady where the windows are dark or flat."""
    peak = np.iinfo(dtype).max
    return (_K1 * peak) ** 2, (_K2 * peak) ** 2


def _rows_within(samples: NDArray[Any], margin: int) -> NDArray[Any]:
    """`samples` without the rows of their margin.

    The columns of it stay until the end: whole rows lie in memory without gaps, which makes all
    arithmetic on them a good deal faster.
    """
    return samples[margin:-margin]
