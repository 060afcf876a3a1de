"""How far the pictures differ, in units of their own noise, at several scales at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from imgdiff.metrics.changes.light.matched import Matched
from imgdiff.metrics.changes.look import Samples
from imgdiff.metrics.changes.noise import UNBOUNDED, NoiseBound
from imgdiff.metrics.changes.octaves import (
    REACH,
    Octave,
    Scale,
    octave_of,
    octave_of_detail,
    scales_of,
)
from imgdiff.types import Mask, Picture, holds_everywhere

FLOORS = (0.9, 0.8, 0.7, 0.6)
"""Least noise of each octave, levels: rounding, which averages out in larger areas."""

_DENSE_FLOORS = (0.9, 0.6, 0.4, 0.25)
"""The same where noise is everywhere and nothing was corrected: then it is measured."""

QUIET_FLOOR = 0.25
"""Least noise where nothing but the changes differs, levels."""

_HOT, _HOT_PIXELS, _HOT_SHARE, _HOT_LEVELS, _STEADY_LEVELS = 7.0, 40, 0.01, 6.0, 2.5
"""Compact blobs of such z, size (or share of a small picture) and contrast are left out of the
second look at the noise; of less contrast where nothing was mixed or corrected."""


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
    pair = Scale(matched.soft_before, matched.soft_after, valid, expected.compression)
    scales = scales_of(pair, expected.bound)
    if not expected.measure:
        return _unmeasured([scale.contrast for scale in scales], detail, valid)
    octaves = [
        octave_of(scale, expected.bound.at(index, expected.floor(index)))
        for index, scale in enumerate(scales)
    ]
    fine = octaves[0].contrast
    if detail is not None:
        octaves.insert(1, octave_of_detail(detail, octaves[0]))
    contrast = _largest([octave.contrast for octave in octaves])
    least = _STEADY_LEVELS if matched.untouched and not matched.interpolated else _HOT_LEVELS
    z, hot = _twice_measured(octaves, contrast, valid, least)
    doubt = _doubt(matched, octaves[0].busy[0])
    z /= doubt
    if expected.quiet:
        return Evidence(z, contrast, fine, doubt, 0, quiet=True)
    return Evidence(z, contrast, fine, doubt, octaves[0].noise(hot), quiet=False)


def _twice_measured(
    octaves: list[Octave], contrast: Samples, valid: Mask, least: float
) -> tuple[Samples, Mask | None]:
    """z, and what was left out of the second look at the noise."""
    z = _strongest(octaves, None, valid, tails=False)
    hot = _compact(z, contrast, valid, least)
    if hot is None:
        return z, None
    del z  # its room is needed
    return _strongest(octaves, hot, valid, tails=True), hot


def _doubt(matched: Matched, busy: Picture) -> Samples:
    """How much less a difference means, 1 to 2: where light was corrected, or samples made up."""
    doubt: Samples = np.broadcast_to(np.float32(1), busy.shape)
    if matched.interpolated:
        doubt = doubt + _INTERPOLATED * np.minimum(busy * np.float32(1 / _BUSY), 1)
    if not matched.tone.identity:
        correction = cv2.GaussianBlur(matched.shift, (0, 0), REACH)
        doubt = doubt + _CORRECTED * (1 - np.exp(correction / np.float32(-_STRONG)))
    return doubt


def _unmeasured(contrasts: list[Samples], detail: Samples | None, valid: Mask) -> Evidence:
    """Evidence if no difference is noise."""
    contrast = _largest([*contrasts, *([] if detail is None else [detail])])
    z = contrast / np.float32(QUIET_FLOOR)
    z[~valid] = 0
    doubt: Samples = np.broadcast_to(np.float32(1), z.shape)
    return Evidence(z, contrast, contrasts[0], doubt, 0, quiet=True)


def _strongest(
    octaves: list[Octave], excluded: Mask | None, valid: Mask, *, tails: bool
) -> Samples:
    """z: the largest of all octaves at each pixel of the first; 0 where not `valid`."""
    squares = (octave.z_squared(excluded, tails=tails) for octave in octaves)
    whole = _raised(next(squares), squares)
    z = np.asarray(cv2.sqrt(whole, dst=whole), np.float32)
    if not holds_everywhere(valid):
        z[~valid] = 0
    return z


def _largest(maps: list[Samples]) -> Samples:
    """The larger of maps of different sizes, at the size of the first."""
    return _raised(maps[0].copy(), maps[1:])


def _raised(whole: Samples, parts: Iterable[Samples]) -> Samples:
    """The first map, raised in its own memory to further ones of other sizes, one by one."""
    room = None
    for part in parts:
        fitting = part
        if part.shape != whole.shape:
            size = whole.shape[::-1]
            fitting = room = cv2.resize(part, size, dst=room, interpolation=cv2.INTER_LINEAR)
        cv2.max(whole, fitting, dst=whole)
    return whole


def _compact(z: Samples, contrast: Samples, valid: Mask, least: float) -> Mask | None:
    """The places that stand out as blobs, with what is near; None if that's most of the picture."""
    area = int(valid.sum())
    for factor in (1, 2, 4):
        over = ((z > factor * _HOT) & (contrast > least)).astype(np.uint8)
        opened = cv2.morphologyEx(over, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        there = np.flatnonzero(opened)  # few: its statistics of all pixels take OpenCV long
        labels = cv2.connectedComponents(opened)[1].ravel()[there]
        large = np.bincount(labels) >= min(_HOT_PIXELS, _HOT_SHARE * area)
        opened.ravel()[there] = large[labels]
        hot = cv2.dilate(opened, np.ones((11, 11), np.uint8)) > 0
        if np.count_nonzero(hot & valid) < 0.4 * area:
            return hot
    return hot if np.count_nonzero(hot & valid) < 0.6 * area else None
