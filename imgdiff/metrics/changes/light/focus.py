"""Focus: where one picture is blurrier, the other is blurred as much before they're compared."""

from __future__ import annotations

from functools import partial

import cv2
import numpy as np

from imgdiff.metrics.changes.light.blur import Blur, best_sigma
from imgdiff.metrics.changes.light.smear import smear_of
from imgdiff.metrics.changes.look import Samples
from imgdiff.pixels.order_statistics import quantile
from imgdiff.types import Mask

_GAIN = 0.93
"""Blurring must bring the residual at edges below this share."""

_SOFTER, _STEEPER = 0.9, 1.35
"""Most that the softer picture has of the sharper one's squared gradients, and most by which its
gradients may exceed those of the sharper one blurred. Blurred pairs have up to .8 and 1.2, pairs of
one focus in noise .95 and 1.6 and more."""

_FEWEST = 500
"""Pixels at edges without which nothing can be said."""

_SIDE = 800
"""Only the middle is tried on, px: focus doesn't need all of a large picture."""


_NO_BLUR = Blur()


def match_focus(before: Samples, after: Samples, valid: Mask) -> tuple[Blur, Blur]:
    """The blur that makes the lumas most alike at edges: of before and of after.

    One of both is none, and both are where blurring explains little; a motion of the camera is
    looked for first, since it leaves some edges as they are. Only edges that both pictures
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
    smear = smear_of(smooth[0], smooth[1], valid[middle])
    if any(smear):
        return smear
    edges = _common_edges(smooth[0], smooth[1], valid[middle])
    if edges.sum() < _FEWEST:
        return _NO_BLUR, _NO_BLUR
    plain = _residual(smooth[0], smooth[1], edges)

    def left(side: int, sigma: float) -> float:
        return _residual(Blur(sigma).applied(smooth[side]), smooth[1 - side], edges)

    tries = [best_sigma(partial(left, side), plain) for side in (0, 1)]
    side = int(tries[1][0] < tries[0][0])
    residual, sigma = tries[side]
    if residual >= _GAIN * plain or not _is_softer(smooth[1 - side], smooth[side], sigma, edges):
        return _NO_BLUR, _NO_BLUR
    return (Blur(sigma), _NO_BLUR) if side == 0 else (_NO_BLUR, Blur(sigma))


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


def _common_edges(a: Samples, b: Samples, valid: Mask) -> Mask:
    """The busiest quarter of the pixels, by the lesser of both gradients around them."""
    lesser = np.minimum(*(cv2.blur(_gradient(y), (7, 7)) for y in (a, b)))
    if not valid.any():
        return valid
    return valid & (lesser > max(1.0, float(quantile(lesser[valid][::7], 0.75))))


def _gradient(y: Samples) -> Samples:
    return cv2.magnitude(
        cv2.Sobel(y, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(y, cv2.CV_32F, 0, 1, scale=0.25)
    )


def _residual(a: Samples, b: Samples, edges: Mask) -> float:
    """Mean of the smaller 85 % of the differences at edges, levels."""
    differences = np.abs(a[edges] - b[edges])
    cut = int(0.85 * (len(differences) - 1))
    return float(np.partition(differences, cut)[: cut + 1].mean())
