"""A correction of light, and how it is applied."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.light.curves import Curves
from imgdiff.metrics.changes.look import Samples
from imgdiff.types import Picture

Light = NDArray[np.float64]
"""(10, 3): logarithm of the light's factor as a cubic of the place, by channel."""

GRID = 36
"""Cells a side in which light is measured and made."""

_LARGEST = 1.2
"""Light's factor lies between e^±1.2."""


@dataclass(frozen=True, slots=True, eq=False)
class Tone:
    """A correction of light: a curve for each channel, then factors that vary smoothly.

    Attributes
    ----------
    curves : ndarray of float32, shape (256, 3), or None
        Value by level.
    light : ndarray of float64, shape (10, 3), or None
        Logarithms of the factors, as a cubic.
    cost : float
        What it must gain to be taken, as a factor of the residual: the more flexible, the more.
    """

    curves: Curves | None = None
    light: Light | None = None
    cost: float = 1

    @property
    def identity(self) -> bool:
        """Whether it changes nothing."""
        return self.curves is None and self.light is None

    def curved(self, levels: Picture) -> Samples:
        """Levels after the curves alone: float32, of the same shape (…, 3)."""
        if self.curves is None:
            return levels.astype(np.float32)
        return np.asarray(cv2.LUT(levels, self.curves.reshape(256, 1, 3)), np.float32)

    def apply(self, picture: Picture) -> Samples:
        """The picture in the other one's light: float32, (h, w, 3)."""
        levels = self.curved(picture)
        if self.light is not None:
            light = factors(cubic(*centres(GRID, GRID)), self.light).astype(np.float32)
            size = picture.shape[1], picture.shape[0]
            levels *= cv2.resize(light, size, interpolation=cv2.INTER_CUBIC)
        return levels


def factors(cubic: NDArray[np.float64], light: Light) -> NDArray[np.float64]:
    """Light at points that `cubic` describes: (…, 3)."""
    return np.exp(np.clip(cubic @ light, -_LARGEST, _LARGEST))


def cubic(x: NDArray[np.floating], y: NDArray[np.floating]) -> NDArray[np.float64]:
    """The ten monomials up to degree 3; the constant first. x and y in [−1, 1]."""
    return np.stack([x**i * y**j for i in range(4) for j in range(4 - i)], -1)


def centres(columns: int, rows: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """X and y of a grid's cells, in [−1, 1]."""
    x, y = np.meshgrid(
        (np.arange(columns) + 0.5) / columns * 2 - 1, (np.arange(rows) + 0.5) / rows * 2 - 1
    )
    return x, y
