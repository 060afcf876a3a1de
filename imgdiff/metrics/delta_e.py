"""Colour difference as people see it: CIEDE2000, and the plain distance in CIELAB."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.tiles import map_in_tiles
from imgdiff.pixels.color import lab, lightness
from imgdiff.types import ErrorMap, Floats, Param, Pixels

VISIBLE = 2.3
"""The difference that is just noticeable. M. Mahy, L. Van Eycken, A. Oosterlinck, "Evaluation of
uniform color spaces developed after the adoption of CIELAB and CIELUV", Color Research and
Application 19 (1994), DOI 10.1111/j.1520-6378.1994.tb00070.x, for CIE76; CIEDE2000 is no larger."""

_SAMPLES = 2**16


def color_difference(
    reference: Pixels,
    test: Pixels,
    *,
    cie76: Annotated[
        bool,
        Param(
            0,
            1,
            1,
            "The plain distance in CIELAB of 1976 instead of CIEDE2000.",
            title="CIE 76 formula",
            expert=True,
        ),
    ] = False,
) -> ErrorMap:
    """Colour difference (CIEDE2000).

    Tells how far apart two colours look, in units of which one or two can just be seen: best for
    print, paint, product photographs and brand colours, with grayscale switched off. Each pixel
    is judged by itself, so that noise and shifts count in full.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, 3)
        Same shape and dtype; sRGB, or neutral grays of its tone curve.
    cie76 : bool
        Take the Euclidean distance in CIELAB.

    Returns
    -------
    ndarray of float32, shape (H, W)
        ΔE, 0 = equal, about 100 between black and white.

    References
    ----------
    G. Sharma, W. Wu, E. N. Dalal, "The CIEDE2000 color-difference formula: implementation notes,
    supplementary test data, and mathematical observations", Color Research and Application 30
    (2005), DOI 10.1002/col.20070.
    """
    if reference.ndim == 2:
        term = np.subtract if cie76 else _lightness_term
        return map_in_tiles(lambda a, b: np.abs(term(lightness(a), lightness(b))), reference, test)
    formula = _euclidean if cie76 else ciede2000
    return map_in_tiles(
        lambda a, b: formula(lab(a), lab(b)).astype(np.float32, copy=False),
        reference,
        test,
        samples=_SAMPLES,
    )


def ciede2000(first: Floats, second: Floats) -> Floats:
    """CIEDE2000 with unit weights.

    Parameters
    ----------
    first, second : ndarray of float, shape (..., 3)
        CIELAB: L* from 0 to 100, a*, b*.

    Returns
    -------
    ndarray of the same dtype, shape (...)
        ΔE₀₀ ≥ 0. In double precision it equals the 34 pairs that Sharma et al. published, to
        their 4 decimals.

    Notes
    -----
    Hues stay unit vectors, since angles are slow: all terms but one are polynomials in the
    components of the mean hue. Where two hues are opposite there are two such vectors, and the
    formula takes the mean of the angles as numbers (equation 14); those few are put right.
    """
    (l1, a1, b1), (l2, a2, b2) = (
        np.ascontiguousarray(np.moveaxis(color, -1, 0)) for color in (first, second)
    )
    stretch = 1.5 - 0.5 * _saturation((_length(a1, b1) + _length(a2, b2)) / 2)
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = _length(a1, b1), _length(a2, b2)
    mean_chroma = (c1 + c2) / 2
    x, y = _mean_hue(_Chroma(a1, b1, c1), _Chroma(a2, b2, c2))

    lightness_term = _lightness_term(l1, l2)
    chroma_term = (c2 - c1) / (1 + 0.045 * mean_chroma)
    weight, rotation = _hue_weights(x, y)
    hue_term = _hue_distance(a1, b1, a2, b2, c1 * c2) / (1 + 0.015 * mean_chroma * weight)
    rotation *= -2 * _saturation(mean_chroma)
    squared = lightness_term**2 + chroma_term**2 + hue_term**2
    squared += rotation * chroma_term * hue_term
    return _root(np.maximum(squared, 0))


class _Chroma(NamedTuple):
    """A colour without its lightness, and how colourful it is."""

    a: Floats
    b: Floats
    length: Floats


def _root(samples: Floats) -> Floats:
    return np.asarray(np.sqrt(samples))


def _length(x: Floats, y: Floats) -> Floats:
    """``np.hypot``, twenty times as fast, for numbers whose squares neither overflow nor vanish."""
    return _root(x * x + y * y)


def _saturation(chroma: Floats) -> Floats:
    """``√(C⁷ / (C⁷ + 25⁷))``, by way of (C/25)⁷, which fits single precision."""
    ratio = np.maximum(chroma * (1 / 25), 1e-4)  # less is nothing, and slow as a denormal number
    square = ratio * ratio
    seventh = square * square * square * ratio
    return _root(seventh / (seventh + 1))


def _lightness_term(l1: Floats, l2: Floats) -> Floats:
    """ΔL' / S_L, which is all there is of neutral grays."""
    from_middle = ((l1 + l2) / 2 - 50) ** 2
    return (l2 - l1) / (1 + 0.015 * from_middle / np.sqrt(20 + from_middle))


