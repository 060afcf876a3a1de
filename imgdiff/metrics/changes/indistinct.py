"""Whether pictures differ all over, so that a change can't be told from noise."""

from __future__ import annotations

import cv2

from imgdiff.metrics.changes.explain import MOST_NOISE
from imgdiff.metrics.changes.look import highest
from imgdiff.metrics.changes.nature import Nature
from imgdiff.metrics.changes.places.found import Compared
from imgdiff.pixels.order_statistics import quantile

_RARE, _MOST_RARE = 0.999, 120.0
"""Levels of the difference that one pixel in a thousand exceeds, up to which it's believed to be
noise; beyond, it isn't known what it is."""

_USUALLY, _MOST_COMPRESSED = 0.99, 55.0
"""The quantile of the difference of luma, levels, up to which a drawing may have been compressed:
JPEG 50 to 95, twice or once, left up to 31 in what was unchanged; other inks from 75 on."""

_UNLIKE = 0.12
"""Score below which nothing is called the same: noise of σ 20 in both leaves .19 of a smooth
photograph, and dots of two colours .04."""


def indistinct_levels(compared: Compared, nature: Nature, score: float) -> float:
    """Levels by which all differs, if that's more than noise is known to make; else 0.

    Or if next to nothing is alike, by the score.

    Parameters
    ----------
    compared : Compared
        A pair of which no place is told.
    nature : Nature
        What they are.
    score : float
        How alike they are as wholes, 1 = equal.
    """
    look, matched, evidence = compared.look, compared.matched, compared.evidence
    if evidence.noise > MOST_NOISE:
        return min(255, evidence.noise)
    rare = float(quantile(evidence.fine[look.valid], _RARE))
    if score < _UNLIKE:
        step = highest(cv2.absdiff(look.before, look.after))[look.valid]
        rare = max(rare, float(quantile(step, _RARE)))
    if nature.graphic and not nature.drawn:
        step = cv2.absdiff(matched.soft_before[..., 0], matched.soft_after[..., 0])[look.valid]
        usual = float(quantile(step, _USUALLY))
        known = usual <= _MOST_COMPRESSED
    else:
        usual, known = rare, rare <= _MOST_RARE
    return 0 if known and score >= _UNLIKE else min(255, max(rare, usual))
