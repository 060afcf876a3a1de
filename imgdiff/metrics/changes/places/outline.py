"""Places drawn tightly, fragments of one thing put together, at the size of the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.evidence import Evidence
from imgdiff.metrics.changes.hysteresis import Limits
from imgdiff.metrics.changes.look import Samples
from imgdiff.pixels.order_statistics import quantile
from imgdiff.pixels.regions import outline_through
from imgdiff.types import Box, Mask

Window: TypeAlias = tuple[slice, slice]

_STRONG = 0.4
"""The border lies where the difference falls below this share of what it is inside."""

_HALO = 7
"""Px: as far as that reaches beyond a change what blur makes of it."""

_QUIET_STRONG = 0.04
"""The same where nothing but the changes differs: an antialiased edge belongs to it."""

_AROUND = 2
"""Px around a place in which its border may be found anew."""

_FIRM = 0.25
"""Share of a difference that must be left if every pixel may lie one pixel further on."""

_ECHO = 0.1
"""Parts that differ by less than this share of the strongest are what JPEG made of it around it."""

_CRUMB = 0.04
"""Fragments smaller than this share of the largest are dropped."""

_SMALL, _HARDLY = 120, 0.2
"""Px of a place that is taken as it was grown where its parts hold less than this share of it."""

_AIR, _LESS_AIR, _LEAST = 4, 2, 8
"""Px between a place and its box; less for places up to the last, px."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A part of the picture that changed.

    Attributes
    ----------
    box : Box
        Around it, px of the grid it was found on.
    mask : ndarray of bool, shape (box.height, box.width)
        Its pixels.
    """

    box: Box
    mask: Mask

    @property
    def slices(self) -> tuple[slice, slice]:
        """To index an array with."""
        return self.box.slices

    @property
    def area(self) -> int:
        """Its pixels."""
        return int(np.count_nonzero(self.mask))

    def within(self, other: Place) -> Place:
        """A place on the grid of another one's box, on that which the other one is on."""
        box = self.box
        there = Box(other.box.x + box.x, other.box.y + box.y, box.width, box.height)
        return Place(there, self.mask)


def components(mask: Mask, least: int = 1) -> Iterator[Place]:
    """The 8-connected places of a mask with at least so many pixels."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=8
    )
    for index in range(1, count):
        x, y, width, height, area = (int(value) for value in stats[index])
        if area >= least:
            box = Box(x, y, width, height)
            yield Place(box, labels[box.slices] == index)


def tightened(
    place: Place, evidence: Evidence, firm: Samples, limits: Limits, *, keep: bool
) -> Iterator[Place]:
    """The parts of a place where the difference is a good share of the strongest near by.

    Blurred differences reach beyond what changed; their borders at two fifths of the height don't.
    Thin parts that a pixel's displacement explains are edges that lie a little further on.

    Parameters
    ----------
    place : Place
        As grown.
    evidence : Evidence
        At each pixel.
    firm : ndarray of float32, of the place's shape
        What is left of the difference if every pixel may lie one pixel further on.
    limits : Limits
        The z that each part must reach somewhere, and the contrast below half of which nothing
        belongs.
    keep : bool
        Keep the place as it is if no part would be left.
    """
    fine = cv2.GaussianBlur(evidence.fine[place.slices], (0, 0), 1)
    strongest = cv2.dilate(fine * place.mask, np.ones((2 * _HALO + 1,) * 2, np.uint8))
    level = np.maximum(_STRONG * strongest, np.float32(0.5 * limits.contrast))
    dense = (fine > level) & place.mask
    loose = firm < _FIRM * evidence.fine[place.slices]
    thick = cv2.morphologyEx(dense.astype(np.uint8), cv2.MORPH_OPEN, np.ones((7, 7), np.uint8)) > 0
    dense = _filled(dense & (thick | ~loose))
    parts = _loud(list(components(dense)), fine)
    largest = max((part.area for part in parts), default=0)
    certain = evidence.z[place.slices] > limits.seed
    parts = [
        part
        for part in parts
        if part.area >= max(4, _CRUMB * largest) and certain[part.slices][part.mask].any()
    ]
    hardly = sum(part.area for part in parts) < _HARDLY * place.area
    if (keep and not parts) or (parts and hardly and place.area < _SMALL):
        yield place
        return
    for part in parts:
        yield part.within(place)


def _loud(parts: list[Place], differences: Samples) -> list[Place]:
    """Those that aren't weak beside the strongest."""
    peaks = [float(differences[part.slices][part.mask].max()) for part in parts]
    least = _ECHO * max(peaks, default=0)
    return [part for part, peak in zip(parts, peaks, strict=True) if peak >= least]


