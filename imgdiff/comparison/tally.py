"""What the squares of large pictures add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.comparison.pipeline import compare
from imgdiff.errors import SettingsError
from imgdiff.metrics.pool import otsu_threshold_of
from imgdiff.metrics.tiles import Tile
from imgdiff.metrics.windows import UNIFORM_REACH
from imgdiff.pixels.color import gray_levels
from imgdiff.pixels.regions import cover, find_regions
from imgdiff.types import Box, Comparison, Image, Method, Picture, Region, Settings

_Pooled: TypeAlias = Literal["mean", "similarity", "share", "squares"]

POOLED: Final[dict[str, _Pooled]] = {
    "changes": "squares",
    "rendering": "share",
    "pixelmatch": "share",
    "pixelmatch-7": "share",
    "ssim": "similarity",
    "absdiff": "mean",
    "delta-e": "mean",
}
"""The methods that compare squares by themselves, and how their scores add up."""

_BY_OTSU: Final = ("ssim", "absdiff")
"""Of these, the ones whose threshold the whole picture tells."""

_STRIP: Final = 2048
"""Rows that are counted together."""


@dataclass(frozen=True, slots=True, eq=False)
class Total:
    """What was found out about a pair of large pictures.

    Attributes
    ----------
    score, threshold : float
        As of a `Comparison`; of `changes` the mean of the squares' scores.
    regions : tuple of Region
        Largest first; peak and mean are known to 1/255 of what is black in the diff picture.
    different_pixels, compared_pixels : int
        How many differ in these, and how many there are.
    equal : bool
        Whether what is compared is equal to the bit.
    indistinct : float
        Levels by which a square differs all over, if change can't be told from noise; else 0.
    """

    score: float
    threshold: float
    regions: tuple[Region, ...]
    different_pixels: int
    compared_pixels: int
    equal: bool
    indistinct: float

    @property
    def alike(self) -> bool:
        """Whether nothing changed."""
        return not self.regions and not self.indistinct


@dataclass(slots=True, eq=False)
class Tally:
    """What is known of the squares so far."""

    method: Method
    settings: Settings
    shape: tuple[int, int]
    errors: Picture = field(init=False)
    """255 less the gray levels of the diff picture; 0 where nothing changed."""
    found: list[Region] = field(default_factory=list)
    """The squares' own regions, where the method tells what happened there."""
    total: float = 0
    weight: int = 0
    compared: int = 0
    equal: bool = True
    indistinct: float = 0
    threshold: float | None = None

    def __post_init__(self) -> None:
        self.errors = np.zeros(self.shape, np.uint8)

    @property
    def _by_otsu(self) -> bool:
        return self.method.key in _BY_OTSU and self.settings.threshold is None

    def add(self, tile: Tile, wide: Tile, before: Image, after: Image) -> None:
        """Compare one square, `wide` with what is around it."""
        settings = _settings_of(self.settings, wide)
        if settings is None:
            return
        plain = not settings.ignored_areas and settings.region is None
        if plain and self.threshold is not None and _identical(before, after):
            self._pool_equal(tile)
            return
        result = compare(before, after, settings)
        inner = tile.shifted(-wide.top, -wide.left)
        valid = result.pair.valid[inner.slices]
        self._pool(result, tile, inner)
        self.compared += int(np.count_nonzero(valid))
        self.indistinct = max(self.indistinct, result.indistinct)
        self.equal = self.equal and _identical(before, after)
        self.threshold = result.threshold
        if self._by_otsu or result.regions:
            self.errors[tile.slices] = self._levels(result, inner)
        shift = wide.left, wide.top
        told = (r for r in result.regions if r.kind != "changed" or r.confidence is not None)
        self.found += [_shifted(region, *shift) for region in told]

    def _pool(self, result: Comparison, tile: Tile, inner: Tile) -> None:
        """Take a square's errors into the score."""
        pooled = POOLED[self.method.key]
        core = self._pooled_part(tile).shifted(inner.top - tile.top, inner.left - tile.left)
        valid = result.pair.valid[core.slices]
        count = int(np.count_nonzero(valid))
        errors = result.error_map[core.slices]
        if pooled == "squares":
            self.total += result.score * count
        elif pooled == "share":
            self.total += int(np.count_nonzero((errors > result.threshold) & valid))
        else:
            self.total += float(errors.sum(where=valid, dtype=np.float64))
        self.weight += count

    def _pool_equal(self, tile: Tile) -> None:
        """As `_pool`, of a square that is equal to the bit."""
        count = self._pooled_part(tile).area
        self.total += count if POOLED[self.method.key] == "squares" else 0
        self.weight += count
        self.compared += tile.area

    def _pooled_part(self, tile: Tile) -> Tile:
        """What of a tile counts for the score: windows of SSIM reach not outside of the picture."""
        if POOLED[self.method.key] != "similarity":
            return tile
        return tile.within(Tile(0, self.shape[0], 0, self.shape[1]).grown(-UNIFORM_REACH))

    def _levels(self, result: Comparison, inner: Tile) -> Picture:
        levels = 255 - gray_levels(result.error_map[inner.slices], ceiling=self.method.ceiling)
        if self._by_otsu:
            return levels
        changed = result.changed[inner.slices]
        if result.made_out is None:
            changed = result.error_map[inner.slices] > result.threshold
        return np.where(changed, np.maximum(levels, 1), 0).astype(np.uint8)

    def total_of(self) -> Total:
        """All of it together; SettingsError if nothing was left to compare."""
        if not self.weight or self.threshold is None:
            raise SettingsError(
                "At least one pixel away from the border must be left to compare, but all of them "
                "are ignored: ignore less."
            )
        method, ceiling = self.method, self.method.ceiling
        score = self.total / self.weight
        score = 1 - score if POOLED[method.key] == "similarity" else score
        threshold = otsu_threshold_of(self._counts(), ceiling) if self._by_otsu else self.threshold
        least = round(threshold * 255 / ceiling) if self._by_otsu else 0
        regions = find_regions(
            self.errors,
            threshold=least,
            min_area=self.settings.min_area,
            polygons=method.polygon_areas,
        )
        return Total(
            score,
            threshold,
            self._told(regions),
            self._count(regions, least),
            self.compared,
            self.equal,
            0 if regions else self.indistinct,
        )

    def _counts(self) -> NDArray[np.float64]:
        """Pixels of each gray level of the diff picture."""
        counts = np.zeros(256)
        for top in range(0, self.shape[0], _STRIP):
            part = self.errors[top : top + _STRIP]
            counts += cv2.calcHist([part], [0], None, [256], [0, 256]).ravel()
        return counts[::-1]

    def _count(self, regions: tuple[Region, ...], least: int) -> int:
        """How many pixels in these differ."""
        count = 0
        for top in range(0, self.shape[0], _STRIP):
            part = slice(top, top + _STRIP)
            near = [r for r in regions if r.box.y < part.stop and r.box.y + r.box.height > top]
            shape = self.errors[part].shape
            inside = cover(tuple(_shifted(r, 0, -top) for r in near), (shape[0], shape[1]))
            count += int(np.count_nonzero(inside & (self.errors[part] > least)))
        return count

    def _told(self, regions: tuple[Region, ...]) -> tuple[Region, ...]:
        """Regions in the method's unit, with what the largest part of each in a square says."""
        scale = self.method.ceiling / 255
        parts = sorted(self.found, key=lambda part: -part.area)
        corners = _corners(part.box for part in parts)
        told = []
        for region, (left, top, right, bottom) in zip(
            regions, _corners(region.box for region in regions), strict=True
        ):
            over = (corners[:, :2] < (right, bottom)) & (corners[:, 2:] > (left, top))
            first = np.flatnonzero(over.all(axis=1))[:1]
            said = parts[first[0]] if len(first) else region
            peak, mean = region.peak * scale, region.mean * scale
            told.append(
                replace(region, peak=peak, mean=mean, kind=said.kind, confidence=said.confidence)
            )
        return tuple(told)


