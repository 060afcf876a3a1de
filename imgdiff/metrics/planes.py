"""A function of two sample arrays → a measurement of a pair: what all maps have in common."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from imgdiff.color import luma
from imgdiff.method import Measurement
from imgdiff.types import ErrorMap, Image, Mask, Pair, Pixels, Settings, holds_everywhere


def measure_map(
    pair: Pair,
    settings: Settings,
    *,
    error_map: Callable[..., ErrorMap],
    score: Callable[[ErrorMap, Mask], float],
    threshold: Callable[[ErrorMap], float],
) -> Measurement:
    """Measure a pair by a map alone; the regions are what exceeds the threshold.

    Parameters
    ----------
    pair : Pair
        On one grid.
    settings : Settings
        Channels, threshold and the method's own options.
    error_map : callable
        ``(reference, test, **params) -> (H, W)`` error map, from gray or colour pixels.
    score : callable
        ``(error_map, valid) -> float``; the pictures as wholes in one number.
    threshold : callable
        ``error_map -> float``; used unless the settings hold one.
    """
    errors = _worse_plane(pair, settings, error_map)
    whole = score(errors, pair.valid)
    limit, evenly = settings.threshold, False
    if limit is None:
        limit = threshold(errors)
        evenly = _differs_evenly(errors, pair.valid, limit)
    return Measurement(errors, whole, limit, differs_evenly=evenly)


def _worse_plane(pair: Pair, settings: Settings, error_map: Callable[..., ErrorMap]) -> ErrorMap:
    """Error of the colours, and of the transparency where that differs: the worse counts."""
    reference, test = pair.reference, pair.test
    colors = reference.pixels, agreeing(reference.pixels, test.pixels, pair.valid)
    if settings.grayscale:
        colors = luma(colors[0]), luma(colors[1])
    errors = error_map(*colors, **settings.params)

    if reference.alpha is None and test.alpha is None:
        return errors
    before, after = opacity(reference), agreeing(opacity(reference), opacity(test), pair.valid)
    return np.maximum(errors, error_map(before, after, **settings.params))


def agreeing(reference: Pixels, test: Pixels, valid: Mask) -> Pixels:
    """The test samples, with the reference's where nothing is to be compared.

    So windows and filters near an ignored area see no difference in it, and none leaks out.
    """
    if holds_everywhere(valid):
        return test
    return np.where(valid if test.ndim == 2 else valid[..., None], test, reference)


def opacity(image: Image) -> Pixels:
    """The alpha plane, of an opaque picture too."""
    if image.alpha is not None:
        return image.alpha
    dtype = image.pixels.dtype
    return np.full(image.pixels.shape[:2], np.iinfo(dtype).max, dtype)


def _differs_evenly(errors: ErrorMap, valid: Mask, threshold: float) -> bool:
    """Whether every valid pixel differs, yet none exceeds the threshold that was found."""
    looked_at = errors if holds_everywhere(valid) else errors[valid]
    return bool(looked_at.min() > 0 and looked_at.max() <= threshold)
