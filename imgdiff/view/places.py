"""How much of the picture, how many places and whereabouts."""

from __future__ import annotations

import numpy as np

from imgdiff.pixels.inside import pixels_in
from imgdiff.pixels.regions import cover
from imgdiff.types import Box, Comparison, Mask, holds_everywhere
from imgdiff.view.numbering import changes_of


def changed_fraction(comparison: Comparison) -> float:
    """Share of what was compared, put in or taken out that lies in a region, 0 to 1."""
    changed, valid = comparison.changed, comparison.pair.valid
    if holds_everywhere(valid) and not any(region.block for region in comparison.regions):
        return int(np.count_nonzero(changed)) / changed.size
    # What was put in or taken out can't be compared, and counts all the same.
    added = sum(r.area for r in comparison.regions if r.block and r.kind == "added")
    changed = changed_on_grid(comparison)
    return (np.count_nonzero(changed) + added) / (np.count_nonzero(changed | valid) + added)


def changed_on_grid(comparison: Comparison) -> Mask:
    """What changed on the reference's grid, without the lines that only say where rows came in."""
    regions = comparison.regions
    if not any(region.block for region in regions):
        return comparison.changed
    on_grid = (r for r in regions if r.block is None or r.kind == "removed")
    return cover(tuple(on_grid), comparison.changed.shape)


def ignored_fraction(comparison: Comparison) -> float:
    """Share of the picture that the user left out, 0 to 1."""
    height, width = comparison.errors.shape
    return float(pixels_in(comparison.settings.ignored_areas, (height, width)).mean())


def moved_twice(comparison: Comparison) -> int:
    """How many regions are but the other end of a move that another region tells of."""
    return len(comparison.regions) - count_of_changes(comparison)


def count_of_changes(comparison: Comparison) -> int:
    """How many places changed; what moved from one to another counts once."""
    return len(changes_of(comparison.regions))


def place_of(box: Box, comparison: Comparison) -> str:
    """Size and whereabouts of a box: "60 × 23 px, top right"."""
    height, width = comparison.errors.shape
    across = ("left", "centre", "right")[_third(box.x + box.width / 2, width)]
    down = ("top", "middle", "bottom")[_third(box.y + box.height / 2, height)]
    where = {"middle centre": "in the centre", "middle left": "left", "middle right": "right"}
    spot = f"{down} {across}"
    return f"{box.width} × {box.height} px, {where.get(spot, spot)}"


def _third(middle: float, whole: int) -> int:
    """In which third of a length something lies: 0, 1 or 2."""
    return min(2, int(3 * middle / whole))
