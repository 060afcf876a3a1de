"""Flat surfaces of drawings that became another colour, however little: no noise is so even."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from imgdiff.metrics.changes.drawings import DRAWN, range_of, share_of
from imgdiff.metrics.changes.evidence import Evidence
from imgdiff.metrics.changes.indexed import is_indexed, packed
from imgdiff.metrics.changes.look import Look, Samples, highest
from imgdiff.metrics.changes.palette import palette_of
from imgdiff.types import Mask, Picture


@dataclass(frozen=True, slots=True)
class FlatLimits:
    """What tells surfaces in another colour from what saving does to a drawing.

    Chosen on 14 screenshots, drawings and icons by Chromium and Pillow, each saved in 11 ways.

    Attributes
    ----------
    faint, dusty : int, float
        Range within 3 × 3 px, levels, up to which it's a faint step; and the share of the pixels
        near strong edges that have one from which on a drawing was compressed: .035 of drawings,
        shadows included, JPEG 100 leaves .046 and more.
    alike : float
        Share of a colour's flat pixels that became one other if rounding didn't: a shaded surface,
        drawn anew, has steps of one level a few pixels further on.
    slight : float
        Levels up to which light isn't known from other colours.
    told : float
        Share of a picture that is flat, from which on its surfaces tell whether it was converted.
    apart : float
        Share of the pixels that are flat in one picture alone, up to which nothing was drawn anew.
    floor, whole : float
        Noise of a surface that is flat in both, levels: none, so that one level is certain. And
        what a level of it counts for, since elsewhere rounding may make one.
    """

    faint: int = 6
    dusty: float = 0.04
    alike: float = 0.9
    slight: float = 3
    told: float = 0.3
    apart: float = 0.01
    floor: float = 0.1
    whole: float = 1.1


_LIMITS = FlatLimits()


@dataclass(frozen=True, slots=True, eq=False)
class RecolouredFlats:
    """Surfaces that are flat in both drawings, and of another colour.

    Attributes
    ----------
    step : ndarray of float32, shape (h, w)
        How far they differ, levels, of the channel that differs most; 0 elsewhere.
    slight : bool
        Whether all differ by so little that no light can be told from it.
    most : bool
        Whether they are most of a picture that is as it was otherwise.
    """

    step: Samples
    slight: bool
    most: bool

    def seen_in(self, evidence: Evidence) -> Evidence:
        """The evidence, with that of these surfaces."""
        z = cv2.max(evidence.z, self.step / np.float32(_LIMITS.floor))
        contrast = cv2.max(evidence.contrast, np.float32(_LIMITS.whole) * self.step)
        return replace(evidence, z=z, contrast=contrast)


def recoloured_flats(look: Look) -> RecolouredFlats | None:
    """The surfaces of two drawings that became another colour, however little.

    In what was drawn and never compressed, a pixel and its neighbours that are equal in each
    picture and differ between them are a surface in another colour. By a single level they may be
    the step of a shaded one; so then all of that colour must have become one other.

    Returns
    -------
    RecolouredFlats or None
        None if there are none; if one picture was compressed, or has but the colours of a palette,
        which takes surfaces to the nearest; or if all colours were converted.
    """
    before, after = look.before, look.after
    ranges = range_of(before), range_of(after)
    step = highest(cv2.absdiff(before, after))
    flats = [(each == 0) & look.valid for each in ranges]
    flat = flats[0] & flats[1]
    if not (step[flat] > 0).any() or any(_is_dusty(each, look.valid) for each in ranges):
        return None
    told = flat if share_of(flat, look.valid) > _LIMITS.told else look.valid
    if palette_of(before, after, told).converted or is_indexed(before, after):
        return None
    other = flat & (step > 1)
    if (flat & (step == 1)).any():
        other |= flat & (step == 1) & _became_others(before, after, flat)
    valid = np.count_nonzero(look.valid)
    same = np.count_nonzero(flats[0] ^ flats[1]) <= _LIMITS.apart * valid
    return RecolouredFlats(
        step=np.where(other, step, 0).astype(np.float32),
        slight=not (other & (step > _LIMITS.slight)).any(),
        most=bool(same and 2 * np.count_nonzero(other) > valid),
    )


def _is_dusty(ranges: Picture, valid: Mask) -> bool:
    """Whether there are faint steps near strong edges, as compression leaves them."""
    side = 2 * DRAWN.near + 1
    strong = (ranges > DRAWN.edge).view(np.uint8)
    near = (cv2.dilate(strong, np.ones((side, side), np.uint8)) > 0) & valid
    return share_of((ranges > 0) & (ranges <= _LIMITS.faint), near) > _LIMITS.dusty


def _became_others(before: Picture, after: Picture, flat: Mask) -> Mask:
    """The pixels of colours that became one other wherever they are flat."""
    palette = palette_of(before, after, flat).frequent
    colours, which = np.unique(packed(palette.colours[:, :3]), return_inverse=True)
    all_of, most = np.bincount(which, palette.shares), np.zeros(len(colours))
    changed = (palette.colours[:, :3] != palette.colours[:, 3:]).any(axis=1)
    np.maximum.at(most, which, np.where(changed, palette.shares, 0))
    others = colours[most >= _LIMITS.alike * all_of]
    return np.isin(packed(before.reshape(-1, 3)), others).reshape(flat.shape)
