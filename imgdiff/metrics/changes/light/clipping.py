"""Clipped samples: white and black only say "at least" and "at most"."""

from __future__ import annotations

import cv2
import numpy as np

from imgdiff.metrics.changes.light.tone import Tone
from imgdiff.metrics.changes.look import Samples
from imgdiff.types import Picture

_WHITE, _BLACK = 246, 8
"""Means of 3 × 3 px beyond these may be clipped: blur and JPEG soften the ends of the range."""

_SURELY = 12
"""Levels further in, nothing is clipped."""


def corrected(before: Picture, after: Picture, tone: Tone) -> Samples:
    """The picture after in the light of before, and no further from it than is known.

    A clipped sample is a bound: where `after` is white, its true value lies anywhere above, so
    only what `before` falls short of the bound counts as difference; likewise for black, and
    where `before` is clipped.

    Parameters
    ----------
    before, after : ndarray of uint8, shape (h, w, 3)
        On one grid.
    tone : Tone
        The correction for `after`.

    Returns
    -------
    ndarray of float32, shape (h, w, 3)
        Gray levels.
    """
    levels = tone.apply(after)
    if tone.identity:
        return levels
    known = before.astype(np.float32)
    means = cv2.blur(after, (3, 3)), cv2.blur(before, (3, 3))
    white = cv2.max(means[0], after) >= _WHITE
    if white.any():
        bound = tone.apply(np.minimum(after, _WHITE - _SURELY))
        np.copyto(levels, np.maximum(bound, known, out=bound), where=white)
    black = cv2.min(means[0], after) <= _BLACK
    if black.any():
        bound = tone.apply(np.maximum(after, _BLACK + _SURELY))
        np.copyto(levels, np.minimum(bound, known, out=bound), where=black)
    np.copyto(levels, known, where=(means[1] >= _WHITE) & (levels > known))
    np.copyto(levels, known, where=(means[1] <= _BLACK) & (levels < known))
    return levels
