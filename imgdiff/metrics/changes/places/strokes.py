"""Whether what changed looks like writing."""

from __future__ import annotations

import cv2
import numpy as np

from imgdiff.metrics.changes.look import Samples
from imgdiff.pixels.order_statistics import quantile
from imgdiff.types import Mask

_FAINT, _INK = 20.0, 0.45
"""Levels that ink must differ by; and the share of the strongest from which it is ink."""

_LOWEST, _HIGHEST, _NARROWEST = 6, 80, 0.8
"""Px that a line is high, and its least width by its height."""


def looks_written(difference: Samples, mask: Mask) -> bool:
    """Whether a difference shows several thin strokes side by side in a row.

    Parameters
    ----------
    difference : ndarray of float32, shape (h, w)
        Of luma, levels.
    mask : ndarray of bool, shape (h, w)
        The place.
    """
    step = np.abs(difference)
    strong = float(quantile(step[mask], 0.95))
    rows, columns = np.nonzero(mask)
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    if strong < _FAINT or not _LOWEST <= height <= _HIGHEST or width < _NARROWEST * height:
        return False
    ink = ((step > _INK * strong) & mask).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    glyphs = stats[1:][stats[1:, cv2.CC_STAT_AREA] >= 4]
    tall = np.count_nonzero(glyphs[:, cv2.CC_STAT_HEIGHT] >= 0.3 * height)
    inside = cv2.distanceTransform(ink, cv2.DIST_L2, 3)[ink > 0]
    thick = float(quantile(inside, 0.95)) if inside.size else 9.0
    return bool(
        tall >= max(2, width / (2.5 * height))
        and thick <= max(1.8, 0.12 * height)
        and 0.06 < ink.sum() / (height * width) < 0.6
    )