def _mean_hue(first: _Chroma, second: _Chroma) -> tuple[Floats, Floats]:
    """Cosine and sine of the mean hue: of the sum of the chroma vectors, made equally long."""
    (a1, b1, c1), (a2, b2, c2) = first, second
    x, y = a1 * c2 + a2 * c1, b1 * c2 + b2 * c1
    length = _length(x, y)
    special = length <= 1e-3 * (c1 * c2)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 1 / length
        x *= scale
        y *= scale
    if special.any():
        mean = _mean_angle(*(_Chroma(*(part[special] for part in c)) for c in (first, second)))
        x[special], y[special] = np.cos(mean), np.sin(mean)
    return x, y


def _mean_angle(first: _Chroma, second: _Chroma) -> NDArray[np.float64]:
    """Mean of two hues by equation 14 of the reference, radians; with a gray, the other's hue."""
    turn = 2 * np.pi
    h1, h2 = (np.arctan2(c.b, c.a, dtype=np.float64) % turn for c in (first, second))
    mean = (h1 + h2) / 2 + np.where(np.abs(h1 - h2) > np.pi, np.pi, 0)
    both = first.length * second.length > 0
    return np.where(both, mean, np.where(first.length > 0, h1, h2))


def _hue_weights(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """T, and sin(2Δθ), of the mean hue h with cosine `x` and sine `y`."""
    cos2 = 2 * (x * x) - 1
    cos4 = 2 * (cos2 * cos2) - 1
    sin4 = 4 * (x * y) * cos2
    cos3, sin3 = x * (2 * cos2 - 1), y * (2 * cos2 + 1)
    weight = 1 + 0.24 * cos2
    for share, cosine, sine, degrees in (
        (-0.17, x, y, -30),
        (0.32, cos3, sin3, 6),
        (-0.20, cos4, sin4, -63),
    ):
        angle = np.radians(degrees)
        weight += float(share * np.cos(angle)) * cosine - float(share * np.sin(angle)) * sine

    blue = np.radians(275)
    beside, along = float(np.cos(blue)), float(np.sin(blue))
    angle = np.arctan2(y * beside - x * along, x * beside + y * along)
    exponent = angle * float(np.degrees(1) / 25)
    # Past 4 the power no longer counts, and arithmetic on numbers next to nothing is slow.
    power = np.exp(-np.square(np.clip(exponent, -4, 4)))
    return weight, _sine(float(np.radians(60)) * power)


def _sine(angle: Floats) -> Floats:
    """Sine of 0 to 1.05 radians, to 3e-10; numpy's takes long over angles next to nothing."""
    square = angle * angle
    series = 1 - square / 110
    for divisor in (72, 42, 20, 6):
        series *= square
        series *= -1 / divisor
        series += 1
    return series * angle


def _hue_distance(a1: Floats, b1: Floats, a2: Floats, b2: Floats, product: Floats) -> Floats:
    """ΔH' = 2 √(C₁C₂) sin(Δh / 2), from the cross and dot product of the two chroma vectors.

    Of the two forms the one is steady where the hues are near each other, the other where they
    are opposite.
    """
    cross, dot = a1 * b2 - a2 * b1, a1 * a2 + b1 * b2
    tiny = np.finfo(product.dtype).tiny
    distance = cross * np.sqrt(2 / np.maximum(product + dot, tiny))
    far = dot < 0
    if far.any():
        size = np.sqrt(2 * np.abs(product - dot))
        np.copyto(distance, np.copysign(size, cross), where=far)
    return distance


def _euclidean(first: Floats, second: Floats) -> Floats:
    """ΔE of 1976."""
    difference = first - second
    difference *= difference
    return _root(difference.sum(axis=-1))
