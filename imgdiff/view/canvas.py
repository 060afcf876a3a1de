"""The common canvas: one grid on which both pictures have room for all that they show.

It is the reference's grid, opened where the other picture has rows or columns that the reference
lacks, and wider where it shows what lies beyond the reference's border. What a picture doesn't
show of it is hatched: so that what was put in is seen, and where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from imgdiff.pixels.depth import Span, dark_levels
from imgdiff.types import Block, Box, Pair, Region

Side: TypeAlias = Literal["before", "after"]

_LEAST_BEYOND = 0.02
"""Share of a side by which the other picture must jut out to be given room: a camera held twice
never frames quite the same, and nobody wants to see these seams."""
_MOST_BEYOND = 0.5
"""No more than this share of a side is added at a border, so that what is compared stays large."""

LineNumbers: TypeAlias = NDArray[np.int64]
"""(N,): for each line of the canvas the line of a picture that is shown there, or −1."""


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """The lines of the canvas, from top to bottom or from left to right.

    Attributes
    ----------
    reference, test : ndarray of int64, shape (N,)
        Which line of the reference, and of the test picture before it was moved, lies there; −1
        if none. (Without rows or columns put in or taken out, `test` says nothing.)
    places : ndarray of int64, shape (M + 1,)
        Where each of the reference's M lines lies, and at the end where the last one ends.
    blocks : tuple of (Block, int)
        The lines that only one has, and the first of them on the canvas.
    """

    reference: LineNumbers
    test: LineNumbers
    places: LineNumbers
    blocks: tuple[tuple[Block, int], ...]

    @property
    def is_plain(self) -> bool:
        """Whether it's just the reference's lines."""
        return len(self.reference) == len(self.places) - 1

    def lines_of(self, block: Block) -> tuple[int, int]:
        """First line and number of lines of a block; one at the border has room there, if any."""
        laid = dict(self.blocks).get(block)
        if laid is not None:
            return laid, block.count
        length, start = len(self.reference), int(self.places[block.at])
        if block.kind == "added" and block.at == 0:
            start = max(0, start - block.count)
        start = min(start, length - 1)
        return start, min(block.count, length - start)

    def span(self, start: int, count: int) -> tuple[int, int]:
        """First line and number of lines on the canvas of those of the reference."""
        first = int(self.places[start])
        return first, int(self.places[start + count - 1]) + 1 - first


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """Where everything lies; see `canvas_of`.

    Attributes
    ----------
    pair : Pair
        The pictures.
    rows, columns : Axis
        Its lines.
    levels : (int, int) or None
        The 16-bit levels that are shown as black and as white, since both pictures use but few.
    checkered : bool
        Whether squares are seen through what is transparent, or the white it is compared on.
    """

    pair: Pair
    rows: Axis
    columns: Axis
    levels: Span | None = None
    checkered: bool = True

    @property
    def width(self) -> int:
        """Columns, px."""
        return len(self.columns.reference)

    @property
    def height(self) -> int:
        """Rows, px."""
        return len(self.rows.reference)

    @property
    def is_plain(self) -> bool:
        """Whether it's just the reference's grid."""
        return self.rows.is_plain and self.columns.is_plain

    @property
    def corner(self) -> tuple[int, int]:
        """Where the reference's first pixel lies: x, y."""
        return int(self.columns.places[0]), int(self.rows.places[0])

    @property
    def has_blocks(self) -> bool:
        """Whether rows or columns were put in or taken out."""
        return bool(self.rows.blocks or self.columns.blocks)

    def box_of(self, region: Region) -> Box:
        """Where a region lies on the canvas; of rows or columns that one picture lacks, all."""
        if region.block is not None:
            return self._box_of_block(region.block)
        return self.laid(region.box)

    def laid(self, box: Box) -> Box:
        """A box of the reference's frame on the canvas."""
        x, width = self.columns.span(box.x, box.width)
        y, height = self.rows.span(box.y, box.height)
        return Box(x, y, width, height)

    def outline_of(self, region: Region) -> NDArray[np.int32]:
        """A region's outline on the canvas; (N, 2), x and y of border pixels."""
        if region.block is None:
            x, y = region.outline.reshape(-1, 2).T
            return np.stack([self.columns.places[x], self.rows.places[y]], 1).astype(np.int32)
        box = self.box_of(region)
        right, bottom = box.x + box.width - 1, box.y + box.height - 1
        corners = [[box.x, box.y], [right, box.y], [right, bottom], [box.x, bottom]]
        return np.array(corners, np.int32)

    def gaps(self, side: Side) -> tuple[Box, ...]:
        """The strips that one of the pictures lacks."""
        lacking = "added" if side == "before" else "removed"
        blocks = [block for block, _ in (*self.rows.blocks, *self.columns.blocks)]
        return tuple(self._box_of_block(block) for block in blocks if block.kind == lacking)

    def spread(
        self, draw: Callable[[slice], NDArray[Any]], rows: slice, *, fill: float
    ) -> NDArray[Any]:
        """Rows of the canvas out of something on the reference's grid, `fill` elsewhere.

        `draw` gets rows of the reference's grid, without gaps between them.
        """
        if self.is_plain:
            return draw(rows)
        wanted = self.rows.reference[rows]
        across = self.columns.reference
        at = np.flatnonzero(wanted >= 0)
        first = int(wanted[at[0]]) if len(at) else 0
        strip = draw(slice(first, int(wanted[at[-1]]) + 1 if len(at) else 1))
        result: NDArray[Any] = np.full(
            (len(wanted), self.width, *strip.shape[2:]), fill, strip.dtype
        )
        if len(at):
            inside = np.flatnonzero(across >= 0)
            result[np.ix_(at, inside)] = strip[np.ix_(wanted[at] - first, across[inside])]
        return result

    def _box_of_block(self, block: Block) -> Box:
        if block.axis == "rows":
            first, count = self.rows.lines_of(block)
            return Box(0, first, self.width, count)
        first, count = self.columns.lines_of(block)
        return Box(first, 0, count, self.height)


