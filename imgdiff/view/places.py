"""How much of the picture, how many places and whereabouts."""

from __future__ import annotations

import numpy as np

from imgdiff.types import Box, Comparison, holds_everywhere


def changed_fraction(comparison: Comparison) -> float:
    """Share of what was compared, or removed, that lies in a region, 0 to 1."""
    changed, valid = comparison.changed, comparison.pair.valid
    if holds_everywhere(valid):
        return float(changed.mean())
    # What was removed can't be compared, and counts all the same.
    return int(np.count_nonzero(changed)) / int(np.count_nonzero(changed | valid))


def ignored_fraction(comparison: Comparison) -> float:
    """Share of the picture that the user left out, 0 to 1."""
    ignored = np.zeros(comparison.error_map.shape, np.bool_)
    for box in comparison.settings.ignore:
        ignored[box.slices] = True
    return float(ignored.mean())


def moved_twice(comparison: Comparison) -> int:
    """How many regions are but the other end of a move that another region tells of."""
    ends = [region.move.end for region in comparison.regions if region.move]
    return min(ends.count("from"), ends.count("to"))


def count_of_changes(comparison: Comparison) -> int:
    """How many places changed; what moved from one to another counts once."""
    return len(comparison.regions) - moved_twice(comparison)


def place_of(box: Box, comparison: Comparison) -> str:
    """Size and whereabouts of a box: "60 × 23 px, top right"."""
    height, width = comparison.error_map.shape
    across = ("left", "centre", "right")[_third(box.x + box.width / 2, width)]
    down = ("top", "middle", "bottom")[_third(box.y + box.height / 2, height)]
    where = {"middle centre": "in the centre", "middle left": "left", "middle right": "right"}
    spot = f"{down} {across}"
    return f"{box.width} × {box.height} px, {where.get(spot, spot)}"


def _third(middle: float, whole: int) -> int:
    """In which third of a length something lies: 0, 1 or 2."""
    return min(2, int(3 * middle / whole))
