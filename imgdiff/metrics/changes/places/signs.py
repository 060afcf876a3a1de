"""Signs of what happened at a place: what stands out there in each picture, and what stayed."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.look import Samples, channels
from imgdiff.metrics.changes.places.outline import Place
from imgdiff.metrics.changes.places.strokes import continues_a_line, looks_written
from imgdiff.pixels.order_statistics import quantile
from imgdiff.types import Mask

_LEVELS = 2.0
"""Added to levels before ratios are taken: noise isn't evidence."""

_MARGIN = 0.35
"""The surroundings that are cut out, as a share of the place's size."""

_AROUND, _AROUND_LINES, _LINE = (2, 9), (1, 4), 2.5
"""From how many px to how many around a place its surroundings lie; and nearer to what is thinner
than so many px to either side: around an underline, there's a line of text."""

_ENOUGH, _LEAST_CORE = 10, 12
"""Px of surroundings without which nothing is said; and of a place without its border, else the
border is looked at too."""

_SAMPLE, _NEAREST = 300, 2
"""Px that are compared, of the place and of its surroundings; and which of the nearest colours of
these tells how strange a pixel is among them: the very nearest may be an outlier."""

_NEARLY_ALL, _STRONG = 0.9, 0.7
"""Quantiles: of how strange pixels are, since a thing need not fill the place; of how they
changed."""

_MOST = 2.0
"""Strangeness beyond this multiple of the change tells no more."""


