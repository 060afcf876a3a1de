"""SSIMULACRA 2: what viewers say of compressed pictures, from structure on six scales.

Errors are taken in strips of rows, so that of the largest scale no more than the pictures and a map
lie in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.errors import SizeError
from imgdiff.metrics.planes import measure_scored
from imgdiff.metrics.ssimulacra2_weights import weights_of
from imgdiff.pixels.color import linear_light
from imgdiff.types import (
    ErrorMap,
    Floats,
    Mask,
    Measurement,
    Pair,
    Pixels,
    Settings,
    holds_everywhere,
)

_SCALES: Final = 6
_SHORTEST: Final = 8
"""Shortest side of a scale that is halved once more, px."""

_SIGMA: Final = 1.5
_REACH: Final = 4
"""Of the blur, px."""

_C2: Final = np.float32(0.0009)
"""Keeps the quotient of structure from 0 / 0."""

_BIAS: Final = 0.0037930732552754493
_ABSORBANCE: Final = np.array(
    [
        [0.3, 0.622, 0.078],
        [0.23, 0.692, 0.078],
        [0.24342268924547819, 0.20476744424496821, 0.5518098665095536],
    ]
)
"""From linear RGB to what cones take up, and what they take up in the dark: JPEG XL's XYB."""

_OPPONENT: Final = np.array([[7, -7, 0], [0.5, 0.5, 0], [-0.5, -0.5, 1]])
_OFFSET: Final = (0.42, 0.01 - _BIAS ** (1 / 3), 0.55)
"""From their cube roots to red–green, brightness and blue–yellow, each from 0 to 1 or so."""

TOLD_APART: Final = 10.0
"""A score of 90 is that of pictures that can't be told apart when shown in turns."""

_STRIP: Final = 128


def quality_loss(reference: Pixels, test: Pixels) -> ErrorMap:
    """SSIMULACRA 2.

    Weighs lost detail, ringing and structure on six scales as thousands of viewers did: best for
    judging how much compression or a filter costs, as it agrees with viewers more than the other
    methods do. Its map is coarse, and it wants the test picture to be the one that lost something.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, 3)
        Same shape and dtype, sRGB; both sides at least 8 px.

    Returns
    -------
    ndarray of float32, shape (H, W)
        By how much a picture that is everywhere as it is there would fall short of 100: 0 = equal,
        10 = hardly to be seen, 100 and more = ruined.

    Raises
    ------
    SizeError
        A side is too short.

    References
    ----------
    J. Sneyers, "SSIMULACRA 2", version 2.1, Cloudinary (2023),
    https://github.com/cloudinary/ssimulacra2.
    """
    everywhere = np.broadcast_to(np.True_, reference.shape[:2])
    return ssimulacra2(reference, test, everywhere)[1]


def ssimulacra2(reference: Pixels, test: Pixels, valid: Mask) -> tuple[float, ErrorMap]:
    """The score of the valid part, 100 = equal, below 0 = ruined, and `quality_loss`."""
    height, width = reference.shape[:2]
    if min(height, width) < _SHORTEST:
        raise SizeError(
            f"SSIMULACRA 2 needs pictures of at least {_SHORTEST} × {_SHORTEST} pixels, but these "
            f"are {width} × {height}: use larger pictures or another method."
        )
    scales = [*_scales(_Scale(_in_color(reference), _in_color(test), valid))]
    total, errors = 0.0, np.zeros((1, 1), np.float32)
    for scale, weights in reversed([*zip(scales, weights_of(len(scales)), strict=True)]):
        norms, its_errors = _compared(scale, weights.sum(axis=1))
        total += float((norms * weights).sum())
        errors = its_errors + cv2.resize(errors, its_errors.shape[::-1])
    return 100 - float(_lost(np.array([total]))[0]), _lost(errors).astype(np.float32)


def measure_ssimulacra2(pair: Pair, settings: Settings) -> Measurement:
    """Measure by SSIMULACRA 2; of colours and transparency the worse counts."""
    return measure_scored(pair, settings, scored=ssimulacra2, ceiling=100, visible=TOLD_APART)


class _Scale(NamedTuple):
    """Both pictures at one size, as samples or in linear light, and where they count."""

    a: Pixels | Floats
    b: Pixels | Floats
    valid: Mask

    def halved(self) -> _Scale:
        return _Scale(_halved(self.a), _halved(self.b), self.valid[::2, ::2])


def _scales(scale: _Scale) -> Iterator[_Scale]:
    """From the finest on, until one gets too small."""
    for _ in range(_SCALES - 1):
        yield scale
        if min(scale.valid.shape) < _SHORTEST:
            return
        scale = scale.halved()
    yield scale


