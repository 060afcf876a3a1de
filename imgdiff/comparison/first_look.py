"""What is seen before everything is known: pixels before words, and fewer pixels before all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from imgdiff.comparison.pipeline import compare
from imgdiff.comparison.result import Result
from imgdiff.load.reduced import SCALES, reduced_jpeg
from imgdiff.types import Box, Image, Pixels, Region, Settings
from imgdiff.view.places import changed_fraction, count_of_changes
from imgdiff.view.verdict import MOST_CHANGED, headline_of

_WORTH_A_GLANCE: Final = 4_000_000
"""Pixels; smaller pictures are compared as soon as the page has shown a glance."""
_GLANCED_AT: Final = 350_000
"""Pixels of the reduced picture, about: an eighth of the time that 12 MP take, decoded."""
_MOST_BOXES: Final = 300


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What is seen so far.

    Attributes
    ----------
    headline : str
        In a sentence, which says so if more may come out.
    boxes : tuple of Box
        Where, px of the reference; not what lies beyond it, and of many the largest.
    files : tuple of str
        Digests of both files, so that nobody takes it for a look at others.
    """

    headline: str
    boxes: tuple[Box, ...] = ()
    files: tuple[str, ...] = ()


def look_of(result: Result) -> FirstLook:
    """What all pixels show, before what is written there is read."""
    return FirstLook(headline_of(result), _boxes(result.regions))


def glance_factor(pixels: int, settings: Settings) -> int:
    """What to divide the sides of both pictures by for a glance at them; 0 where none is worth it.

    One at a reference of so many pixels comes much sooner than all that there is to see. Only the
    default method tells noise from change at any size; and what was set for this pair by hand makes
    it one that its user has seen already.
    """
    by_hand = (settings.ignore, settings.ignore_pieces, settings.points, settings.region)
    if settings.method != Settings().method or any(by_hand) or any(settings.nudge):
        return 0
    return round((pixels / _GLANCED_AT) ** 0.5) if pixels >= _WORTH_A_GLANCE else 0


def glance(reference: Image, test: Image, settings: Settings, *, factor: int) -> FirstLook | None:
    """What pictures show whose sides were divided by `factor`; None where it'd be rash to say.

    Where nothing is seen, nothing is said: what is small comes out at full size.
    """
    small = replace(settings, min_area=settings.min_area / factor**2, read="nothing")
    result = compare(reference, test, small)
    count = count_of_changes(result) if result.pair.related else 0
    if not count or changed_fraction(result) > MOST_CHANGED:
        return None
    places = "1 place" if count == 1 else f"{count} places"
    return FirstLook(f"At first glance, {places} changed.", _boxes(result.regions, factor))


def sketch_of(image: Image, factor: int) -> Image:
    """A picture with one pixel for each square of `factor`; what is left at its end is left out."""
    alpha = None if image.alpha is None else _means(image.alpha, factor)
    return replace(image, pixels=_means(image.pixels, factor), alpha=alpha, text=None)


def sketch_of_file(data: bytes, factor: int) -> Image | None:
    """As `sketch_of`, in less time, of a file that `imgdiff.load.reduced` reads; None if it can't.

    Both pictures must come this way, or neither: the pixels are a little different.
    """
    scale = max(scale for scale in SCALES if factor % scale == 0)
    pixels = reduced_jpeg(data, scale)
    return None if pixels is None else Image(_means(pixels, factor // scale), None, "")


def _boxes(regions: Sequence[Region], factor: int = 1) -> tuple[Box, ...]:
    """Where regions are, of a picture that is so many times as large; `regions` largest first."""
    boxes = [region.box for region in regions if region.block is None][:_MOST_BOXES]
    return tuple(
        Box(factor * box.x, factor * box.y, factor * box.width, factor * box.height)
        for box in boxes
    )


def _means(samples: Pixels, factor: int) -> Pixels:
    height, width = (max(1, side // factor) for side in samples.shape[:2])
    whole = samples[: height * factor, : width * factor]
    small = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, samples.dtype)
