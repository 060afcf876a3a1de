"""How far the pictures differ, in units of their own noise, at several scales at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from imgdiff.metrics.changes.light.matched import Matched
from imgdiff.metrics.changes.look import Samples, channels
from imgdiff.metrics.changes.noise import UNBOUNDED, NoiseBound, activity, in_steps, noise_scale
from imgdiff.types import Mask, Picture

_OCTAVES = 4
_LEAST_SIDE = 40
"""Px; smaller reduced pictures say nothing about noise."""

BLUR = 0.8
"""σ at each octave, px: what a lens and a sensor leave of a point."""

_REACH = 3
"""Half the window of local activity, px."""

FLOORS = (0.9, 0.8, 0.7, 0.6)
"""Least noise of each octave, levels: rounding, which averages out in larger areas."""

_DENSE_FLOORS = (0.9, 0.6, 0.4, 0.25)
"""The same where noise is everywhere and nothing was corrected: then it is measured."""

QUIET_FLOOR = 0.25
"""Least noise where nothing but the changes differs, levels."""

_EXPECTED_NEAR = 6
"""Px around which compression errs about as much: other encoders do so at other pixels."""

_HOT, _HOT_PIXELS, _HOT_LEVELS, _STEADY_LEVELS = 7.0, 40, 6.0, 2.5
"""Compact blobs of such z, size and contrast are left out of the second look at the noise; of less
contrast where nothing was mixed or corrected."""


_INTERPOLATED, _BUSY = 0.5, 24
"""How much less a difference means where samples were mixed, in full from this activity on (a
gradient of 2 levels a pixel, in the steps of `activity`): a flat area mixes to itself."""

_CORRECTED, _STRONG = 0.6, 4.0
"""How much less a difference means where light was corrected strongly, and how many levels that is:
these by 63 %, twice as many by 86 %."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What speaks for a change at each pixel.

    Attributes
    ----------
    z : ndarray of float32, shape (h, w)
        Largest difference over the scales, all channels together, in units of the noise there.
    contrast : ndarray of float32, shape (h, w)
        Largest difference over the scales in gray levels.
    fine : ndarray of float32, shape (h, w)
        The same of the finest scale alone: it has the sharpest borders.
    doubt : ndarray of float32, shape (h, w)
        By what `z` was divided: how much less a difference means there, 1 to 2.
    noise : float
        Two standard deviations of what counted as noise where the picture is busy, levels; 0 if
        `quiet`.
    quiet : bool
        Nothing but the changes differs.
    """

    z: Samples
    contrast: Samples
    fine: Samples
    doubt: Samples
    noise: float
    quiet: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """What besides changes may differ.

    Attributes
    ----------
    quiet : bool
        Nothing does, so that even faint changes count.
    measure : bool
        Whether to measure the noise; otherwise there is taken to be next to none.
    bound : NoiseBound
        Most noise that these pictures can have.
    dense : bool
        Noise is everywhere, so that it averages out in larger areas.
    compression : ndarray of float32, shape (h, w, C), or None
        What compression is expected to do at each pixel, levels.
    """

    quiet: bool
    measure: bool
    bound: NoiseBound = UNBOUNDED
    dense: bool = False
    compression: Samples | None = None

    def floor(self, octave: int) -> float:
        """Least noise of an octave, levels."""
        if self.quiet:
            return QUIET_FLOOR
        return (_DENSE_FLOORS if self.dense else FLOORS)[octave]


@dataclass(frozen=True, slots=True, eq=False)
class _Octave:
    """The pictures' difference on one scale."""

    valid: Mask
    busy: list[Picture]
    differences: list[Samples]
    steps: list[Picture]
    bound: NoiseBound
    expected: list[Samples] | None = None

    def z_squared(self, excluded: Mask | None, *, tails: bool) -> Samples:
        """Squared difference in units of the noise, summed over the channels."""
        learned = self.valid if excluded is None else self.valid & ~_fitted(excluded, self.valid)
        total = np.zeros(self.valid.shape, np.float32)
        for index, difference in enumerate(self.differences):
            busy = self.busy[index]
            table = noise_scale(self.steps[index], busy, learned, bound=self.bound, tails=tails)
            if self.expected is None:
                ratio = cv2.multiply(difference, cv2.LUT(busy, (1 / table).astype(np.float32)))
            else:
                ratio = cv2.divide(difference, cv2.max(cv2.LUT(busy, table), self.expected[index]))
            cv2.accumulateSquare(ratio, total)
        return total

    def noise(self, excluded: Mask | None) -> float:
        """Two standard deviations of the noise of luma at the 95th percentile of activity."""
        learned = self.valid if excluded is None else self.valid & ~excluded
        table = noise_scale(
            self.steps[0], self.busy[0], learned, bound=replace(self.bound, least=0), tails=True
        )
        counts = cv2.calcHist([self.busy[0]], [0], learned.view(np.uint8), [256], [0, 256]).ravel()
        busy = int(np.searchsorted(np.cumsum(counts), 0.95 * counts.sum()))
        return 2 * float(table[min(busy, 255)])

    def contrast(self) -> Samples:
        """Difference in levels, all channels together."""
        total = np.zeros(self.valid.shape, np.float32)
        for difference in self.differences:
            cv2.accumulateSquare(difference, total)
        return np.asarray(cv2.sqrt(total), np.float32)


