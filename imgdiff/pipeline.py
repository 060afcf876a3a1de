"""The run of a comparison, in the order in which it happens."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from imgdiff.alignment import align
from imgdiff.errors import SettingsError
from imgdiff.method import Measurement
from imgdiff.methods import method_named
from imgdiff.regions import cover, find_regions
from imgdiff.types import Comparison, Image, Region, Settings


def compare(reference: Image, test: Image, settings: Settings | None = None) -> Comparison:
    """Find what changed from one picture to another.

    Parameters
    ----------
    reference, test : Image
        Before and after.
    settings : Settings, optional
        By default the classic recipe: SSIM in gray, Otsu's threshold, regions over 40 px².

    Returns
    -------
    Comparison
        Score, error map, regions, and the pair as it was compared.

    Raises
    ------
    SizeError
        The pictures' sizes don't fit each other or the method.
    SettingsError
        A setting is out of its range, or everything is ignored.
    """
    settings = settings or Settings()
    _check(settings)
    method = method_named(settings.method)
    seconds: dict[str, float] = {}

    with _timed(seconds, "align"):
        pair = align(reference, test, motion=settings.align, ignore=settings.ignore)
    with _timed(seconds, "compare"):
        measured = method.measure(pair, settings)
    with _timed(seconds, "regions"):
        regions = _regions(measured, settings.min_area)
        changed = cover(regions, measured.error_map.shape)

    return Comparison(
        pair=pair,
        method=method,
        settings=settings,
        error_map=measured.error_map,
        score=measured.score,
        threshold=measured.threshold,
        changed=changed,
        regions=regions,
        differs_evenly=measured.differs_evenly,
        explained=measured.explained,
        seconds=seconds,
    )


def _check(settings: Settings) -> None:
    """Refuse numbers that mean nothing."""
    for name, value in (("min_area", settings.min_area), ("threshold", settings.threshold)):
        if value is not None and not (math.isfinite(value) and value >= 0):
            raise SettingsError(f"{name} must be a number from 0 up, but is {value}: change it.")


def _regions(measured: Measurement, min_area: float) -> tuple[Region, ...]:
    """The regions that are large enough: the method's own, or what stands out of its map."""
    if measured.regions is None:
        return find_regions(measured.error_map, threshold=measured.threshold, min_area=min_area)
    return tuple(region for region in measured.regions if region.area > min_area or not min_area)


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    """Note how long the block took."""
    start = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - start
