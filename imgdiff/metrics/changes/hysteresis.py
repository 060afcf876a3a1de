"""From evidence to places: seeds that are certain, grown to where the evidence ends."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from imgdiff.metrics.changes.evidence import Evidence
from imgdiff.metrics.changes.look import Samples
from imgdiff.types import Mask

_FACTORS = (2.2, 1.5, 1.0, 0.7, 0.45)
"""Of the limits, by sensitivity."""

_QUIET = 0.5, 0.17
"""Factors of z and contrast where nothing but the changes differs."""

_TRACES = 0.24, 0.3, 0.25, 0.14
"""Factors of seed, growth, contrast and what is certain where what differs is traces of a change:
two levels of a ground saved as JPEG have a z of 2.2."""

_SEEDS = 3
"""Certain pixels that a place needs."""

_CLOSING = 0.006
"""Gaps up to this share of the diagonal are closed."""

_SPREAD = 3.0
"""Times the mask that it may be once gaps are closed: beyond, a crowd of specks flows together."""

_MOST_PLACES = 3000
"""More than this are no list for a person: nearer ones are put together."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts as certain, and how far a place reaches.

    Attributes
    ----------
    seed, grow : float
        z, in units of the noise.
    contrast : float
        Gray levels that a seed needs; to grow takes 0.6 of it.
    certain : float
        The seed's z at balanced sensitivity, by which confidence is judged.
    """

    seed: float = 8.5
    grow: float = 4.0
    contrast: float = 6.0
    certain: float = 8.5

    @property
    def quiet(self) -> Limits:
        """For a pair in which nothing but the changes differs: even faint ones are certain."""
        by_z, by_contrast = _QUIET
        return replace(
            self, seed=self.seed * by_z, contrast=self.contrast * by_contrast,
            certain=self.certain * by_z,
        )  # fmt: skip

    @property
    def traces(self) -> Limits:
        """For a pair of which hardly anything differs, and nothing stands out."""
        seed, grow, contrast, certain = (
            factor * each
            for factor, each in zip(
                _TRACES, (self.seed, self.grow, self.contrast, self.certain), strict=True
            )
        )
        return Limits(seed, grow, contrast, certain)


def limits_for(sensitivity: int, threshold: float | None) -> Limits:
    """The limits that a user asks for: by a step from 1 to 5, or by the seed's z itself."""
    plain, factor = Limits(), _FACTORS[int(sensitivity) - 1]
    seed = plain.seed * factor if threshold is None else threshold
    return replace(
        plain, seed=seed, grow=min(plain.grow, 0.9 * seed), contrast=plain.contrast * factor
    )


def changed_mask(evidence: Evidence, limits: Limits, demand: Samples) -> Mask:
    """Pixels that belong to a change: hysteresis, then small gaps closed.

    Parameters
    ----------
    evidence : Evidence
        At each pixel.
    limits : Limits
        For seeds and growth.
    demand : ndarray of float32, shape (h, w)
        Contrast, levels, that is needed besides.

    References
    ----------
    J. Canny, "A computational approach to edge detection", IEEE TPAMI 8 (1986),
    DOI 10.1109/TPAMI.1986.4767851 (hysteresis).
    """
    need = np.maximum(demand, evidence.doubt * np.float32(limits.contrast))
    weak = (evidence.z > limits.grow) & (evidence.contrast > 0.6 * need)
    strong = (evidence.z > limits.seed) & (evidence.contrast > need)
    count, labels = cv2.connectedComponents(weak.view(np.uint8), connectivity=8)
    seeds = np.bincount(labels[strong], minlength=count)
    kept = np.zeros_like(weak)
    kept[weak] = (seeds >= _SEEDS)[labels[weak]]
    return _closed(kept, _CLOSING * float(np.hypot(*kept.shape)))


def _closed(mask: Mask, radius: float) -> Mask:
    """Gaps closed; wider ones too, as long as the places are too many."""
    while True:
        side = max(3, round(radius)) | 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
        padded = cv2.copyMakeBorder(
            mask.astype(np.uint8), side, side, side, side, cv2.BORDER_CONSTANT
        )
        closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, kernel)[side:-side, side:-side]
        count, _ = cv2.connectedComponents(closed, connectivity=8)
        if count <= _MOST_PLACES or side > min(mask.shape):
            most = _SPREAD * np.count_nonzero(mask)
            return closed > 0 if np.count_nonzero(closed) <= most else mask
        radius = 2 * side
