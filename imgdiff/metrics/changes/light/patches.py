"""What corrections of light are judged by: little patches, corrected first and smoothed then."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.light.sample import BLACK, WHITE, balanced, cubic_at, unclipped
from imgdiff.metrics.changes.light.tone import Tone, factors
from imgdiff.metrics.changes.look import Samples, sampled_places
from imgdiff.types import Mask, Picture

_REACH = 4
_BLUR = 1.2
"""Half a patch, px, and the σ by which it is smoothed once it's corrected."""

_MOST = 150
"""Patches around pixels of a sixteenth of the levels; and as many in all, wherever they lie, since
what most of a picture is, as the paper around the ink, tells best of light that fell unevenly."""

_PATTERN = 2.0
"""Standard deviation, levels, below which a picture is of one colour."""

_SPARSE = 4
"""Of so many pixels, one may be a patch's middle."""


@dataclass(frozen=True, slots=True, eq=False)
class Patches:
    """Patches of both pictures at full sharpness.

    A curve maps levels as they were taken; blurred or reduced before, white that is clipped would
    already be mixed into the strokes on a page. So each pixel is corrected, then the patch is
    smoothed, which takes out noise and what is left of misalignment.

    Attributes
    ----------
    before, after : ndarray of uint8, shape (K, P, 3)
        The pixels of each patch.
    cubic : ndarray of float64, shape (K, 10)
        Where each lies, as light sees it.
    """

    before: Picture
    after: Picture
    cubic: NDArray[np.float64]

    @property
    def middles(self) -> tuple[Samples, Samples]:
        """The middle pixel of each patch with its eight neighbours, before and after: (9 K, 3)."""
        side = 2 * _REACH + 1
        inner = np.arange(side * side).reshape(side, side)
        near = inner[_REACH - 1 : _REACH + 2, _REACH - 1 : _REACH + 2].ravel()
        before, after = (
            p[:, near].reshape(-1, 3).astype(np.float32) for p in (self.before, self.after)
        )
        return before, after

    @property
    def patternless(self) -> bool:
        """Whether either picture is of one colour: then any light would explain the other."""
        return min(float(p.std(axis=0).max()) for p in self.middles) < _PATTERN

    def residual(self, tone: Tone) -> float:
        """How much the patches differ once corrected, levels: median and trimmed mean, halved."""
        if not len(self.before):
            return 0
        difference = self._corrected(tone)
        difference -= self.before
        worst = np.sort(np.abs(np.einsum("p,kpc->kc", _weights(), difference)).max(axis=1))
        kept = worst[: 1 + int(0.8 * (len(worst) - 1))]
        return float(0.5 * kept.mean() + 0.5 * worst[len(worst) // 2])

    def _corrected(self, tone: Tone) -> Samples:
        """After, corrected; white says "at least", and black "at most"."""
        levels = tone.curved(self.after)
        if tone.light is not None:
            levels *= factors(self.cubic, tone.light)[:, None].astype(np.float32)
        np.maximum(levels, self.before, out=levels, where=self.after >= WHITE)
        return np.minimum(levels, self.before, out=levels, where=self.after <= BLACK)


def patches_of(before: Picture, after: Picture, valid: Mask) -> Patches:
    """Patches around unclipped pixels: half of them of all levels alike, half of all places.

    Shapes as `match_tone` takes them.
    """
    height, width = valid.shape
    inside = np.zeros(valid.shape, np.bool_)
    inside[_REACH : height - _REACH, _REACH : width - _REACH] = True
    inside &= valid
    every = inside.ravel()[::_SPARSE].copy()
    inside[:] = False
    inside.ravel()[::_SPARSE] = every
    inside &= unclipped(before, after, valid)
    by_level = balanced(before[..., 1], inside, _MOST)
    by_place = sampled_places(inside, max(1, len(by_level[0])))
    rows, columns = (np.concatenate(each) for each in zip(by_level, by_place, strict=True))
    offsets = np.arange(-_REACH, _REACH + 1)
    y = rows[:, None] + np.repeat(offsets, len(offsets))
    x = columns[:, None] + np.tile(offsets, len(offsets))
    places = y * width + x
    first, second = (p.reshape(-1, 3).take(places, axis=0) for p in (before, after))
    return Patches(first, second, cubic_at(rows, columns, valid.shape))


def _weights() -> Samples:
    """The Gaussian by which patches are smoothed: (P,)."""
    line = cv2.getGaussianKernel(2 * _REACH + 1, _BLUR)
    return np.asarray((line @ line.T).ravel(), np.float32)
