"""Evidence → the places that changed, at one limit or at several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from imgdiff.metrics.changes.evidence import Evidence
from imgdiff.metrics.changes.hysteresis import Limits, changed_mask
from imgdiff.metrics.changes.light.matched import Matched
from imgdiff.metrics.changes.look import Look
from imgdiff.metrics.changes.places.fragments import grouped
from imgdiff.metrics.changes.places.outline import Place, components, tightened, united
from imgdiff.metrics.changes.places.residue import (
    firm,
    has_no_edge,
    lies_beside,
    shift_explains,
    too_faint,
)
from imgdiff.pixels.order_statistics import median
from imgdiff.types import Mask

_MOST = 0.5
"""If more than this share changed, it's one change: most of the picture."""

_EVEN, _EVEN_BLUR = 7.0, 4.0
"""Levels by which half of a picture may differ once it's blurred by this σ, px: grain averages out
to 2.7, and half a picture replaced leaves 7.6."""

_LEAST_PIXELS = 4
"""Px of a place as it is grown; fewer are a speck."""

_FIRMLY, _CLEAR, _FURTHER = 0.6, 60.0, 3
"""Share of a difference, and levels, that must be left, if every pixel may lie so many px further
on, of a change in what a shift explains as a whole: a bridge between two tracks that lie elsewhere.
Set on 10 boards; with 2 px there were 16 more false places, with 4 px 2 more were missed."""

_NET, _NEW = 0.1, 0.2
"""Share of a picture that a net of lines covers, in which a single one can change; and of its
pixels, those that have nothing like them beside, from which on all of it did."""

_EDGE, _OTHER, _FEW = 25, 50, 0.02
"""Levels by which edges differ that are drawn anew, those by which other lines differ from all that
is a pixel around, and the share that may: .007 of charts at two sizes, .2 of other words."""

_SEEDS = 3
"""Certain pixels that a stricter limit must have found elsewhere to be asked again."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A pair as it was compared, and what came out pixel by pixel.

    Attributes
    ----------
    look : Look
        The pictures.
    matched : Matched
        The same in one light and focus.
    evidence : Evidence
        Of change, on the grid of `look`.
    fits : bool
        Whether edges lie on one another, so that no shift explains what differs.
    all_over : bool
        Whether it's known that all changed: then there are no single places.
    redrawn : bool
        Whether both were drawn, each at its own size.
    """

    look: Look
    matched: Matched
    evidence: Evidence
    fits: bool
    all_over: bool = False
    redrawn: bool = False


def places_of(compared: Compared, limits: list[Limits]) -> tuple[list[Place], bool]:
    """Where something changed, on the grid of the look; whether that's most of the picture.

    Parameters
    ----------
    compared : Compared
        What to decide on.
    limits : list of Limits
        The one that was asked for, then stricter ones: what they find, it finds too, even where
        faint differences around would hide it.
    """
    if compared.all_over:
        differs = (compared.evidence.contrast > limits[0].contrast) & compared.look.valid
        return [united(list(components(differs)))] if differs.any() else [], True
    places, most = _places_at(compared, limits[0])
    for stricter in limits[1:] if not most else []:
        known = covered(places, compared.look.valid)
        seeds = changed_mask(compared.evidence, stricter, compared.matched.demand) & ~known
        if np.count_nonzero(seeds) >= _SEEDS:
            more, _ = _places_at(compared, stricter)
            places += [p for p in more if not known[p.slices][p.mask].any()]
    return places, most


def _places_at(compared: Compared, limits: Limits) -> tuple[list[Place], bool]:
    """The places at one limit."""
    evidence, valid = compared.evidence, compared.look.valid
    mask = changed_mask(evidence, limits, compared.matched.demand) & valid
    if not evidence.quiet:
        mask = _broadly_changed(compared, mask)
    if np.count_nonzero(mask) > _MOST * np.count_nonzero(valid):
        return [united(list(components(mask)))], True
    soft = compared.matched.soft_before, compared.matched.soft_after
    grown = [
        part
        for place in components(mask, _LEAST_PIXELS)
        for part in _standing(place, compared, limits)
    ]
    tight = [
        part
        for place in grown
        for part in tightened(
            place,
            evidence,
            evidence.fine[place.slices] if compared.fits else firm(*soft, place.slices),
            limits,
            keep=compared.fits,
        )
    ]
    return grouped(tight, valid.shape), False


