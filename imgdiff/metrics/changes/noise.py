"""The pair's own noise: how much it differs where nothing changed, learned from the pair itself.

JPEG, sensors, resampling and small misalignment all leave differences that grow with the local
activity of the picture. So instead of a model of each, the scale of the differences is measured
as a monotone function of activity, as noise-level functions are from single pictures (C. Liu et
al. 2008, DOI 10.1109/TPAMI.2007.1176; A. Foi et al. 2008, DOI 10.1109/TIP.2008.2001399).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.look import Samples
from imgdiff.metrics.changes.robust import MAD_TO_SIGMA
from imgdiff.pixels.order_statistics import distinct
from imgdiff.types import Mask, Picture

_STEPS = 16.0
"""Levels are counted in steps of √level / 16: fine where they are small."""

_SHARES = np.array([*np.linspace(0, 0.9, 11)[1:], 0.94, 0.97, 0.985, 0.995, 1])
"""Activity is cut into groups that hold these shares of the pixels; busy ones are cut finer."""

_FEWEST = 200
"""Pixels without which no noise is measured."""

_SHARED = 0.12
"""How much of all channels' gradient energy counts for each: JPEG and lenses mix them."""

_ENOUGH = 30
"""Pixels that a group needs to be believed."""

_STEP, _MEAN = np.array([-1, 0, 1], np.float32), np.array([0.25, 0.5, 0.25], np.float32)
"""Sobel's gradient, across and along. OpenCV filters floats by kernels it is given twice as fast as
by its own Sobel and box, which add them up in doubles."""

_TAILS = ((0.8, 1.2816), (0.96, 2.0537), (0.99, 2.5758))
"""Quantiles of |d|, and where a normal distribution of σ 1 has them."""


@dataclass(frozen=True, slots=True)
class NoiseBound:
    """Most noise that pictures of a kind can have.

    Noise touches all pixels: what the busy ones alone have, and more than compression makes of
    edges, is a change.

    Attributes
    ----------
    least : float
        Standard deviation, levels: rounding.
    most : float
        Standard deviation, levels.
    growth : float
        Times the noise of places that are neither quiet nor busy, if that's more.
    shrinks : float
        What is left of `most` from octave to octave, since compression keeps the mean of a block.
    """

    least: float
    most: float
    growth: float
    shrinks: float = 1

    def at(self, octave: int, least: float) -> NoiseBound:
        """The bound of an octave, of which the least is given, levels."""
        return replace(self, least=least, most=self.most * self.shrinks**octave)


UNBOUNDED = NoiseBound(0, math.inf, 0)
OF_DRAWINGS = NoiseBound(0, 1.5, 0)
OF_COMPRESSION = NoiseBound(0, 10, 2)
OF_GRAPHICS = NoiseBound(0, 7, 0, 0.6)
"""Of ten drawings as JPEG 50 and 80, WebP 50 and AVIF 55, the errors of luma at edges had a root
mean square of up to 7.0, 5.4, 5.2 and 3.9 levels by octave; of JPEG 80 half as much, and of the
chroma of red letters three times that, which is below any seed."""


def activity(before: Sequence[Samples], after: Sequence[Samples], reach: int) -> list[Picture]:
    """How busy both pictures are around each pixel, for each channel.

    The lesser of both counts, so that an edge that only one has doesn't excuse itself.

    Parameters
    ----------
    before, after : sequence of ndarray of float32, shape (h, w)
        The channels, in gray levels.
    reach : int
        Half the window, px.

    Returns
    -------
    list of ndarray of uint8, shape (h, w)
        Root mean square gradient over the window, as ``16 √levels``: of the channel itself and,
        less, of all others.
    """
    energies = zip(_gradient_energy(before, reach), _gradient_energy(after, reach), strict=True)
    return [in_steps(cv2.sqrt(cv2.min(*both))) for both in energies]


def in_steps(levels: Samples) -> Picture:
    """Levels, 0 to 255, as ``16 √levels``, 0 to 255."""
    root = np.sqrt(levels)
    return np.asarray(cv2.convertScaleAbs(root, alpha=_STEPS), np.uint8)


