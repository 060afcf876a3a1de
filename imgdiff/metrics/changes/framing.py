"""What only one of two pictures shows: a page that grew has something new."""

from __future__ import annotations

from typing import Literal, TypeAlias

import cv2
import numpy as np

from imgdiff.pixels.regions import block_regions
from imgdiff.types import Block, Pair, Pixels, Region

_Axis: TypeAlias = Literal["rows", "columns"]

_PAPER = 0.5
"""Share of the first pixels inside of a frame's colour, from which on it's none."""

_LEAST = 0.005
"""Share of a picture below which what juts out is a matter of rounding."""


def grown_parts(pair: Pair, *, error: float) -> tuple[Region, ...]:
    """The rows and columns at the borders that a picture gained or lost.

    Of pictures that fit pixel on pixel and differ in size: what was cut off on both axes alone is
    a crop, and shows nothing new; unless it was a frame of one colour, which was taken off.

    Parameters
    ----------
    pair : Pair
        Of drawings, or of pictures that are equal to the bit where they overlap.
    error : float
        What counts as the error of something that has no counterpart.
    """
    alignment = pair.alignment
    sizes = [(p.height, p.width) for p in (pair.reference, pair.unmoved)]
    moved = pair.transform - np.eye(3)
    shift = moved[:2, 2].copy()
    moved[:2, 2] = 0
    plain = not (alignment.interpolated or alignment.blocks or moved.any() or (shift % 1).any())
    if sizes[0] == sizes[1] or not plain:
        return ()
    blocks = [
        *_jutting("rows", sizes[0][0], sizes[1][0], round(shift[1])),
        *_jutting("columns", sizes[0][1], sizes[1][1], round(shift[0])),
    ]
    cropped = {block.axis for block in blocks if block.kind == "removed"}
    cut_out = len(cropped) == 2 and all(block.kind == "removed" for block in blocks)
    if cut_out and not _is_frame(pair.reference.pixels, blocks):
        return ()
    if max(alignment.only_in_reference, alignment.only_in_test) < _LEAST:
        return ()
    return block_regions(blocks, sizes[0], error=error, min_area=0)


def _is_frame(picture: Pixels, blocks: list[Block]) -> bool:
    """Whether rows and columns at the borders are of one colour, and what is inside of others.

    Else it's paper that was cut off.
    """
    outside = np.zeros(picture.shape[:2], np.uint8)
    for block in blocks:
        lines = slice(block.at, block.at + block.count)
        outside[(lines, slice(None)) if block.axis == "rows" else (slice(None), lines)] = 1
    like = (picture == picture[0, 0]).all(axis=2)
    first = cv2.dilate(outside, np.ones((3, 3), np.uint8)) > outside
    return bool(like[outside > 0].all() and like[first].mean() < _PAPER)


def _jutting(axis: _Axis, before: int, after: int, start: int) -> list[Block]:
    """Lines at both ends that one picture has alone; the one after begins at `start`."""
    end = start + after
    blocks = []
    if start > 0:
        blocks.append(Block("removed", axis, start, 0, 0))
    elif start < 0:
        blocks.append(Block("added", axis, -start, 0, 0))
    if end < before:
        blocks.append(Block("removed", axis, before - end, end, after))
    elif end > before:
        blocks.append(Block("added", axis, end - before, before, before - start))
    return blocks