_LIVELIEST, _PUREST = 1.2, 2.0
"""Ratios of patterns, and of colour to luma, as logarithms, beyond which they tell no more."""


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A place and what is around it in both pictures.

    Attributes
    ----------
    before, after : ndarray of float32, shape (h, w, C)
        Luma and colour differences, matched in light.
    mask : ndarray of bool, shape (h, w)
        The place.
    """

    before: Samples
    after: Samples
    mask: Mask


@dataclass(frozen=True, slots=True)
class Signs:
    """What a place says; all the same if the pictures are swapped, but for the first two, negated.

    Attributes
    ----------
    stranger, livelier : float
        How much more the picture after has there what the surroundings don't: other colours; a
        pattern of other strength, -1.2 to 1.2. Logarithms of ratios.
    in_both, in_either : float
        How strange the less and the more strange picture is there among the surroundings, as a
        multiple of the change, 0 to 2: a thing in both; a thing in one.
    strangest : float
        Logarithm of the levels by which the stranger one differs from its surroundings.
    correlation : float
        Of luma before and after, -1 to 1.
    edges_kept : float
        Share of the edges' energy there that lies along the same lines in both, 0 to 1.
    pattern : float
        Logarithm of the standard deviation of luma in the picture where that's larger.
    hue : float
        Logarithm of the mean change of colour as a ratio of that of luma, -2 to 2.
    written : bool
        Whether what changed looks like writing.
    """

    stranger: float
    livelier: float
    in_both: float
    in_either: float
    strangest: float
    correlation: float
    edges_kept: float
    pattern: float
    hue: float
    written: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Zones:
    """The place, that without its border, and its surroundings: masks (h, w)."""

    place: Mask
    core: Mask
    ring: Mask


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """One picture there: how strange its pixels are, levels; and how its luma slopes, (h, w)."""

    strange: NDArray[np.float32]
    pattern: float
    spread: float
    across: Samples
    down: Samples


def patch_of(place: Place, before: Samples, after: Samples) -> Patch:
    """Cut out a place with a margin of a third of its size."""
    box, (height, width) = place.box, before.shape[:2]
    margin = max(8, int(_MARGIN * max(box.width, box.height)))
    top, left = max(0, box.y - margin), max(0, box.x - margin)
    rows = slice(top, min(height, box.y + box.height + margin))
    columns = slice(left, min(width, box.x + box.width + margin))
    cut = before[rows, columns], after[rows, columns]
    mask = np.zeros(cut[0].shape[:2], np.bool_)
    y, x = box.y - top, box.x - left
    mask[y : y + box.height, x : x + box.width] = place.mask
    return Patch(*cut, mask)


def signs_of(patch: Patch) -> Signs | None:
    """The signs at a place; None where there are no surroundings to tell by."""
    zones = _zones_of(patch.mask)
    if zones is None:
        return None
    before, after = (_side_of(picture, zones) for picture in (patch.before, patch.after))
    means = np.log([side.strange.mean() + _LEVELS for side in (before, after)])
    step = channels(cv2.GaussianBlur(patch.after - patch.before, (0, 0), 0.8))[patch.mask]
    change = float(quantile(np.linalg.norm(step, axis=1), _STRONG)) + 1
    tops = [float(quantile(s.strange, _NEARLY_ALL)) / change for s in (before, after)]
    inner = patch.before[zones.core], patch.after[zones.core]
    return Signs(
        stranger=float(means[1] - means[0]),
        livelier=float(np.clip(after.pattern - before.pattern, -_LIVELIEST, _LIVELIEST)),
        in_both=min(_MOST, *tops),
        in_either=min(_MOST, max(tops)),
        strangest=float(means.max()),
        correlation=_correlation(inner[0][:, 0], inner[1][:, 0]),
        edges_kept=_edges_kept(before, after, patch.mask),
        pattern=float(np.log(max(before.spread, after.spread) + _LEVELS)),
        hue=_hue(inner[1] - inner[0]),
        written=_is_written(patch),
    )


def _is_written(patch: Patch) -> bool:
    before, after = patch.before[..., 0], patch.after[..., 0]
    several = looks_written(after - before, patch.mask)
    return several or continues_a_line(before, after, patch.mask)


def core_of(mask: Mask) -> Mask:
    """A place without its border, where a thing mixes with what is behind it; if enough is left."""
    core = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=0) > 0
    return core if np.count_nonzero(core) >= _LEAST_CORE else mask


def _zones_of(mask: Mask) -> _Zones | None:
    inside = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 3)
    near, far = _AROUND_LINES if inside.max() < _LINE else _AROUND
    ring = _dilated(mask, far) & ~_dilated(mask, near)
    if np.count_nonzero(ring) < _ENOUGH:
        ring = ~_dilated(mask, 1)
    if np.count_nonzero(ring) < _ENOUGH:
        return None
    return _Zones(mask, core_of(mask), ring)


def _side_of(picture: Samples, zones: _Zones) -> _Side:
    smooth = channels(cv2.GaussianBlur(picture, (0, 0), 0.8))
    across, down = (
        cv2.Sobel(smooth, cv2.CV_32F, *way, scale=0.25).reshape(smooth.shape)
        for way in ((1, 0), (0, 1))
    )
    slope = np.sqrt((across**2 + down**2).sum(axis=2))
    ratio = (slope[zones.core].mean() + _LEVELS) / (slope[zones.ring].mean() + _LEVELS)
    pattern = float(np.log(_LEVELS * max(ratio, 1 / ratio)))
    strange = _strangeness(smooth[zones.place], smooth[zones.ring])
    spread = float(smooth[zones.core][:, 0].std())
    return _Side(strange, pattern, spread, across[..., 0], down[..., 0])


def _strangeness(pixels: Samples, surroundings: Samples) -> NDArray[np.float32]:
    """How far each of some pixels is from any colour of the surroundings, levels."""
    a, b = (p[:: 1 + len(p) // _SAMPLE] for p in (pixels, surroundings))
    squared = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None] - 2 * a @ b.T
    rank = min(_NEAREST, len(b)) - 1
    return np.asarray(np.sqrt(np.maximum(np.partition(squared, rank, axis=1)[:, rank], 0)))


def _edges_kept(before: _Side, after: _Side, zone: Mask) -> float:
    """By the inner product of the gradients, whichever side of an edge is the lighter one."""
    bx, by, ax, ay = (g[zone] for g in (before.across, before.down, after.across, after.down))
    energies = float((bx**2 + by**2).sum()), float((ax**2 + ay**2).sum())
    shared = float(np.abs(bx * ax + by * ay).sum())
    return shared / (float(np.sqrt(energies[0] * energies[1])) + _LEVELS**2 * len(bx))


def _hue(step: Samples) -> float:
    mean = np.abs(step.mean(axis=0))
    colour = float(np.linalg.norm(mean[1:])) if len(mean) > 1 else 0.0
    ratio = float(np.log((colour + _LEVELS) / (float(mean[0]) + _LEVELS)))
    return min(_PUREST, max(-_PUREST, ratio))


def _correlation(a: Samples, b: Samples) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).mean() / (a.std() * b.std() + _LEVELS**2))


def _dilated(mask: Mask, reach: int) -> Mask:
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel) > 0)
