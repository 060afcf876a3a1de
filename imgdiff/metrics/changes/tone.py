"""Light: the same scene exposed, developed or lit otherwise is made alike before it's compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.curves import (
    Curves,
    gamma_curves,
    histogram_curves,
    median_curves,
)
from imgdiff.metrics.changes.robust import tukey_fit
from imgdiff.metrics.changes.view import Samples, highest, lowest
from imgdiff.types import Mask, Picture

Light = NDArray[np.float64]
"""(10, 3): logarithm of the light's factor as a cubic of the place, by channel."""

_FIT_SIDE = 400
_SAMPLES = 16_000
_BINS = 16
_GRID = 36
_WORTH = 8.0
"""Levels that a correction must gain besides, for each unit of its cost over 1."""

_NEARLY_EQUAL = 1.0
"""Residual, levels, below which there is nothing to correct."""

_PATTERN = 2.0
"""Standard deviation, levels, below which a picture is of one colour."""

_WHITE, _BLACK = 250, 4
"""Levels from which on a sample may be clipped."""

_LARGEST = 1.2
"""Light's factor lies between e^±1.2."""


@dataclass(frozen=True, slots=True, eq=False)
class Tone:
    """A correction of light: a curve for each channel, then factors that vary smoothly.

    Attributes
    ----------
    curves : ndarray of float32, shape (256, 3), or None
        Value by level.
    light : ndarray of float64, shape (10, 3), or None
        Logarithms of the factors, as a cubic.
    cost : float
        What it must gain to be taken, as a factor of the residual: the more flexible, the more.
    """

    curves: Curves | None = None
    light: Light | None = None
    cost: float = 1

    @property
    def identity(self) -> bool:
        """Whether it changes nothing."""
        return self.curves is None and self.light is None

    def apply(self, picture: Picture) -> Samples:
        """The picture in the other one's light: float32, (h, w, 3)."""
        if self.curves is None:
            levels = picture.astype(np.float32)
        else:
            levels = np.asarray(cv2.LUT(picture, self.curves.reshape(256, 1, 3)), np.float32)
        if self.light is not None:
            factors = _factors(_cubic(*_centres(_GRID, _GRID)), self.light).astype(np.float32)
            size = picture.shape[1], picture.shape[0]
            levels *= cv2.resize(factors, size, interpolation=cv2.INTER_CUBIC)
        return levels


