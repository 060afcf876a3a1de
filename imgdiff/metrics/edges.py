"""Difference beyond jitter: how far a pixel lies outside what the other picture has near it."""

from __future__ import annotations

from typing import Annotated

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.tiles import map_in_tiles
from imgdiff.pixels.color import largest_channel, levels
from imgdiff.types import ErrorMap, Param, Pixels


def difference_beyond_jitter(
    reference: Pixels,
    test: Pixels,
    *,
    jitter: Annotated[int, Param(0, 8, 1, "Lines may lie this many pixels off.", expert=True)] = 1,
) -> ErrorMap:
    """Difference beyond jitter.

    Forgives lines and edges that lie a pixel off, and shows what appeared, vanished or changed
    its colour: best for line art, circuit boards, plans, plots and other drawings, and for
    screenshots with text drawn anew. Structures as thin as the jitter that moved no further than
    it go unseen.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W) or (H, W, C)
        Same shape and dtype.
    jitter : int
        How far a structure may lie off, px.

    Returns
    -------
    ndarray of float32, shape (H, W)
        Distance of each sample from the range of the other picture's samples around it (a square
        of 2 · jitter + 1 px), in gray levels, 0 to 255; the larger of both directions, and of
        several channels the largest.

    References
    ----------
    The range of samples around a pixel is a morphological erosion and dilation: J. Serra,
    "Image Analysis and Mathematical Morphology", Academic Press (1982), ISBN 978-0-12-637240-3.
    The tolerance is that of ordered chamfer matching: H. G. Barrow et al., "Parametric
    correspondence and chamfer matching", IJCAI (1977).
    """
    window = np.ones((2 * int(jitter) + 1,) * 2, np.uint8)

    def errors_of(a: Pixels, b: Pixels) -> NDArray[np.float32]:
        outside = np.asarray(cv2.max(_outside(a, b, window), _outside(b, a, window)), a.dtype)
        return levels(largest_channel(outside))

    return map_in_tiles(errors_of, reference, test, reach=2 * int(jitter))


def _outside(samples: Pixels, others: Pixels, window: NDArray[np.uint8]) -> Pixels:
    """How far each sample lies above the highest or below the lowest of the others near it."""
    above = cv2.subtract(samples, cv2.dilate(others, window))
    below = cv2.subtract(cv2.erode(others, window), samples)
    return np.asarray(cv2.max(above, below), samples.dtype)
