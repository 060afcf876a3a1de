"""A picture that is moved once somebody looks at it, and only as much of it as they look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Lock

import numpy as np

from imgdiff.alignment.geometry import Matrix, shift
from imgdiff.alignment.warp import moved_image, moved_window, reduced_mean
from imgdiff.types import Box, Image, Mask, Picture

_one_at_a_time = Lock()

_MOST = 0.5
"""Share of a picture from which on all of it is moved at once."""


class MovedLate:
    """The test picture on the reference's grid, as `imgdiff.types.LateImage` has it.

    Parameters
    ----------
    image : Image
        Opaque, of uint8.
    matrix : ndarray of float64, shape (3, 3)
        From its pixels to the grid's; neither a plain stretch nor one that shrinks.
    shown : ndarray of bool, shape (H, W)
        Where it shows something there.
    """

    __slots__ = ("_image", "_matrix", "_shown", "_whole")

    def __init__(self, image: Image, matrix: Matrix, shown: Mask) -> None:
        self._image = image
        self._matrix = matrix
        self._shown = shown
        self._whole: Image | None = None

    @property
    def whole(self) -> Image:
        """All of it, made the first time: once, however many threads ask for it."""
        if self._whole is None:
            with _one_at_a_time:
                self._whole = self._whole or moved_image(self._image, self._matrix, self._shown)
        return self._whole

    def near(self, boxes: Sequence[Box]) -> Image:
        """All of it if it's there, else what some boxes hold, and black."""
        asked = sum(box.width * box.height for box in boxes)
        if self._whole is not None or asked > _MOST * self._shown.size:
            return self.whole
        pixels = np.zeros((*self._shown.shape, 3), np.uint8)
        for box in boxes:
            back = shift(-box.x, -box.y) @ self._matrix
            pixels[box.slices] = moved_window(self._image.pixels, back, self._shown[box.slices])
        pixels.setflags(write=False)
        return replace(self._image, pixels=pixels)

    def reduced(self, size: tuple[int, int]) -> Picture:
        """The picture on a grid of no more than half the size, as (width, height)."""
        return reduced_mean(self._image.pixels, self._matrix, self._shown.shape[::-1], size)
