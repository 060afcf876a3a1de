"""Lines of two pictures that stand at the same place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from imgdiff.reading.shapes import Rectangle, hull

_SAME_ROW, _SAME_SIZE = 0.6, 2.0
_GAP = 0.5
"""Boxes of one row less than this apart, in heights, belong together: a detector splits a line in
one picture that it leaves whole in the other."""

_STAY, _STAY_ACROSS = 0.35, 0.8
"""Boxes whose edges agree within this, in heights, are read in the same frame: what is equal there
is then misread in the same way."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a line in both pictures.

    Attributes
    ----------
    before, after : Rectangle
        What to read in each.
    in_before, in_after : bool
        Whether a line was found there.
    """

    before: Rectangle
    after: Rectangle
    in_before: bool
    in_after: bool

    @property
    def both(self) -> Rectangle:
        """Around both."""
        return hull([self.before, self.after])


def slots_of(before: Sequence[Rectangle], after: Sequence[Rectangle]) -> list[Slot]:
    """Bring the lines of both pictures together, from top to bottom."""
    boxes = [*before, *after]
    groups = _linked(boxes)
    slots = []
    for group in groups:
        ours = [boxes[index] for index in group if index < len(before)]
        theirs = [boxes[index] for index in group if index >= len(before)]
        one, other = hull(ours or theirs), hull(theirs or ours)
        if _agree(one, other):
            one = other = hull([one, other])
        slots.append(Slot(one, other, bool(ours), bool(theirs)))
    return sorted(slots, key=lambda slot: (slot.before.top, slot.before.left))


def _linked(boxes: Sequence[Rectangle]) -> list[list[int]]:
    """Groups of boxes that stand side by side, over any number of them."""
    group_of = list(range(len(boxes)))
    order = sorted(range(len(boxes)), key=lambda index: boxes[index].top)
    for place, i in enumerate(order):
        for j in order[place + 1 :]:
            if boxes[j].top > boxes[i].bottom:
                break
            if _side_by_side(boxes[i], boxes[j]) and group_of[i] != group_of[j]:
                old, new = group_of[j], group_of[i]
                group_of = [new if group == old else group for group in group_of]
    groups: dict[int, list[int]] = {}
    for index, group in enumerate(group_of):
        groups.setdefault(group, []).append(index)
    return list(groups.values())


def _side_by_side(one: Rectangle, other: Rectangle) -> bool:
    low = min(one.height, other.height)
    near = one.gap_across(other) < _GAP * low
    return near and one.is_in_row_with(other, share=_SAME_ROW, sizes=_SAME_SIZE)


def _agree(one: Rectangle, other: Rectangle) -> bool:
    height = min(one.height, other.height)
    across = max(abs(one.left - other.left), abs(one.right - other.right))
    down = max(abs(one.top - other.top), abs(one.bottom - other.bottom))
    return across <= _STAY_ACROSS * height and down <= _STAY * height