def evidence_of(
    matched: Matched, valid: Mask, expected: Expected, *, detail: Samples | None = None
) -> Evidence:
    """Measure the difference at octaves of scale against the noise of each.

    In two passes: the first takes the noise from medians alone; the second leaves out what
    then stands out, and reckons with heavy tails.

    Parameters
    ----------
    matched : Matched
        Both pictures in one light and focus; equal where not `valid`.
    valid : ndarray of bool, shape (h, w)
        Where to compare.
    expected : Expected
        What besides changes may differ.
    detail : ndarray of float32, shape (h, w), or None
        The largest difference of the full-size pictures within each pixel, levels.
    """
    octaves = list(_octaves(matched.soft_before, matched.soft_after, valid, expected))
    if detail is not None:
        first = octaves[0]
        octaves.append(_Octave(valid, first.busy[:1], [detail], [in_steps(detail)], first.bound))
    contrast = _largest([octave.contrast() for octave in octaves])
    if not expected.measure:
        return _unmeasured(contrast, octaves[0].contrast(), valid)
    z = _strongest(octaves, None, tails=False)
    z[~valid] = 0
    least = _STEADY_LEVELS if matched.untouched and not matched.interpolated else _HOT_LEVELS
    hot = _compact(z, contrast, valid, least)
    if hot is not None:
        z = _strongest(octaves, hot, tails=True)
        z[~valid] = 0
    doubt = _doubt(matched, octaves[0].busy[0])
    z /= doubt
    fine = octaves[0].contrast()
    if expected.quiet:
        return Evidence(z, contrast, fine, doubt, 0, quiet=True)
    return Evidence(z, contrast, fine, doubt, octaves[0].noise(hot), quiet=False)


def _doubt(matched: Matched, busy: Picture) -> Samples:
    """How much less a difference means, 1 to 2: where light was corrected, or samples made up."""
    doubt = np.ones(busy.shape, np.float32)
    if matched.interpolated:
        doubt += _INTERPOLATED * np.minimum(busy * np.float32(1 / _BUSY), 1)
    if not matched.tone.identity:
        correction = cv2.GaussianBlur(matched.shift, (0, 0), _REACH)
        doubt += _CORRECTED * (1 - np.exp(correction / np.float32(-_STRONG)))
    return doubt


