"""Areas of the reference: what to leave out of a comparison, or what alone to compare."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from imgdiff.errors import SettingsError
from imgdiff.types.image import Box, Mask, Picture

_SIDES = 4
_CORNERS = 3


@dataclass(frozen=True, slots=True)
class Polygon:
    """An area with straight sides: its corners (x, y) in px, three or more, in turn."""

    corners: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class AreaMask:
    """An area of any shape, from the top left corner of the picture on.

    Attributes
    ----------
    inside : ndarray of bool, shape (H, W)
        True where the area is; what lies beyond the mask lies outside the area.
    sha256 : str
        Of the mask: two with the same one are the same area.
    """

    inside: Mask = field(repr=False, compare=False)
    sha256: str

    @classmethod
    def of(cls, inside: NDArray[Any]) -> AreaMask:
        """The area where an array isn't 0; SettingsError unless it has the shape (H, W)."""
        if inside.ndim != 2 or not inside.size:
            raise SettingsError(
                f"A mask must have the shape (height, width), but one has {inside.shape}: pass one "
                "number for each pixel, not 0 where it's to be ignored."
            )
        inside = np.array(inside != 0)
        inside.setflags(write=False)
        digest = hashlib.sha256(repr(inside.shape).encode() + np.packbits(inside).tobytes())
        return cls(inside, digest.hexdigest())


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a picture: what looks like it, wherever it stands.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        sRGB.
    sha256 : str
        Of the piece: two with the same one are the same.
    """

    pixels: Picture = field(repr=False, compare=False)
    sha256: str

    @classmethod
    def of(cls, pixels: Picture) -> Piece:
        """The look of a piece; it's copied."""
        pixels = np.array(pixels)
        pixels.setflags(write=False)
        digest = hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes())
        return cls(pixels, digest.hexdigest())


Area: TypeAlias = Box | Polygon | AreaMask

AreaLike: TypeAlias = Area | Sequence[int] | Sequence[Sequence[int]] | NDArray[Any]
"""Also (x, y, width, height), the corners [(x, y), …] of a polygon, or a mask as an array."""


def areas_of(areas: AreaLike | Iterable[AreaLike]) -> tuple[Area, ...]:
    """The areas that were meant; one alone may stand without a list around it.

    Raises
    ------
    SettingsError
        Something is no area.
    """
    if isinstance(areas, Box | Polygon | AreaMask | np.ndarray):
        return (area_of(areas),)
    found = list(areas)
    if len(found) == _SIDES and all(isinstance(number, int | np.integer) for number in found):
        return (area_of(found),)
    return tuple(area_of(area) for area in found)


def area_of(area: object) -> Area:
    """The area that was meant; SettingsError if it's none."""
    if isinstance(area, Box | Polygon | AreaMask):
        return area
    if isinstance(area, np.ndarray) and area.ndim == 2 and area.shape[1] != 2:
        return AreaMask.of(area)
    try:
        numbers = np.asarray(area)
        whole = numbers.astype(np.int64)
    except (TypeError, ValueError):
        raise _no_area(area) from None
    if not np.array_equal(numbers, whole):
        raise _no_area(area)
    if whole.shape == (_SIDES,):
        return Box(*whole.tolist())
    if whole.ndim == 2 and whole.shape[1] == 2 and len(whole) >= _CORNERS:
        return Polygon(tuple((x, y) for x, y in whole.tolist()))
    raise _no_area(area)


def box_of(area: object) -> Box:
    """The box that was meant; SettingsError if it's none."""
    found = area_of(area)
    if not isinstance(found, Box):
        raise SettingsError(
            f"A region must be a box (x, y, width, height), but is {area!r}: pass four whole "
            "numbers."
        )
    return found


def _no_area(area: object) -> SettingsError:
    return SettingsError(
        "An area must be a box (x, y, width, height), the corners of a polygon, or a mask of the "
        f"shape (height, width), but one is {area!r}: correct it."
    )
