"""The pictures and their difference at octaves of scale: all that evidence is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from imgdiff.metrics.changes.look import Samples, by_plane
from imgdiff.metrics.changes.noise import (
    NoiseBound,
    activity,
    in_steps,
    joint_counts,
    noise_scale,
)
from imgdiff.metrics.tiles import Scratch, Tile, map_in_tiles, sum_over
from imgdiff.types import Mask, Picture

_OCTAVES = 4
_LEAST_SIDE, _LEAST_KNOWN = 40, 4
"""Px; smaller reduced pictures say nothing about noise. And of graphics, of which it is known how
little of it is left there."""

BLUR = 0.8
"""σ at each octave, px: what a lens and a sensor leave of a point."""

_BLUR_REACH = 4
"""Px that `BLUR` looks around itself, and no less than OpenCV's kernel does."""

REACH = 3
"""Half the window of local activity, px."""

_HALO = _BLUR_REACH + 2 + REACH
"""Px around a tile that its activity depends on: blur, gradient, window."""

_ROWS, _COLUMNS = 96, 512
"""Of a tile: a dozen planes of it stay in the processor's cache."""

_EXPECTED_NEAR = 6
"""Px around which compression errs about as much: other encoders do so at other pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """Both pictures at one size.

    Attributes
    ----------
    before, after : ndarray of float32, shape (h, w, C)
        Matched in light and focus; equal where not `valid`.
    valid : ndarray of bool, shape (h, w)
        Where to compare.
    compression : ndarray of float32, shape (h, w, C), or None
        What compression is expected to do at each pixel, levels.
    """

    before: Samples
    after: Samples
    valid: Mask
    compression: Samples | None

    def half(self, least_side: int) -> Scale | None:
        """At half the size; None if that's less, px."""
        size = self.valid.shape[1] // 2, self.valid.shape[0] // 2
        if min(size) < least_side:
            return None
        error = None if self.compression is None else _reduced(self.compression, size)
        share = cv2.resize(
            self.valid.view(np.uint8) * np.uint8(255), size, interpolation=cv2.INTER_AREA
        )
        return Scale(_reduced(self.before, size), _reduced(self.after, size), share > 250, error)

    @property
    def contrast(self) -> Samples:
        """Difference in levels, all channels together, (h, w); what is equal costs nothing."""
        return map_in_tiles(_contrast, self.before, self.after, reach=_BLUR_REACH)


@dataclass(frozen=True, slots=True, eq=False)
class Octave:
    """The pictures' difference on one scale, and what is needed to judge it by the noise there.

    Attributes
    ----------
    valid : ndarray of bool, shape (h, w)
        Where to compare.
    contrast : ndarray of float32, shape (h, w)
        Difference in levels, all channels together.
    differences : list of ndarray of float32, shape (h, w)
        By channel.
    busy : list of ndarray of uint8, shape (h, w)
        How busy the pictures are there, by channel, as `joint_counts` takes it.
    counts : list of ndarray of float32, shape (256, 256)
        How often each difference occurs with each activity, where valid, by channel.
    bound : NoiseBound
        Least and most noise.
    expected : list of ndarray of float32, shape (h, w), or None
        What compression does, levels.
    """

    valid: Mask
    contrast: Samples
    differences: list[Samples]
    busy: list[Picture]
    counts: list[Samples]
    bound: NoiseBound
    expected: list[Samples] | None = None

    def z_squared(self, excluded: Mask | None, *, tails: bool) -> Samples:
        """Squared difference in units of the noise, summed over the channels."""
        tables = [
            noise_scale(counts, bound=self.bound, tails=tails) for counts in self._learned(excluded)
        ]
        total = np.zeros(self.valid.shape, np.float32)

        def fill(tile: Tile, _: Scratch) -> float:
            part = tile.slices
            for index, table in enumerate(tables):
                difference, busy = self.differences[index][part], self.busy[index][part]
                if self.expected is None:
                    ratio = cv2.multiply(difference, cv2.LUT(busy, (1 / table).astype(np.float32)))
                else:
                    scale = cv2.max(cv2.LUT(busy, table), self.expected[index][part])
                    ratio = cv2.divide(difference, scale)
                cv2.accumulateSquare(ratio, total[part])
            return 0

        sum_over(fill, list(_all_of(self.valid).split(_ROWS, _COLUMNS)))
        return total

    def noise(self, excluded: Mask | None) -> float:
        """Two standard deviations of the noise of luma at the 95th percentile of activity."""
        learned = self._learned(excluded)[0]
        table = noise_scale(learned, bound=replace(self.bound, least=0), tails=True)
        counts = learned.sum(axis=1)
        busy = int(np.searchsorted(np.cumsum(counts), 0.95 * counts.sum()))
        return 2 * float(table[min(busy, 255)])

    def _learned(self, excluded: Mask | None) -> list[Samples]:
        """The counts without those of some places, which are few."""
        if excluded is None:
            return self.counts
        out = np.flatnonzero(_fitted(excluded, self.valid) & self.valid)
        if not out.size:
            return self.counts
        return [
            counts - joint_counts(in_steps(np.abs(step.ravel()[out])), busy.ravel()[out])
            for counts, step, busy in zip(self.counts, self.differences, self.busy, strict=True)
        ]


