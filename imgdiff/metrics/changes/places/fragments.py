"""Fragments of one thing, put together as one place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from imgdiff.metrics.changes.places.outline import Place, around, united
from imgdiff.types import Box

_GAP = 0.012
"""Fragments nearer than this share of the diagonal may belong together…"""

_LOOSE = 2.5
"""… if the box around them isn't more than so many times the sum of their boxes…"""

_SPARSE = 12.0
"""… or one lies in the box of the other, unless that holds next to nothing: specks in a crowd…"""

_LITTLE = 30
"""… or all of it is no larger than this, px."""

_CELL = 32
"""Px of a cell by which neighbours are looked up."""

_ROUNDS = 4
"""How often groups are looked over: a group that grew may fill its box well only then."""


@dataclass(slots=True, eq=False)
class _Group:
    """Places that belong together: which, the box around them, and the sum of their boxes."""

    places: list[Place]
    box: Box
    filled: int


def grouped(places: list[Place], shape: tuple[int, int]) -> list[Place]:
    """Fragments of one thing as one place: near one another, in a box they fill well.

    Takes time in proportion to the places, as long as few lie near any one.

    Parameters
    ----------
    places : list of Place
        On one grid.
    shape : (int, int)
        Of the grid.
    """
    gap = max(3, round(_GAP * float(np.hypot(*shape))))
    groups = [_Group([place], place.box, _size(place.box)) for place in places]
    for _ in range(_ROUNDS):
        joined = _joined(groups, gap)
        if len(joined) == len(groups):
            break
        groups = joined
    return [united(group.places) for group in groups]


def _joined(groups: list[_Group], gap: int) -> list[_Group]:
    """Each group with the neighbours that belong to it."""
    home = list(range(len(groups)))

    def root(index: int) -> int:
        while home[index] != index:
            home[index] = home[home[index]]
            index = home[index]
        return index

    for one, other in _neighbours([group.box for group in groups], gap):
        first, second = root(one), root(other)
        if first != second and _belong(groups[first], groups[second], gap):
            groups[first] = _together(groups[first], groups[second])
            home[second] = first
    return [group for index, group in enumerate(groups) if home[index] == index]


def _neighbours(boxes: list[Box], gap: int) -> Iterator[tuple[int, int]]:
    """Pairs of boxes that share a cell once they're wider by the gap; each once."""
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, box in enumerate(boxes):
        seen: set[int] = set()
        for row in range((box.y - gap) // _CELL, (box.y + box.height + gap) // _CELL + 1):
            for column in range((box.x - gap) // _CELL, (box.x + box.width + gap) // _CELL + 1):
                seen.update(cells[row, column])
                cells[row, column].append(index)
        yield from ((other, index) for other in sorted(seen))


def _together(group: _Group, other: _Group) -> _Group:
    group.places.extend(other.places)
    return _Group(group.places, around([group.box, other.box]), group.filled + other.filled)


def _belong(group: _Group, other: _Group, gap: int) -> bool:
    """Whether two groups of places are near, and the box around them is well filled."""
    a, b = group.box, other.box
    across = max(a.x, b.x) - min(a.x + a.width, b.x + b.width)
    down = max(a.y, b.y) - min(a.y + a.height, b.y + b.height)
    if across > gap or down > gap:
        return False
    area = _size(around([a, b]))
    shared = max(0, -across) * max(0, -down)
    filled = group.filled + other.filled
    inside = shared >= 0.5 * min(_size(a), _size(b)) and area <= _SPARSE * filled
    return area <= _LOOSE * filled or inside or area < _LITTLE**2


def _size(box: Box) -> int:
    return box.width * box.height
