"""Pixel values to other pixel values: arrays in, arrays out."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.types import ErrorMap, Picture, Pixels

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
    eight = _to_uint8(pixels)
    if alpha is None:
        return eight
    opacity = (alpha / np.float32(np.iinfo(alpha.dtype).max))[..., None]
    return np.rint(255 + (eight - np.float32(255)) * opacity).astype(np.uint8)


def _to_uint8(samples: Pixels) -> Picture:
    """8-bit samples as they are; 16-bit ones rounded (65535 becomes 255)."""
    if samples.dtype == np.uint8:
        return np.asarray(samples, np.uint8)
    return ((samples.astype(np.uint32) + 128) // 257).astype(np.uint8)
