"""Error map → the regions that changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.types import Block, Box, ErrorMap, Mask, Picture, Region

_Errors: TypeAlias = ErrorMap | Picture

_STRIP = 64


def find_regions(
    error_map: _Errors,
    *,
    threshold: float,
    min_area: float = 40,
    limit: int | None = None,
    polygons: bool = False,
) -> tuple[Region, ...]:
    """Connected places where the error exceeds a threshold.

    Parameters
    ----------
    error_map : ndarray of float or uint8, shape (H, W)
        0 = equal, larger = worse.
    threshold : float
        In the map's unit; only errors above it count.
    min_area : float
        Places must be larger than this, px²; with 0 every place counts.
    limit : int, optional
        At most so many, the largest.
    polygons : bool
        Whether a place's area is that of the polygon through the centres of its border pixels, as
        in OpenCV's ``contourArea``, by which thin lines and lone pixels have none; otherwise it's
        the pixels that its outline holds.

    Returns
    -------
    tuple of Region
        Largest first, then from top to bottom. Outlines are the outer borders of 8-connected
        places; holes inside belong to the region.

    References
    ----------
    S. Suzuki, K. Abe, "Topological structural analysis of digitized binary images by border
    following", CVGIP 30 (1985), DOI 10.1016/0734-189X(85)90016-7, as in OpenCV's findContours.
    """
    found = [
        (area, outline)
        for outline in _outlines(error_map, threshold)
        if (area := _area(outline, polygons=polygons)) > min_area or min_area == 0
    ]
    if limit is not None:
        found = sorted(found, key=lambda place: -place[0])[:limit]
    return largest_first(_region(error_map, outline, area) for area, outline in found)


def largest_first(regions: Iterable[Region]) -> tuple[Region, ...]:
    """Regions by area, then from top to bottom."""
    return tuple(sorted(regions, key=lambda region: (-region.area, region.box.y, region.box.x)))


def block_regions(
    blocks: Iterable[Block], shape: tuple[int, int], *, error: float, min_area: float = 40
) -> tuple[Region, ...]:
    """Rows or columns that were put in or taken out, as regions of kind added or removed.

    Parameters
    ----------
    blocks : iterable of Block
    shape : (int, int)
        Height and width of the reference.
    error : float
        What counts as the error of something that has no counterpart, in the method's unit.
    min_area : float
        Only blocks larger than this count, px²; with 0 all do.

    Returns
    -------
    tuple of Region
        See `Region.block` for what box and outline mean.
    """
    regions = (_block_region(block, shape, error) for block in blocks)
    return tuple(region for region in regions if region.area > min_area or min_area == 0)


def _block_region(block: Block, shape: tuple[int, int], error: float) -> Region:
    across = 0 if block.axis == "rows" else 1
    length, breadth = shape[across], shape[1 - across]
    left, right = block.span or (0, breadth)
    start = min(block.at, length - 1)
    count = min(block.count, length - start)
    marked = count if block.kind == "removed" else 1
    box, line = ((left, start, right - left, size) for size in (count, marked))
    if block.axis == "columns":
        box, line = ((y, x, height, width) for x, y, width, height in (box, line))
    x, y, width, height = line
    far, bottom = x + width - 1, y + height - 1
    outline = np.array([[x, y], [far, y], [far, bottom], [x, bottom]], np.int32)
    area = float(block.count * (right - left))
    return Region(Box(*box), area, error, error, block.kind, outline, block=block)


def cover(regions: tuple[Region, ...], shape: tuple[int, int]) -> Mask:
    """The pixels of `regions`, outlines included, as a mask of `shape` (H, W)."""
    mask = np.zeros(shape, np.uint8)
    for region in regions:  # one by one: what lies in another one's outline would be cut out
        cv2.fillPoly(mask, loops_of(region.outline), 1)
    return mask.view(np.bool_)


def outline_through(loops: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    """Several closed lines (N, 2) as one: from each to the next, and all the way back.

    From top to bottom, so that few bridges cross a row: to fill between them takes time for each.
    Where a line is closed its first point stands twice, by which `loops_of` knows it.
    """
    if len(loops) == 1:
        return loops[0]
    ordered = sorted(loops, key=lambda loop: (loop[0, 1], loop[0, 0]))
    closed = [part for loop in ordered for part in (loop, loop[:1], loop[: len(loop) > 1])]
    starts = np.stack([loop[0] for loop in reversed(ordered)])
    elsewhere = (starts[1:] != starts[:-1]).any(axis=1)  # a hole may begin where a part does
    return np.concatenate([*closed, starts[1:][elsewhere]])


def loops_of(outline: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    """The closed lines that `outline_through` joined, without the bridges between them."""
    corners = outline.reshape(-1, 2)
    ends = np.flatnonzero((corners[1:] == corners[:-1]).all(axis=1)) + 1
    if not len(ends) or (corners[0] != corners[-1]).any():
        return [corners]
    starts = [0, *(ends + 1)]
    return [corners[a:b] for a, b in zip(starts, ends, strict=False) if b > a]


def _outlines(error_map: _Errors, threshold: float) -> Iterator[NDArray[np.int32]]:
    """Outer borders of the connected places over the threshold.

    No place crosses a row that holds none, so the map is looked at in bands between such rows:
    what didn't change needs neither memory nor time.
    """
    for top, bottom in _bands(error_map, threshold):
        over = (error_map[top:bottom] > threshold).view(np.uint8)
        found, _ = cv2.findContours(
            over, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=(0, top)
        )
        yield from (np.asarray(outline, np.int32) for outline in found)


def _area(outline: NDArray[np.int32], *, polygons: bool) -> float:
    """Of an outline that goes from pixel to pixel: what it encloses, px².

    By Pick's theorem a lattice polygon of area A with B points on its border holds A + B/2 + 1
    points, border included; that holds for lines walked there and back, too.
    """
    enclosed = cv2.contourArea(outline)
    if polygons:
        return enclosed
    corners = outline.reshape(-1, 2)
    steps = np.abs(corners - np.roll(corners, 1, axis=0)).max(axis=1)
    return enclosed + int(steps.sum()) / 2 + 1


def _bands(error_map: _Errors, threshold: float) -> list[tuple[int, int]]:
    """Runs of rows that hold something over the threshold: first row, and first row after."""
    holds = [
        (error_map[top : top + _STRIP] > threshold).any(axis=1)
        for top in range(0, len(error_map), _STRIP)
    ]
    edges = np.flatnonzero(np.diff(np.concatenate([[False], *holds, [False]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _region(error_map: _Errors, outline: NDArray[np.int32], area: float) -> Region:
    """Measure the error inside one outline."""
    box = Box(*cv2.boundingRect(outline))
    corners = outline.reshape(-1, 2)
    inside = np.zeros((box.height, box.width), np.uint8)
    cv2.drawContours(inside, [corners - (box.x, box.y)], 0, 1, cv2.FILLED)
    errors = error_map[box.slices]
    return Region(
        box=box,
        area=area,
        peak=cv2.minMaxLoc(errors, inside)[1],
        mean=cv2.mean(errors, inside)[0],
        kind="changed",
        outline=corners,
    )
