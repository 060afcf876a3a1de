"""FLIP: the error that is seen when two pictures are shown in turns on the same spot."""

from __future__ import annotations

import math
from functools import cache, partial
from typing import Annotated, Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.tiles import map_in_tiles
from imgdiff.pixels.color import RELATIVE_XYZ, cube_root, linear_light
from imgdiff.types import ErrorMap, Floats, Param, Pixels

_SENSITIVITY: tuple[tuple[tuple[float, float], ...], ...] = (
    ((1, 0.0047),),
    ((1, 0.0053),),
    ((34.1, 0.04), (13.5, 0.025)),
)
"""Contrast sensitivity for brightness, red–green and blue–yellow: Gaussians ``(a, b)``."""

_FEATURE_WIDTH = 0.082
"""Of the edge detector, degrees, from peak to trough."""

_COLOR_EXPONENT, _FEATURE_EXPONENT = 0.7, 0.5
_BEND, _AT_BEND = 0.4, 0.95
"""Errors up to 40 % of the largest take up 95 % of the scale."""

_OPPONENT = np.array([[0, 1, 0], [1, -1, 0], [0, 1, -1]]) @ RELATIVE_XYZ
"""From linear RGB to brightness, red–green and blue–yellow, before CIELAB's factors."""

_UNFELT = 1e-9
"""A weight whose share of the sum is far below half a unit in single precision's last place."""

_SAMPLES = 2**18


def flip_error(
    reference: Pixels,
    test: Pixels,
    *,
    pixels_per_degree: Annotated[
        int,
        Param(
            10,
            120,
            1,
            "How many pixels fill a degree of sight; 67 at a 4K desktop screen.",
            expert=True,
        ),
    ] = 67,
) -> ErrorMap:
    """FLIP: difference seen when flipping.

    Models what an eye notices when two pictures are shown in turns at a given distance, in colour
    and along edges and points: best for renders and other synthetic pictures. It assumes that
    both lie on each other exactly; a shift shows up along every edge.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, 3)
        Same shape and dtype; sRGB, or neutral grays of its tone curve.
    pixels_per_degree : int
        Of the observer's angle of sight; the paper's 67 stands for a screen 0.7 m wide with 3840
        pixels a row, 0.7 m away.

    Returns
    -------
    ndarray of float32, shape (H, W)
        FLIP for low dynamic range, 0 = equal, up to 1.

    References
    ----------
    P. Andersson, J. Nilsson, T. Akenine-Möller, M. Oskarsson, K. Åström, M. D. Fairchild, "FLIP: a
    difference evaluator for alternating images", Proceedings of the ACM on Computer Graphics and
    Interactive Techniques 3 (2020), DOI 10.1145/3406183.
    """
    eye = _eye(float(pixels_per_degree))
    work = partial(_gray_error if reference.ndim == 2 else _color_error, eye=eye)
    return map_in_tiles(work, reference, test, reach=eye.reach, samples=_SAMPLES)


class _Eye(NamedTuple):
    """Filter kernels at one distance: for each opponent channel weighted Gaussians; features."""

    blurs: tuple[tuple[tuple[float, Floats], ...], ...]
    smooth: Floats
    edge: Floats
    point: Floats
    reach: int


@cache
def _eye(pixels_per_degree: float) -> _Eye:
    widest = max(b for gaussians in _SENSITIVITY for _, b in gaussians)
    radius = math.ceil(3 * math.sqrt(widest / (2 * math.pi**2)) * pixels_per_degree)
    blurs = tuple(_gaussians(g, radius, pixels_per_degree) for g in _SENSITIVITY)

    deviation = 0.5 * _FEATURE_WIDTH * pixels_per_degree
    feature_radius = math.ceil(3 * deviation)
    x = np.arange(-feature_radius, feature_radius + 1.0)
    bell = np.exp(-(x**2) / (2 * deviation**2))
    point = _balanced((x**2 / deviation**2 - 1) * bell)
    reach = max(radius, feature_radius)
    smooth = (bell / bell.sum()).astype(np.float32)
    return _Eye(blurs, smooth, _balanced(-x * bell), point, reach + reach % 2)


def _gaussians(
    terms: tuple[tuple[float, float], ...], radius: int, pixels_per_degree: float
) -> tuple[tuple[float, Floats], ...]:
    """One channel's filter as a sum of Gaussians, separable one by one: share and kernel."""
    degrees = np.arange(-radius, radius + 1) / pixels_per_degree
    bells = [np.exp(-((np.pi * degrees) ** 2) / b) for _, b in terms]
    heights = [a * math.sqrt(math.pi / b) for a, b in terms]
    volumes = [h * bell.sum() ** 2 for h, bell in zip(heights, bells, strict=True)]
    return tuple(
        (volume / sum(volumes), _trimmed(bell / bell.sum()).astype(np.float32))
        for volume, bell in zip(volumes, bells, strict=True)
    )