def _compared(scale: _Scale, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], Floats]:
    """Both norms of each map, shape (channels, norms, maps), and the weighted sum of all maps."""
    height, width = scale.valid.shape
    sums = np.zeros((3, 2, 3))
    errors = np.zeros((height, width), np.float32)
    for top in range(0, height, _STRIP):
        bottom = min(top + _STRIP, height)
        first = max(0, top - _REACH)
        rows = slice(first, bottom + _REACH)
        if np.array_equal(scale.a[rows], scale.b[rows]):
            continue
        valid = scale.valid[top:bottom]
        for index, found in enumerate(_errors(_xyb(scale.a[rows]), _xyb(scale.b[rows]))):
            inside = found[top - first : bottom - first]
            errors[top:bottom] += (inside * weights[:, index].astype(np.float32)).sum(axis=2)
            counted = inside.reshape(-1, 3) if holds_everywhere(valid) else inside[valid]
            sums[:, 0, index] += counted.sum(axis=0, dtype=np.float64)
            sums[:, 1, index] += (counted**4).sum(axis=0, dtype=np.float64)
    sums /= max(1, int(np.count_nonzero(scale.valid)))
    sums[:, 1] **= 0.25
    return sums, errors


def _errors(a: Floats, b: Floats) -> tuple[Floats, Floats, Floats]:
    """Of structure, ringing and lost detail, each of shape (H, W, 3), 0 = equal."""
    mean_a, mean_b = _blurred(a), _blurred(b)
    shared = 2 * (_blurred(a * b) - mean_a * mean_b) + _C2
    spread = (_blurred(a * a) - mean_a * mean_a) + (_blurred(b * b) - mean_b * mean_b) + _C2
    structure = 1 - (1 - (mean_a - mean_b) ** 2) * shared / spread
    edges = (1 + np.abs(b - mean_b)) / (1 + np.abs(a - mean_a)) - 1
    return np.maximum(structure, 0), np.maximum(edges, 0), np.maximum(-edges, 0)


def _lost(weighted: NDArray[Any]) -> NDArray[Any]:
    """What a weighted sum of errors takes from 100."""
    z = 0.9562382616834844 * weighted
    z = z * (2.326765642916932 + z * (-0.020884521182843837 + z * 6.248496625763138e-05))
    return np.asarray(10 * np.maximum(z, 0) ** 0.6276336467831387)


def _xyb(samples: Pixels | Floats) -> Floats:
    """Red–green, brightness and blue–yellow of JPEG XL, each from 0 to 1 or so; (H, W, 3)."""
    absorbed = cv2.transform(_light(samples), np.column_stack([_ABSORBANCE, [_BIAS] * 3]))
    roots = np.cbrt(np.maximum(absorbed, 0, out=absorbed), out=absorbed)
    return np.asarray(cv2.transform(roots, np.column_stack([_OPPONENT, _OFFSET])), np.float32)


def _blurred(samples: Floats) -> Floats:
    """As seen through a Gaussian, with darkness beyond the border."""
    kernel, outside = _kernel(), cv2.BORDER_CONSTANT
    return np.asarray(cv2.sepFilter2D(samples, cv2.CV_32F, kernel, kernel, borderType=outside))


@cache
def _kernel() -> NDArray[np.float64]:
    """A sum of three cosines, cut off where they are 0, for a Gaussian.

    D. Charalampidis, "Recursive implementation of the Gaussian filter using truncated cosine
    functions", IEEE Transactions on Signal Processing 64 (2016), DOI 10.1109/TSP.2016.2549985.
    """
    radius = round(3.2795 * _SIGMA + 0.2546)
    omega = np.pi / (2 * radius) * np.array([1, 3, 5])
    sign = np.array([1, -1, 1])
    p = sign / np.tan(omega / 2)
    r = sign * p**2 / np.sin(omega)
    rho = np.exp(-0.5 * (_SIGMA * omega) ** 2) / radius
    cross = np.cross(p, r)
    third = np.array([cross[0], cross[1], cross[2]]) / cross[2]
    gains = [1, radius**2 - _SIGMA**2, third @ rho]
    beta = np.linalg.solve(np.array([p, r, third]), gains)
    return np.asarray(beta @ np.cos(np.outer(omega, np.arange(-_REACH, _REACH + 1))))


def _halved(samples: Pixels | Floats) -> Floats:
    """Linear light at half the size: means of 2 × 2 px; what is left over is met with itself."""
    height, width = samples.shape[:2]
    half = np.empty((-(-height // 2), -(-width // 2), 3), np.float32)
    for top in range(0, height, _STRIP):
        light = _light(samples[top : top + _STRIP])
        odd = len(light) % 2, width % 2
        if any(odd):
            replicate = cv2.BORDER_REPLICATE
            light = np.asarray(cv2.copyMakeBorder(light, 0, odd[0], 0, odd[1], replicate))
        rows = half[top // 2 : (top + _STRIP) // 2]
        cv2.resize(light, rows.shape[1::-1], dst=rows, interpolation=cv2.INTER_AREA)
    return half


def _light(samples: NDArray[Any]) -> Floats:
    if samples.dtype == np.float32:
        return np.asarray(samples, np.float32)
    return linear_light(samples)


def _in_color(samples: Pixels) -> Pixels:
    return samples if samples.ndim == 3 else np.asarray(cv2.cvtColor(samples, cv2.COLOR_GRAY2RGB))
