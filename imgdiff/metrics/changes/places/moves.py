"""Things that moved: gone from one place, there in another."""

from __future__ import annotations

import cv2
import numpy as np

from imgdiff.metrics.changes.look import Samples
from imgdiff.metrics.changes.places.outline import Place
from imgdiff.metrics.changes.places.signs import core_of

_CONTRARY = 0.12
"""Evidence of a thing up to which it may be either end of a move."""

_MOST = 60
"""Places that are tried against each other."""

_SIZES = 1.7
"""Ratio of the sides up to which two places may hold the same thing."""

_SEARCH = 6
"""Px that outlines may be off."""

_LEFT = 0.1
"""Share of the change within a thing that may be left, besides noise, if it's put back. Of 18 that
`benchmarks.detection` moved, 14 left up to .07; those that shine through leave .17 to .26."""


def moves(
    places: list[Place],
    presences: list[float],
    before: Samples,
    after: Samples,
    noise: float,
) -> dict[int, tuple[int, int, int]]:
    """Pairs of places: where each thing went.

    Parameters
    ----------
    places : list of Place
        What changed.
    presences : list of float
        Evidence for a thing there after (> 0) or before (< 0): what moved is the thing, not the
        background that it lay on.
    before, after : ndarray of float32, shape (h, w, C)
        Matched in light.
    noise : float
        Standard deviation of the noise, levels.

    Returns
    -------
    dict
        ``{left: (entered, dx, dy)}``: indices of the places, and the motion in px.
    """
    found: dict[int, tuple[int, int, int]] = {}
    taken: set[int] = set()
    count = min(len(places), _MOST)
    tries = sorted(
        (residue, i, j, shift)
        for i in range(count)
        for j in range(count)
        if _may_be_ends(presences[i], presences[j]) and _alike(places[i], places[j])
        for residue, shift in [_put_back(places[i], places[j], before, after, noise)]
        if residue < _LEFT
    )
    for _, i, j, (dx, dy) in tries:
        if i not in taken and j not in taken:
            found[i] = j, dx, dy
            taken |= {i, j}
    return found


def _may_be_ends(left: float, entered: float) -> bool:
    """Whether a thing may have gone from one place to the other: neither says the contrary."""
    return left < entered and left < _CONTRARY and entered > -_CONTRARY


def _alike(a: Place, b: Place) -> bool:
    ratios = a.box.width / b.box.width, a.box.height / b.box.height
    return min(a.area, b.area) >= 30 and all(1 / _SIZES < ratio < _SIZES for ratio in ratios)


def _put_back(
    left: Place, entered: Place, before: Samples, after: Samples, noise: float
) -> tuple[float, tuple[int, int]]:
    """What share of the change at `entered` is left if the thing at `left` is put there.

    And the motion from there to here.
    """
    box, core = entered.box, core_of(entered.mask)
    thing = np.ascontiguousarray(after[box.slices])
    change = float(np.square((thing - before[box.slices])[core]).sum())
    there, (x, y) = _window(before, left, box.width, box.height)
    if there.shape[0] < box.height or there.shape[1] < box.width or not change:
        return 1, (0, 0)
    mask = entered.mask.astype(np.float32)
    weights = np.dstack([mask] * thing.shape[2]) if thing.shape[2] > 1 else mask
    errors = cv2.matchTemplate(there, thing, cv2.TM_SQDIFF, mask=weights)
    _, _, (dx, dy), _ = cv2.minMaxLoc(errors)
    put_back = there[dy : dy + box.height, dx : dx + box.width]
    misfit = float(np.square((thing - put_back)[core]).sum())
    excess = max(0.0, misfit - 2 * noise**2 * np.count_nonzero(core))
    return excess / change, (box.x - (x + dx), box.y - (y + dy))


def _window(
    samples: Samples, place: Place, width: int, height: int
) -> tuple[Samples, tuple[int, int]]:
    """The picture around the middle of a place, large enough to look for a thing of that size."""
    middle_x, middle_y = place.box.x + place.box.width / 2, place.box.y + place.box.height / 2
    left, top = (
        max(0, int(middle_x - width / 2) - _SEARCH),
        max(0, int(middle_y - height / 2) - _SEARCH),
    )
    rows = slice(top, top + height + 2 * _SEARCH)
    columns = slice(left, left + width + 2 * _SEARCH)
    return np.ascontiguousarray(samples[rows, columns]), (left, top)
