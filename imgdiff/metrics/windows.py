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


class Stacked(NamedTuple):
    """Two planes one above the other: what is done to both takes one call.

    A call takes its time, and there are thousands of them a picture. There may be rows between
    the two.
    """

    both: NDArray[Any]
    upper: NDArray[Any]
    lower: NDArray[Any]


class Terms(NamedTuple):
    """Terms at every pixel, without the margin."""

    luminance: Stacked
    """P above T."""
    structure: Stacked
    """K above Q."""
    half_c1: np.floating[Any]
    half_c2: np.floating[Any]


Weigh: TypeAlias = Callable[[Pixels, Pixels, Scratch, np.dtype[Any]], Terms]
"""``(a, b, scratch, precision)``: the terms of samples that have a margin of one reach."""


def stacked(both: NDArray[Any], rows: int) -> Stacked:
    """The first and the last `rows` rows of an array."""
    return Stacked(both, both[:rows], both[-rows:])


def uniform_terms(
    a: Pixels, b: Pixels, scratch: Scratch, precision: np.dtype[Any], *, side: int = UNIFORM_SIDE
) -> Terms:
    """Terms times N², or N(N − 1) for K and Q, of samples that have a margin of half the window.

    With windows of N ≤ 13² px, N²·255² < 2³¹ for 8-bit samples, so int32 holds all sums; for
    16-bit ones N²·65535² < 2⁵³, so float64 does.
    """
    windows = scratch.last(_UniformWindows, a.shape, a.dtype, side, precision)
    return windows.terms(a, b)


class _UniformWindows:
    """Window sums of pairs of one shape and dtype, in arrays that are made and cut once.

    Three large ones are taken again as soon as what they hold isn't needed: so they stay in the
    processor's cache.
    """

    def __init__(
        self,
        scratch: Scratch,
        shape: tuple[int, ...],
        dtype: np.dtype[Any],
        side: int,
        precision: np.dtype[Any],
    ) -> None:
        height, width, *channels = shape
        rows, columns = height + 1 - side, width + 1 - side
        wide, whole = (np.uint16, np.int32) if dtype == np.uint8 else (np.float64, np.float64)

        def array(name: str, rows: int, columns: int, dtype: DTypeLike) -> NDArray[Any]:
            return scratch.array(name, (rows, columns, *channels), dtype)

        def terms(name: str, dtype: DTypeLike) -> Stacked:
            return stacked(array(name, height + rows, columns, dtype), rows)

        self.side = side
        self.samples = stacked(array("samples", 2 * height, width, dtype), height)
        both = array("third", 4 * height, width, wide)
        self.wide, self.products = (stacked(x, height) for x in stacked(both, 2 * height)[1:])
        self.integral = array("first", 2 * height + 1, width + 1, whole)
        self.strips = array("second", height + rows, width + 1, whole)
        self.totals = array("first", 2 * height, width, whole)
        self.sums, self.means = terms("third", whole), terms("second", whole)
        self.moments = array("third", height + rows, columns, whole)
        half_c1, half_c2 = map(precision.type, uniform_constants(dtype, side))
        luminance, structure = terms("first", precision), terms("second", precision)
        self.rounded = Terms(luminance, structure, half_c1, half_c2)

    def terms(self, a: Pixels, b: Pixels) -> Terms:
        """As `uniform_terms`; valid until the next call."""
        np.copyto(self.samples.upper, a)
        np.copyto(self.samples.lower, b)
        self._find_means()
        self._find_moments()
        np.copyto(self.rounded.luminance.both, self.means.both, casting="unsafe")
        np.copyto(self.rounded.structure.both, self.moments, casting="unsafe")
        return self.rounded

    def _find_means(self) -> None:
        """P above T, from sums of an integral image, which OpenCV makes quickly of samples alone.

        What's between them, where windows hold rows of both samples, is 0.
        """
        side, integral, strips = self.side, self.integral, self.strips
        cv2.integral(self.samples.both, sum=integral, sdepth=_depth(integral))
        np.subtract(integral[side:], integral[:-side], out=strips)
        sums, sum_a, sum_b = self.sums
        # OpenCV is as fast where rows have gaps between them, NumPy is not.
        cv2.subtract(strips[:, side:], strips[:, :-side], dst=sums)
        means, p, t = self.means
        means[len(p) : -len(p)] = 0
        np.multiply(sum_a, sum_b, out=p)
        np.subtract(sum_a, sum_b, out=t)
        np.multiply(t, t, out=t)

    def _find_moments(self) -> None:
        """K above Q, from sums of a·b above (a − b)²."""
        np.copyto(self.wide.both, self.samples.both)
        _, a, b = self.wide
        products, product, square = self.products
        np.multiply(a, b, out=product)
        np.subtract(a, b, out=square)
        np.multiply(square, square, out=square)  # what was negative wrapped around: once more now
        totals, side = self.totals, self.side
        cv2.boxFilter(products, _depth(totals), (side, side), dst=totals, normalize=False)
        np.multiply(totals, side**2, out=totals)
        cv2.subtract(_within(totals, side // 2), self.means.both, dst=self.moments)


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

    rows, columns, *channels = a.shape
    rows, columns = rows - 2 * reach, columns - 2 * reach
    means, moments = (
        stacked(scratch.array(name, (2 * rows, columns, *channels), np.float64), rows)
        for name in ("means", "moments")
    )
    _, p, t = means
    _, k, q = moments
    np.copyto(p, mean(centred_a, "mean"))
    np.copyto(t, mean(centred_b, "mean"))
    cv2.subtract(mean(product, "mean"), np.multiply(p, t, out=q), dst=k)
    difference_of_means = np.subtract(p, t, out=q)
    np.add(means.both, middle, out=means.both)
    p *= t
    np.multiply(difference_of_means, difference_of_means, out=t)
    cv2.subtract(mean(square, "mean"), t, dst=q)
    half_c1, half_c2 = (precision.type(constant / 2) for constant in constants(a.dtype))
    luminance, structure = (
        stacked(x.both.astype(precision, copy=False), rows) for x in (means, moments)
    )
    return Terms(luminance, structure, half_c1, half_c2)


def constants(dtype: np.dtype[Any]) -> tuple[float, float]:
    """C1 and C2, which keep S steady where the windows are dark or flat."""
    peak = np.iinfo(dtype).max
    return (_K1 * peak) ** 2, (_K2 * peak) ** 2


def _within(samples: NDArray[Any], margin: int) -> NDArray[Any]:
    """`samples` without their margin."""
    return samples[margin:-margin, margin:-margin]