def scales_of(scale: Scale, bound: NoiseBound) -> Iterator[Scale]:
    """The pictures at full, half, quarter and eighth size, as long as that says something."""
    least = _LEAST_KNOWN if bound.shrinks < 1 else _LEAST_SIDE
    current: Scale | None = scale
    for _ in range(_OCTAVES):
        if current is None:
            return
        yield current
        current = current.half(least)


def octave_of(scale: Scale, bound: NoiseBound) -> Octave:
    """The difference on one scale: tile by tile, so that what lies between stays in the cache."""
    shape, count = scale.valid.shape, scale.before.shape[2]
    contrast = np.empty(shape, np.float32)
    differences = [np.empty(shape, np.float32) for _ in range(count)]
    steps, busy = ([np.empty(shape, np.uint8) for _ in range(count)] for _ in range(2))
    whole = _all_of(scale.valid)

    def fill(tile: Tile, _: Scratch) -> float:
        wide = tile.grown(_HALO).within(whole)
        inner, outer = tile.shifted(-wide.top, -wide.left).slices, tile.slices
        before, after = (_smooth_planes(p[wide.slices]) for p in (scale.before, scale.after))
        total = np.zeros((tile.bottom - tile.top, tile.right - tile.left), np.float32)
        for index, level in enumerate(activity(before, after, REACH)):
            step = cv2.subtract(after[index][inner], before[index][inner])
            cv2.accumulateSquare(step, total)
            differences[index][outer], busy[index][outer] = step, level[inner]
            steps[index][outer] = in_steps(np.abs(step))
        contrast[outer] = cv2.sqrt(total)
        return 0

    columns = -(-shape[1] // max(1, round(shape[1] / _COLUMNS)))  # none is left over at the end
    sum_over(fill, list(whole.split(_ROWS, columns)))
    expected = None if scale.compression is None else _around(scale.compression)
    counts = [joint_counts(*each, scale.valid) for each in zip(steps, busy, strict=True)]
    return Octave(scale.valid, contrast, differences, busy, counts, bound, expected)


def octave_of_detail(detail: Samples, first: Octave) -> Octave:
    """What full-size pictures add to the first octave: their largest difference within a pixel."""
    busy = first.busy[0]
    counts = joint_counts(in_steps(detail), busy, first.valid)
    return Octave(first.valid, detail, [detail], [busy], [counts], first.bound)


def _all_of(mask: Mask) -> Tile:
    return Tile(0, mask.shape[0], 0, mask.shape[1])


def _contrast(before: Samples, after: Samples) -> Samples:
    total = np.zeros(before.shape[:2], np.float32)
    for one, other in zip(_smooth_planes(before), _smooth_planes(after), strict=True):
        cv2.accumulateSquare(cv2.subtract(other, one), total)
    return np.asarray(cv2.sqrt(total), np.float32)


def _smooth_planes(samples: Samples) -> list[Samples]:
    """The channels of a tile, each by itself: much quicker than all together."""
    planes = np.moveaxis(samples, 2, 0)
    return [np.asarray(cv2.GaussianBlur(plane, (0, 0), BLUR), np.float32) for plane in planes]


def _around(error: Samples) -> list[Samples]:
    """Root mean square of what is expected around each pixel, by channel."""
    side = 2 * _EXPECTED_NEAR + 1
    smooth = cv2.GaussianBlur(error, (0, 0), BLUR)
    mean = cv2.blur(cv2.multiply(smooth, smooth), (side, side))
    return [np.asarray(p, np.float32) for p in cv2.split(np.sqrt(np.maximum(mean, 0)))]


def _fitted(mask: Mask, other: Mask) -> Mask:
    """A mask at the size of another one."""
    if mask.shape == other.shape:
        return mask
    size = other.shape[1], other.shape[0]
    return cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0


def _reduced(samples: Samples, size: tuple[int, int]) -> Samples:
    small = by_plane((*size[::-1], samples.shape[2]))
    for plane, room in zip(np.moveaxis(samples, 2, 0), np.moveaxis(small, 2, 0), strict=True):
        cv2.resize(plane, size, dst=room, interpolation=cv2.INTER_AREA)
    return small
