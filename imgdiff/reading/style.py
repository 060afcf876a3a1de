"""How writing looks, whatever it says: its colours, and how much ink there is."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.pixels.order_statistics import median, quantile
from imgdiff.types import Box, Mask, Picture

_AIR = 3
"""Px around a place: some of the paper."""

_PAPER, _INK = 24.0, 70.0
"""Levels by which the colour of paper and of ink may differ in one of the channels: what hinting
and smoothing do to thin strokes stays below 60; a highlighter, another pen or gray don't."""

_TINT = 0.06
"""Shares: of 8,240 pieces of lines drawn, scanned or photographed anew, they differed by .025 at
most; a word in red among black ones by .1 and more."""

_SAME_SHAPES = 0.04
"""Difference of what two drawings of a place cover, as a share of the ink: the very same letters in
another colour have rounding alone, while other hinting moves the edges of every stroke."""
_LIKE_SHAPES, _NEAR_INK = 0.98, 35.0
"""Correlation of what they cover, from which only compression or a little blur lies between two
drawings (a shift of .3 px leaves .96), and levels by which ink may differ then: as JPEG 50 or
blurred by a σ of .5 px, it did by up to 28; ink 60 levels lighter, by 59 and more."""
_OTHER_INK = 8.0
"""Levels: of the very same letters, ink that differs by more is another colour."""

_RULE = 1.5
"""Heights of a line: no letter has a stroke that is so long from left to right."""


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """How a place looks.

    Attributes
    ----------
    paper, ink : ndarray of float64, shape (3,)
        sRGB, 0 to 255.
    mass : float
        Ink, as the px² that it would cover if it were as dark as it is anywhere.
    ruled : bool
        Whether a line runs through it or under it.
    cover : ndarray of float64, shape (N,)
        How much of each pixel is ink, 0 to 1.
    tint : ndarray of float64, shape (3,)
        The share that each channel has in what the ink takes from the paper, or adds: of black a
        third. It tells a few coloured letters among others.
    """

    paper: NDArray[np.float64]
    ink: NDArray[np.float64]
    mass: float
    ruled: bool
    cover: NDArray[np.float64]
    tint: NDArray[np.float64]

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written there."""
        return bool(np.abs(self.paper - self.ink).max() <= _PAPER)

    def has_the_paper_of(self, other: Style) -> bool:
        """Whether both stand on like paper."""
        return bool(np.abs(self.paper - other.paper).max() <= _PAPER)

    def has_the_colours_of(self, other: Style) -> bool:
        """Whether both are written with like ink on like paper."""
        ink = np.abs(self.ink - other.ink).max()
        if self._has_the_shapes_of(other):
            paper = np.abs(self.paper - other.paper).max()
            return bool(max(paper, ink) <= _OTHER_INK)
        tint = np.abs(self.tint - other.tint).max()
        most = _NEAR_INK if self._has_shapes_like(other) else _INK
        return bool(self.has_the_paper_of(other) and ink <= most and tint <= _TINT)

    def _has_the_shapes_of(self, other: Style) -> bool:
        """Whether the very same letters stand here: what smoothing does explains no colour then."""
        if self.cover.shape != other.cover.shape:
            return False
        return bool(np.abs(self.cover - other.cover).mean() < _SAME_SHAPES * self.cover.mean())

    def _has_shapes_like(self, other: Style) -> bool:
        """Whether the same letters stand here, on the same pixels."""
        if self.cover.shape != other.cover.shape or self.is_blank or other.is_blank:
            return False
        return bool(np.corrcoef(self.cover, other.cover)[0, 1] >= _LIKE_SHAPES)


def style_of(picture: Picture, box: Box) -> Style:
    """How a place of a picture, shape (H, W, 3), looks."""
    top, left = max(0, box.y - _AIR), max(0, box.x - _AIR)
    part = picture[top : box.y + box.height + _AIR, left : box.x + box.width + _AIR]
    samples = part.reshape(-1, 3).astype(np.float64)
    gray = np.asarray(cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY))
    level, _ = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    light = (gray > level).ravel()
    ground = light if light.mean() >= 0.5 else ~light
    paper = median(samples[ground], axis=0)
    distance = np.abs(samples - paper).sum(axis=1)
    far = float(quantile(distance, 0.99))
    ink = median(samples[distance >= max(far, 1)], axis=0) if far >= 1 else paper
    ruled = far >= 1 and _has_rule(distance.reshape(gray.shape) > far / 2, box.height)
    cover = np.minimum(distance / max(far, 1), 1)
    taken = (samples - paper).sum(axis=0)
    tint = taken / max(1.0, float(np.abs(taken).sum()))
    return Style(paper, ink, float(cover.sum()), ruled, cover, tint)


def _has_rule(ink: Mask, height: int) -> bool:
    """Whether ink goes on from left to right for longer than in any letter."""
    stroke = np.ones((1, max(_AIR, round(_RULE * height))), np.uint8)
    return bool(cv2.erode(ink.astype(np.uint8), stroke, borderValue=0).any())
