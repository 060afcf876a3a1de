"""What a reduced picture would lose: the largest difference of the full one in each pixel."""

from __future__ import annotations

import cv2
import numpy as np

from imgdiff.metrics.changes.look import Look, Samples, highest
from imgdiff.metrics.tiles import map_in_tiles
from imgdiff.types import Picture


def detail(full: Look | None, look: Look) -> Samples | None:
    """Largest difference of 3 × 3 means within each pixel of the look, levels.

    Means of areas dilute a change of few pixels. Where no sample was made up, the full pictures
    tell of it, at the cost of a few passes over bytes.

    Parameters
    ----------
    full, look : Look
        The pair at full size, unless its samples were made up, and reduced.

    Returns
    -------
    ndarray of float32, shape (h, w), or None
        None if nothing was reduced, or there's no full picture.
    """
    if look.scale >= 1 or full is None:
        return None
    side = int(np.ceil(1 / look.scale)) | 1
    near = np.ones((side, side), np.uint8)

    def spread(before: Picture, after: Picture) -> Picture:
        difference = highest(cv2.absdiff(cv2.blur(before, (3, 3)), cv2.blur(after, (3, 3))))
        return np.asarray(cv2.dilate(difference, near), np.uint8)

    reach = 1 + side // 2
    full = full.masked
    found = map_in_tiles(spread, full.before, full.after, reach=reach + reach % 2, dtype=np.uint8)
    size = look.valid.shape[::-1]
    return cv2.resize(found, size, interpolation=cv2.INTER_NEAREST).astype(np.float32)
