"""A function of two sample arrays → a measurement of a pair: what all maps have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.pool import otsu_threshold
from imgdiff.pixels.color import luma
from imgdiff.types import (
    ErrorMap,
    Image,
    Mask,
    Measurement,
    Pair,
    Pixels,
    Settings,
    holds_everywhere,
)


def measure_map(  # noqa: PLR0913 (what the table of methods says of a map)
    pair: Pair,
    settings: Settings,
    *,
    error_map: Callable[..., ErrorMap],
    score: Callable[[ErrorMap, Mask], float],
    ceiling: float,
    visible: float | None = None,
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
    ceiling : float
        The error that is black in the diff picture.
    visible : float, optional
        The error from which on a difference counts, unless the user says otherwise; without it
        Otsu's method decides.
    """
    errors = worse_plane(pair, settings, error_map)
    whole = score(errors, pair.valid)
    threshold = visible if settings.threshold is None else settings.threshold
    return judged(errors, whole, pair.valid, threshold=threshold, ceiling=ceiling)


def measure_scored(
    pair: Pair,
    settings: Settings,
    *,
    scored: Callable[[Pixels, Pixels, Mask], tuple[float, ErrorMap]],
    ceiling: float,
    visible: float | None = None,
) -> Measurement:
    """Measure a pair by a score with its map; of colours and transparency the worse counts.

    Parameters
    ----------
    pair, settings, ceiling, visible
        As of `measure_map`.
    scored : callable
        ``(reference, test, valid) -> (score, (H, W) error map)``; the lower score is the worse.
    """
    found = [scored(before, after, pair.valid) for before, after in planes(pair, settings)]
    scores, maps = zip(*found, strict=True)
    threshold = visible if settings.threshold is None else settings.threshold
    return judged(_worst(maps), min(scores), pair.valid, threshold=threshold, ceiling=ceiling)


def judged(
    errors: ErrorMap, score: float, valid: Mask, *, threshold: float | None, ceiling: float
) -> Measurement:
    """A measurement of these errors and this score, with Otsu's threshold if there is none yet.

    Otsu's method looks for what stands out, and may find that the pictures differ too evenly for
    that; a threshold that stands from the beginning decides by itself.
    """
    if threshold is not None:
        return Measurement(errors, score, threshold)
    threshold = otsu_threshold(errors, ceiling=ceiling)
    evenly = _differs_evenly(errors, valid, threshold)
    return Measurement(errors, score, threshold, differs_evenly=evenly)


def worse_plane(pair: Pair, settings: Settings, error_map: Callable[..., ErrorMap]) -> ErrorMap:
    """Error of the colours, and of the transparency where that differs: the worse counts."""
    return _worst(
        [error_map(before, after, **settings.params) for before, after in planes(pair, settings)]
    )


def _worst(maps: Sequence[ErrorMap]) -> ErrorMap:
    """The worse of each pixel's errors."""
    return maps[0] if len(maps) == 1 else np.maximum(*maps)


def planes(pair: Pair, settings: Settings) -> Iterator[tuple[Pixels, Pixels]]:
    """What is to be compared: the colours or grays and, if a picture has any, the opacity."""
    reference, test = pair.reference, pair.test
    colors = reference.pixels, agreeing(reference.pixels, test.pixels, pair.valid)
    yield (luma(colors[0]), luma(colors[1])) if settings.grayscale else colors
    if reference.alpha is not None or test.alpha is not None:
        yield opacity(reference), agreeing(opacity(reference), opacity(test), pair.valid)


def agreeing(reference: Pixels, test: Pixels, valid: Mask) -> Pixels:
    """The test samples, with the reference's where nothing is to be compared.

    So windows and filters near an ignored area see no difference in it, and none leaks out.
    """
    if holds_everywhere(valid):
        return test
    chosen = np.ascontiguousarray(valid).view(np.uint8)
    return np.asarray(cv2.copyTo(test, chosen, reference.copy()), test.dtype)


def opacity(image: Image) -> Pixels:
    """The alpha plane, of an opaque picture too."""
    if image.alpha is not None:
        return image.alpha
    dtype = image.pixels.dtype
    return np.full(image.pixels.shape[:2], np.iinfo(dtype).max, dtype)


def _differs_evenly(errors: ErrorMap, valid: Mask, threshold: float) -> bool:
    """Whether every valid pixel differs, yet none exceeds the threshold that was found."""
    looked_at = errors if holds_everywhere(valid) else errors[valid]
    least, most, *_ = cv2.minMaxLoc(looked_at)
    return least > 0 and most <= threshold


def channel_mean(samples: NDArray[Any]) -> NDArray[Any]:
    """Samples (H, W) as they are; (H, W, C) averaged over C."""
    if samples.ndim == 2:
        return samples
    channels = samples.shape[2]
    return np.asarray(cv2.transform(samples, np.full((1, channels), 1 / channels)))