def _unmeasured(contrast: Samples, fine: Samples, valid: Mask) -> Evidence:
    """Evidence if no difference is noise."""
    z = contrast / np.float32(QUIET_FLOOR)
    z[~valid] = 0
    return Evidence(z, contrast, fine, np.ones_like(z), 0, quiet=True)


def _octaves(before: Samples, after: Samples, valid: Mask, expected: Expected) -> Iterator[_Octave]:
    """The pictures at full, half, quarter and eighth size."""
    error = expected.compression
    for index in range(_OCTAVES):
        if index:
            size = valid.shape[1] // 2, valid.shape[0] // 2
            if min(size) < _LEAST_SIDE:
                return
            before, after = (_reduced(p, size) for p in (before, after))
            error = None if error is None else _reduced(error, size)
            share = cv2.resize(
                valid.view(np.uint8) * np.uint8(255), size, interpolation=cv2.INTER_AREA
            )
            valid = share > 250
        octave = _octave(before, after, valid, replace(expected.bound, least=expected.floor(index)))
        yield octave if error is None else replace(octave, expected=_around(error))


def _around(error: Samples) -> list[Samples]:
    """Root mean square of what is expected around each pixel, by channel."""
    side = 2 * _EXPECTED_NEAR + 1
    smooth = cv2.GaussianBlur(error, (0, 0), BLUR)
    mean = cv2.blur(cv2.multiply(smooth, smooth), (side, side))
    return [np.asarray(p, np.float32) for p in cv2.split(np.sqrt(np.maximum(mean, 0)))]


def _octave(before: Samples, after: Samples, valid: Mask, bound: NoiseBound) -> _Octave:
    smooth = [channels(cv2.GaussianBlur(p, (0, 0), BLUR)) for p in (before, after)]
    busy = activity(smooth[0], smooth[1], _REACH)
    differences = list(cv2.split(cv2.subtract(smooth[1], smooth[0])))
    steps = [in_steps(np.abs(d)) for d in differences]
    return _Octave(valid, busy, [np.asarray(d, np.float32) for d in differences], steps, bound)


def _strongest(octaves: list[_Octave], excluded: Mask | None, *, tails: bool) -> Samples:
    """z: the largest of all octaves at each pixel of the first."""
    squares = [octave.z_squared(excluded, tails=tails) for octave in octaves]
    return np.asarray(cv2.sqrt(_largest(squares)), np.float32)


def _largest(maps: list[Samples]) -> Samples:
    """The larger of maps of different sizes, at the size of the first."""
    height, width = maps[0].shape
    whole = maps[0].copy()
    for part in maps[1:]:
        fitting = part
        if part.shape != whole.shape:
            fitting = cv2.resize(part, (width, height), interpolation=cv2.INTER_LINEAR)
        cv2.max(whole, fitting, dst=whole)
    return whole


def _compact(z: Samples, contrast: Samples, valid: Mask, least: float) -> Mask | None:
    """The places that stand out as blobs, with what is near; None if that's most of the picture."""
    area = int(valid.sum())
    for factor in (1, 2, 4):
        over = ((z > factor * _HOT) & (contrast > least)).astype(np.uint8)
        opened = cv2.morphologyEx(over, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        _, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
        large = stats[:, cv2.CC_STAT_AREA] >= _HOT_PIXELS
        large[0] = False
        hot = cv2.dilate(large[labels].astype(np.uint8), np.ones((11, 11), np.uint8)) > 0
        if np.count_nonzero(hot & valid) < 0.4 * area:
            return hot
    return hot if np.count_nonzero(hot & valid) < 0.6 * area else None


def _fitted(mask: Mask, other: Mask) -> Mask:
    """A mask at the size of another one."""
    if mask.shape == other.shape:
        return mask
    size = other.shape[1], other.shape[0]
    return cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0


def _reduced(samples: Samples, size: tuple[int, int]) -> Samples:
    return channels(cv2.resize(samples, size, interpolation=cv2.INTER_AREA))
