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
from numpy.typing import NDArray

from imgdiff.metrics.changes.look import Look, highest, highest_of_blocks
from imgdiff.metrics.changes.palette import palette_of
from imgdiff.metrics.changes.sharpness import as_sharp
from imgdiff.metrics.changes.surfaces import PossibleLight, possible_light
from imgdiff.pixels.order_statistics import distinct, median
from imgdiff.types import Mask, Picture


@dataclass(frozen=True, slots=True)
class NatureLimits:
    """Where one nature ends and the next begins.

    All were chosen on the tuning half of benchmarks/detection with its drawn pairs; how flat each
    optimum is, docs/tuning.md shows.

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
    quiet, noiseless : float
        Unrest below which light and focus are the same, and below which there is no noise either.
    """

    edge: int = 32
    near: int = 6
    smooth: int = 1
    clean: float = 0.76
    few_colours: int = 16
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
    quiet: float = 0.4
    noiseless: float = 0.1


NATURE = NatureLimits()

_ENOUGH = 30
"""Patterned pixels without which nothing is said about them."""

_SAMPLE, _FIRST = 60_000, 4_000
"""Pixels by which colours are counted, and those that mostly tell."""


_TILE = 16
"""Px a side."""

_FEW_TILES, _FEW = 12, 0.02
"""So many patterned tiles, or such a share of all, may be those of a single thing."""


@dataclass(frozen=True, slots=True)
class Nature:
    """The nature of a pair.

    Attributes
    ----------
    drawn : bool
        Neither photographed nor compressed, and one as sharp as the other.
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


def nature_of(look: Look) -> Nature:
    """The nature of a pair as it is looked at."""
    before, after, valid = look.before, look.after, look.valid
    ranges = _range(before), _range(after)
    difference = highest(cv2.absdiff(before, after))
    same = (cv2.dilate(difference, np.ones((3, 3), np.uint8)) == 0) & valid
    patterned = (cv2.min(*ranges) > NATURE.pattern) & valid
    size = _median(difference, (cv2.max(*ranges) > NATURE.pattern) & valid & (difference > 0))
    clean = [
        _cleanness(*each) >= NATURE.clean for each in zip((before, after), ranges, strict=True)
    ]
    sharp = as_sharp(before, after)
    drawn = all(clean) and sharp
    common = _share(same, patterned) if np.count_nonzero(patterned) >= _ENOUGH else 0.0
    scattered = _alone(difference > 0, valid) >= NATURE.alone
    palette = palette_of(before, after, valid)
    untouched = _share(same, valid)
    light = possible_light(palette, drawn=drawn, exact=look.exact)
    redrawn = drawn and light == "none" and palette.consistent and size > NATURE.slight
    unrest = _unrest(before, after, valid) if look.exact else 1.0
    saved = clean[0] != clean[1] and unrest >= NATURE.quiet
    return Nature(
        drawn=drawn,
        still=look.exact
        and sharp
        and not (scattered or saved)
        and (
            redrawn
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
        and _share(difference <= NATURE.slight, valid) >= NATURE.most,
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


def _unrest(before: Picture, after: Picture, valid: Mask) -> float:
    """Share of the tiles with any pattern that differ, by however little: 0 to 1.

    Noise, resampling, compression, another light or focus leave no pattern equal to the bit; a
    change does, everywhere else. Where there is hardly any pattern, all tiles are looked at, since
    it may be that of the change itself.
    """
    if min(valid.shape) < _TILE:
        return 1

    def tiles(mask: Mask) -> Mask:
        return highest_of_blocks(mask.view(np.uint8), _TILE) > 0

    differs = tiles(highest(cv2.absdiff(before, after)) > 0)
    around = cv2.dilate(before, np.ones((3, 3), np.uint8)) - before  # never below 0
    patterned = tiles((highest(around) > 8) & valid)
    if patterned.sum() <= max(_FEW_TILES, _FEW * patterned.size):
        patterned = tiles(valid)
    return float((differs & patterned).sum() / max(1, patterned.sum()))


def _range(picture: Picture) -> Picture:
    """Range of the levels within 3 × 3 px, of the channel that varies most."""
    kernel = np.ones((3, 3), np.uint8)
    return np.asarray(highest(cv2.dilate(picture, kernel) - cv2.erode(picture, kernel)), np.uint8)


def _cleanness(picture: Picture, ranges: Picture) -> float:
    """Share of the flat pixels among those near strong edges, but not beside them."""
    if _has_few_colours(picture):
        return 1
    strong = (ranges > NATURE.edge).view(np.uint8)
    side = 2 * NATURE.near + 1
    near = cv2.dilate(strong, np.ones((side, side), np.uint8)) > 0
    near &= cv2.dilate(strong, np.ones((3, 3), np.uint8)) == 0
    return _share(_smooth(picture), near if near.any() else np.ones_like(near))


def _smooth(picture: Picture) -> Mask:
    """Where a picture is flat or evenly shaded: what drawing programs leave, and no noise does."""
    kernel = np.array([[1, -2, 1]], np.float32)
    bends = (cv2.filter2D(picture, cv2.CV_16S, k) for k in (kernel, kernel.T))
    across, down = (cv2.convertScaleAbs(bend) for bend in bends)
    return np.asarray(highest(cv2.max(across, down)) <= NATURE.smooth)


def _has_few_colours(picture: Picture) -> bool:
    """Whether a sample of the picture has no more than few; most have more in a part of it."""
    pixels = _sampled(picture)
    parts = pixels[:_FIRST], pixels
    return all(len(distinct(_packed(part))) <= NATURE.few_colours for part in parts)


def _sampled(picture: Picture) -> Picture:
    """Some ten thousand pixels, (N, 3)."""
    pixels = picture.reshape(-1, 3)
    return pixels[:: 1 + len(pixels) // _SAMPLE]


def _packed(pixels: Picture) -> NDArray[np.int64]:
    return np.asarray(pixels.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1]))


def _share(mask: Mask, among: Mask) -> float:
    return int(np.count_nonzero(mask & among)) / max(1, int(np.count_nonzero(among)))


def _median(values: Picture, where: Mask) -> float:
    return float(median(values[where])) if where.any() else 0.0
