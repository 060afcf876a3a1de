"""Rectangles around writing, in the pixels of the picture that is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rectangle:
    """An upright rectangle: its right and bottom edges lie just outside."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Px."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Px."""
        return self.bottom - self.top

    def grown(self, across: float, down: float) -> Rectangle:
        """Larger by so much on each side; smaller, if that's negative."""
        return Rectangle(
            self.left - across, self.top - down, self.right + across, self.bottom + down
        )

    def touches(self, other: Rectangle) -> bool:
        """Whether they share some pixels."""
        return self.gap_across(other) < 0 and self.gap_down(other) < 0

    def gap_across(self, other: Rectangle) -> float:
        """How far they are from each other, px; negative by as much as they overlap."""
        return max(self.left, other.left) - min(self.right, other.right)

    def gap_down(self, other: Rectangle) -> float:
        """The same from top to bottom."""
        return max(self.top, other.top) - min(self.bottom, other.bottom)

    def is_in_row_with(self, other: Rectangle, *, share: float, sizes: float) -> bool:
        """Whether both stand side by side.

        They overlap from top to bottom by at least `share` of the lower one, and one isn't more
        than `sizes` times as high as the other.
        """
        low, high = sorted((self.height, other.height))
        return -self.gap_down(other) >= share * low and high <= sizes * low


def hull(rectangles: Iterable[Rectangle]) -> Rectangle:
    """The smallest rectangle that holds them all, of which there is at least one."""
    found = list(rectangles)
    return Rectangle(
        min(r.left for r in found),
        min(r.top for r in found),
        max(r.right for r in found),
        max(r.bottom for r in found),
    )
