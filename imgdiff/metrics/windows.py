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
    """P, T, K and Q at every pixel, without the margin and without gaps; C1/2 and C2/2."""

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
    whole = np.int32 if a.dtype == np.uint8 else np.float64
    sum_a, sum_b = (_sums(x, side, whole, scratch, n) for x, n in ((a, "a"), (b, "b")))
    p = np.multiply(sum_a, sum_b, out=scratch.array("p", sum_a.shape, whole))
    t = np.subtract(sum_a, sum_b, out=sum_a)
    t *= t
    product, square = _products(a, b, scratch)

    def rounded(exact: NDArray[Any], free: NDArray[Any], name: str) -> NDArray[Any]:
        """A term as it is asked for, in the place of what was used last: that is in the cache."""
        fits = free.itemsize == precision.itemsize
        term = free.view(precision) if fits else scratch.array(name, exact.shape, precision)
        np.copyto(term, exact, casting="unsafe")
        return term

    k = _moment(product, p, side, scratch)
    rounded_p, rounded_k = rounded(p, sum_b, "p"), rounded(k, p, "k")
    q = _moment(square, t, side, scratch)
    rounded_t = rounded(t, scratch.array("total", t.shape, whole), "t")
    rounded_q = rounded(q, t, "q")
    half_c1, half_c2 = uniform_constants(a.dtype, side)
    return Terms(rounded_p, rounded_t, rounded_k, rounded_q, half_c1, half_c2)


def _sums(
    samples: Pixels, side: int, whole: type[np.generic], scratch: Scratch, name: str
) -> NDArray[Any]:
    """Sums over windows, from an integral image, which OpenCV makes quickly of samples alone."""
    height, width, *channels = samples.shape
    integral = scratch.array("total", (height + 1, width + 1, *channels), whole)
    cv2.integral(samples, sum=integral, sdepth=_depth(integral))
    rows, columns = height + 1 - side, width + 1 - side
    strips = scratch.array("moment", (rows, width + 1, *channels), whole)
    np.subtract(integral[side:], integral[:-side], out=strips)
    sums = scratch.array(name, (rows, columns, *channels), whole)
    # OpenCV is as fast where rows have gaps between them, NumPy is not.
    cv2.subtract(strips[:, side:], strips[:, :-side], dst=sums)
    return sums


def _products(a: Pixels, b: Pixels, scratch: Scratch) -> tuple[NDArray[Any], NDArray[Any]]:
    """a·b and (a − b)²."""
    wide = np.uint16 if a.dtype == np.uint8 else np.float64
    product, wide_a, wide_b = (
        scratch.array(name, a.shape, wide) for name in ("product", "wide a", "wide b")
    )
    np.copyto(wide_a, a)
    np.copyto(wide_b, b)
    np.multiply(wide_a, wide_b, out=product)
    square = np.subtract(wide_a, wide_b, out=wide_a)
    square *= square  # negative numbers wrapped around, and do so once more
    return product, square


def _moment(
    samples: NDArray[Any], means: NDArray[Any], side: int, scratch: Scratch
) -> NDArray[Any]:
    """N times the sums over windows, less what belongs to their means."""
    total = scratch.array("total", samples.shape, means.dtype)
    cv2.boxFilter(samples, _depth(total), (side, side), dst=total, normalize=False)
    total *= side**2
    moment = scratch.array("moment", means.shape, means.dtype)
    cv2.subtract(_within(total, side // 2), means, dst=moment)
    return moment


def _depth(sums: NDArray[Any]) -> int:
    """What OpenCV calls their dtype."""
    return cv2.CV_32S if sums.dtype == np.int32 else cv2.CV_64F


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
        return _within(total, reach)

    centred_a = np.subtract(a, middle, out=array("centred a", wide), dtype=wide)
    centred_b = np.subtract(b, middle, out=array("centred b", wide), dtype=wide)
    product = np.multiply(centred_a, centred_b, out=array("product", wide))
    square_type = np.uint16 if narrow else np.float64
    difference = cv2.absdiff(a, b, dst=array("difference", a.dtype))
    square = array("square", square_type)
    np.multiply(difference, difference, out=square, dtype=square_type)

    def inner(name: str) -> NDArray[Any]:
        shape = a.shape[0] - 2 * reach, a.shape[1] - 2 * reach, *a.shape[2:]
        return scratch.array(name, shape, np.float64)

    p, t, k, q = map(inner, ("p", "t", "k", "q"))
    np.copyto(p, mean(centred_a, "mean"))
    np.copyto(t, mean(centred_b, "mean"))
    cv2.subtract(mean(product, "mean"), np.multiply(p, t, out=q), dst=k)
    means = np.subtract(p, t, out=q)
    p += middle
    t += middle
    p *= t
    np.multiply(means, means, out=t)
    cv2.subtract(mean(square, "mean"), t, dst=q)
    c1, c2 = constants(a.dtype)
    p, t, k, q = (term.astype(precision, copy=False) for term in (p, t, k, q))
    return Terms(p, t, k, q, half_c1=c1 / 2, half_c2=c2 / 2)


def constants(dtype: np.dtype[Any]) -> tuple[float, float]:
    """C1 and C2, which keep S steady where the windows are dark or flat."""
    peak = np.iinfo(dtype).max
    return (_K1 * peak) ** 2, (_K2 * peak) ** 2


def _within(samples: NDArray[Any], margin: int) -> NDArray[Any]:
    """`samples` without their margin."""
    return samples[margin:-margin, margin:-margin]
