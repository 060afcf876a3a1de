"""Whether a motion that was found has a bend to it, as a lens leaves it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from imgdiff.alignment.field import Field, fit_field
from imgdiff.alignment.geometry import moved
from imgdiff.alignment.quality import Gray, Judge
from imgdiff.alignment.registration import Registration
from imgdiff.alignment.warp import moved_gray
from imgdiff.pixels.order_statistics import median


def bent(reference: Gray, test: Gray, found: Registration) -> tuple[Registration, Field | None]:
    """A motion and the bend on top of it, if there is one.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W)
    found : Registration
        From `test` to `reference`.
    """
    if found.loose is not None:
        found = _instead(reference, test, found)
    if found.tracks is None or found.snapped:
        return found, None
    bend = fit_field(found.tracks, found.matrix, (reference.shape[1], reference.shape[0]))
    if bend is None:
        return found, None
    source, target = found.tracks.source, found.tracks.target
    gaps = moved(source, found.matrix) - target - bend.at(target)
    return replace(found, residual=float(median(np.linalg.norm(gaps, axis=1)))), bend


def _instead(reference: Gray, test: Gray, found: Registration) -> Registration:
    """The motion of points that only a bent one explains, if it does better than that found."""
    tracks = found.loose
    assert tracks is not None  # noqa: S101 (for the type checker)
    onto = reference.shape[1], reference.shape[0]
    bend = fit_field(tracks, tracks.fit.matrix, onto)
    if bend is None:
        return found
    laid = moved_gray(test, tracks.fit.matrix, bend, onto)
    quality = Judge.of(reference, laid).quality(np.eye(3))
    if quality < (found.quality or 0):
        return found
    return replace(
        found,
        matrix=tracks.fit.matrix,
        quality=quality,
        inliers=int(np.count_nonzero(tracks.fit.weights)),
        uncertainty=tracks.fit.uncertainty,
        tracks=tracks,
        snapped=False,
    )