def _settings_of(settings: Settings, wide: Tile) -> Settings | None:
    """The settings for a square with what is around it; None if all of that is ignored."""
    region = settings.region_box
    if region is not None:
        region = _within(region, wide)
    boxes = [_within(box, wide) for box in settings.ignored_areas if isinstance(box, Box)]
    ignored = tuple(box for box in boxes if box is not None)
    whole = Box(0, 0, wide.right - wide.left, wide.bottom - wide.top)
    if whole in ignored or (settings.region_box is not None and region is None):
        return None
    return replace(
        settings, align="none", nudge=(0, 0), points=(), read="nothing", ignore_text=(),
        min_area=0, ignore=ignored, region=region,
    )  # fmt: skip


def _within(box: Box, tile: Tile) -> Box | None:
    """What of a box lies in a tile, as the tile has it."""
    part = Tile(box.y, box.y + box.height, box.x, box.x + box.width).within(tile)
    if not part.area:
        return None
    own = part.shifted(-tile.top, -tile.left)
    return Box(own.left, own.top, own.right - own.left, own.bottom - own.top)


def _identical(before: Image, after: Image) -> bool:
    """Whether two pictures are equal to the bit."""
    if not np.array_equal(before.pixels, after.pixels):
        return False
    if before.alpha is None or after.alpha is None:
        return before.alpha is after.alpha
    return np.array_equal(before.alpha, after.alpha)


def _shifted(region: Region, right: int, down: int) -> Region:
    box = region.box
    moved = Box(box.x + right, box.y + down, box.width, box.height)
    outline = np.asarray(region.outline + np.array([right, down]), np.int32)
    return replace(region, box=moved, outline=outline)


def _corners(boxes: Iterable[Box]) -> NDArray[np.int64]:
    """Left, top, right and bottom of each, (N, 4)."""
    corners = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in boxes]
    return np.array(corners, np.int64).reshape(-1, 4)
