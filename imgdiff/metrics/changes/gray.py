"""Gray copies: of a picture in colour and one without, brightness alone is compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.look import Look, highest, lowest, sampled_places
from imgdiff.metrics.changes.robust import tukey_fit
from imgdiff.pixels.order_statistics import median
from imgdiff.types import Mask, Picture, holds_everywhere

_COLOURED = 12
"""Spread of the channels, levels, from which a pixel has a colour."""

_GRAY, _IN_COLOUR = 0.002, 0.005
"""Share of coloured pixels up to which a picture is gray, and from which it's in colour."""

_WIDE = 0.2
_THINGS, _SPREAD, _LARGEST = 3, 0.4, 0.6
"""Such a share of the picture is in colour; or so many things, in a box of such a share, of which
none has more of the colour than that: one coloured thing in a gray picture is a change."""

_THING = 0.0005
"""Share of a picture from which it's a thing."""

_ALIKE = 8.0
"""Median difference, levels, up to which the one is a copy of the other."""

_EXPLAINED = 0.5
"""And the share of the gray one's own contrast: else there is nothing that could be a copy."""

_OFF_THE_LINE = 10.0
"""Levels: standard deviation of the colours across the line that fits them best. One ink and its
smoothing lie on a line (0 of blue text, some of JPEG's); three photographs had 29 to 40."""

_NARROW = 0.21
"""The same as a share of the deviation along the line: six photographs have from .25 on, inks that
were compressed up to .19."""

_SAMPLE = 40_000

_STRIP = 64
"""Rows that are looked at together."""


@dataclass(frozen=True, slots=True, eq=False)
class GrayCopy:
    """How a picture in colour became one without.

    Attributes
    ----------
    gray : {"before", "after"}
        Which one is gray.
    weights : ndarray of float64, shape (4,)
        Gray levels by red, green, blue and one.
    """

    gray: Literal["before", "after"]
    weights: NDArray[np.float64]

    @property
    def sentence(self) -> str:
        """What a user is told."""
        return f"The picture {self.gray} is gray: brightness alone is compared."

    def without_colour(self, look: Look) -> Look:
        """Both pictures gray: the coloured one by the weights."""
        if self.gray == "after":
            return replace(look, before=self._grayed(look.before), after=_single(look.after))
        return replace(look, before=_single(look.before), after=self._grayed(look.after))

    def _grayed(self, picture: Picture) -> Picture:
        matrix = np.repeat(self.weights[None], 3, axis=0)
        levels = cv2.transform(picture.astype(np.float32), matrix)
        return np.clip(np.rint(levels), 0, 255).astype(np.uint8)


def gray_copy(look: Look) -> GrayCopy | None:
    """Whether one picture is the other one without colours; None if not."""
    coloured = _coloured_pixels(look)
    if coloured is None:
        return None
    shares = [np.count_nonzero(mask) / mask.size for mask in coloured]
    side = int(np.argmin(shares))
    if shares[side] > _GRAY or shares[1 - side] < _IN_COLOUR or not _many(coloured[1 - side]):
        return None
    plain, colour = (look.before, look.after)[:: 1 if side == 0 else -1]
    if _of_one_ink(colour[coloured[1 - side]]):
        return None
    rows, columns = sampled_places(look.valid, _SAMPLE)
    design = np.column_stack([colour[rows, columns], np.ones(len(rows))]).astype(np.float64)
    wanted = plain[rows, columns, 1].astype(np.float64)
    weights = tukey_fit(design, wanted, floor=1, ridge=0.1)
    missed = np.abs(design @ weights - wanted)
    if float(median(missed)) >= min(_ALIKE, _EXPLAINED * float(wanted.std())):
        return None
    return GrayCopy("before" if side == 0 else "after", weights)


def _coloured_pixels(look: Look) -> list[Mask] | None:
    """Where each picture has a colour; None once neither can be gray, as mostly some rows tell."""
    pictures = look.before, look.after
    inside = _inside(look.valid)
    coloured = [np.zeros(look.valid.shape, np.bool_) for _ in pictures]
    counts = [0, 0]
    for top in range(0, len(look.valid), _STRIP):
        rows = slice(top, top + _STRIP)
        for side, picture in enumerate(pictures):
            coloured[side][rows] = here = _coloured(picture, top) & inside[rows]
            counts[side] += int(np.count_nonzero(here))
        if min(counts) / look.valid.size > _GRAY:
            return None
    return coloured


def _inside(valid: Mask) -> Mask:
    """Without the pixels next to what isn't compared: there the one picture has the other's."""
    if holds_everywhere(valid):
        return valid
    inner = cv2.erode(valid.view(np.uint8), np.ones((3, 3), np.uint8), borderValue=1)
    return np.asarray(inner.view(np.bool_))


def _coloured(picture: Picture, top: int) -> Mask:
    """Where, in some rows, channels differ clearly once noise of single pixels is averaged."""
    above = min(1, top)
    smooth = cv2.blur(picture[top - above : top + _STRIP + 1], (3, 3))[above:][:_STRIP]
    return np.asarray(highest(smooth) - lowest(smooth) > _COLOURED)


def _many(coloured: Mask) -> bool:
    if coloured.mean() > _WIDE:
        return True
    _, _, stats, _ = cv2.connectedComponentsWithStats(coloured.astype(np.uint8))
    areas = stats[1:, cv2.CC_STAT_AREA]
    _, _, width, height = cv2.boundingRect(coloured.astype(np.uint8))
    return bool(
        (areas >= _THING * coloured.size).sum() >= _THINGS
        and width * height >= _SPREAD * coloured.size
        and areas.max() <= _LARGEST * areas.sum()
    )


def _of_one_ink(colours: Picture) -> bool:
    """Whether colours, shape (N, 3), are shades of one: a recoloured thing, not a photograph."""
    step = 1 + len(colours) // _SAMPLE
    variances = np.linalg.eigvalsh(np.cov(colours[::step].T.astype(np.float64), ddof=0))
    return bool(variances[1] < max(_OFF_THE_LINE**2, _NARROW**2 * variances[2]))


def _single(picture: Picture) -> Picture:
    green = picture[..., 1]
    return np.ascontiguousarray(np.dstack([green, green, green]), np.uint8)
