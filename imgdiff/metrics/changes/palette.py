"""The colours of both pictures together: which became which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.indexed import packed
from imgdiff.metrics.changes.look import sampled_indices
from imgdiff.types import Mask, Picture

Colours = NDArray[np.float64]
"""(N, 6): sRGB before and after, levels."""

_SAMPLE = 100_000

_FREQUENT = 0.0005
"""Share of the pixels from which a colour is more than a smoothed edge's."""

_CONSISTENT = 0.9
"""Share of the colours that became one other each, from which on no noise is among them: noise of
σ 1 leaves .65."""

_ROUNDING = 1
"""Levels by which what one colour became may vary, since light isn't in whole levels."""

_SLIGHT, _HUES = 3, 2
"""Levels by which conversions between colour spaces change hues; and so many do, and most."""

_MOST_UNKNOWN = 0.5
"""Share of what isn't paper that may be colours which occur but once."""


@dataclass(frozen=True, slots=True, eq=False)
class Palette:
    """Which colours became which.

    Attributes
    ----------
    colours : ndarray of float64, shape (N, 6)
        sRGB before and after, levels; the most frequent first, none of single pixels.
    shares : ndarray of float64, shape (N,)
        Of all pixels that were looked at.
    """

    colours: Colours
    shares: NDArray[np.float64]

    @property
    def frequent(self) -> Palette:
        """Those that are more than smoothed edges."""
        count = int(np.count_nonzero(self.shares >= _FREQUENT))
        return Palette(self.colours[:count], self.shares[:count])

    @property
    def consistent(self) -> bool:
        """Whether each colour became one other: noise, compression, blur and uneven light don't."""
        return self._consistency() >= _CONSISTENT

    @property
    def converted(self) -> bool:
        """Whether most hues changed by a few levels, and no gray: those of another colour space.

        By others in one channel than in the next: a colour made lighter wasn't converted.
        """
        before = self.frequent.colours[:, :3]
        steps = self.frequent.colours[:, 3:] - before
        gray = np.ptp(before, axis=1) == 0
        slight = np.abs(steps).max(initial=0) <= _SLIGHT and not steps[gray].any()
        changed, hues = np.count_nonzero(np.ptp(steps, axis=1)), np.count_nonzero(~gray)
        return bool(slight and changed >= _HUES and 2 * changed > hues)

    def _consistency(self) -> float:
        """Share of what isn't paper of which that holds, 0 to 1.

        Of colours that occur more than once; 0 if they are but half of what isn't paper.
        """
        colours, shares = self.colours[1:], self.shares[1:]
        known, rest = float(shares.sum()), 1 - float(self.shares[:1].sum())
        if known < _MOST_UNKNOWN * rest or not len(shares):
            return 0
        _, modal, which = np.unique(packed(colours[:, :3]), return_index=True, return_inverse=True)
        off = np.abs(colours[:, 3:] - colours[modal[which], 3:]).max(axis=1)
        return float(shares[off <= _ROUNDING].sum()) / known


def palette_of(before: Picture, after: Picture, valid: Mask) -> Palette:
    """The colours of both pictures together, of some hundred thousand pixels.

    Parameters
    ----------
    before, after : ndarray of uint8, shape (h, w, 3)
        sRGB, on one grid.
    valid : ndarray of bool, shape (h, w)
        Where to look.
    """
    places = sampled_indices(valid, _SAMPLE)
    first, second = (packed(p.reshape(-1, 3).take(places, axis=0)) for p in (before, after))
    pairs, counts = np.unique((first << 24) + second, return_counts=True)
    order = np.argsort(-counts, kind="stable")[: int(np.count_nonzero(counts > 1))]
    chosen = pairs[order]
    unpacked = [(chosen >> shift) & 255 for shift in (40, 32, 24, 16, 8, 0)]
    return Palette(np.stack(unpacked, 1).astype(np.float64), counts[order] / max(1, len(places)))
