"""Rows and columns that were put in or taken out, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imgdiff.types import Block


def block_in_words(block: Block) -> str:
    """In words: "57 rows inserted at y 210", "… between x 300 and 620" in one column of a page."""
    lines = _counted(block.count, block.axis)
    if block.at_end:
        what = "cut off" if block.kind == "removed" else "come into view"
        return f"{lines} {what} at the end"
    along, across = ("y", "x") if block.axis == "rows" else ("x", "y")
    words = f"{lines} {_happened(block)} at {along} {block.at}"
    if block.span is None:
        return words
    return f"{words}, between {across} {block.span[0]} and {block.span[1]}"


def block_facts(blocks: Sequence[Block], shape: tuple[int, int]) -> Iterator[str]:
    """A sentence on the rows, and one on the columns: what came and went, what moved on for it.

    Parameters
    ----------
    blocks : sequence of Block
        Those of one axis in order.
    shape : (int, int)
        Height and width of the reference, px.
    """
    for axis, length in (("rows", shape[0]), ("columns", shape[1])):
        of_axis = [block for block in blocks if block.axis == axis]
        if of_axis:
            yield _axis_fact(of_axis, length)


def _axis_fact(blocks: Sequence[Block], length: int) -> str:
    """What came and went along one axis of `length` px."""
    rows = blocks[0].axis == "rows"
    ends = [block for block in blocks if block.at_end]
    middle = [block for block in blocks if not block.at_end]
    told = block_in_words(middle[0]) if len(middle) == 1 else _summed_up(middle)
    steps, count = _moved_on(blocks, length)
    if count:
        ways = ("up", "down") if rows else ("left", "right")
        way = f"{ways[steps[0] > 0]} by {abs(steps[0])} px" if len(steps) == 1 else "on"
        below = ("below " if rows else "to the right ") if len(middle) == 1 else ""
        told = f"{told}, {_counted(count, blocks[0].axis)} {below}moved {way}"
    return "; ".join([told, *map(block_in_words, ends)]) + "."


def _summed_up(blocks: Sequence[Block]) -> str:
    """Several blocks: "37 rows inserted at 3 places and 12 removed at 1 place"."""
    parts: list[str] = []
    for happened in ("inserted", "removed"):
        counts = [block.count for block in blocks if _happened(block) == happened]
        if counts:
            lines = str(sum(counts)) if parts else _counted(sum(counts), blocks[0].axis)
            places = "1 place" if len(counts) == 1 else f"{len(counts)} places"
            parts.append(f"{lines} {happened} at {places}")
    return " and ".join(parts)


def _moved_on(blocks: Sequence[Block], length: int) -> tuple[list[int], int]:
    """By what distances lines that both pictures have moved, px, and how many did; each once."""
    moved = set[int]()
    steps = dict[int, None]()
    for span in dict.fromkeys(block.span for block in blocks):
        here = [block for block in blocks if block.span == span]
        starts = [block.at + block.count * (block.kind == "removed") for block in here]
        offset = 0
        for block, start, stop in zip(
            here, starts, [*(block.at for block in here[1:]), length], strict=True
        ):
            offset += block.count if block.kind == "added" else -block.count
            if offset and start < stop:
                moved.update(range(start, stop))
                steps[offset] = None
    return list(steps), len(moved)


def _happened(block: Block) -> str:
    return "inserted" if block.kind == "added" else "removed"


def _counted(count: int, axis: str) -> str:
    return f"{count} {axis if count > 1 else axis.removesuffix('s')}"
