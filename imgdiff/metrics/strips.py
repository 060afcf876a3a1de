"""An error map made strip by strip, on all processors, so that floats exist in strips alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.tiles import Scratch, Tile, sum_over
from imgdiff.types import ErrorMap, Pixels

Samples: TypeAlias = Pixels | NDArray[np.float32]

_SAMPLES = 2**17
"""Of a strip, by default: a handful of float32 copies of it stay in the processor's cache."""


def map_in_strips(
    errors_of: Callable[[Any, Any], NDArray[np.float32]],
    reference: Samples,
    test: Samples,
    *,
    reach: int = 0,
    samples: int = _SAMPLES,
) -> ErrorMap:
    """Call a function on matching strips of two pictures and put what it returns together.

    Strips that are equal are not computed: their error is 0.

    Parameters
    ----------
    errors_of : callable
        ``(reference, test) -> errors``: all of shape (h, W). Where a strip ends inside the
        picture, the outer `reach` rows of what it returns don't count.
    reference, test : ndarray of uint8, uint16 or float32, shape (H, W) or (H, W, C)
        Same shape and dtype.
    reach : int
        How many rows above and below a pixel the function looks at; even, so that all strips
        begin on even rows.
    samples : int
        Of each strip, about.

    Returns
    -------
    ndarray of float32, shape (H, W)
    """
    height, width = reference.shape[:2]
    errors = np.zeros((height, width), np.float32)

    def fill(tile: Tile, _: Scratch) -> float:
        top, bottom = max(0, tile.top - reach), min(height, tile.bottom + reach)
        a, b = reference[top:bottom], test[top:bottom]
        if cv2.norm(a, b, cv2.NORM_INF):
            errors[tile.top : tile.bottom] = errors_of(a, b)[tile.top - top : tile.bottom - top]
        return 0

    rows = max(2, 4 * reach, samples * height // reference.size)
    sum_over(fill, list(Tile(0, height, 0, width).split(rows + rows % 2, width)))
    return errors
