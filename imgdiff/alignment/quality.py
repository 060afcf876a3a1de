"""How well two gray pictures agree once one is moved: one number for all kinds of motion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.geometry import Matrix, Size, in_front, inverse, rescale
from imgdiff.types import Mask

_SIDE = 384
"""Long side, px, of the pictures that are compared: enough to tell, and quick."""

_BLOCK = 16
_TEXTURE = 2
"""Standard deviation, gray levels, from which on a block has something to compare."""

_FEWEST_BLOCKS = 4
_FEW_BLOCKS = 24
"""Blocks with texture below which parts of two pictures agree by chance: an arrow has 9."""

_FEWEST_CORNERS, _CORNER = 20, 0.1
"""Corners (of this share of the best one's strength) below which a sheet is as good as its thing:
an arrow has 2, a badge 15, photographs and pages 30 and more."""

_WHOLE = 3
"""Times that a picture must shrink to be shrunk by a whole factor. With 2, one page at 1 and 1.5
times its size was looked at with 384 and 300 px, and its lines agreed better elsewhere."""

_ICON_SIDE = 200
"""Long side, px, up to which a drawing is a thing that may have been turned itself."""

_SMALLEST_OVERLAP = 0.08

Gray: TypeAlias = NDArray[np.uint8]
"""(H, W), 0 to 255."""

Levels: TypeAlias = NDArray[np.float32]
"""(H, W)."""


@dataclass(frozen=True, slots=True, eq=False)
class Reduced:
    """A gray picture made small enough to work on, and the way back to its full size."""

    gray: Gray
    from_full: Matrix

    @property
    def size(self) -> Size:
        """Width and height, px."""
        return self.gray.shape[1], self.gray.shape[0]


def reduced(picture: Gray | Reduced, side: int) -> Reduced:
    """A picture with a long side of about `side` px, if it's larger.

    Where it shrinks a lot, it does so by a whole factor (and becomes a sixth larger or smaller
    than asked): averaging whole blocks takes a fraction of the time.
    """
    if isinstance(picture, Reduced):
        again = reduced(picture.gray, side)
        return Reduced(again.gray, again.from_full @ picture.from_full)
    height, width = picture.shape
    scale = side / max(width, height)
    if scale >= 1:
        return Reduced(picture, np.eye(3))
    factor = round(1 / scale)
    if factor >= _WHOLE and min(width, height) >= factor:
        picture = picture[: height // factor * factor, : width // factor * factor]
        size = width // factor, height // factor
    else:
        size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return Reduced(np.asarray(small, np.uint8), rescale(picture.shape[::-1], size))


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """Measures motions from one picture to another.

    Attributes
    ----------
    reference, test : Reduced
        Of about 384 px, slightly smoothed, so that noise counts little.
    """

    reference: Reduced
    test: Reduced

    @classmethod
    def of(cls, reference: Gray | Reduced, test: Gray | Reduced) -> Judge:
        """For two gray pictures of any size."""
        return cls(_smoothed(reduced(reference, _SIDE)), _smoothed(reduced(test, _SIDE)))

    def quality(self, matrix: Matrix) -> float:
        """Mean correlation over the blocks that have texture in either picture, 0 to 1.

        Parameters
        ----------
        matrix : ndarray of float64, shape (3, 3)
            From the full-size test picture to the full-size reference.

        Returns
        -------
        float
            Zero-mean normalised, negative values as 0; 0 also where hardly anything overlaps.
        """
        blocks = self._blocks(matrix)
        if blocks is None:
            return 0
        correlation, textured = blocks
        return float(np.clip(correlation[textured], 0, 1).mean())

    def textured(self) -> bool:
        """Whether both pictures have enough to go by."""
        return all(
            np.count_nonzero(_textured(picture.gray)) >= _FEWEST_BLOCKS
            for picture in (self.reference, self.test)
        )

    def one_lacks(self) -> bool:
        """Whether one picture has much and the other too little to go by."""
        counts = [
            np.count_nonzero(_textured(picture.gray)) for picture in (self.reference, self.test)
        ]
        return bool(min(counts) < _FEWEST_BLOCKS and max(counts) >= _FEW_BLOCKS)

    def sparse(self) -> bool:
        """Whether there's so little in either picture that parts of it agree by chance."""
        return any(map(_is_sparse, (self.reference, self.test)))

    def symbols(self) -> bool:
        """Whether there's so little in both pictures that a symbol, or a badge, is all of it."""
        return all(
            _is_sparse(picture) or not _has_much(picture.gray)
            for picture in (self.reference, self.test)
        )

    def tells_turns(self) -> bool:
        """Whether there's enough in both pictures to tell a turned sheet from a turned thing."""
        return not self.sparse() and all(
            _has_much(picture.gray) and not _is_icon(picture.gray)
            for picture in (self.reference, self.test)
        )

    def _blocks(self, matrix: Matrix) -> tuple[Levels, Mask] | None:
        small = self.reference.from_full @ matrix @ inverse(self.test.from_full)
        size = self.reference.size
        seen = cv2.warpPerspective(
            np.ones(self.test.gray.shape, np.float32), small, size, flags=cv2.INTER_NEAREST
        )
        ahead = in_front(small, size)
        shown = np.asarray(seen if ahead is None else seen * ahead, np.float32)
        overlap = _block_means(shown) > 0.99
        if overlap.mean() < _SMALLEST_OVERLAP:
            return None
        test = cv2.warpPerspective(self.test.gray, small, size, flags=cv2.INTER_CUBIC)
        a, b = self.reference.gray.astype(np.float32), np.asarray(test, np.float32)
        variance_a, variance_b = _variance(a), _variance(b)
        covariance = _block_means(a * b) - _block_means(a) * _block_means(b)
        enough = _TEXTURE**2
        textured = overlap & ((variance_a > enough) | (variance_b > enough))
        if np.count_nonzero(textured) < _FEWEST_BLOCKS:
            return None
        both = (variance_a > enough) & (variance_b > enough)
        scale = np.sqrt(np.maximum(variance_a, 1e-3) * np.maximum(variance_b, 1e-3))
        return np.where(both, covariance / scale, 0).astype(np.float32), textured


def _textured(gray: Gray) -> Mask:
    return _variance(gray.astype(np.float32)) > _TEXTURE**2


def _is_sparse(picture: Reduced) -> bool:
    return bool(np.count_nonzero(_textured(picture.gray)) < _FEW_BLOCKS)


def _has_much(gray: Gray) -> bool:
    return _has_corners(gray) or bool(_textured(gray).mean() > 0.5)


def _is_icon(gray: Gray) -> bool:
    """Whether it's drawn, and so small that it isn't a sheet but a thing: a die, a button."""
    flat = np.abs(np.diff(gray.astype(np.int16), axis=1)) <= 1
    return max(gray.shape) < _ICON_SIDE and bool(flat.mean() > 0.5)


def _has_corners(gray: Gray) -> bool:
    corners = cv2.goodFeaturesToTrack(gray, _FEWEST_CORNERS, _CORNER, 8)
    return corners is not None and len(corners) == _FEWEST_CORNERS


def _smoothed(picture: Reduced) -> Reduced:
    smooth = cv2.GaussianBlur(picture.gray, (0, 0), 0.8)
    return Reduced(np.asarray(smooth, np.uint8), picture.from_full)


def _block_means(samples: Levels) -> Levels:
    """Means of whole blocks; what is left over at the right and at the bottom is left out."""
    rows, columns = samples.shape[0] // _BLOCK, samples.shape[1] // _BLOCK
    whole = samples[: rows * _BLOCK, : columns * _BLOCK]
    return np.asarray(whole.reshape(rows, _BLOCK, columns, _BLOCK).mean((1, 3)), np.float32)


def _variance(samples: Levels) -> Levels:
    return np.asarray(_block_means(samples * samples) - _block_means(samples) ** 2, np.float32)
