"""A motion that a search found → the exact motion next to it, with its evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from imgdiff.alignment.fit import simpler_fits, tukey_weights
from imgdiff.alignment.geometry import distance, plausible
from imgdiff.alignment.refine import Tracks, refine, refine_at_full_size
from imgdiff.alignment.registration import Registration
from imgdiff.alignment.sight import Sight
from imgdiff.alignment.snap import snapped
from imgdiff.pixels.order_statistics import median


@dataclass(frozen=True, slots=True)
class BeliefLimits:
    """When followed points are believed; px are those of the reduced pictures.

    Attributes
    ----------
    tie : float
        Difference of quality that doesn't count.
    unsure : float
        Uncertainty and scatter, px, above which points alone prove nothing.
    exact, most : float
        Scatter, px, and share of the points that agree on it, that leave no room for doubt.
    many : int
        Points that needn't fear the judge, …
    near : float
        … and how small, px, a correction is that they may make.
    """

    tie: float = 0.01
    unsure: float = 0.35
    exact: float = 0.15
    most: float = 0.8
    many: int = 50
    near: float = 5


BELIEF = BeliefLimits()


def settled(sight: Sight, found: Registration) -> Registration:
    """Followed points make a motion exact; where they'd make it worse it stays as it is."""
    tracks = refine(sight.reference, sight.test, found.matrix, most=sight.most)
    if tracks is None or not _improves(sight, tracks, found):
        matrix = snapped(found.matrix, sight.size, sight.onto, uncertainty=1)
        same = matrix is found.matrix
        return replace(found, matrix=matrix, snapped=not same, loose=tracks)
    tracks = _simplest(sight, tracks)
    closer = tracks
    if sight.is_reduced:
        closer = refine_at_full_size(*sight.full, tracks, most=sight.most)
    fit = closer.fit
    matrix = snapped(fit.matrix, sight.size, sight.onto, uncertainty=fit.uncertainty)
    believed = tukey_weights(closer.gaps) > 0
    return replace(
        found,
        matrix=matrix,
        quality=sight.judge.quality(matrix),
        inliers=int(np.count_nonzero(believed)),
        residual=float(median(closer.gaps[believed])),
        uncertainty=fit.uncertainty,
        tracks=tracks,
        snapped=matrix is not fit.matrix,
    )


def _improves(sight: Sight, tracks: Tracks, found: Registration) -> bool:
    """Whether followed points are to be believed rather than the motion they began with.

    Quality hardly sees a fraction of a pixel, likes the blur that interpolation brings, and in
    line drawings counts every block into which that blur brings a shade of a line; so it's
    overruled where many points agree closely on a small correction.
    """
    fit = tracks.fit
    if not plausible(fit.matrix, sight.size, sight.onto, proven=found.proved):
        return False
    gain = sight.judge.quality(fit.matrix) - (found.quality or 0)
    scale = 1 / sight.reference.from_full[0, 0]
    if gain > BELIEF.tie or fit.uncertainty > BELIEF.unsure * scale:
        return gain > (BELIEF.tie if fit.uncertainty <= BELIEF.unsure * scale else 0.05)
    many = np.count_nonzero(fit.weights) >= max(BELIEF.many, BELIEF.most * len(fit.weights))
    near = distance(fit.matrix, found.matrix, sight.size) < BELIEF.near * scale
    if near and many and fit.scatter < BELIEF.exact * scale:
        return True
    agreed = np.count_nonzero(fit.weights) >= BELIEF.many and fit.scatter < BELIEF.unsure * scale
    return gain > -BELIEF.tie or bool(gain > -0.1 and agreed and near)


def _simplest(sight: Sight, tracks: Tracks) -> Tracks:
    """Where points are followed but roughly, a freer motion must show that it's better."""
    scale = 1 / sight.reference.from_full[0, 0]
    if tracks.fit.scatter < BELIEF.unsure * scale:
        return tracks
    enough = sight.judge.quality(tracks.fit.matrix) - BELIEF.tie
    for fit in simpler_fits(tracks.fit, tracks.source, tracks.target, sight.onto):
        if sight.judge.quality(fit.matrix) >= enough:
            return replace(tracks, fit=fit)
    return tracks
