"""Focus: where one picture is blurrier, the other is blurred as much before they're compared."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from imgdiff.metrics.changes.look import Samples, channels
from imgdiff.types import Mask

_SIGMAS = (0.5, 0.8, 1.1, 1.5, 2.0, 2.6, 3.2)
_GAIN = 0.93
"""Blurring must bring the residual at edges below this share."""

_SOFTER, _STEEPER = 0.9, 1.35
"""Most that the softer picture has of the sharper one's squared gradients, and most by which its
gradients may exceed those of the sharper one blurred. Blurred pairs have up to .8 and 1.2, pairs of
one focus in noise .95 and 1.6 and more."""

_LENGTHS, _ANGLES = (4.0, 6.0, 9.0, 13.0), 8
_SMEARED, _SMEAR_SIDE = 0.8, 400
"""A line, of so many px and angles, must leave less than this share of an even blur's residual. It
is tried on less of the picture, since there are many."""

_FEWEST = 500
"""Pixels at edges without which nothing can be said."""

_SIDE = 800
"""Only the middle is tried on, px: focus doesn't need all of a large picture."""


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


_NO_BLUR = Blur()


def match_focus(before: Samples, after: Samples, valid: Mask) -> tuple[Blur, Blur]:
    """The blur that makes the lumas most alike at edges: of before and of after.

    One of both is none, and both are where blurring explains little. Only edges that both pictures
    have are looked at, so that a blurred object doesn't count, and the mean residual is trimmed.

    Parameters
    ----------
    before, after : ndarray of float32, shape (h, w)
        Luma in gray levels.
    valid : ndarray of bool, shape (h, w)
        Where to compare.
    """
    middle = tuple(slice(max(0, (n - _SIDE) // 2), (n + _SIDE) // 2) for n in valid.shape)
    smooth = [
        cv2.GaussianBlur(np.ascontiguousarray(y[middle]), (0, 0), 0.7) for y in (before, after)
    ]
    edges = _common_edges(smooth[0], smooth[1], valid[middle])
    if edges.sum() < _FEWEST:
        return _NO_BLUR, _NO_BLUR
    plain = _residual(smooth[0], smooth[1], edges)
    tries = [_best_blur(smooth[side], smooth[1 - side], edges, plain) for side in (0, 1)]
    side = int(tries[1][0] < tries[0][0])
    residual, sigma = tries[side]
    if residual >= _GAIN * plain or not _is_softer(smooth[1 - side], smooth[side], sigma, edges):
        return _NO_BLUR, _NO_BLUR
    blur = _smear(smooth[side], smooth[1 - side], edges, sigma)
    return (blur, _NO_BLUR) if side == 0 else (_NO_BLUR, blur)


def _smear(sharp: Samples, soft: Samples, edges: Mask, sigma: float) -> Blur:
    """The line that explains the edges better than the even blur does, or else that."""
    even = Blur(sigma)
    window = tuple(
        slice(max(0, (n - _SMEAR_SIDE) // 2), (n + _SMEAR_SIDE) // 2) for n in edges.shape
    )
    a, b, inside = (np.ascontiguousarray(p[window]) for p in (sharp, soft, edges))
    if np.count_nonzero(inside) < _FEWEST:
        return even

    def left(blur: Blur) -> float:
        return _residual(blur.applied(a), b, inside)

    turns = [number * np.pi / _ANGLES for number in range(_ANGLES)]
    _, angle = min((left(Blur(length=_LENGTHS[1], angle=turn)), turn) for turn in turns)
    near = (angle, angle + np.pi / 2 / _ANGLES, angle - np.pi / 2 / _ANGLES)
    lines = [Blur(length=length, angle=turn) for length in _LENGTHS for turn in near]
    residual, best = min(((left(line), line) for line in lines), key=lambda pair: pair[0])
    return best if residual < _SMEARED * left(even) else even


def _is_softer(soft: Samples, sharp: Samples, sigma: float, edges: Mask) -> bool:
    """Whether one picture's edges are those of the other one, blurred.

    Blurring takes noise out of two equally sharp pictures, which brings them nearer too; but then
    neither has the lesser gradients, nor those that blurring leaves.
    """
    found, given, made = (
        _gradient(y)[edges] for y in (soft, sharp, cv2.GaussianBlur(sharp, (0, 0), sigma))
    )
    energies = [float(np.square(g).sum()) for g in (found, given)]
    slope = float(found @ made) / max(1e-9, float(made @ made))
    return energies[0] <= _SOFTER * energies[1] and slope < _STEEPER


def _best_blur(sharp: Samples, soft: Samples, edges: Mask, plain: float) -> tuple[float, float]:
    """The least residual, and the σ that gives it; tried from small to large while it helps."""
    least, best = plain, 0.0
    for sigma in _SIGMAS:
        residual = _residual(cv2.GaussianBlur(sharp, (0, 0), sigma), soft, edges)
        if residual < least:
            least, best = residual, sigma
        elif residual > 1.02 * least:
            break
    return least, best


def _common_edges(a: Samples, b: Samples, valid: Mask) -> Mask:
    """The busiest quarter of the pixels, by the lesser of both gradients around them."""
    lesser = np.minimum(*(cv2.blur(_gradient(y), (7, 7)) for y in (a, b)))
    if not valid.any():
        return valid
    return valid & (lesser > max(1.0, float(np.quantile(lesser[valid][::7], 0.75))))


def _gradient(y: Samples) -> Samples:
    return cv2.magnitude(
        cv2.Sobel(y, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(y, cv2.CV_32F, 0, 1, scale=0.25)
    )


def _residual(a: Samples, b: Samples, edges: Mask) -> float:
    """Mean of the smaller 85 % of the differences at edges, levels."""
    differences = np.abs(a[edges] - b[edges])
    cut = int(0.85 * (len(differences) - 1))
    return float(np.partition(differences, cut)[: cut + 1].mean())