def _broadly_changed(compared: Compared, mask: Mask) -> Mask:
    """The mask; or if half of the picture differs broadly, which no noise does, all of that."""
    matched, valid = compared.matched, compared.look.valid
    step = cv2.subtract(matched.after[..., 0], matched.before[..., 0])
    broad = np.abs(cv2.GaussianBlur(step, (0, 0), _EVEN_BLUR))
    differs = (broad > _EVEN) & valid
    if 2 * np.count_nonzero(differs) < np.count_nonzero(valid):  # nor is the median above it
        return mask
    return differs if median(broad[valid]) > _EVEN else mask


def _standing(place: Place, compared: Compared, limits: Limits) -> Iterator[Place]:
    """The place, unless light or interpolation explains it; of a small shift, what it doesn't."""
    evidence, exact = compared.evidence, compared.look.exact
    soft = compared.matched.soft_before, compared.matched.soft_after
    if not exact and too_faint(place, evidence.z, limits.seed, compared.look.valid, soft):
        return
    if compared.matched.tone.light is not None and has_no_edge(place, *soft):
        return
    if compared.redrawn:
        yield from _redrawn(place, compared, limits)
    elif compared.fits or not shift_explains(place, *soft):
        yield place
    else:
        yield from _firm_parts(place, compared, limits, reach=_FURTHER)


def _redrawn(place: Place, compared: Compared, limits: Limits) -> Iterator[Place]:
    """The place, unless its lines lie a pixel further on; of a net of them, what doesn't."""
    soft = compared.matched.soft_before, compared.matched.soft_after
    left = firm(*soft, place.slices, reach=1)[place.mask]
    fine = compared.evidence.fine[place.slices][place.mask]
    net = place.box.width * place.box.height > _NET * compared.look.valid.size
    if net and not np.count_nonzero(left > 0.5 * fine) > _NEW * left.size:
        yield from _firm_parts(place, compared, limits, reach=1)
    elif not lies_beside(left, fine):
        yield place


def _firm_parts(place: Place, compared: Compared, limits: Limits, *, reach: int) -> Iterator[Place]:
    """The parts of a place that are left if every pixel may lie so many px further on."""
    evidence, exact = compared.evidence, compared.look.exact
    soft = compared.matched.soft_before, compared.matched.soft_after
    left = firm(*soft, place.slices, reach=reach)
    inside = place.mask & (left > _FIRMLY * evidence.fine[place.slices]) & (left > _CLEAR)
    thick = cv2.morphologyEx(inside.view(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    for part in components(thick > 0, _LEAST_PIXELS):
        there = part.within(place)
        certain = evidence.z[there.slices][there.mask] > limits.seed
        if np.count_nonzero(certain) >= _SEEDS and (
            exact or not too_faint(there, evidence.z, limits.seed, compared.look.valid, soft)
        ):
            yield there


def lines_agree(compared: Compared) -> bool:
    """Whether a drawing that was drawn at two sizes has the same lines all over, or a pixel off."""
    if not compared.redrawn:
        return False
    matched, valid = compared.matched, compared.look.valid
    everywhere = slice(0, valid.shape[0]), slice(0, valid.shape[1])
    left = firm(matched.soft_before, matched.soft_after, everywhere, reach=1)
    differ = (compared.evidence.fine > _EDGE) & valid
    others = int(np.count_nonzero(left[differ] > _OTHER))
    return others <= _FEW * int(np.count_nonzero(differ))


def covered(places: list[Place], like: Mask) -> Mask:
    """The pixels of all places, on a grid as that of another mask."""
    mask = np.zeros_like(like)
    for place in places:
        mask[place.slices] |= place.mask
    return mask
