"""What happened at a place: words for what the two pictures show there."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.look import Samples, channels
from imgdiff.metrics.changes.places.outline import Place
from imgdiff.types import Kind, Mask

_FLAT = 5.0
"""Standard deviation, levels, up to which an area has no pattern."""

_SAME_PATTERN = 0.75
_COLOUR_SHARE = 0.6
_SHADE = 60.0
"""An even area that changes by more levels is another thing, not another light."""

SURE = 0.12
"""Evidence for added or removed below this is none."""

_EVEN, _CLEAR = 15.0, 40.0
"""Levels: most that even surroundings vary, and least by which a thing stands out from them."""

_MOSTLY = 0.6
"""Share of a thing that changes by one colour if it's recoloured."""

_WEIGHTS = np.array([2.5, 0.5, 1.6, 1.4])
"""What each sign says: gradient at the border, jump across it, colour, pattern. A logistic fit to
the tuning half of benchmarks/detection."""

_LEVELS = 2.0
"""Added to levels before ratios are taken: noise isn't evidence."""


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


def patch_of(place: Place, before: Samples, after: Samples) -> Patch:
    """Cut out a place with a margin of a third of its size."""
    box, (height, width) = place.box, before.shape[:2]
    margin = max(8, int(0.35 * max(box.width, box.height)))
    top, left = max(0, box.y - margin), max(0, box.x - margin)
    rows = slice(top, min(height, box.y + box.height + margin))
    columns = slice(left, min(width, box.x + box.width + margin))
    cut = before[rows, columns], after[rows, columns]
    mask = np.zeros(cut[0].shape[:2], np.bool_)
    y, x = box.y - top, box.x - left
    mask[y : y + box.height, x : x + box.width] = place.mask
    return Patch(*cut, mask)


def kind_of(patch: Patch, evident: float) -> Kind:
    """What happened there, or "changed" where the evidence is weak.

    Parameters
    ----------
    patch : Patch
        The place and its surroundings.
    evident : float
        Its `presence`.
    """
    same = _repainted(patch)
    if same:
        return same
    if is_text(patch):
        return "text"
    if _stays(patch):
        return "recoloured" if _is_one_shift(patch) else "changed"
    if abs(evident) < SURE:
        return "changed"
    return "added" if evident > 0 else "removed"


def _repainted(patch: Patch) -> Kind | None:
    """Recoloured or brighter or darker, if the pattern stayed; otherwise None."""
    core = _shrunk(patch.mask)
    before, after = patch.before[core], patch.after[core]
    shift = (after - before).mean(axis=0)
    luma, colour = (
        abs(float(shift[0])),
        float(np.hypot.reduce(shift[1:])) if len(shift) > 1 else 0.0,
    )
    spread = max(before[:, 0].std(), after[:, 0].std())
    flat = spread <= _FLAT
    if not flat and _correlation(before[:, 0], after[:, 0]) < _SAME_PATTERN:
        return None
    if colour > _COLOUR_SHARE * luma:
        return "recoloured"
    return "brightness" if not flat or luma < _SHADE else None