def canvas_of(pair: Pair) -> Canvas:
    """The canvas of a pair; of most, the reference's grid."""
    reference, test = pair.reference, pair.unmoved
    levels = dark_levels(pair)
    blocks = pair.alignment.blocks
    if blocks:
        return Canvas(
            pair,
            _opened([b for b in blocks if b.axis == "rows"], reference.height, test.height),
            _opened([b for b in blocks if b.axis == "columns"], reference.width, test.width),
            levels,
        )
    left, top, right, bottom = _beyond(pair)
    return Canvas(
        pair,
        _widened(reference.height, top, bottom),
        _widened(reference.width, left, right),
        levels,
    )


def _opened(blocks: Iterable[Block], count: int, test_count: int) -> Axis:
    """The reference's `count` lines with room for those that were put in."""
    reference: list[LineNumbers] = []
    test: list[LineNumbers] = []
    first_lines = []
    line = test_line = length = 0

    def lay(lines: int, *, before: bool, after: bool) -> None:
        nonlocal line, test_line, length
        none = np.full(lines, -1, np.int64)
        reference.append(np.arange(line, line + lines) if before else none)
        test.append(np.arange(test_line, test_line + lines) if after else none)
        line, test_line, length = line + lines * before, test_line + lines * after, length + lines

    for block in sorted(blocks, key=lambda block: (block.at, block.test_at)):
        if block.at < line or block.test_at < test_line:
            continue  # of another column, beside one that is laid already
        lay(block.at - line, before=True, after=True)
        first_lines.append((block, length))
        lay(block.count, before=block.kind == "removed", after=block.kind == "added")
    lay(count - line, before=True, after=True)
    of_test = np.concatenate(test)
    return _axis(
        np.concatenate(reference), np.where(of_test < test_count, of_test, -1), tuple(first_lines)
    )


def _widened(count: int, start: int, end: int) -> Axis:
    """The reference's `count` lines with room before and after them."""
    reference = np.full(start + count + end, -1, np.int64)
    reference[start : start + count] = np.arange(count)
    return _axis(reference, reference, ())


def _axis(reference: LineNumbers, test: LineNumbers, blocks: tuple[tuple[Block, int], ...]) -> Axis:
    at = np.flatnonzero(reference >= 0)
    return Axis(reference, test, np.append(at, at[-1] + 1), blocks)


def _beyond(pair: Pair) -> tuple[int, int, int, int]:
    """How far the test picture juts out of the reference: left, top, right, bottom, px."""
    reference, test = pair.reference, pair.unmoved
    if not pair.related or not pair.aligned:
        return 0, 0, 0, 0
    ends = np.array([[x, y] for x in (0, test.width - 1) for y in (0, test.height - 1)], np.float64)
    placed = np.column_stack([ends, np.ones(4)]) @ pair.transform.T
    if not (placed[:, 2] > 0).all() and not (placed[:, 2] < 0).all():
        return 0, 0, 0, 0  # it reaches over the horizon
    x, y = (placed[:, :2] / placed[:, 2:]).T
    sides = (
        (-x.min(), reference.width),
        (-y.min(), reference.height),
        (x.max() - reference.width + 1, reference.width),
        (y.max() - reference.height + 1, reference.height),
    )
    left, top, right, bottom = (_room(float(amount), side) for amount, side in sides)
    return left, top, right, bottom


def _room(amount: float, side: int) -> int:
    if amount < _LEAST_BEYOND * side:
        return 0
    return round(min(amount, _MOST_BEYOND * side))
