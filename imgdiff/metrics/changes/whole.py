"""The score: how alike the pictures are as wholes, once light and place are matched."""

from __future__ import annotations

import cv2
import numpy as np

from imgdiff.metrics.changes.look import Look, Samples
from imgdiff.metrics.pool import mean_similarity
from imgdiff.metrics.ssim import structural_dissimilarity
from imgdiff.metrics.windows import UNIFORM_REACH
from imgdiff.pixels.color import luma
from imgdiff.types import Picture


def likeness_in_one_light(look: Look, after: Samples | Picture) -> float:
    """Mean SSIM of luma, or of the opacity if that's less; 1 = equal.

    Parameters
    ----------
    look : Look
        Both pictures.
    after : ndarray, shape (h, w)
        Luma of the picture after, matched in light, gray levels.

    Raises
    ------
    SettingsError
        No pixel is left to compare.
    """
    levels = np.asarray(cv2.convertScaleAbs(np.maximum(after, 0)), np.uint8)  # rounded, ≤ 255
    planes = [(np.asarray(luma(look.before), np.uint8), levels)]
    if look.opacity is not None:
        planes.append(look.opacity)
    return min(_mean_ssim(*pair, look) for pair in planes)


def _mean_ssim(before: Picture, after: Picture, look: Look) -> float:
    side = 2 * UNIFORM_REACH + 1
    margins = [(0, max(0, side - n)) for n in look.valid.shape]
    a, b = (np.asarray(np.pad(p, margins, "edge"), np.uint8) for p in (before, after))
    valid = np.asarray(np.pad(look.valid, margins, "edge"), np.bool_)
    return mean_similarity(structural_dissimilarity(a, b), valid)
