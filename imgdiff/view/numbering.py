"""The changes as people count them: what moved from one place to another is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from imgdiff.types import Box, Region


@dataclass(frozen=True, slots=True, eq=False)
class CountedChange:
    """One change, with its number.

    Attributes
    ----------
    number : int
        From 1, in the order in which changes are listed everywhere.
    region : Region
        Where it is; of something that moved, where it was before.
    other : Region or None
        Of something that moved, where it is now, if that's a place of its own.
    """

    number: int
    region: Region
    other: Region | None = None

    @property
    def ends(self) -> tuple[Region, ...]:
        """Its places: one, or both ends of a move."""
        return (self.region,) if self.other is None else (self.region, self.other)


def changes_of(regions: Iterable[Region]) -> tuple[CountedChange, ...]:
    """Changes by number; the order of the regions stays, and each has one place in it."""
    return tuple(_changes_in(tuple(regions)))


def _changes_in(regions: tuple[Region, ...]) -> Iterator[CountedChange]:
    ends: dict[tuple[Box, Box | None], Region] = {
        (region.box, region.move.partner): region for region in regions if region.move
    }
    told: set[Box] = set()
    number = 0
    for region in regions:
        partner = region.move.partner if region.move else None
        other = ends.get((partner, region.box)) if partner else None
        if other is not None and region.box in told:
            continue
        number += 1
        if other is None:
            yield CountedChange(number, region)
            continue
        told.add(other.box)
        left = region.move is not None and region.move.end == "from"
        yield CountedChange(number, *((region, other) if left else (other, region)))
