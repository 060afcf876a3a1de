"""What blurs a picture: a lens out of focus, or a motion of the camera."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from imgdiff.metrics.changes.look import Samples, channels

_SIGMAS = (0.5, 0.8, 1.1, 1.5, 2.0, 2.6, 3.2)
"""Px, that are tried from small to large."""

_FINER = 4
"""How often the best of them is halved in on: text blurred by 1.3 px differs by 5 levels from what
1.5 px leave of it."""


@dataclass(frozen=True, slots=True)
class Blur:
    """What a picture went through: nothing, a lens out of focus, or a motion of the camera.

    Attributes
    ----------
    sigma : float
        Of an even blur, px; 0 if it's a line, or nothing.
    length : float
        Of a line, px; 0 if it's even.
    angle : float
        Of the line, radians from the x-axis down.
    """

    sigma: float = 0
    length: float = 0
    angle: float = 0

    def __bool__(self) -> bool:
        return bool(self.sigma or self.length)

    def applied(self, samples: Samples) -> Samples:
        """The samples, (h, w) or (h, w, C), blurred as much."""
        if self.length:
            smeared = cv2.filter2D(samples, -1, self._line(), borderType=cv2.BORDER_REFLECT_101)
            return np.asarray(smeared.reshape(samples.shape), np.float32)
        if not self.sigma:
            return samples
        even = cv2.GaussianBlur(samples, (0, 0), self.sigma)
        return even if samples.ndim == 2 else channels(even)

    def _line(self) -> Samples:
        """The line's kernel, smoothed by how it was drawn; its sum is 1."""
        reach, fine = int(np.ceil(self.length / 2)) + 1, 8
        side = (2 * reach + 1) * fine
        middle = (side - 1) / 2
        step = fine * self.length / 2 * np.array([np.cos(self.angle), np.sin(self.angle)])
        ends = [np.rint(middle + way * step).astype(int).tolist() for way in (-1, 1)]
        large = cv2.line(np.zeros((side, side), np.float32), ends[0], ends[1], 1.0, fine)
        kernel = cv2.resize(large, (2 * reach + 1,) * 2, interpolation=cv2.INTER_AREA)
        return np.asarray(kernel / kernel.sum(), np.float32)


def best_sigma(left: Callable[[float], float], plain: float) -> tuple[float, float]:
    """The even blur that leaves least, as (what it leaves, σ in px).

    Parameters
    ----------
    left : callable
        What a σ leaves; it falls up to the best one, and rises from there.
    plain : float
        What none leaves.
    """
    tried = [(plain, 0.0)]
    for sigma in _SIGMAS:
        tried.append((left(sigma), sigma))
        if tried[-1][0] > 1.02 * min(tried)[0]:
            break
    least, best = min(tried)
    if not best:
        return least, best
    at = tried.index((least, best))
    low, high = tried[at - 1][1], tried[min(at + 1, len(tried) - 1)][1]
    for _ in range(_FINER):
        near = [(left(sigma), sigma) for sigma in ((low + best) / 2, (best + high) / 2)]
        around = sorted([low, near[0][1], best, near[1][1], high])
        least, best = min([(least, best), *near])
        middle = around.index(best)
        low, high = around[max(0, middle - 1)], around[min(4, middle + 1)]
    return least, best
