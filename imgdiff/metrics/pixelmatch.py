"""The colour difference of pixelmatch 8: the HyAB distance in OKLab."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final

import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.anti_aliasing import smooths_an_edge
from imgdiff.metrics.pixelmatch_7 import PIXELMATCH_THRESHOLD
from imgdiff.metrics.planes import worse_plane
from imgdiff.metrics.pool import share_over
from imgdiff.metrics.tiles import map_in_tiles
from imgdiff.types import ErrorMap, Measurement, Pair, Param, Pixels, Settings

_Values = NDArray[np.float64]

_LEVELS = np.arange(256) / 255
_LINEAR: Final[_Values] = np.append(
    np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4), 1
)
"""sRGB level → linear light, 0 to 1; the last one twice, to interpolate from."""

_TO_LMS: Final = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB: Final = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_STEPS, _FIRST_STEPS = 4096, 8
"""Of the table of cube roots from 0 to 1, which pixelmatch interpolates; its first are computed."""

_ROOTS: Final[_Values] = np.cbrt(np.arange(_STEPS + 2) / _STEPS)
_TOE = 0.206, 0.03, (1 + 0.206) / (1 + 0.03)


def perceived_difference(
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
    """Pixelmatch 8: colour difference without anti-aliasing.

    Weighs brightness and colour as an eye does and passes over pixels that only smooth an edge:
    best for screenshots and rendered pages, where text and curves are drawn a little differently
    each time. Noise and compression of photographs stay below the threshold if weak; shifts show
    up in full.

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
        HyAB distance in OKLab, with its lightness corrected near black: 0, and 1 for black
        against white; 0 where it exceeds the threshold by anti-aliasing alone.

    References
    ----------
    M. Petroff et al., pixelmatch 8.0.0 (its published algorithm); B. Ottosson, "A perceptual color
    space for image processing" (2020); S. Abasi et al., "Distance metrics for very large color
    differences", Color Research & Application 45 (2020), DOI 10.1002/col.22451.
    """
    work = partial(_errors, threshold=threshold, include_aa=bool(include_aa))
    return map_in_tiles(work, reference, test, reach=2, pointwise=True)


def measure_pixelmatch(pair: Pair, settings: Settings) -> Measurement:
    """Measure by the share of the pixels that differ; the threshold is at once pixelmatch's."""
    limit = PIXELMATCH_THRESHOLD if settings.threshold is None else settings.threshold
    errors = worse_plane(pair, settings, partial(perceived_difference, threshold=limit))
    return Measurement(errors, share_over(errors, pair.valid, limit=limit), limit)


def _errors(a: Pixels, b: Pixels, *, threshold: float, include_aa: bool) -> NDArray[np.float32]:
    errors = np.zeros(a.shape[:2], np.float32)
    differs = a != b
    places = np.flatnonzero(differs if differs.ndim == 2 else differs.any(axis=2))
    before, after = (pixels.reshape(errors.size, -1)[places] for pixels in (a, b))
    errors.ravel()[places] = _distances(before, after, threshold)
    if not include_aa:
        over = np.flatnonzero(errors > threshold)
        errors.ravel()[over[smooths_an_edge(a, b, over)]] = 0
    return errors


def _distances(one: Pixels, other: Pixels, threshold: float) -> NDArray[np.float32]:
    """HyAB distance of colours (N, 1 or 3), each rounded to its own side of the threshold."""
    difference = _oklab(one) - _oklab(other)
    lightness = np.abs(difference[0])
    chroma = np.square(difference[1]) + np.square(difference[2])
    distances = (lightness + np.sqrt(chroma)).astype(np.float32)
    rest = threshold - lightness
    over = (rest < 0) | (chroma > np.square(rest))  # as pixelmatch decides it, to the last bit
    limit = np.float32(threshold)
    # Rounded to single precision, some would change sides.
    distances = np.where(over, np.maximum(distances, np.nextafter(limit, np.float32(2))), distances)
    rounded = np.where(over, distances, np.minimum(distances, _below(threshold)))
    return np.asarray(rounded, np.float32)


def _below(threshold: float) -> np.float32:
    """The largest single-precision number that isn't above the threshold."""
    limit = np.float32(threshold)
    return limit if limit <= threshold else np.float32(np.nextafter(limit, np.float32(0)))


def _oklab(colors: Pixels) -> _Values:
    """Corrected lightness, a and b, (3, N)."""
    light = _linear(colors)
    if light.shape[1] == 1:
        light = np.repeat(light, 3, axis=1)
    red, green, blue = light.T
    lms = np.stack([_cube_root(row[0] * red + row[1] * green + row[2] * blue) for row in _TO_LMS])
    lab = np.stack([row[0] * lms[0] + row[1] * lms[1] + row[2] * lms[2] for row in _TO_LAB])
    near_black, bend, scale = _TOE
    toe = scale * lab[0] - near_black
    lab[0] = 0.5 * (toe + np.sqrt(toe * toe + 4 * bend * scale * lab[0]))
    return lab


def _linear(colors: Pixels) -> _Values:
    if colors.dtype == np.uint8:
        return np.asarray(_LINEAR[colors])
    return _interpolated(_LINEAR, colors / 257)


def _cube_root(values: _Values) -> _Values:
    steps = values * _STEPS
    return np.where(steps < _FIRST_STEPS, np.cbrt(values), _interpolated(_ROOTS, steps))


def _interpolated(table: _Values, places: NDArray[Any]) -> _Values:
    below = places.astype(np.intp)
    low = table[below]
    return np.asarray(low + (table[below + 1] - low) * (places - below))
