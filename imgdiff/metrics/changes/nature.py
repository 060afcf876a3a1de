"""What kind of pictures these are, and what of them differs: asked before anything is explained.

Noise, light and focus touch every pixel alike. So where pixels with a pattern are equal to the
bit, what differs elsewhere is none of these; and in what was drawn, rather than photographed or
compressed, there is no noise to begin with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from imgdiff.environment import of_both
from imgdiff.metrics.changes.drawings import DRAWN, is_clean, is_graphic, range_of, share_of
from imgdiff.metrics.changes.indexed import is_indexed
from imgdiff.metrics.changes.look import Look, highest, highest_of_blocks
from imgdiff.metrics.changes.palette import palette_of
from imgdiff.metrics.changes.sharpness import as_sharp
from imgdiff.metrics.changes.surfaces import PossibleLight, possible_light
from imgdiff.types import Mask, Picture


@dataclass(frozen=True, slots=True)
class NatureLimits:
    """Where one nature ends and the next begins.

    All were chosen on the tuning half of benchmarks/detection with its drawn pairs; how flat each
    optimum is, docs/tuning.md shows.

    Attributes
    ----------
    pattern : int
        Range within 3 × 3 px, levels, from which there is a pattern.
    common : float
        Share of the patterned places equal to the bit from which nothing but the changes differs.
        Bimodal: up to .03 with noise, from .83 without.
    dust : float
        Median difference, levels, below which that is rather dust than a change.
    dense : float
        Share of all 3 × 3 px that may be equal to the bit if noise is everywhere: dither and noise
        of σ .3 leave .08.
    slight, most : float
        Levels up to which nobody drew anything anew, and the share of the pixels that differ by no
        more where noise is everywhere: JPEG and stronger noise, whose
        clipping at black and white doesn't average out, leave .77 at most.
    untouched, plain : float
        The same share of all pixels, and that median, for drawings.
    scattered, alone : float
        Share of all pixels that differ from which they may be noise, and of those the share with no
        other one beside them from which they are: .16 of scattered noise, up to .04 of drawings.
    rounding : float
        Levels by which conversions of colours alone may change all of a kind.
    coherent : float
        Of what differs, the share that is left of it by the mean of 3 × 3 px: .97 of shadows, .35
        of noise.
    quiet, noiseless : float
        Unrest below which light and focus are the same, and below which there is no noise either.
    """

    pattern: int = 8
    common: float = 0.14
    dust: float = 6
    dense: float = 0.12
    slight: float = 2
    most: float = 0.8
    untouched: float = 0.2
    plain: float = 24
    scattered: float = 0.05
    alone: float = 0.08
    rounding: float = 1
    coherent: float = 0.8
    quiet: float = 0.4
    noiseless: float = 0.1


NATURE = NatureLimits()

_ENOUGH = 30
"""Patterned pixels without which nothing is said about them."""

_TILE, _SMALL_TILE = 16, 4
"""Px a side, also of small pictures."""

_FEW_TILES, _FEW = 12, 0.02
"""So many patterned tiles, or such a share of all, may be those of a single thing."""


@dataclass(frozen=True, slots=True)
class Nature:
    """The nature of a pair.

    Attributes
    ----------
    drawn : bool
        Neither photographed nor compressed, and one as sharp as the other.
    graphic : bool
        Drawn, though it may have been compressed since, and one as sharp as the other; or so small
        that nothing tells it from that.
    still : bool
        Nothing but the changes differs.
    unrest : float
        Share of the tiles with any pattern that differ, 0 to 1; 1 if samples were interpolated.
    light : {"none", "even", "any"}
        What another light may have done.
    size : float
        Median difference where there is a pattern, levels; 0 if it's equal to the bit.
    drawing : {"before", "after"} or None
        The one that was drawn, if the other one wasn't, or was compressed.
    dense : bool
        Next to no 3 × 3 px are equal, but most nearly: weak noise is everywhere, so that it
        averages out.
    """

    drawn: bool
    graphic: bool
    still: bool
    unrest: float
    light: PossibleLight
    size: float
    drawing: Literal["before", "after"] | None
    dense: bool

    @property
    def quiet(self) -> bool:
        """Whether light and focus are the same, so that even what is faint is a change."""
        return self.still or self.unrest < NATURE.quiet

    @property
    def noiseless(self) -> bool:
        """Whether there is no noise either."""
        return self.still or self.unrest <= NATURE.noiseless


UNCHANGED = Nature(
    drawn=True,
    graphic=True,
    still=True,
    unrest=0,
    light="none",
    size=0,
    drawing=None,
    dense=False,
)
"""Of a pair in which there is nothing to be seen: whatever it is, it is told of as a drawing is."""


def nature_of(look: Look) -> Nature:
    """The nature of a pair as it is looked at."""
    before, after, valid = look.before, look.after, look.valid
    (before_range, before_clean), (after_range, after_clean) = of_both(_drawn, before, after)
    ranges, clean = (before_range, after_range), (before_clean, after_clean)
    difference = highest(cv2.absdiff(before, after))
    same = (cv2.dilate(difference, np.ones((3, 3), np.uint8)) == 0) & valid
    patterned = (cv2.min(*ranges) > NATURE.pattern) & valid
    size = _median(difference, (cv2.max(*ranges) > NATURE.pattern) & valid & (difference > 0))
    sharp = as_sharp(before, after)
    drawn = all(clean) and sharp
    common = share_of(same, patterned) if np.count_nonzero(patterned) >= _ENOUGH else 0.0
    scattered = _alone(difference > 0, valid) >= NATURE.alone
    palette = palette_of(before, after, valid)
    untouched = share_of(same, valid)
    flat = drawn or is_graphic(before, after, ranges, valid)
    light = possible_light(palette, drawn=drawn, exact=look.exact)
    if flat and not drawn and look.exact:
        there = (cv2.max(*ranges) <= DRAWN.level) & valid
        told = possible_light(palette_of(before, after, there), drawn=True, exact=False)
        light = "even" if told == "even" else "none"
    redrawn = drawn and light == "none" and palette.consistent and size > NATURE.rounding
    redrawn = redrawn and not (palette.converted or is_indexed(before, after))
    smooth = drawn and light == "none" and untouched >= NATURE.untouched and size > NATURE.slight
    shaded = smooth and _coherence(before, after) >= NATURE.coherent
    unrest = _unrest(before, after, valid) if look.exact else 1.0
    saved = clean[0] != clean[1] and unrest >= NATURE.quiet
    return Nature(
        drawn=drawn,
        graphic=flat and sharp,
        still=look.exact
        and sharp
        and not (scattered or saved)
        and (
            redrawn
            or shaded
            or (common >= NATURE.common and size >= NATURE.dust)
            or (
                drawn and light == "none" and untouched >= NATURE.untouched and size >= NATURE.plain
            )
        ),
        unrest=unrest,
        light=light,
        size=size,
        drawing=None if clean[0] == clean[1] else "before" if clean[0] else "after",
        dense=look.exact
        and untouched <= NATURE.dense
        and share_of(difference <= NATURE.slight, valid) >= NATURE.most,
    )


def _alone(differs: Mask, valid: Mask) -> float:
    """Share of the pixels that differ with no other one beside them, if that's no handful.

    Noise of single pixels that leaves many equal to the bit; what changed lies together.
    """
    count = int(np.count_nonzero(differs & valid))
    if count <= NATURE.scattered * np.count_nonzero(valid):
        return 0
    around = cv2.boxFilter(differs.view(np.uint8), -1, (3, 3), normalize=False)
    return int(np.count_nonzero(differs & valid & (around == 1))) / count


def _coherence(before: Picture, after: Picture) -> float:
    """How much alike neighbours differ, 0 to 1: noise cancels out among them."""
    step = cv2.subtract(after, before, dtype=cv2.CV_16S)
    total = cv2.norm(step, cv2.NORM_L1)
    return cv2.norm(cv2.blur(step, (3, 3)), cv2.NORM_L1) / total if total else 0


def _unrest(before: Picture, after: Picture, valid: Mask) -> float:
    """Share of the tiles with any pattern that differ, by however little: 0 to 1.

    Noise, resampling, compression, another light or focus leave no pattern equal to the bit; a
    change does, everywhere else. Where there is hardly any pattern, all tiles are looked at, since
    it may be that of the change itself.
    """
    side = _TILE if valid.size >= DRAWN.small else _SMALL_TILE
    if min(valid.shape) < side:
        return 1

    def tiles(mask: Mask) -> Mask:
        return highest_of_blocks(mask.view(np.uint8), side) > 0

    differs = tiles(highest(cv2.absdiff(before, after)) > 0)
    around = cv2.dilate(before, np.ones((3, 3), np.uint8)) - before  # never below 0
    patterned = tiles((highest(around) > 8) & valid)
    if patterned.sum() <= max(_FEW_TILES, _FEW * patterned.size):
        patterned = tiles(valid)
    return float((differs & patterned).sum() / max(1, patterned.sum()))


def _drawn(picture: Picture) -> tuple[Picture, bool]:
    """The range around each pixel, and whether the picture counts as drawn."""
    ranges = range_of(picture)
    return ranges, is_clean(picture, ranges)


def _median(values: Picture, where: Mask) -> float:
    """The median of some bytes, by counting them; 0 of none."""
    counts = cv2.calcHist([values], [0], where.view(np.uint8), [256], [0, 256]).ravel()
    below = np.cumsum(counts, dtype=np.int64)
    count = int(below[-1])
    middle = np.searchsorted(below, [(count - 1) // 2, count // 2], side="right")
    return float(middle.mean()) if count else 0.0
