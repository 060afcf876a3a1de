"""What is looked at: both pictures on one small grid, as luma and two colour differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.environment import of_both
from imgdiff.metrics.planes import agreeing, opacity
from imgdiff.pixels.color import on_white
from imgdiff.pixels.depth import few_levels, stretched
from imgdiff.types import Image, Mask, Pair, Picture, Pixels, holds_everywhere

Samples: TypeAlias = NDArray[Any]
"""float32, (h, w, C) or (h, w); gray levels of 0 to 255, differences of them about 0."""

_Reduced: TypeAlias = Callable[[tuple[int, int]], Picture]
"""A picture at the size that is asked for, as (width, height)."""

LONG_SIDE = 1600
"""Pictures are looked at no larger than this, px; only what was found is measured at full size."""

_SHORT_SIDE = 256
_COARSER = 1.12
"""A test picture with pixels larger than this is compared at its own resolution."""

_LATE = 0.5
"""Scale up to which a picture that has to be moved is moved straight onto the small grid."""

_STRIP = 32
"""Rows that are converted together: they stay in the processor's cache."""

_OPPONENT = np.array(
    [[0.299, 0.587, 0.114], [-0.1794, -0.3522, 0.5316], [0.52575, -0.44025, -0.0855]], np.float32
)
"""sRGB → luma Y', 0.6 (B' − Y') and 0.75 (R' − Y'), ITU-R BT.601: about as visible as noisy."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A pair as it is looked at.

    Attributes
    ----------
    before, after : ndarray of uint8, shape (h, w, 3)
        sRGB on white; `reduced_look` makes them equal where not `valid`.
    opacity : tuple of two ndarrays of uint8, shape (h, w), or None
        Before and after, likewise; None if both are opaque.
    valid : ndarray of bool, shape (h, w)
        Where to compare.
    scale : float
        Pixels of the look per pixel of the reference, at most 1.
    exact : bool
        Whether no sample was interpolated by aligning.
    span : tuple of int, or None
        Least and largest of the 16-bit levels that were stretched over the 8 bits, since both
        pictures use but few; None if none were.
    """

    before: Picture
    after: Picture
    opacity: tuple[Picture, Picture] | None
    valid: Mask
    scale: float
    exact: bool
    span: tuple[int, int] | None = None

    @property
    def equal(self) -> bool:
        """Whether there is nothing to be seen."""
        planes = [(self.before, self.after), *([self.opacity] if self.opacity else [])]
        where = None if holds_everywhere(self.valid) else self.valid.view(np.uint8)
        return all(cv2.norm(a, b, cv2.NORM_INF, where) == 0 for a, b in planes)

    def difference(self, window: tuple[slice, slice]) -> Samples:
        """Distance of the samples as they are, the channel that differs most; (h, w) uint8."""
        levels = highest(cv2.absdiff(self.before[window], self.after[window]))
        if self.opacity is not None:
            veils = (plane[window] for plane in self.opacity)
            levels = cv2.max(levels, cv2.absdiff(*veils))
        return np.asarray(levels * self.valid[window].view(np.uint8), np.uint8)

    @property
    def masked(self) -> Look:
        """The same, with what isn't compared equal in both: at full size a copy of a picture."""
        if holds_everywhere(self.valid):
            return self
        opacity = self.opacity and (self.opacity[0], agreeing(*self.opacity, self.valid))
        after = agreeing(self.before, self.after, self.valid)
        return replace(self, after=after, opacity=opacity)


def full_look(pair: Pair) -> Look:
    """A pair in 8 bits at full size."""
    span = few_levels(pair)
    before, after = (
        replace(image, pixels=stretched(image.pixels, span))
        for image in (pair.reference, pair.test)
    )
    planes = None
    if before.alpha is not None or after.alpha is not None:
        planes = _eight(opacity(before)), _eight(opacity(after))
    valid = np.asarray(pair.valid, np.bool_)
    exact = not pair.alignment.interpolated
    return Look(_shown(before), _shown(after), planes, valid, 1, exact, span)


def reduced_look(full: Look, scale: float) -> Look:
    """A look at a smaller size; means of areas, so that no noise aliases.

    What isn't compared agrees.
    """
    full = full.masked
    if scale >= 1:
        return full
    size = _size_at(scale, full.valid)
    planes = full.opacity and (_small(full.opacity[0], size), _small(full.opacity[1], size))
    small_pair = of_both(partial(_small, size=size), full.before, full.after)
    valid = _small_mask(full.valid, size)
    return Look(*small_pair, planes, valid, scale, full.exact, full.span)