def match_tone(before: Picture, after: Picture, valid: Mask) -> Tone:
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
    """
    sample = _sample(before, after, valid)
    plain = Tone()
    least = sample.residual(plain)
    if len(sample.before) < 500 or least < _NEARLY_EQUAL or sample.patternless:
        return plain
    best = plain
    for tone in _candidates(sample):
        cost = sample.residual(tone) * tone.cost + _WORTH * (tone.cost - 1)
        if cost < least:
            best, least = tone, cost
    return best


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """What corrections are fitted to: small pictures, and some thousand points of them.

    The points' values are smoothed a little, so that neither noise nor what is left of
    misalignment flattens a curve; `trusted` ones are far from the ends of the range.
    """

    small_before: Picture
    small_after: Picture
    clean: Mask
    before: Samples
    after: Samples
    trusted: Mask
    cubic: NDArray[np.float64]

    def seen_through(self, tone: Tone) -> Samples:
        """The points of `after`, corrected: (N, 3)."""
        values = self.after
        if tone.curves is not None:
            levels = np.arange(256)
            values = np.stack(
                [np.interp(values[:, c], levels, tone.curves[:, c]) for c in range(3)], 1
            )
        if tone.light is not None:
            values = values * _factors(self.cubic, tone.light)
        return values

    @property
    def patternless(self) -> bool:
        """Whether either picture is of one colour: then any light would explain the other."""
        return min(float(p.std(axis=0).max()) for p in (self.before, self.after)) < _PATTERN

    def residual(self, tone: Tone) -> float:
        """How much the points differ once corrected, levels: median and trimmed mean, halved."""
        corrected = self.seen_through(tone)[self.trusted]
        difference = np.abs(corrected - self.before[self.trusted])
        worst = np.sort(np.maximum.reduce(difference.T))
        if not worst.size:
            return 0
        kept = worst[: 1 + int(0.8 * (len(worst) - 1))]
        return float(0.5 * kept.mean() + 0.5 * worst[len(worst) // 2])


def _sample(before: Picture, after: Picture, valid: Mask) -> _Sample:
    scale = min(1, _FIT_SIDE / max(valid.shape))
    a, b, inside = (
        cv2.resize(p, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        for p in (before, after, valid.view(np.uint8) * np.uint8(255))
    )
    clean = _unclipped(a, b, inside == 255)
    smooth = [cv2.GaussianBlur(p.astype(np.float32), (0, 0), 1.2) for p in (a, b)]
    rows, columns = _balanced(a, inside == 255)
    height, width = clean.shape
    cubic = _cubic((columns + 0.5) / width * 2 - 1, (rows + 0.5) / height * 2 - 1)
    return _Sample(
        small_before=np.asarray(a, np.uint8),
        small_after=np.asarray(b, np.uint8),
        clean=clean,
        before=smooth[0][rows, columns],
        after=smooth[1][rows, columns],
        trusted=clean[rows, columns],
        cubic=cubic,
    )


def _balanced(picture: Samples, valid: Mask) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of points of all levels of green: of no level too many.

    Otherwise the ink on a page would have no say beside the paper.
    """
    rows, columns = np.nonzero(valid)
    levels = picture[rows, columns, 1] // np.uint8(256 // _BINS)
    order = np.argsort(levels, kind="stable")
    parts = np.split(order, np.searchsorted(levels[order], np.arange(1, _BINS)))
    most = _SAMPLES // 8
    chosen = np.concatenate([part[:: 1 + len(part) // most] for part in parts])
    return rows[chosen], columns[chosen]


def _unclipped(before: Samples, after: Samples, valid: Mask) -> Mask:
    """Where the ends of the range don't hide what the light was.

    Where much of the picture before is white, it's paper, and tells of the light; so it counts,
    unless it's white in the picture after too.
    """
    low, high = cv2.min(lowest(before), lowest(after)), cv2.max(highest(before), highest(after))
    for inside, share in (
        (valid & (low > _BLACK) & (high < _WHITE), 0.8),
        (valid & (highest(after) < _WHITE), 0.3),
    ):
        if inside.sum() > share * valid.sum():
            return inside
    return valid


def _candidates(sample: _Sample) -> Iterator[Tone]:
    """Corrections that explain the sample, from stiff to flexible."""
    fits = (gamma_curves, 1.01), (median_curves, 1.04), (histogram_curves, 1.04)
    tones = []
    for fit, cost in fits:
        curves = fit(sample.after, sample.before)
        if curves is not None:
            tones.append(Tone(curves, cost=cost))
            yield tones[-1]
    light = _light(sample, sample.small_after)
    if light is None:
        return
    yield Tone(light=light, cost=1.02)
    for tone in sorted(tones, key=sample.residual)[:2]:
        yield from _with_light(sample, tone)


def _with_light(sample: _Sample, tone: Tone) -> Iterator[Tone]:
    """Curves, then light; and once more with the curves that fit when that light is taken away."""
    light = _light(sample, tone.apply(sample.small_after))
    if light is None:
        return
    yield Tone(tone.curves, light, cost=tone.cost + 0.02)
    unlit = sample.before / np.maximum(_factors(sample.cubic, light), 0.1)
    curves = median_curves(sample.after, unlit)
    if curves is None:
        return
    light = _light(sample, Tone(curves).apply(sample.small_after))
    if light is not None:
        yield Tone(curves, light, cost=1.06)


def _light(sample: _Sample, after: Picture | Samples) -> Light | None:
    """Light that fell otherwise: a robust cubic through the logarithms of block means' ratios.

    Blocks with clipped pixels don't count.
    """
    height, width = sample.clean.shape
    grid = max(8, min(_GRID, width // 8)), max(8, min(_GRID, height // 8))
    a, b, share = (
        cv2.resize(p.astype(np.float32), grid, interpolation=cv2.INTER_AREA)
        for p in (sample.small_before, after, sample.clean)
    )
    usable = (share > 0.9) & (cv2.min(lowest(a), lowest(b)) > 4)
    if usable.sum() < 30:
        return None
    ratio = np.log((a[usable] + 1) / (b[usable] + 1))
    middle = np.median(ratio, axis=0)
    design = _cubic(*_centres(*grid))[usable]
    fits = [tukey_fit(design, r, floor=0.004, ridge=0.3) for r in (ratio - middle).T]
    light = np.stack(fits, 1)
    light[0] += middle
    return light


def _factors(cubic: NDArray[np.float64], light: Light) -> NDArray[np.float64]:
    return np.exp(np.clip(cubic @ light, -_LARGEST, _LARGEST))


def _cubic(x: NDArray[np.floating], y: NDArray[np.floating]) -> NDArray[np.float64]:
    """The ten monomials up to degree 3; the constant first. x and y in [−1, 1]."""
    return np.stack([x**i * y**j for i in range(4) for j in range(4 - i)], -1)


def _centres(columns: int, rows: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """X and y of a grid's cells, in [−1, 1]."""
    x, y = np.meshgrid(
        (np.arange(columns) + 0.5) / columns * 2 - 1, (np.arange(rows) + 0.5) / rows * 2 - 1
    )
    return x, y
