"""The run of a comparison, in the order in which it happens."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from os import PathLike

from imgdiff.alignment import align
from imgdiff.comparison.ignored_pieces import with_pieces_found
from imgdiff.comparison.result import Result
from imgdiff.errors import Cancelled
from imgdiff.load import blamed_on
from imgdiff.load.objects import Order, Source, as_image
from imgdiff.metrics.registry import method_named
from imgdiff.pixels.regions import block_regions, cover, find_regions, largest_first
from imgdiff.reading import read_regions
from imgdiff.types import (
    Area,
    Block,
    Box,
    Comparison,
    Image,
    Measurement,
    Method,
    Pair,
    PresetName,
    Region,
    Settings,
)


def compare(  # noqa: PLR0913 (each is an option of the user)
    reference: Source,
    test: Source,
    settings: Settings | PresetName | None = None,
    *,
    order: Order = "rgb",
    progress: Callable[[str], None] | None = None,
    first_look: Callable[[Result], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Result:
    """Find what changed from one picture to another.

    Parameters
    ----------
    reference, test : Image, str, Path, bytes, binary file, array, or other object
        Before and after; all that `imgdiff.as_image` takes.
    settings : Settings or str, optional
        Settings or the name of a preset; by default `changes` in colour, aligned as needed,
        regions over 10 px².
    order : {"rgb", "bgr"}
        Of the channels of arrays.
    progress : callable, optional
        Called with the name of each stage as it begins: "load", "align", "compare", "regions",
        "read".
    first_look : callable, optional
        Called with what the pixels show before what is written there is read; not if nothing is.
    cancel : callable, optional
        Asked before each stage; once it returns True, `Cancelled` is raised.

    Returns
    -------
    Result
        A `Comparison`: score, error map, regions, and the pair as it was compared. Pictures that
        don't belong together (``pair.related`` is False) are compared stretched to fit, without
        regions.

    Raises
    ------
    LoadError
        A picture can't be read; the sentence begins with its path, or with Before or After.
    SizeError
        The pictures' sizes don't fit each other or the method.
    SettingsError
        A setting is out of its range, or everything is ignored.
    Cancelled
        As `cancel` wanted.
    """
    settings = _settings_of(settings)
    method = method_named(settings.method)
    stages = _Stages(progress, cancel)

    if not (isinstance(reference, Image) and isinstance(test, Image)):
        with stages.stage("load"):
            reference = _loaded(reference, "Before", order)
            test = _loaded(test, "After", order)
    with stages.stage("align"):
        settings = with_pieces_found(settings, reference)
        pair = align(
            reference,
            test,
            motion=settings.align,
            ignore=settings.ignored_areas,
            region=settings.region_box,
            nudge=settings.nudge,
            points=settings.points,
        )
    with stages.stage("compare"):
        measured = method.measure(pair, settings)
    with stages.stage("regions"):
        regions = _regions(pair, method, measured, settings)
    reads = _may_be_read(pair, measured, settings)
    if reads and first_look is not None:
        first_look(_result(pair, method, measured, regions, settings, stages))
    with stages.stage("read"):
        if reads:
            regions, measured = _read(pair, measured, regions, settings)
    return _result(pair, method, measured, regions, settings, stages)


def _result(  # noqa: PLR0913, PLR0917 (what the stages made)
    pair: Pair,
    method: Method,
    measured: Measurement,
    regions: tuple[Region, ...],
    settings: Settings,
    stages: _Stages,
) -> Result:
    return Result(
        pair=pair,
        method=method,
        settings=settings,
        errors=measured.errors,
        score=measured.score,
        threshold=measured.threshold,
        changed=cover(regions, measured.errors.shape),
        regions=regions,
        made_out=measured.regions,
        faint=_large_enough(measured.faint, settings.min_area) if pair.related else (),
        differs_evenly=measured.differs_evenly,
        explained=measured.explained,
        indistinct=0 if regions else measured.indistinct,
        seconds=stages.seconds,
    )


def _may_be_read(pair: Pair, measured: Measurement, settings: Settings) -> bool:
    """Whether the method tells what happened, and its user wants to know what is written there."""
    return measured.regions is not None and pair.related and settings.read != "nothing"


def candidates(comparison: Comparison, *, limit: int) -> tuple[Region, ...]:
    """The regions that some area threshold would let count: the largest `limit` of any area.

    Those that count come first, in the order of `comparison.regions`.
    """
    if not comparison.pair.related:
        return ()
    found = comparison.made_out
    if found is None:
        found = find_regions(
            comparison.error_map,
            threshold=comparison.threshold,
            min_area=0,
            limit=limit,
            polygons=comparison.method.polygon_areas,
        )
    boxes = {region.box for region in comparison.regions}
    smaller = [region for region in found if region.box not in boxes]
    return (*comparison.regions, *largest_first(smaller))[:limit]


def _regions(
    pair: Pair, method: Method, measured: Measurement, settings: Settings
) -> tuple[Region, ...]:
    """What changed in place, and what was put in or taken out; nothing of unrelated pictures."""
    if not pair.related:
        return ()
    shape, min_area, ignore = measured.errors.shape, settings.min_area, settings.ignored_areas
    counting = [block for block in pair.alignment.blocks if not _is_ignored(block, ignore, shape)]
    blocks = block_regions(counting, shape, error=method.ceiling, min_area=min_area)
    found = _found(method, measured, min_area)
    return largest_first((*found, *blocks)) if blocks else found


def _is_ignored(block: Block, ignore: tuple[Area, ...], shape: tuple[int, ...]) -> bool:
    """Whether an ignored area spans half the rows or columns, or of those put in, their place."""
    for box in ignore:
        if not isinstance(box, Box):  # rows and columns are straight
            continue
        along = (box.y, box.height, box.width, shape[1])
        if block.axis == "columns":
            along = (box.x, box.width, box.height, shape[0])
        start, count, across, breadth = along
        covers = start < block.at < start + count or start == block.at == 0
        if block.kind == "removed":
            end = min(start + count, block.at + block.count)
            covers = 2 * (end - max(start, block.at)) >= block.count
        if covers and 2 * across >= breadth:
            return True
    return False


def _read(
    pair: Pair, measured: Measurement, regions: tuple[Region, ...], settings: Settings
) -> tuple[tuple[Region, ...], Measurement]:
    """What is written there, and what that leaves of the places."""
    causes = {known.cause for known in measured.explained}
    sifted = read_regions(
        pair,
        regions,
        measured.errors,
        settings,
        in_colour="colour" not in causes,
        in_doubt=bool(measured.indistinct) and "light" not in causes,
    )
    asked = {region.box for region in regions}
    smaller = [region for region in measured.regions or () if region.box not in asked]
    made_out = *(region for region in sifted.regions if region.block is None), *smaller
    explained = *measured.explained, *sifted.explained
    return sifted.regions, replace(measured, regions=made_out, explained=explained)


def _found(method: Method, measured: Measurement, min_area: float) -> tuple[Region, ...]:
    """The regions that are large enough: the method's own, or what stands out of its map."""
    if measured.regions is None:
        return find_regions(
            measured.error_map,
            threshold=measured.threshold,
            min_area=min_area,
            polygons=method.polygon_areas,
        )
    return _large_enough(measured.regions, min_area)


def _large_enough(regions: tuple[Region, ...], min_area: float) -> tuple[Region, ...]:
    return tuple(region for region in regions if region.area > min_area or not min_area)


def _settings_of(settings: Settings | PresetName | None) -> Settings:
    if settings is None:
        return Settings()
    return settings if isinstance(settings, Settings) else Settings.preset(settings)


def _loaded(source: Source, role: str, order: Order) -> Image:
    """A picture; an error begins with its path, or with its role."""
    named = isinstance(source, str | PathLike)
    with blamed_on(str(source) if named else role):
        return as_image(source, name=None if named else role.lower(), order=order)


@dataclass(frozen=True, slots=True)
class _Stages:
    """The stages of one run: who wants to know of them, and how long each took."""

    progress: Callable[[str], None] | None
    cancel: Callable[[], bool] | None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Tell that a stage begins, and note how long the block took."""
        if self.cancel is not None and self.cancel():
            raise Cancelled("The comparison was cancelled before it was done: start it again.")
        if self.progress is not None:
            self.progress(name)
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start
