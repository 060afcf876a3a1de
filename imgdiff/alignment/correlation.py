"""Shifts between two pictures, by phase correlation of their edges."""

from __future__ import annotations

import cv2
import numpy as np

from imgdiff.alignment.quality import Gray, Levels

_PEAKS = 6
_PEAK_RADIUS = 2
"""Peaks nearer to a higher one than this, px, are part of it."""


def likely_shifts(reference: Gray, test: Gray) -> list[tuple[float, float]]:
    """The most likely shifts from `test` to `reference`, px right and down, best first.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W)
        Of any sizes; the smaller one is taken to be surrounded by nothing.

    References
    ----------
    C. D. Kuglin, D. C. Hines, "The phase correlation image alignment method", Proc. IEEE
    International Conference on Cybernetics and Society (1975). Of gradient magnitudes, so that a
    change of light doesn't matter, under a Hann window.
    """
    height = max(reference.shape[0], test.shape[0])
    width = max(reference.shape[1], test.shape[1])
    shape = cv2.getOptimalDFTSize(height), cv2.getOptimalDFTSize(width)
    surface = _correlation(_framed(_edges(reference), shape), _framed(_edges(test), shape))
    found = []
    for _ in range(_PEAKS):
        x, y = cv2.minMaxLoc(surface)[3]
        found.append((_signed(x, width, shape[1]), _signed(y, height, shape[0])))
        surface[
            max(0, y - _PEAK_RADIUS) : y + _PEAK_RADIUS + 1,
            max(0, x - _PEAK_RADIUS) : x + _PEAK_RADIUS + 1,
        ] = 0
    return found


def _correlation(reference: Levels, test: Levels) -> Levels:
    """How well the two agree at every shift of the second, which wraps round."""
    ours, theirs = (cv2.dft(edges, flags=cv2.DFT_COMPLEX_OUTPUT) for edges in (reference, test))
    product = np.asarray(cv2.mulSpectrums(ours, theirs, 0, conjB=True), np.float32)
    power = cv2.magnitude(product[..., 0], product[..., 1])
    product /= (power + 1e-3 * float(power.mean()) + 1e-12)[..., None]
    surface = cv2.dft(product, flags=cv2.DFT_INVERSE | cv2.DFT_REAL_OUTPUT | cv2.DFT_SCALE)
    return np.asarray(cv2.GaussianBlur(surface, (0, 0), 0.8), np.float32)


def _edges(gray: Gray) -> Levels:
    """Gradient magnitude, faded out towards the borders."""
    across, down = (cv2.Sobel(gray, cv2.CV_32F, *order) for order in ((1, 0), (0, 1)))
    edges = cv2.magnitude(across, down)
    if min(gray.shape) > 1:
        edges = edges * cv2.createHanningWindow(gray.shape[::-1], cv2.CV_32F)
    return np.asarray(edges, np.float32)


def _framed(samples: Levels, shape: tuple[int, int]) -> Levels:
    canvas = np.zeros(shape, np.float32)
    canvas[: samples.shape[0], : samples.shape[1]] = samples
    return canvas


def _signed(place: int, side: int, period: int) -> float:
    """A place on the surface as a shift; half-way round it means the other direction."""
    return float(place if place <= side // 2 else place - period)