def joint_counts(steps: Picture, busy: Picture, valid: Mask | None = None) -> Samples:
    """How many pixels have each activity and each difference: shape (256, 256).

    Parameters
    ----------
    steps : ndarray of uint8
        |difference|, as `in_steps` gives it.
    busy : ndarray of uint8, of the same shape
        As `activity` gives it.
    valid : ndarray of bool, of the same shape, or None
        What to count; everything by default.
    """
    mask = None if valid is None else valid.view(np.uint8)
    return cv2.calcHist([busy, steps], [0, 1], mask, [256, 256], [0, 256, 0, 256])


def noise_scale(joint: Samples, *, bound: NoiseBound, tails: bool) -> NDArray[np.float32]:
    """Scale of the differences at each level of activity, in levels: shape (256,).

    Parameters
    ----------
    joint : ndarray of float32, shape (256, 256)
        As `joint_counts` gives it, of what is to be learned from.
    bound : NoiseBound
        The least and the largest scale.
    tails : bool
        Without: from the medians alone, made monotone from the busy side, so that a change that
        fills a quiet group can't hide itself. With, once the strong candidates aren't counted:
        from medians and tails, made monotone from the quiet side, so that noise of heavy tails
        raises no alarm.
    """
    least = np.full(256, bound.least, np.float32)
    if joint.sum() < _FEWEST:
        known = max(bound.most, bound.least)
        return np.full(256, known, np.float32) if bound.shrinks < 1 else least
    firsts, lasts = _groups(joint.sum(axis=1))
    counts = np.add.reduceat(joint, firsts, axis=0)
    believed = counts.sum(axis=1) >= _ENOUGH
    if not believed.any():
        return least
    levels, scales = (firsts + lasts)[believed] / 2, _scales(counts[believed], tails=tails)
    monotone = np.maximum.accumulate(scales) if tails else np.minimum.accumulate(scales[::-1])[::-1]
    middle = float(monotone[len(monotone) // 2])
    most = max(bound.least, bound.most, bound.growth * middle)
    scale = np.interp(np.arange(256), levels, np.clip(monotone, bound.least, most))
    return np.asarray(scale, np.float32)


def _groups(counts: Samples) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last activity of each group."""
    share = np.cumsum(counts) / counts.sum()
    lasts = distinct(np.searchsorted(share, _SHARES - 1e-6).clip(0, 255))
    return np.concatenate([[0], lasts[:-1] + 1]), lasts


def _scales(counts: Samples, *, tails: bool) -> Samples:
    """The σ that each of some histograms of |d| in steps, (N, 256), speaks of."""
    cumulative = np.cumsum(counts, axis=1) / counts.sum(axis=1, keepdims=True)
    every = np.arange(len(counts))

    def quantile(share: float) -> Samples:
        above = np.count_nonzero(cumulative < share, axis=1)
        below = np.where(above, cumulative[every, above - 1], 0)
        inside = (share - below) / np.maximum(1e-9, cumulative[every, above] - below)
        return np.asarray((np.where(above, above - 0.5 + inside, 0) / _STEPS) ** 2)

    median = MAD_TO_SIGMA * quantile(0.5)
    return np.maximum.reduce([median, *(quantile(q) / z for q, z in _TAILS)]) if tails else median


def _gradient_energy(planes: Sequence[Samples], reach: int) -> list[Samples]:
    """Mean over the window of the squared gradient, with a share of all channels' sum."""
    energies = []
    for plane in planes:
        across = cv2.sepFilter2D(plane, cv2.CV_32F, _STEP, _MEAN)
        down = cv2.sepFilter2D(plane, cv2.CV_32F, _MEAN, _STEP)
        energies.append(cv2.add(cv2.multiply(across, across), cv2.multiply(down, down)))
    if len(energies) > 1:
        total = np.asarray(sum(energies[1:], energies[0]))
        energies = [cv2.scaleAdd(total, _SHARED, energy) for energy in energies]
    window = np.full(2 * reach + 1, 1 / (2 * reach + 1), np.float32)
    return [
        np.asarray(cv2.sepFilter2D(energy, cv2.CV_32F, window, window), np.float32)
        for energy in energies
    ]