def with_air(box: Box, shape: tuple[int, int]) -> Box:
    """A box with air, as people draw them where a border is uncertain, inside of (H, W).

    4 px; around the least places 2, so that the box shows how small they are.
    """
    air = _AIR if max(box.width, box.height) > _LEAST else _LESS_AIR
    left, top = max(0, box.x - air), max(0, box.y - air)
    right = min(shape[1], box.x + box.width + air)
    bottom = min(shape[0], box.y + box.height + air)
    return Box(left, top, right - left, bottom - top)


def around(boxes: list[Box]) -> Box:
    """The smallest box that holds all."""
    x, y = min(b.x for b in boxes), min(b.y for b in boxes)
    right, bottom = max(b.x + b.width for b in boxes), max(b.y + b.height for b in boxes)
    return Box(x, y, right - x, bottom - y)


def enlarged(place: Place, scale: float, shape: tuple[int, int]) -> Place:
    """A place at the size of the reference, (H, W); `scale` leads from there to the small grid."""
    if scale == 1:
        return place
    height, width = shape
    box = place.box
    left, top = int(box.x / scale), int(box.y / scale)
    right = min(width, int(np.ceil((box.x + box.width) / scale)))
    bottom = min(height, int(np.ceil((box.y + box.height) / scale)))
    size = max(1, right - left), max(1, bottom - top)
    mask = cv2.resize(place.mask.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) > 0.5
    return Place(Box(left, top, *size), mask)


def refined(place: Place, difference: Callable[[Window], Samples], *, quiet: bool) -> Place:
    """A place drawn anew by the full pictures: what differs there by a good share of the most.

    Parameters
    ----------
    place : Place
        Enlarged from a reduced grid.
    difference : callable
        ``(rows, columns) -> (h, w)`` difference of the pictures as they are, levels.
    quiet : bool
        Nothing but the changes differs: the border lies where it begins.
    """
    rows, columns = place.slices
    cut = (
        slice(max(0, rows.start - _AROUND), rows.stop + _AROUND),
        slice(max(0, columns.start - _AROUND), columns.stop + _AROUND),
    )
    levels = difference(cut)
    y, x = rows.start - cut[0].start, columns.start - cut[1].start
    near = np.zeros(levels.shape, np.uint8)
    near[y : y + place.box.height, x : x + place.box.width] = place.mask
    close_by = cv2.dilate(near, np.ones((2 * _AROUND + 1, 2 * _AROUND + 1), np.uint8)) > 0
    if not quiet:
        levels = cv2.GaussianBlur(levels, (3, 3), 0)
    share = _QUIET_STRONG if quiet else _STRONG
    level = share * float(quantile(levels[close_by], 0.95))
    dense = _filled((levels > level) & close_by)
    if not dense.any():
        return place
    left, top, width, height = cv2.boundingRect(dense.astype(np.uint8))
    box = Box(cut[1].start + left, cut[0].start + top, width, height)
    return Place(box, dense[top : top + height, left : left + width])


def outline_of(place: Place) -> NDArray[np.int32]:
    """One closed line around all parts of a place and its holes, (N, 2), as `loops_of` parts it."""
    found, _ = cv2.findContours(
        place.mask.astype(np.uint8),
        cv2.RETR_CCOMP,
        cv2.CHAIN_APPROX_SIMPLE,
        offset=(place.box.x, place.box.y),
    )
    return outline_through([np.asarray(line, np.int32).reshape(-1, 2) for line in found])


def _filled(mask: Mask) -> Mask:
    """Small gaps closed and holes filled, unless a hole is larger than all that is around it."""
    kernel = np.ones((3, 3), np.uint8)
    padded = cv2.copyMakeBorder(mask.astype(np.uint8), 2, 2, 2, 2, cv2.BORDER_CONSTANT)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, kernel, iterations=2)
    lines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(closed.copy(), lines, -1, 1, cv2.FILLED)
    holes = cv2.subtract(filled, closed)
    if np.count_nonzero(holes) > np.count_nonzero(closed):
        _, labels, stats, _ = cv2.connectedComponentsWithStats(holes, connectivity=4)
        large = stats[:, cv2.CC_STAT_AREA] > np.count_nonzero(closed)
        large[0] = False
        filled[large[labels]] = 0
    return np.asarray(filled[2:-2, 2:-2] > 0)


def united(group: list[Place]) -> Place:
    """All parts as one place."""
    box = around([place.box for place in group])
    mask = np.zeros((box.height, box.width), np.bool_)
    for place in group:
        x, y = place.box.x - box.x, place.box.y - box.y
        mask[y : y + place.box.height, x : x + place.box.width] |= place.mask
    return Place(box, mask)