def _stays(patch: Patch) -> bool:
    """Whether a thing stands out clearly, in both pictures, from even surroundings."""
    ring = cv2.dilate(patch.mask.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    ring &= ~(cv2.dilate(patch.mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)
    if not ring.any():
        return False
    for samples in (patch.before, patch.after):
        around = samples[ring]
        jump = np.median(samples[patch.mask], axis=0) - np.median(around, axis=0)
        if around[:, 0].std() > _EVEN or np.linalg.norm(jump) < _CLEAR:
            return False
    return True


def _is_one_shift(patch: Patch) -> bool:
    """Whether most of the place changed by one colour, whatever is written on it."""
    core = _shrunk(patch.mask)
    shifts = patch.after[core] - patch.before[core]
    middle = np.median(shifts, axis=0)
    size = float(np.linalg.norm(middle))
    same = np.linalg.norm(shifts - middle, axis=1) < max(_FLAT, 0.25 * size)
    return size > _FLAT and float(same.mean()) > _MOSTLY


def presence(patch: Patch) -> float:
    """Evidence that a thing is there in the picture after (> 0), or was before (< 0).

    A thing stands out against what is around it: its border is a jump, its inside differs from
    the surroundings in colour and in pattern. Where the background goes on, none of this.
    """
    core = _shrunk(patch.mask)
    kernel = np.ones((3, 3), np.uint8)
    grown = cv2.dilate(patch.mask.astype(np.uint8), kernel, iterations=2) > 0
    band = grown & ~core
    wide = cv2.dilate(patch.mask.astype(np.uint8), kernel, iterations=9) > 0
    ring = wide & ~grown
    if ring.sum() < 10:
        return 0
    before, after = (
        _standing_out(samples, patch.mask, core, band, ring)
        for samples in (patch.before, patch.after)
    )
    return float(_WEIGHTS @ np.log((after + _LEVELS) / (before + _LEVELS)))


def _standing_out(
    samples: Samples, mask: Mask, core: Mask, band: Mask, ring: Mask
) -> NDArray[np.float64]:
    """How a place stands out in one picture.

    By the gradient at its border, the jump across it, and its colour against the surroundings,
    all in levels; and by a pattern unlike theirs.
    """
    smooth = channels(cv2.GaussianBlur(samples, (0, 0), 0.8))
    gradient = _gradient(smooth)
    colour = np.median(smooth[core], axis=0) - np.median(smooth[ring], axis=0)
    ratio = (gradient[core].mean() + _LEVELS) / (gradient[ring].mean() + _LEVELS)
    values = (
        gradient[band].mean(), _jump(smooth, mask, ring), np.linalg.norm(colour) / 2,
        max(ratio, 1 / ratio) * _LEVELS - _LEVELS,
    )  # fmt: skip
    return np.array(values, np.float64)


def _jump(samples: Samples, mask: Mask, ring: Mask) -> float:
    """Mean difference between what lies just inside of the border and what lies just outside."""

    def local(inside: Mask) -> tuple[Samples, Samples]:
        weight = inside.astype(np.float32)
        total = cv2.blur(samples * weight[..., None], (9, 9)).reshape(samples.shape)
        share = cv2.blur(weight, (9, 9))
        return total / np.maximum(share, 1e-3)[..., None], share

    inner, share_in = local(mask)
    outer, share_out = local(ring)
    both = (share_in > 0.08) & (share_out > 0.08)
    if not both.any():
        return 0.0
    return float(np.linalg.norm(inner - outer, axis=2)[both].mean())


def is_text(patch: Patch) -> bool:
    """Whether what changed looks like writing: several thin strokes side by side in a row."""
    difference = np.abs(patch.after[..., 0] - patch.before[..., 0])
    inside = difference[patch.mask]
    strong = float(np.quantile(inside, 0.95))
    if strong < 20:
        return False
    ink = (difference > 0.45 * strong) & patch.mask
    rows, columns = np.nonzero(patch.mask)
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    if height < 6 or height > 80 or width < 0.8 * height:
        return False
    _count, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    glyphs = [s for s in stats[1:] if s[cv2.CC_STAT_AREA] >= 4]
    tall = [s for s in glyphs if s[cv2.CC_STAT_HEIGHT] >= 0.3 * height]
    distance = cv2.distanceTransform(ink.astype(np.uint8), cv2.DIST_L2, 3)
    thick = float(np.quantile(distance[ink], 0.95)) if ink.any() else 9.0
    fill = ink.sum() / (height * width)
    return (
        len(tall) >= max(2, width / (2.5 * height))
        and thick <= max(1.8, 0.12 * height)
        and 0.06 < fill < 0.6
    )


def _shrunk(mask: Mask) -> Mask:
    """Without its border, unless nothing much is left."""
    padded = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=0) > 0
    return padded if padded.sum() >= 12 else mask


def _gradient(samples: Samples) -> Samples:
    across = cv2.Sobel(samples, cv2.CV_32F, 1, 0, scale=0.25).reshape(samples.shape)
    down = cv2.Sobel(samples, cv2.CV_32F, 0, 1, scale=0.25).reshape(samples.shape)
    return np.asarray(np.sqrt((across**2 + down**2).sum(axis=2)))


def _correlation(a: Samples, b: Samples) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).mean() / (a.std() * b.std() + 4))
