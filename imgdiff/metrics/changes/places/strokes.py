"""Whether what changed looks like writing."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.look import Samples
from imgdiff.pixels.order_statistics import median, quantile
from imgdiff.types import Mask, Picture

_FAINT, _INK = 20.0, 0.45
"""Levels that ink must differ by; and the share of the strongest from which it is ink."""

_LOWEST, _HIGHEST, _NARROWEST = 6, 80, 0.8
"""Px that a line is high, and its least width by its height."""

_LEAST_GLYPH, _GLYPH, _BESIDE = 5, 40, 1.5
"""Px that a letter is high, and heights to either side in which its line goes on."""

_AS_MUCH, _PAPER = 0.5, 0.4
"""Share of the contrast there that it has in the other picture, and beside it; and share of the
pixels that are paper."""


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
    tall = glyphs[glyphs[:, cv2.CC_STAT_HEIGHT] >= 0.3 * height]
    middle = _middle(rows, height), _middle(columns, width)
    return bool(
        ink[middle].any()  # rings have none
        and _side_by_side(tall) >= max(2, width / (2.5 * height))
        and _are_thin(ink, height)
        and 0.06 < ink.sum() / (height * width) < 0.6
    )


def _middle(places: NDArray[np.intp], length: int) -> slice:
    """The middle half of what spans some rows or columns."""
    first = int(places.min())
    return slice(first + length // 4, first + length - length // 4)


def continues_a_line(before: Samples, after: Samples, mask: Mask) -> bool:
    """Whether strokes stand at a place in both pictures, and beside it on the same paper.

    As those of a letter do that became another.

    Parameters
    ----------
    before, after : ndarray of float32, shape (h, w)
        Luma, levels.
    mask : ndarray of bool, shape (h, w)
        The place.
    """
    rows, columns = np.nonzero(mask)
    height, left, right = int(np.ptp(rows)) + 1, int(columns.min()), int(columns.max())
    if not _LEAST_GLYPH <= height <= _GLYPH:
        return False
    band = slice(int(rows.min()), int(rows.max()) + 1)
    reach = round(_BESIDE * height)
    beside = slice(max(0, left - reach), max(0, left - 1)), slice(right + 2, right + 2 + reach)
    there = [picture[band, left : right + 1] for picture in (before, after)]
    around = [
        [picture[band, side] for picture in (before, after)]
        for side in beside
        if before[band, side].size
    ]
    inked = [float(part.std()) for part in there]
    if not around or max(inked) < _FAINT or min(inked) < _AS_MUCH * max(inked):
        return False
    side = max(around, key=lambda parts: min(float(part.std()) for part in parts))
    paper = float(median(np.concatenate([part.ravel() for part in side])))
    step = np.abs(after - before)
    ink = ((step > _INK * float(quantile(step[mask], 0.95))) & mask).astype(np.uint8)
    return bool(
        min(float(part.std()) for part in side) >= _AS_MUCH * min(inked)
        and all(np.mean(np.abs(part - paper) < _FAINT) >= _PAPER for part in (*there, *side))
        and _are_thin(ink, height)
    )


def _side_by_side(glyphs: NDArray[Any]) -> int:
    """How many of some boxes with areas, (N, 5), lie in no other one: rings are no letters."""
    middles = glyphs[:, :2] + glyphs[:, 2:4] / 2
    count = 0
    for index, middle in enumerate(middles):
        others = np.delete(glyphs, index, axis=0)
        within = (others[:, :2] <= middle) & (middle < others[:, :2] + others[:, 2:4])
        larger = (others[:, 2:4] >= glyphs[index, 2:4]).all(axis=1)
        count += not (within.all(axis=1) & larger).any()
    return count


def _are_thin(ink: Picture, height: int) -> bool:
    """Whether strokes are as thin as those of letters so high, px."""
    inside = cv2.distanceTransform(ink, cv2.DIST_L2, 3)[ink > 0]
    return bool(inside.size and quantile(inside, 0.95) <= max(1.8, 0.12 * height))
