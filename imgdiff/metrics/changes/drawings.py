"""What was drawn rather than photographed, and whether it was compressed since."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from imgdiff.metrics.changes.indexed import few_colours, packed, sampled
from imgdiff.metrics.changes.look import highest
from imgdiff.types import Mask, Picture


@dataclass(frozen=True, slots=True)
class DrawnLimits:
    """How flat drawings are.

    Chosen on the tuning half of benchmarks/detection with its drawn pairs, and 13 drawings and 7
    photographs as JPEG 50 to 95, WebP 50 and AVIF 55.

    Attributes
    ----------
    edge : int
        Range within 3 × 3 px, levels, from which it's a strong edge.
    near : int
        Px around strong edges in which JPEG and sensors ring, and drawings are flat.
    smooth : int
        Second difference, levels, up to which a place is flat or evenly shaded.
    clean : float
        Share of the pixels there that are, from which a picture counts as drawn. Drawings have
        from .82, JPEG's up to .70.
    few_colours : int
        A picture of no more is drawn, whatever its edges are like.
    ringing : int
        Px around strong edges beyond which compression leaves flat what was.
    level, few, held, flat : int, int, float, float
        Range within 3 × 3 px, levels, up to which it's flat; the shares there that so many colours
        hold, and that are flat, of drawings that were compressed: .84 and .72 and more (13 drawings
        as JPEG 50 to 95, WebP and AVIF), of photographs up to .74 and .68, never both (moon.png as
        WebP 50: .69 and .67); noisy scans saved as JPEG are flat up to .47.
    beyond : float
        Share of a picture that must lie there for that to say something.
    small : int
        Px of a picture that is too small to tell light from other colours.
    """

    edge: int = 32
    near: int = 6
    smooth: int = 1
    clean: float = 0.76
    few_colours: int = 16
    ringing: int = 8
    level: int = 1
    few: int = 8
    held: float = 0.8
    flat: float = 0.6
    beyond: float = 0.03
    small: int = 5000


DRAWN = DrawnLimits()

_STRIP = 64
"""Rows that are looked at together."""


def range_of(picture: Picture) -> Picture:
    """Range of the levels within 3 × 3 px, of the channel that varies most."""
    kernel = np.ones((3, 3), np.uint8)
    return np.asarray(highest(cv2.dilate(picture, kernel) - cv2.erode(picture, kernel)), np.uint8)


def is_clean(picture: Picture, ranges: Picture) -> bool:
    """Whether a picture is flat near strong edges, though not beside them."""
    if few_colours(picture, DRAWN.few_colours) is not None:
        return True
    strong = (ranges > DRAWN.edge).view(np.uint8)
    side = 2 * DRAWN.near + 1
    near = cv2.dilate(strong, np.ones((side, side), np.uint8)) > 0
    near &= cv2.dilate(strong, np.ones((3, 3), np.uint8)) == 0
    return _mostly_smooth(picture, near if near.any() else np.ones_like(near))


def is_graphic(
    before: Picture, after: Picture, ranges: tuple[Picture, Picture], valid: Mask
) -> bool:
    """Whether both were drawn, however they were compressed: flat wherever no strong edge is near.

    Or so small that this can't be told.
    """
    area = np.count_nonzero(valid)
    if area < DRAWN.small:
        return True
    side = 2 * DRAWN.ringing + 1
    strong = (cv2.max(*ranges) > DRAWN.edge).view(np.uint8)
    far = (cv2.dilate(strong, np.ones((side, side), np.uint8)) == 0) & valid
    flat = (share_of(each <= DRAWN.level, far) >= DRAWN.flat for each in ranges)
    enough = np.count_nonzero(far) >= DRAWN.beyond * area
    return bool(enough and all(flat) and all(_few_hold(p[far]) for p in (before, after)))


def share_of(mask: Mask, among: Mask) -> float:
    """Share of some pixels that are of a mask, 0 to 1."""
    return int(np.count_nonzero(mask & among)) / max(1, int(np.count_nonzero(among)))


def _few_hold(pixels: Picture) -> bool:
    """Whether few colours hold most of some pixels, (N, 3)."""
    colours = packed(sampled(pixels))
    counts = np.sort(np.unique(colours, return_counts=True)[1])[::-1]
    return bool(counts[: DRAWN.few].sum() >= DRAWN.held * len(colours))


def _mostly_smooth(picture: Picture, near: Mask) -> bool:
    """Whether a picture is flat or evenly shaded at enough of some pixels.

    Strip by strip, until what is left can't turn it: of photographs that's a third of them.
    """
    total = left = int(np.count_nonzero(near))
    found = 0
    for top in range(0, len(near), _STRIP):
        here = near[top : top + _STRIP]
        count = int(np.count_nonzero(here))
        if not count:
            continue
        found += int(np.count_nonzero(_smooth(picture, top, top + len(here)) & here))
        left -= count
        if found / total >= DRAWN.clean or (found + left) / total < DRAWN.clean:
            break
    return found / total >= DRAWN.clean


def _smooth(picture: Picture, top: int, bottom: int) -> Mask:
    """Where some rows are flat or evenly shaded: what drawing programs leave, and no noise does."""
    above = min(1, top)
    rows = picture[top - above : bottom + 1]
    kernel = np.array([[1, -2, 1]], np.float32)
    bends = (cv2.filter2D(rows, cv2.CV_16S, k) for k in (kernel, kernel.T))
    across, down = (cv2.convertScaleAbs(bend) for bend in bends)
    return np.asarray(highest(cv2.max(across, down)[above:][: bottom - top]) <= DRAWN.smooth)
