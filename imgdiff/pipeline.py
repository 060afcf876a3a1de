"""The run of a comparison, in the order in which it happens."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from imgdiff.alignment import align
from imgdiff.color import luma
from imgdiff.errors import SettingsError
from imgdiff.methods import method_named
from imgdiff.regions import cover, find_regions
from imgdiff.types import (
    Comparison,
    ErrorMap,
    Image,
    Mask,
    Method,
    Pair,
    Pixels,
    Settings,
    holds_everywhere,
)


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
        error_map = _error_map(method, pair, grayscale=settings.grayscale)
        score = method.score(error_map, pair.valid)
    with _timed(seconds, "regions"):
        threshold, evenly = settings.threshold, False
        if threshold is None:
            threshold = method.threshold(error_map, method.ceiling)
            evenly = _differs_evenly(error_map, pair.valid, threshold)
        regions = find_regions(error_map, threshold=threshold, min_area=settings.min_area)
        changed = cover(regions, error_map.shape)

    return Comparison(
        pair=pair,
        method=method,
        settings=settings,
        error_map=error_map,
        score=score,
        threshold=threshold,
        changed=changed,
        regions=regions,
        differs_evenly=evenly,
        seconds=seconds,
    )


def _check(settings: Settings) -> None:
    """Refuse numbers that mean nothing."""
    for name, value in (("min_area", settings.min_area), ("threshold", settings.threshold)):
        if value is not None and not (math.isfinite(value) and value >= 0):
            raise SettingsError(f"{name} must be a number from 0 up, but is {value}: change it.")


def _error_map(method: Method, pair: Pair, *, grayscale: bool) -> ErrorMap:
    """Error of the colours, and of the transparency where that differs: the worse counts."""
    reference, test = pair.reference, pair.test
    colors = reference.pixels, _agreeing(reference.pixels, test.pixels, pair)
    if grayscale:
        colors = luma(colors[0]), luma(colors[1])
    error_map = method.error_map(*colors)

    if reference.alpha is None and test.alpha is None:
        return error_map
    opacity = _opacity(reference)
    other_opacity = _agreeing(opacity, _opacity(test), pair)
    return np.maximum(error_map, method.error_map(opacity, other_opacity))


def _differs_evenly(error_map: ErrorMap, valid: Mask, threshold: float) -> bool:
    """Whether every valid pixel differs, yet none exceeds the threshold that was found."""
    errors = error_map if holds_everywhere(valid) else error_map[valid]
    return bool(errors.min() > 0 and errors.max() <= threshold)


def _agreeing(reference: Pixels, test: Pixels, pair: Pair) -> Pixels:
    """The test samples, with the reference's where nothing is to be compared.

    So windows and filters near an ignored area see no difference in it, and none leaks out.
    """
    if holds_everywhere(pair.valid):
        return test
    valid = pair.valid if test.ndim == 2 else pair.valid[..., None]
    return np.where(valid, test, reference)


def _opacity(image: Image) -> Pixels:
    """The alpha plane, of an opaque picture too."""
    if image.alpha is not None:
        return image.alpha
    dtype = image.pixels.dtype
    return np.full(image.pixels.shape[:2], np.iinfo(dtype).max, dtype)


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    """Note how long the block took."""
    start = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - start