def _trimmed(bell: NDArray[np.float64]) -> NDArray[np.float64]:
    """A symmetric kernel without the ends that single precision doesn't notice."""
    felt = np.flatnonzero(bell > _UNFELT)
    return bell[felt[0] : felt[-1] + 1]


def _balanced(kernel: NDArray[np.float64]) -> Floats:
    """Positive weights that sum to 1, negative ones to −1."""
    positive, negative = np.maximum(kernel, 0), np.minimum(kernel, 0)
    balanced = positive / positive.sum() - negative / negative.sum()
    return np.asarray(balanced, np.float32)


def _gray_error(a: Pixels, b: Pixels, *, eye: _Eye) -> Floats:
    """FLIP of neutral grays: only brightness takes part."""
    brightness = linear_light(a), linear_light(b)
    seen = [116 * cube_root(_blurred(plane, eye.blurs[0])) for plane in brightness]
    return _error(np.abs(seen[0] - seen[1]), _feature_error(*brightness, eye))


def _color_error(a: Pixels, b: Pixels, *, eye: _Eye) -> Floats:
    opponents = [_planes(cv2.transform(linear_light(pixels), _OPPONENT)) for pixels in (a, b)]
    seen = [_hunt(_as_seen(planes, eye)) for planes in opponents]
    first, second = (_planes(lab) for lab in seen)
    lightness, along_a, along_b = (one - other for one, other in zip(first, second, strict=True))
    distance = np.abs(lightness) + np.asarray(cv2.magnitude(along_a, along_b))  # HyAB
    return _error(distance, _feature_error(opponents[0][0], opponents[1][0], eye))


def _planes(color: NDArray[Any]) -> tuple[Floats, ...]:
    return tuple(np.asarray(plane, np.float32) for plane in cv2.split(color))


def _as_seen(opponent: tuple[Floats, ...], eye: _Eye) -> Floats:
    """Linear RGB (H, W, 3) of what is left of the opponent planes at this distance, 0 to 1."""
    blurred = [_blurred(plane, blur) for plane, blur in zip(opponent, eye.blurs, strict=True)]
    linear = np.asarray(cv2.transform(cv2.merge(blurred), np.linalg.inv(_OPPONENT)), np.float32)
    return np.clip(linear, 0, 1, out=linear)


def _hunt(linear: Floats) -> Floats:
    """CIELAB (H, W, 3) of linear RGB, less colourful where it's dark, after Hunt."""
    x, y, z = _planes(cube_root(cv2.transform(linear, RELATIVE_XYZ)))
    lightness = 116 * y - 16
    return np.asarray(
        cv2.merge([lightness, 5 * lightness * (x - y), 2 * lightness * (y - z)]), np.float32
    )


def _blurred(plane: Floats, blur: tuple[tuple[float, Floats], ...]) -> Floats:
    parts = [share * _filtered(plane, kernel, kernel) for share, kernel in blur]
    return np.asarray(sum(parts[1:], parts[0]), np.float32)


def _filtered(plane: Floats, across: Floats, down: Floats) -> Floats:
    edge = cv2.BORDER_REPLICATE
    return np.asarray(cv2.sepFilter2D(plane, cv2.CV_32F, across, down, borderType=edge), np.float32)


def _feature_error(a: Floats, b: Floats, eye: _Eye) -> Floats:
    """How much edges and points differ in strength, 0 to 1; the worse of the two."""
    strengths = [
        [_strength(plane, kernel, eye.smooth) for kernel in (eye.edge, eye.point)]
        for plane in (a, b)
    ]
    differences = [cv2.absdiff(one, other) for one, other in zip(*strengths, strict=True)]
    worse = cv2.max(*differences)
    worse *= np.float32(1 / math.sqrt(2))
    return np.asarray(cv2.pow(worse, _FEATURE_EXPONENT), np.float32)


def _strength(plane: Floats, kernel: Floats, smooth: Floats) -> Floats:
    across, down = _filtered(plane, kernel, smooth), _filtered(plane, smooth, kernel)
    return np.asarray(cv2.magnitude(across, down), np.float32)


def _error(distance: Floats, feature_error: Floats) -> Floats:
    """The final error of colour distances (HyAB) and feature errors."""
    error = cv2.pow(distance, _COLOR_EXPONENT)
    largest = _largest_distance() ** _COLOR_EXPONENT
    bend = _BEND * largest
    beyond = error > bend
    far = _AT_BEND + (error - bend) * ((1 - _AT_BEND) / (largest - bend))
    error *= _AT_BEND / bend
    np.copyto(error, far, where=beyond)
    return np.power(error, np.subtract(1, feature_error, out=feature_error))


@cache
def _largest_distance() -> float:
    """HyAB between green and blue, the two colours of sRGB that are farthest apart."""
    green, blue = _hunt(np.array([[[0, 1, 0], [0, 0, 1]]], np.float32))[0]
    return float(abs(green[0] - blue[0]) + np.linalg.norm(green[1:] - blue[1:]))
