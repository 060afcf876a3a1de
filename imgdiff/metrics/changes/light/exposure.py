"""Light: the same scene exposed, developed or lit otherwise is made alike before it's compared."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import TypeAlias

import cv2
import numpy as np

from imgdiff.metrics.changes.light.curves import gamma_curves, histogram_curves, median_curves
from imgdiff.metrics.changes.light.patches import Patches, patches_of
from imgdiff.metrics.changes.light.sample import LightSample, sample_of
from imgdiff.metrics.changes.light.tone import GRID, Light, Tone, centres, cubic, factors
from imgdiff.metrics.changes.look import Samples, lowest
from imgdiff.metrics.changes.robust import tukey_fit
from imgdiff.pixels.order_statistics import median
from imgdiff.types import Mask, Picture

_WORTH = 8.0
"""Levels that a correction must gain besides, for each unit of its cost over 1."""

_NEARLY_EQUAL = 1.0
"""Residual, levels, below which there is nothing to correct."""

_ALL = 0.5
"""Residual, levels, that a curve leaves which explains all: .36 at most of 7 exposures, and .97
where it made white of the shade on a page."""

_FEW = 500
"""Points without which nothing can be said."""


Judged: TypeAlias = tuple[Tone, float]
"""A correction, and the residual that it leaves."""


def match_tone(
    before: Picture, after: Picture, valid: Mask, *, exact: bool, stiff: bool = False
) -> Tone:
    """The correction of `after` that best explains `before`, or the identity.

    Candidates from stiff to flexible (gain and gamma, curves of conditional medians, matched
    histograms, smooth light, and light with curves) are fitted robustly to small pictures, so
    that a change doesn't bend them. The trimmed residual decides; each must earn its flexibility.

    Parameters
    ----------
    before, after : ndarray of uint8, shape (h, w, 3)
        sRGB, on one grid.
    valid : ndarray of bool, shape (h, w)
        Where to compare.
    exact : bool
        No sample of `after` was interpolated by aligning.
    stiff : bool
        Gain and gamma alone are tried.
    """
    patches = patches_of(before, after, valid)
    least = patches.residual(Tone())
    if least < _NEARLY_EQUAL or patches.patternless:
        return Tone()
    if exact:
        known = _pixel_by_pixel(patches, stiff=stiff)
        if known is not None:
            return known
    sample = sample_of(before, after, valid)
    if len(sample.before) < _FEW:
        return Tone()
    best = Tone()
    for tone, residual in _candidates(sample, patches, stiff=stiff):
        cost = residual * tone.cost + _WORTH * (tone.cost - 1)
        if cost < least:
            best, least = tone, cost
    return best


def _pixel_by_pixel(patches: Patches, *, stiff: bool) -> Tone | None:
    """Curves from single pixels, if they explain all: nothing but the light differs.

    Where anything else does, blur or noise, such curves would explain that as light.
    """
    before, after = patches.middles
    fits = (gamma_curves,) if stiff else (gamma_curves, median_curves)
    found = [fit(after, before) for fit in fits]
    tones = [Tone(curves) for curves in found if curves is not None]
    judged = [(tone, patches.residual(tone)) for tone in tones]
    best, residual = min(judged, key=itemgetter(1), default=(Tone(), _ALL))
    return best if residual < _ALL else None


def _candidates(sample: LightSample, patches: Patches, *, stiff: bool) -> Iterator[Judged]:
    """Corrections that explain the sample, and what they leave; from stiff to flexible."""
    fits = (gamma_curves, 1.01), (median_curves, 1.04), (histogram_curves, 1.04)
    found = [(fit(sample.after, sample.before), cost) for fit, cost in fits[: 1 if stiff else None]]
    tones = [Tone(curves, cost=cost) for curves, cost in found if curves is not None]
    judged = [(tone, patches.residual(tone)) for tone in tones]
    yield from judged
    light = None if stiff else _light(sample, sample.small_after)
    if light is None:
        return
    lit = [Tone(light=light, cost=1.02)]
    for tone, _ in sorted(judged, key=itemgetter(1))[:2]:
        lit += _with_light(sample, tone)
    yield from ((tone, patches.residual(tone)) for tone in lit)


def _with_light(sample: LightSample, tone: Tone) -> Iterator[Tone]:
    """Curves, then light; and once more with the curves that fit when that light is taken away."""
    light = _light(sample, tone.apply(sample.small_after))
    if light is None:
        return
    yield Tone(tone.curves, light, cost=tone.cost + 0.02)
    unlit = sample.before / np.maximum(factors(sample.cubic, light), 0.1)
    curves = median_curves(sample.after, unlit)
    if curves is None:
        return
    light = _light(sample, Tone(curves).apply(sample.small_after))
    if light is not None:
        yield Tone(curves, light, cost=1.06)


def _light(sample: LightSample, after: Picture | Samples) -> Light | None:
    """Light that fell otherwise: a robust cubic through the logarithms of block means' ratios.

    Blocks with clipped pixels don't count.
    """
    height, width = sample.clean.shape
    grid = max(8, min(GRID, width // 8)), max(8, min(GRID, height // 8))
    a, b, share = (
        cv2.resize(p.astype(np.float32), grid, interpolation=cv2.INTER_AREA)
        for p in (sample.small_before, after, sample.clean)
    )
    usable = (share > 0.9) & (cv2.min(lowest(a), lowest(b)) > 4)
    if usable.sum() < 30:
        return None
    ratio = np.log((a[usable] + 1) / (b[usable] + 1))
    middle = median(ratio, axis=0)
    design = cubic(*centres(*grid))[usable]
    fits = [tukey_fit(design, r, floor=0.004, ridge=0.3) for r in (ratio - middle).T]
    light = np.stack(fits, 1)
    light[0] += middle
    return light
