"""A camera that moved while it took one picture: edges across its way are gone, others stay.

An even blur takes as much of the gradients' energy in all directions. A motion takes it in one: the
direction in which the ratio of both pictures' structure tensors is least.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import itemgetter

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.light.blur import Blur, best_sigma
from imgdiff.metrics.changes.look import Samples
from imgdiff.pixels.order_statistics import quantile
from imgdiff.types import Mask


@dataclass(frozen=True, slots=True)
class SmearLimits:
    """When a motion of the camera is believed.

    Attributes
    ----------
    energy : float
        Share of the squared gradients along the motion that may be left at most.
    uneven : float
        And of the share that is left across it.
    explained : float
        Share of the difference at edges across the motion that its line may leave at most.
    better : float
        And of what an even blur leaves there: of text that takes more of the strokes down, too.
    lengths : tuple of float
        Px that are tried.
    angles, middle : int, float
        Directions that are tried besides the one that gradients tell of, since a picture of bars
        has few, and the length, px, with which they are.
    turns : tuple of float
        Radians off the direction that is told by the gradients.
    busy : float
        Quantile of the edges that are looked at.
    fewest : int
        Pixels at edges without which nothing can be said.
    trimmed : float
        Share of the differences that counts, the smallest: the rest may have changed.
    """

    energy: float = 0.6
    uneven: float = 0.7
    explained: float = 0.6
    better: float = 0.7
    lengths: tuple[float, ...] = (2.5, 3, 4, 5, 6, 7, 8, 9, 11, 13)
    angles: int = 8
    middle: float = 6
    turns: tuple[float, ...] = (-0.2, -0.1, 0.1, 0.2)
    busy: float = 0.9
    fewest: int = 200
    trimmed: float = 0.85


SMEAR = SmearLimits()

Gradients = tuple[Samples, Samples]
"""Across and down, levels a pixel."""


def smear_of(before: Samples, after: Samples, valid: Mask) -> tuple[Blur, Blur]:
    """The motion that makes one picture like the other one: of before and of after; mostly none.

    Parameters
    ----------
    before, after : ndarray of float32, shape (h, w)
        Luma in gray levels.
    valid : ndarray of bool, shape (h, w)
        Where to compare.

    References
    ----------
    Structure tensor: W. Foerstner, E. Guelch, "A fast operator for detection and precise location
    of distinct points, corners and centres of circular features", ISPRS Intercommission Workshop
    (1987).
    """
    none = Blur(), Blur()
    gradients = _gradients(before), _gradients(after)
    found = _way(*gradients, valid)
    if found is None:
        return none
    softer, angle = found
    edges = _common_edges(gradients, angle, valid)
    if np.count_nonzero(edges) < SMEAR.fewest:
        return none
    sharp, soft = (before, after) if softer else (after, before)

    def left(blur: Blur) -> float:
        return _left(blur.applied(sharp), soft, edges)

    plain = left(Blur())
    residual, best = _best_line(left, angle)
    if residual >= SMEAR.explained * plain:
        return none
    evenly, _ = best_sigma(lambda sigma: left(Blur(sigma)), plain)
    if residual >= SMEAR.better * evenly:
        return none
    return (best, Blur()) if softer else (Blur(), best)


def _best_line(left: Callable[[Blur], float], angle: float | None) -> tuple[float, Blur]:
    """The line that leaves least, with what that is: of all directions, and the one that's told."""
    ways = [turn * np.pi / SMEAR.angles for turn in range(SMEAR.angles)]
    rough = min(ways, key=lambda way: left(Blur(length=SMEAR.middle, angle=way)))
    likely = {rough} if angle is None else {rough, angle}
    lines = [Blur(length=n, angle=way) for n in SMEAR.lengths for way in likely]
    found = min(((left(line), line) for line in lines), key=itemgetter(0))
    turned = [replace(found[1], angle=found[1].angle + turn) for turn in SMEAR.turns]
    return min([found, *((left(line), line) for line in turned)], key=itemgetter(0))


def _way(before: Gradients, after: Gradients, valid: Mask) -> tuple[bool, float | None] | None:
    """Whether after is the one that was smeared, and along about which angle; None if neither was.

    The angle is None where edges of all directions lost as much.
    """
    tensors = [_tensor(g, valid) for g in (before, after)]
    if not all(np.linalg.det(t) > 0 for t in tensors):
        return None
    for softer in (True, False):
        sharp, soft = tensors if softer else tensors[::-1]
        shares, ways = np.linalg.eig(np.linalg.solve(sharp, soft))
        least, most = sorted(shares.real)
        if least < SMEAR.energy:
            way = ways[:, int(np.argmin(shares.real))].real
            uneven = least < SMEAR.uneven * most
            return softer, float(np.arctan2(way[1], way[0])) if uneven else None
    return None


def _tensor(gradients: Gradients, valid: Mask) -> NDArray[np.float64]:
    """Sums of the products of the gradients, with a little for flat pictures."""
    x, y = (g * valid for g in gradients)
    sums = [float((p * q).sum(dtype=np.float64)) for p, q in ((x, x), (x, y), (y, y))]
    least = 1e-3 * (sums[0] + sums[2]) + 1e-9
    return np.array([[sums[0] + least, sums[1]], [sums[1], sums[2] + least]])


def _common_edges(gradients: tuple[Gradients, Gradients], angle: float | None, valid: Mask) -> Mask:
    """The pixels at which both pictures change most: along a direction, or in any."""
    if angle is None:
        strengths = [cv2.magnitude(*each) for each in gradients]
    else:
        ways = np.float32(np.cos(angle)), np.float32(np.sin(angle))
        strengths = [np.abs(ways[0] * x + ways[1] * y) for x, y in gradients]
    lesser = np.minimum(*(cv2.blur(strength, (7, 7)) for strength in strengths))
    if not valid.any():
        return valid
    return valid & (lesser > max(1.0, float(quantile(lesser[valid][::7], SMEAR.busy))))


def _gradients(y: Samples) -> Gradients:
    across, down = (cv2.Sobel(y, cv2.CV_32F, *way, scale=0.25) for way in ((1, 0), (0, 1)))
    return across, down


def _left(one: Samples, other: Samples, edges: Mask) -> float:
    """Mean of the smaller differences at edges, levels."""
    differences = np.abs(one[edges] - other[edges])
    cut = int(SMEAR.trimmed * (len(differences) - 1))
    return float(np.partition(differences, cut)[: cut + 1].mean())
