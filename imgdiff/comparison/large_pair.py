"""Pictures too large to be held: compared as they lie, in squares, from top to bottom.

Of the whole but one byte a pixel is kept, the diff picture; all else is of one band of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from imgdiff.comparison.tally import POOLED, Tally, Total
from imgdiff.errors import Cancelled, SettingsError, SizeError
from imgdiff.load.large import LargePicture
from imgdiff.metrics.registry import method_named
from imgdiff.metrics.tiles import Tile
from imgdiff.types import Box, Image, Method, Settings

SQUARE: Final = 2048
"""Px of a side: squares are compared one by one, at full size or next to it."""

HALO: Final = 64
"""Px around a square that are looked at too: more than any of these methods reaches."""

_BAND: Final = 12 * 10**6
"""Pixels of a band; it's held twice, before and after."""


@dataclass(frozen=True, slots=True, eq=False)
class LargeComparison:
    """A pair of large pictures, and what was found out about it.

    Attributes
    ----------
    before, after : LargePicture
        The files.
    method, settings : Method, Settings
        How they were compared.
    total : Total
        What came out.
    """

    before: LargePicture
    after: LargePicture
    method: Method
    settings: Settings
    total: Total


def compare_large(
    before: LargePicture,
    after: LargePicture,
    settings: Settings,
    *,
    progress: Callable[[float], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> LargeComparison:
    """Find what changed from one large picture to another.

    Nothing is moved, and nothing is read; each square is compared by itself.

    Parameters
    ----------
    before, after : LargePicture
        Of one size.
    settings : Settings
        `align` is taken for "none" and `read` for "nothing"; `ignore` may hold boxes alone.
    progress : callable, optional
        Called with the share that is done, 0 to 1.
    cancel : callable, optional
        Asked before each square; once it returns True, `Cancelled` is raised.

    Raises
    ------
    SizeError
        The pictures have different sizes.
    SettingsError
        The method, or what is ignored, can't be had of squares.
    LoadError
        A file is damaged.
    """
    _check(before, after, settings)
    method = method_named(settings.method)
    tally = Tally(method, settings, (before.height, before.width))
    squares = list(_squares(before, settings))
    pairs = _pairs(before, after, squares)
    for done, (tile, wide, images) in enumerate(pairs):
        if cancel is not None and cancel():
            raise Cancelled("The comparison was cancelled before it was done: start it again.")
        if progress is not None:
            progress(done / len(squares))
        tally.add(tile, wide, *images)
    return LargeComparison(before, after, method, settings, tally.total_of())


def _check(before: LargePicture, after: LargePicture, settings: Settings) -> None:
    if (before.width, before.height) != (after.width, after.height):
        raise SizeError(
            "Pictures this large are compared as they lie and must have one size, but the first is "
            f"{before.width} × {before.height} and the second {after.width} × {after.height} "
            "pixels: crop or resize one of them to match."
        )
    if settings.method not in POOLED:
        raise SettingsError(
            f"Of pictures this large the methods {', '.join(POOLED)} can be had, but not "
            f"{settings.method}: choose one of these."
        )
    if any(not isinstance(area, Box) for area in settings.ignored_areas):
        raise SettingsError(
            "Of pictures this large boxes alone can be ignored, but a mask or polygon is given: "
            "give boxes."
        )


def _squares(picture: LargePicture, settings: Settings) -> Iterator[Tile]:
    """The squares to compare, row by row; lower where a band of rows would be too large."""
    whole = Tile(0, picture.height, 0, picture.width)
    if settings.region_box is not None:
        box = settings.region_box
        region = Tile(box.y, box.y + box.height, box.x, box.x + box.width)
        if not region.within(whole).area:
            raise SettingsError(
                f"The region must overlap the {picture.width} × {picture.height} picture, but "
                f"begins at ({box.x}, {box.y}): choose another."
            )
    rows = band_rows(picture.width)
    for tile in whole.split(rows, SQUARE):
        if settings.region_box is None or tile.within(region).area:
            yield tile


def band_rows(width: int) -> int:
    """Rows of a square in a picture of this width."""
    return max(4 * HALO, min(SQUARE, _BAND // width))


def _pairs(
    before: LargePicture, after: LargePicture, squares: Iterable[Tile]
) -> Iterator[tuple[Tile, Tile, tuple[Image, Image]]]:
    """Each square with what is around it, and both pictures there."""
    whole = Tile(0, before.height, 0, before.width)
    rows = band_rows(before.width)
    bands = zip(before.bands(rows, HALO), after.bands(rows, HALO), strict=True)
    number = -1
    for tile in squares:
        while number < tile.top // rows:
            (first, one), (_, other) = next(bands)
            number += 1
        wide = tile.grown(HALO).within(whole)
        window = wide.shifted(-first, 0).slices
        yield tile, wide, (_cut(one, window), _cut(other, window))


def _cut(image: Image, window: tuple[slice, slice]) -> Image:
    alpha = None if image.alpha is None else np.ascontiguousarray(image.alpha[window])
    return replace(image, pixels=np.ascontiguousarray(image.pixels[window]), alpha=alpha)
