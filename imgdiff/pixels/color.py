"""Pixel values to other pixel values: arrays in, arrays out."""

from __future__ import annotations

from functools import cache, reduce
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.types import ErrorMap, Picture, Pixels

XYZ = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
)
"""Linear sRGB to CIE XYZ (ITU-R BT.709 primaries, D65)."""

RELATIVE_XYZ = XYZ / XYZ.sum(axis=1, keepdims=True)
"""The same, with white at (1, 1, 1)."""

_LAB_OF_ROOTS = np.array([[0, 116, 0, -16], [500, -500, 0, 0], [0, 200, -200, 0]])

_STRIP = 32
"""Rows turned to floats at a time, so that they stay in the processor's cache."""


def luma(pixels: Pixels) -> Pixels:
    """Gray version of a colour picture, as OpenCV makes it.

    Parameters
    ----------
    pixels : ndarray of uint8 or uint16, shape (H, W, 3)
        Gamma-coded sRGB.

    Returns
    -------
    ndarray of the same dtype, shape (H, W)
        Y' = 0.299 R' + 0.587 G' + 0.114 B', rounded (ITU-R BT.601-7, section 2.5.1).
    """
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), pixels.dtype)


def gray_levels(error_map: ErrorMap, *, ceiling: float) -> Picture:
    """Error map as a gray picture, white where equal: the recipe's ``diff``.

    Parameters
    ----------
    error_map : ndarray of float, shape (H, W)
        0 = equal.
    ceiling : float
        The error that becomes black, as does all beyond: negative SSIM is black, where a bare
        ``astype`` would wrap it round to white.

    Returns
    -------
    ndarray of uint8, shape (H, W)
        ``255 · (1 − error / ceiling)``, cut down to whole levels.
    """
    picture = np.empty(error_map.shape, np.uint8)
    scale = error_map.dtype.type(-255 / ceiling)
    for top in range(0, len(error_map), _STRIP):
        levels = error_map[top : top + _STRIP] * scale
        levels += 255
        np.maximum(levels, 0, out=levels)
        np.copyto(picture[top : top + _STRIP], levels, casting="unsafe")
    return picture


def largest_channel(samples: Pixels) -> Pixels:
    """Samples (H, W) as they are; of (H, W, C) the largest of each pixel.

    Plane by plane, which is many times faster than ``max(axis=2)``.
    """
    if samples.ndim == 2:
        return samples
    return np.asarray(reduce(cv2.max, cv2.split(samples)), samples.dtype)


def levels(samples: NDArray[Any]) -> NDArray[np.float32]:
    """A copy of samples as gray levels, 0 to 255; 16-bit ones count in steps of 1/257."""
    floats = samples.astype(np.float32)
    if samples.dtype == np.uint16:
        floats /= 257
    return floats


def linear_light(pixels: Pixels) -> NDArray[np.float32]:
    """Samples without sRGB's tone curve, 0 to 1, of the same shape (IEC 61966-2-1)."""
    return _looked_up(_linear_table(pixels.dtype), pixels)


def lightness(gray: Pixels) -> NDArray[np.float32]:
    """CIE lightness L* of neutral grays with sRGB's tone curve, 0 to 100."""
    return _looked_up(_lightness_table(gray.dtype), gray)


def lab(pixels: Pixels) -> NDArray[np.float32]:
    """CIELAB of sRGB samples, for the white of sRGB (D65), so that grays have a* = b* = 0.

    Parameters
    ----------
    pixels : ndarray of uint8 or uint16, shape (H, W, 3)
        Gamma-coded sRGB.

    Returns
    -------
    ndarray of float32, shape (H, W, 3)
        L* from 0 to 100, a*, b* (CIE 015:2018).
    """
    relative = cv2.transform(linear_light(pixels), RELATIVE_XYZ)
    return np.asarray(cv2.transform(cube_root(relative), _LAB_OF_ROOTS), np.float32)


def cube_root(relative: NDArray[Any]) -> NDArray[np.float32]:
    """CIELAB's f(t): the cube root, with a straight line near black."""
    root = np.asarray(np.cbrt(relative), np.float32)
    dark = relative <= (6 / 29) ** 3
    if dark.any():
        root[dark] = relative[dark] * np.float32(841 / 108) + np.float32(4 / 29)
    return root


@cache
def _linear_table(dtype: np.dtype[Any]) -> NDArray[np.float32]:
    """Linear light of every sample that there is."""
    samples = np.linspace(0, 1, np.iinfo(dtype).max + 1)
    curve = np.where(samples > 0.04045, ((samples + 0.055) / 1.055) ** 2.4, samples / 12.92)
    return curve.astype(np.float32)


@cache
def _lightness_table(dtype: np.dtype[Any]) -> NDArray[np.float32]:
    """L* of every gray that there is."""
    root = cube_root(_linear_table(dtype).reshape(1, -1)).ravel()
    return np.asarray(116 * root - 16, np.float32)


def _looked_up(table: NDArray[np.float32], samples: Pixels) -> NDArray[np.float32]:
    if samples.dtype == np.uint8:
        return np.asarray(cv2.LUT(samples, table), np.float32)
    return table[samples]


def to_uint16(samples: Pixels) -> NDArray[np.uint16]:
    """8-bit samples on the 16-bit scale (255 becomes 65535); 16-bit ones as they are."""
    scale = 1 if samples.dtype == np.uint16 else 257
    return np.multiply(samples, scale, dtype=np.uint16)


def on_white(pixels: Pixels, alpha: Pixels | None) -> Picture:
    """A picture as a page shows it: 8 bits, transparent parts blended with white.

    Parameters
    ----------
    pixels : ndarray of uint8 or uint16, shape (H, W, 3)
        sRGB, not premultiplied.
    alpha : ndarray of the same dtype, shape (H, W), or None
        Opacity; None = opaque.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)
        An opaque 8-bit picture comes back as it is, not copied.
    """
    return on_ground(pixels, alpha, np.uint8(255))


def on_ground(pixels: Pixels, alpha: Pixels | None, ground: Picture | np.uint8) -> Picture:
    """As `on_white`, but on a picture of the same size, or one gray level."""
    eight = _to_uint8(pixels)
    if alpha is None:
        return eight
    opacity = (alpha / np.float32(np.iinfo(alpha.dtype).max))[..., None]
    below = np.asarray(ground, np.float32)
    return np.rint(below + (eight - below) * opacity).astype(np.uint8)


def _to_uint8(samples: Pixels) -> Picture:
    """8-bit samples as they are; 16-bit ones rounded (65535 becomes 255)."""
    if samples.dtype == np.uint8:
        return np.asarray(samples, np.uint8)
    return ((samples.astype(np.uint32) + 128) // 257).astype(np.uint8)
