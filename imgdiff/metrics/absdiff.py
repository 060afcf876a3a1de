"""Absolute difference: the plainest of all measures."""

from __future__ import annotations

import cv2

from imgdiff.metrics.tiles import map_in_tiles
from imgdiff.pixels.color import largest_channel, levels
from imgdiff.types import ErrorMap, Pixels


def absolute_difference(reference: Pixels, test: Pixels) -> ErrorMap:
    """Absolute difference.

    Subtracts the pictures pixel by pixel. It misses nothing and forgives nothing: best for
    screenshots, renders and scans that should be the same to the last bit. Noise, JPEG
    compression and the slightest shift show up as change.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, C)
        Same shape and dtype.

    Returns
    -------
    ndarray of float32, shape (H, W)
        ``|reference − test|`` in gray levels, 0 to 255; of several channels the largest. 16-bit
        samples count in steps of 1/257 level.

    References
    ----------
    OpenCV, ``absdiff`` (per-element absolute difference of two arrays).
    """
    return map_in_tiles(lambda a, b: levels(largest_channel(cv2.absdiff(a, b))), reference, test)
