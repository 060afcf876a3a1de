"""Places → regions: named, measured, paired, drawn at the size of the reference."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from imgdiff.metrics.changes.evidence import Evidence
from imgdiff.metrics.changes.hysteresis import Limits
from imgdiff.metrics.changes.light.matched import Matched
from imgdiff.metrics.changes.look import Look
from imgdiff.metrics.changes.places.kinds import kind_of, presence
from imgdiff.metrics.changes.places.moves import moves
from imgdiff.metrics.changes.places.outline import Place, enlarged, outline_of, refined, with_air
from imgdiff.metrics.changes.places.signs import patch_of, signs_of
from imgdiff.types import Move, Region

_SURE_AREA, _QUIET_AREA = 12.0, 3.0
"""Px² by which a place becomes trustworthy, since fewer pixels agree by chance; and where nothing
but the changes differs."""

_MOST_NAMED = 300
"""So many places are given a kind, the largest: more, nobody reads one by one."""

_FAINT = 0.6
"""Confidence below which a place may be noise as well: of those, one in four was a change."""


def regions_of(  # noqa: PLR0913, PLR0917 (what the stages made)
    places: list[Place],
    matched: Matched,
    evidence: Evidence,
    limits: Limits,
    full: Look | None,
    shape: tuple[int, int],
) -> tuple[Region, ...]:
    """The places as regions of the reference, largest first; both ends of a move are told.

    Parameters
    ----------
    places : list of Place
        On the grid of `matched`.
    matched : Matched
        What was compared.
    evidence : Evidence
        On the same grid.
    limits : Limits
        That decided.
    full : Look or None
        The pictures at full size, if no sample of them was made up.
    shape : (int, int)
        Rows and columns of the reference.
    """
    scale, quiet = len(evidence.z) / shape[0], evidence.quiet
    places = sorted(places, key=lambda place: -place.area)
    named = places[:_MOST_NAMED]
    signs = [signs_of(patch_of(place, matched.before, matched.after)) for place in named]
    kinds = [kind_of(each) for each in signs]
    kinds += ["changed"] * (len(places) - len(named))
    regions = []
    for place, kind in zip(places, kinds, strict=True):
        z = evidence.z[place.slices][place.mask]
        large = enlarged(place, scale, shape)
        if full is not None and matched.untouched and (quiet or scale < 1):
            large = refined(large, full.difference, quiet=quiet)
        regions.append(
            Region(
                box=large.box if quiet else with_air(large.box, shape),
                area=large.area, peak=float(z.max()), mean=float(z.mean()),
                kind=kind, outline=outline_of(large),
                confidence=confidence(
                    float(z.max()) / limits.certain,
                    place.area / (_QUIET_AREA if quiet else _SURE_AREA),
                ),
            )
        )  # fmt: skip
    noise = evidence.noise / 2
    presences = [presence(each) for each in signs]
    _tell_moves(regions, moves(named, presences, matched.before, matched.after, noise), scale)
    return tuple(sorted(regions, key=lambda region: (-region.area, region.box.y, region.box.x)))


def is_faint(region: Region) -> bool:
    """Whether a place may be noise as well."""
    return region.confidence is not None and region.confidence < _FAINT


def confidence(strength: float, size: float) -> float:
    """How sure a place is, 0 to 1: one half at the limit, more with strength and size.

    Parameters
    ----------
    strength : float
        Its peak as a multiple of the seed's limit at balanced sensitivity.
    size : float
        Its pixels, as a multiple of those by which a place becomes trustworthy.
    """
    by_strength = 1 - 0.5 / strength**2 if strength > 1 else 0.5 * strength**2
    return by_strength * float(1 - np.exp(-size))


def _tell_moves(
    regions: list[Region], found: dict[int, tuple[int, int, int]], scale: float
) -> None:
    """Name both ends of each move, in px of the reference: the one is as sure as the other."""
    for left, (entered, dx, dy) in found.items():
        x, y = round(dx / scale), round(dy / scale)
        ends = regions[left], regions[entered]
        sure = max(end.confidence or 0 for end in ends)
        told = Move(x, y, "from", ends[1].box), Move(x, y, "to", ends[0].box)
        for index, move in zip((left, entered), told, strict=True):
            regions[index] = replace(regions[index], kind="moved", move=move, confidence=sure)
