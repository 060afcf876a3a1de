"""The colours of a drawing, before and after, and whether another light can have changed them.

Light changes all surfaces by one curve, and keeps their hues apart. A drawing has few colours, so
that a curve fits any of them: each ink must be one that the curve wasn't free to choose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from imgdiff.types import Mask, Picture

Colours = NDArray[np.float64]
"""(N, 6): sRGB before and after, levels."""


@dataclass(frozen=True, slots=True)
class SurfaceLimits:
    """What one light may do to the colours of a drawing.

    Attributes
    ----------
    share : float
        Of the pixels, from which a colour counts.
    few, known : int, float
        So many colours must have such a share of the pixels for anything to be said.
    one : float
        Of the pixels of the most frequent colour, those that became one other if light is even.
    many : int
        Of so many inks, any curve that fits most is light.
    blend : float
        Levels by which a colour between paper and an ink may miss the line of their mixtures.
    miss : float
        Levels by which an ink may miss what the light makes of it.
    gain, gamma : float
        Largest change by light: factors, either way.
    tint : float
        Largest factor between the gains of two channels: lamps, not paints.
    """

    share: float = 0.0005
    few: int = 8
    known: float = 0.5
    one: float = 0.5
    many: int = 6
    blend: float = 4
    miss: float = 10
    gain: float = 1.8
    gamma: float = 1.5
    tint: float = 1.35


PossibleLight: TypeAlias = Literal["none", "even", "any"]

_LIMITS = SurfaceLimits()

_SAMPLE = 100_000
_WHITE, _BLACK = 250, 5


def possible_light(before: Picture, after: Picture, valid: Mask, *, drawn: bool) -> PossibleLight:
    """What light may have done, by what happened to the colours of a pair.

    Parameters
    ----------
    before, after : ndarray of uint8, shape (h, w, 3)
        sRGB, on one grid.
    valid : ndarray of bool, shape (h, w)
        Where to look.
    drawn : bool
        Whether this is a drawing, in which light must show by at least two inks.

    Returns
    -------
    {"none", "even", "any"}
        No light explains the colours; one gain and gamma for each channel does; or there are too
        many colours to tell.
    """
    colours, shares = _colours(before, after, valid)
    if shares[: _LIMITS.few].sum() < _LIMITS.known or _shaded(colours, shares):
        return "any"
    told = [ink for ink in _inks(colours) if not _says_nothing(ink)]
    if len(told) < 2 and drawn:
        return "none"
    if told and not _fits(np.array(told)):
        return "none"
    return "even" if drawn else "any"


def _shaded(colours: Colours, shares: NDArray[np.float64]) -> bool:
    """Whether the most frequent colour before became many others: light that fell unevenly."""
    for side in (slice(0, 3), slice(3, 6)):
        same = (colours[:, side] == colours[0, side]).all(axis=1)
        if shares[same].max() < _LIMITS.one * shares[same].sum():
            return True
    return False


def _colours(before: Picture, after: Picture, valid: Mask) -> tuple[Colours, NDArray[np.float64]]:
    """The frequent colours of both pictures together, and their shares; most frequent first."""
    rows, columns = np.nonzero(valid)
    step = 1 + len(rows) // _SAMPLE
    rows, columns = rows[::step], columns[::step]
    weights = np.array([1 << 16, 1 << 8, 1])
    first, second = (p[rows, columns].astype(np.int64) @ weights for p in (before, after))
    packed, counts = np.unique((first << 24) + second, return_counts=True)
    shares = counts / max(1, len(rows))
    order = np.argsort(-shares)[: int(np.count_nonzero(shares >= _LIMITS.share))]
    chosen = packed[order]
    unpacked = [(chosen >> shift) & 255 for shift in (40, 32, 24, 16, 8, 0)]
    return np.stack(unpacked, 1).astype(np.float64), shares[order]


def _inks(colours: Colours) -> list[Colours]:
    """The colours that are no mixture of the paper, which is the most frequent, and another."""
    paper, rest = colours[0], colours[1:]
    inks = [paper]
    for colour in rest[np.argsort(-np.linalg.norm(rest - paper, axis=1))]:
        if all(_off_the_line(colour, paper, ink) > _LIMITS.blend for ink in inks):
            inks.append(colour)
    return inks


def _off_the_line(colour: Colours, paper: Colours, ink: Colours) -> float:
    """How far a colour lies from the mixtures of two others, levels."""
    line = ink - paper
    along = np.clip((colour - paper) @ line / max(1e-9, float(line @ line)), 0, 1)
    return float(np.abs(colour - paper - along * line).max())


def _says_nothing(ink: Colours) -> bool:
    """Whether a colour is clipped in both pictures, so that any light would leave it."""
    before, after = ink[:3], ink[3:]
    white = (before >= _WHITE) & (after >= _WHITE)
    return bool((white | ((before <= _BLACK) & (after <= _BLACK))).all())


def _fits(inks: Colours) -> bool:
    """Whether one gain and gamma for each channel, much alike, takes all inks before to after."""
    gains = []
    missed = np.zeros(len(inks), np.bool_)
    for channel in range(3):
        before, after = inks[:, channel], inks[:, 3 + channel]
        gain, gamma = _curve(before, after)
        if not 1 / _LIMITS.gamma <= gamma <= _LIMITS.gamma:
            return False
        if not 1 / _LIMITS.gain <= gain <= _LIMITS.gain:
            return False
        made = np.clip(255 * gain * (before / 255) ** gamma, 0, 255)
        missed |= np.abs(made - after) > _LIMITS.miss
        gains.append(gain)
    if max(gains) > _LIMITS.tint * min(gains):
        return False
    allowed = len(inks) // 4 if len(inks) >= _LIMITS.many else 0
    return int(missed.sum()) <= allowed


def _curve(before: NDArray[np.float64], after: NDArray[np.float64]) -> tuple[float, float]:
    """Gain and gamma through the unclipped levels; a lone level is given a gain alone."""
    use = (before > _BLACK) & (before < _WHITE) & (after > _BLACK) & (after < _WHITE)
    if not use.any():
        return 1.0, 1.0
    x, y = np.log(before[use] / 255), np.log(after[use] / 255)
    if np.ptp(x) < 0.2:
        return float(np.exp(np.median(y - x))), 1.0
    slopes = [
        (y[i] - y[j]) / (x[i] - x[j])
        for i in range(len(x))
        for j in range(i)
        if abs(x[i] - x[j]) >= 0.2
    ]
    gamma = float(np.median(slopes))
    return float(np.exp(np.median(y - gamma * x))), gamma
