"""Other inks in a compressed drawing: what no single pixel shows, all of them together do."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from imgdiff.metrics.changes.evidence import Evidence
from imgdiff.metrics.changes.light.matched import match
from imgdiff.metrics.changes.look import Look, Samples, highest
from imgdiff.metrics.changes.noise import OF_GRAPHICS, NoiseBound
from imgdiff.pixels.color import luma
from imgdiff.pixels.order_statistics import quantile
from imgdiff.types import Mask, Picture

_ROUNDED = 2
"""Levels beyond which a pixel differs."""

_MOST_SHIFTED, _NEW = 0.9, 22.0
"""Of the pixels that differ, the quantile by which curves move them, and the levels from which
those are new inks: compression alone leaves up to 17 of 220 pairs, inks 68 levels lighter from 29
on."""

_GRAY, _COLOURED = 10.0, 8.0
"""Levels of colour that gray strokes and their paper have at most, but for one pixel in a hundred;
and by how many those of one hue differ on the mean: compression leaves gray what is gray (of 300
pairs none was told to be coloured)."""

_LEFT, _EVERY, _LEAST = 0.8, 3, 3.0
"""The share of them, looking at every third, of which the difference in one light is taken for the
noise; and the least, levels, that it's taken for."""

_KNOWN, _AGREES = 2.0, 0.5
"""Levels to which a curve through thousands of pixels is known; and the share of what it says that
a pixel must differ by to be part of the change."""


@dataclass(frozen=True, slots=True, eq=False)
class Inks:
    """What curves say of the inks of a drawing that was compressed.

    Attributes
    ----------
    shift : ndarray of float32, shape (h, w), or None
        How far they differ in luma, levels, or in colour if one picture's are gray; None if they
        are the same. Of two colours chroma isn't asked: what is as thin as a stroke loses much.
    bound : NoiseBound
        Of what differs besides.
    """

    shift: Samples | None
    bound: NoiseBound

    def seen_in(self, evidence: Evidence) -> Evidence:
        """The evidence, with that of the inks."""
        if self.shift is None:
            return evidence
        agrees = evidence.fine > _AGREES * self.shift
        z = np.where(agrees, np.maximum(evidence.z, self.shift / _KNOWN), evidence.z)
        return replace(evidence, z=np.asarray(z, np.float32))


def inks_of(look: Look, *, grayscale: bool = False) -> Inks:
    """What happened to the inks of a compressed drawing whose surfaces no light explains.

    Strokes are as thin as what compression does is wide, so that a pixel says little. But it leaves
    the mean as it is: a curve through all pixels tells what became of an ink.
    """
    differs = look.valid & (highest(cv2.absdiff(look.before, look.after)) > _ROUNDED)
    coloured = None if grayscale else _coloured(look, differs)
    if coloured is not None:
        return Inks(coloured, OF_GRAPHICS)
    lit = match(look, grayscale=False, light=True, stiff=False, focus=False)
    if lit.tone.identity or not differs.any():
        return Inks(None, OF_GRAPHICS)
    step = np.abs(lit.before[differs][::_EVERY] - lit.after[differs][::_EVERY])
    left = float(quantile(step.max(axis=1), _LEFT))
    most = float(np.clip(left, _LEAST, OF_GRAPHICS.most))
    shift = cv2.absdiff(lit.after[..., 0], np.asarray(luma(look.after), np.float32))
    new = quantile(shift[differs], _MOST_SHIFTED) > _NEW
    return Inks(shift if new else None, replace(OF_GRAPHICS, most=most))


def _coloured(look: Look, differs: Mask) -> Samples | None:
    """How far strokes are coloured, levels, that are gray in the other picture; None if none."""
    both = [_colour(picture) for picture in (look.before, look.after)]
    for gray, other in (both, both[::-1]):
        levels = cv2.max(*cv2.split(np.abs(gray)))[differs]
        if not levels.size or quantile(levels, 0.99) > _GRAY:
            continue
        if float(np.abs((other - gray)[differs].mean(axis=0)).max()) > _COLOURED:
            return np.asarray(cv2.max(*cv2.split(np.abs(other - gray))), np.float32)
    return None


def _colour(picture: Picture) -> Samples:
    """How far red and blue differ from luma, levels; (h, w, 2)."""
    gray = np.asarray(luma(picture), np.float32)
    return np.dstack([picture[..., 0] - gray, picture[..., 2] - gray])