def late_look(pair: Pair, scale: float) -> Look | None:
    """A look at a pair whose test picture needn't be moved at full size for that.

    None where it must be, or is: `reduced_look` then has the means of all its pixels.
    """
    if isinstance(pair.laid, Image) or scale > _LATE or pair.reference.alpha is not None:
        return None
    size = _size_at(scale, pair.valid)
    valid = _small_mask(np.asarray(pair.valid, np.bool_), size)
    before = np.asarray(pair.reference.pixels, np.uint8)
    ways: tuple[_Reduced, _Reduced] = partial(_small, before), pair.laid.reduced
    before, after = of_both(lambda reduced: reduced(size), *ways)
    after = agreeing(before, after, valid)
    return Look(before, np.asarray(after, np.uint8), None, valid, scale, exact=False)


def _size_at(scale: float, like: Mask) -> tuple[int, int]:
    """Width and height at a scale."""
    height, width = like.shape
    return max(1, round(width * scale)), max(1, round(height * scale))


def _small(picture: Picture, size: tuple[int, int]) -> Picture:
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _small_mask(mask: Mask, size: tuple[int, int]) -> Mask:
    """Where a mask holds for all of the pixels that become one."""
    if holds_everywhere(mask):
        return np.ones(size[::-1], np.bool_)
    return np.asarray(_small(mask.view(np.uint8) * np.uint8(255), size) == 255)


def working_scale(pair: Pair) -> float:
    """Reference pixels → looked-at pixels: at most 1600 a side, no finer than the coarser one."""
    height, width = pair.reference.height, pair.reference.width
    scale = min(1, LONG_SIDE / max(height, width))
    centre = np.array([pair.unmoved.width / 2, pair.unmoved.height / 2, 1])
    depth = float(pair.transform[2] @ centre)
    magnified = abs(float(np.linalg.det(pair.transform)) / depth**3) ** 0.5 if depth else 1
    if magnified > _COARSER:
        return max(min(scale, 1 / magnified), min(1, _SHORT_SIDE / max(height, width)))
    return scale


def opponent(picture: Picture | Samples, alpha: Picture | None, *, grayscale: bool) -> Samples:
    """Luma, unless `grayscale` two colour differences, and opacity unless it's None.

    Returns
    -------
    ndarray of float32, shape (h, w, 1 to 4)
        In gray levels; each channel lies by itself in memory, as each is filtered by itself.
    """
    rows = _OPPONENT[:1] if grayscale else _OPPONENT
    count = len(rows) + (alpha is not None)
    samples = by_plane((*picture.shape[:2], count))
    for top in range(0, len(picture), _STRIP):
        part = slice(top, top + _STRIP)
        levels = cv2.transform(picture[part].astype(np.float32, copy=False), rows)
        samples[part, :, : len(rows)] = channels(levels)
    if alpha is not None:
        samples[..., -1] = alpha
    return samples


def by_plane(shape: tuple[int, ...]) -> Samples:
    """A new float32 array of a shape (h, w, C) whose channels lie one after the other."""
    height, width, count = shape
    return np.moveaxis(np.empty((count, height, width), np.float32), 0, 2)


def channels(samples: NDArray[Any]) -> Samples:
    """OpenCV drops a lone channel's axis: here it is again."""
    return samples[..., None] if samples.ndim == 2 else samples


def highest(samples: NDArray[Any]) -> NDArray[Any]:
    """The largest of three channels, (h, w); much faster than along a short axis."""
    return np.asarray(np.maximum(np.maximum(samples[..., 0], samples[..., 1]), samples[..., 2]))


def lowest(samples: NDArray[Any]) -> NDArray[Any]:
    """The least of three channels, (h, w)."""
    return np.asarray(np.minimum(np.minimum(samples[..., 0], samples[..., 1]), samples[..., 2]))


def highest_of_blocks(samples: Picture, side: int) -> Picture:
    """The largest sample of each square of so many px; what is over at the ends is left out."""
    height, width = (n // side for n in samples.shape)
    largest = cv2.dilate(samples, np.ones((side, side), np.uint8), anchor=(0, 0))
    return np.asarray(largest[::side, ::side][:height, :width], np.uint8)


def sampled_places(valid: Mask, most: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of at most so many valid pixels, at regular distances."""
    return np.divmod(sampled_indices(valid, most), valid.shape[1])


def sampled_indices(valid: Mask, most: int) -> NDArray[np.intp]:
    """As `sampled_places`, in the mask laid out in one line."""
    if valid.all():
        return np.arange(0, valid.size, 1 + valid.size // most)
    places = np.flatnonzero(valid)
    return places[:: 1 + len(places) // most]


def colourless(picture: Picture) -> bool:
    """Whether all three channels are equal."""
    red, green, blue = cv2.split(picture)
    return cv2.norm(red, green, cv2.NORM_INF) == 0 == cv2.norm(green, blue, cv2.NORM_INF)


def _shown(image: Image) -> Picture:
    return on_white(image.pixels, image.alpha)


def _eight(plane: Pixels) -> Picture:
    return on_white(plane, None)
