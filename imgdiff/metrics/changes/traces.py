"""Traces of a change in drawings that were compressed alike: hairlines, grounds a shade lighter."""

from __future__ import annotations

import cv2
import numpy as np

from imgdiff.metrics.changes.drawings import DRAWN, range_of
from imgdiff.metrics.changes.look import Look, highest
from imgdiff.metrics.changes.nature import Nature

_SAVED_ALIKE = 0.6
"""Unrest below which compression made the same of what is equal: JPEG leaves .12 and .34 where
hairlines went and where a ground became two levels lighter, WebP .51."""

_REACH = 16
"""Px around strong edges in which saving once more may change something: WebP's blocks. Beyond, at
the same quality, it leaves grounds as they are."""

_LEVELS, _SHARE = 2, 0.001
"""Levels by which, and share of the pixels that, must differ there."""


def has_traces(look: Look, nature: Nature) -> bool:
    """Whether drawings that were compressed alike differ where that leaves nothing: far from edges.

    Parameters
    ----------
    look : Look
        The pictures.
    nature : Nature
        What they are.
    """
    if not (nature.graphic and look.exact and nature.unrest < _SAVED_ALIKE):
        return False
    ranges = cv2.max(range_of(look.before), range_of(look.after))
    near = np.ones((2 * _REACH + 1, 2 * _REACH + 1), np.uint8)
    far = cv2.dilate((ranges > DRAWN.edge).view(np.uint8), near) == 0
    differs = highest(cv2.absdiff(look.before, look.after)) >= _LEVELS
    return bool(np.count_nonzero(differs & far & look.valid) >= _SHARE * look.valid.size)
