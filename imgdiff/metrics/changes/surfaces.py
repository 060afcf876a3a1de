"""The colours of a drawing, before and after, and whether another light can have changed them.

Light changes all surfaces by one curve, and keeps their hues apart. A drawing has few colours, so
that a curve fits any of them: there must be colours that the curve wasn't free to choose. Smoothed
edges have many: drawn anew with other inks, they are mixtures of these as before; light bends them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.palette import Colours, Palette
from imgdiff.pixels.order_statistics import median


@dataclass(frozen=True, slots=True)
class SurfaceLimits:
    """What one light may do to the colours of a drawing.

    Attributes
    ----------
    few, known : int, float
        So many colours must have such a share of the pixels for their inks to be told.
    one : float
        Of the pixels of the most frequent colour, those that became one other if light is even.
    many : int
        Of so many inks, any curve that fits most is light.
    blend, made : float
        Levels by which a colour between paper and an ink may miss the line of their mixtures, and
        where compression or interpolation made colours.
    miss, nearly : float
        Levels by which an ink may miss what the light makes of it, and by which it may where no
        sample is interpolated: rounding, of the light too.
    exactly : float
        The same for smoothed edges there: light leaves .6 (bench, 27 exposures), and new inks .5,
        where the other one of both leaves 1.4 and more.
    mixtures : int
        Colours of smoothed edges that say something.
    neutral : float
        Factor between the channels, and power of the gamma, up to which a light is a plain gain.
    gain, gamma : float
        Largest change by light: factors, either way.
    shades, alike : int, float
        Of so many colours of a photograph, such a share of the pixels moved by one curve shows that
        it was light: exposure leaves .99 of gray ones.
    tint : float
        Largest factor between the gains of two channels: lamps, not paints.
    """

    few: int = 8
    known: float = 0.5
    one: float = 0.5
    many: int = 6
    blend: float = 4
    made: float = 12
    miss: float = 10
    nearly: float = 2
    exactly: float = 1
    mixtures: int = 12
    neutral: float = 1.04
    gain: float = 1.8
    gamma: float = 1.5
    shades: int = 32
    alike: float = 0.9
    tint: float = 1.35


PossibleLight: TypeAlias = Literal["none", "even", "any"]

_Light: TypeAlias = tuple[float, float]
"""Gain and gamma of one channel."""

_LIMITS = SurfaceLimits()

_WHITE, _BLACK, _PAPER, _FADED = 250, 5, 150, 64
"""Levels from which on a colour is white, and up to which it's black; and where white and black end
that were scanned."""

_ON, _PURE = 2, 0.12
"""Levels from the line of the mixtures up to which a colour is one, and share from which on it's
neither paper nor ink."""


def possible_light(palette: Palette, *, drawn: bool, exact: bool) -> PossibleLight:
    """What light may have done, by what happened to the colours of a pair.

    Parameters
    ----------
    palette : Palette
        Of the pair.
    drawn : bool
        Whether this is a drawing, in which light must show by colours it wasn't free to choose.
    exact : bool
        Whether no sample was interpolated.

    Returns
    -------
    {"none", "even", "any"}
        No light explains the colours; one gain and gamma for each channel does; or there are too
        many colours to tell.
    """
    frequent = palette.frequent
    if frequent.shares[: _LIMITS.few].sum() < _LIMITS.known:
        graded = drawn and exact and palette.consistent
        return _light_of_shades(palette.colours) if graded else "any"
    if _shaded(frequent) or (not drawn and _lit_alike(frequent)):
        return "any"
    inks = _inks(frequent.colours, _LIMITS.blend if exact else _LIMITS.made)
    if drawn and exact:
        by_edges = _light_by_edges(palette.colours, inks)
        if by_edges is not None or _some_stayed(frequent):
            return by_edges or "none"
    told = [ink for ink in inks if not (_says_nothing(ink) or (_scanned(ink) and not exact))]
    fits = not told or _fits(np.array(told))
    if not drawn:
        return "any" if fits else "none"
    if all(np.abs(ink[:3] - ink[3:]).max() <= _LIMITS.nearly for ink in inks):
        return "none"
    enough = len(told) >= 3 or (len(told) == 2 and _plain(_lights(np.array(told))))
    return "even" if fits and enough else "none"


def _some_stayed(palette: Palette) -> bool:
    """Whether the light that most of what changed speaks of left other colours as they were."""
    told = np.array([not _says_nothing(colour) for colour in palette.colours], np.bool_)
    before, after = palette.colours[told, :3], palette.colours[told, 3:]
    step = np.abs(after - before).max(axis=1, initial=0)
    if not step.any():
        return False
    first = int(np.argmax(step > 0))  # the most frequent of those that changed
    surely = np.maximum(np.abs(after[first] - before[first]) - 0.5, 0) / (before[first] + 1)
    return bool((before[step == 0] * surely).max(initial=0) > _LIMITS.nearly)


def _shaded(palette: Palette) -> bool:
    """Whether the most frequent colour before became many others: light that fell unevenly."""
    colours, shares = palette.colours, palette.shares
    for side in (slice(0, 3), slice(3, 6)):
        same = (colours[:, side] == colours[0, side]).all(axis=1)
        if shares[same].max() < _LIMITS.one * shares[same].sum():
            return True
    return False


def _lit_alike(palette: Palette) -> bool:
    """Whether one curve takes nearly all of many shades to others: a photograph with few levels.

    Those that it doesn't are no surfaces that light should explain, but what changed.
    """
    colours, shares = palette.colours, palette.shares
    if len(shares) < _LIMITS.shades:
        return False
    lights = _lights(colours)
    other = np.abs(colours[:, 3:] - colours[:, :3]).max(axis=1) > _LIMITS.nearly
    lit = other & (_missed(colours, lights) <= _LIMITS.nearly)
    return _sensible(lights) and float(shares[lit].sum()) >= _LIMITS.alike * float(shares.sum())


def _light_by_edges(colours: Colours, inks: list[Colours]) -> PossibleLight | None:
    """What smoothed edges tell: light, if a curve explains them; none, if new inks do, as before.

    None if there are too few of them, or neither does. Where both do, light is plain: darker or
    lighter by one factor, which two inks must show.
    """
    mixed, drawn_anew = _mixtures(colours, inks)
    if len(mixed) < _LIMITS.mixtures:
        return None
    everything = np.vstack([inks, mixed])
    lights = _lights(everything)
    by_light = float(median(_missed(everything, lights)))
    by_inks = float(median(drawn_anew))
    paper = float(_missed(everything[:1], lights)[0])
    if by_light <= _LIMITS.exactly < by_inks and _sensible(lights) and paper <= _LIMITS.nearly:
        return "even"
    if by_inks > _LIMITS.exactly:
        return None
    if not _sensible(lights):
        return "none"
    told = [ink for ink in inks if not _says_nothing(ink)]
    enough = 2 if _plain(lights) else 3
    return "even" if len(told) >= enough and _fits(np.array(told), _LIMITS.nearly) else "none"


def _plain(lights: list[_Light]) -> bool:
    """Whether light is darker or lighter by one factor."""
    gains, gammas = np.array(lights).T
    least = min(gammas.min(), gains.min() / gains.max())
    return bool(1 / _LIMITS.neutral <= least and gammas.max() <= _LIMITS.neutral)


def _light_of_shades(colours: Colours) -> PossibleLight:
    """What light did to a drawing of many shades: one curve explains them all, or none does."""
    lights = _lights(colours)
    fits = _sensible(lights) and float(median(_missed(colours, lights))) <= _LIMITS.exactly
    return "even" if fits else "none"


def _mixtures(colours: Colours, inks: list[Colours]) -> tuple[Colours, NDArray[np.float64]]:
    """The colours before that are mixtures of paper and an ink, (N, 6).

    And how far each lies, after, from the same mixture of what became of these, levels: (N,).
    """
    paper, off = inks[0], np.full(len(colours), np.inf)
    for ink in inks[1:]:
        line = ink - paper
        share = (colours[:, :3] - paper[:3]) @ line[:3] / max(1e-9, float(line[:3] @ line[:3]))
        missed = np.abs(colours - paper - share[:, None] * line)
        lies_on = (missed[:, :3].max(axis=1) <= _ON) & (share > _PURE) & (share < 1 - _PURE)
        off = np.where(lies_on, np.minimum(off, missed[:, 3:].max(axis=1)), off)
    mixed = np.isfinite(off)
    return colours[mixed], off[mixed]


def _inks(colours: Colours, blend: float) -> list[Colours]:
    """The colours that are no mixture of the paper, which is the most frequent, and another."""
    paper, rest = colours[0], colours[1:]
    inks = [paper]
    for colour in rest[np.argsort(-np.linalg.norm(rest - paper, axis=1))]:
        if all(_off_the_line(colour, paper, ink) > blend for ink in inks):
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


def _scanned(ink: Colours) -> bool:
    """Whether white became a light gray or black a dark one, or the other way round.

    So scanners and cameras see paper and ink: how light white was isn't known, nor how dark black.
    """
    dark, light = sorted((ink[:3], ink[3:]), key=lambda colour: float(colour.sum()))
    faded = light.max() <= _FADED and dark.max() <= _BLACK
    return bool(faded or (light.min() >= _WHITE and dark.min() >= _PAPER))


def _fits(inks: Colours, miss: float = _LIMITS.miss) -> bool:
    """Whether one gain and gamma for each channel, much alike, takes all inks before to after."""
    lights = _lights(inks)
    allowed = len(inks) // 4 if len(inks) >= _LIMITS.many else 0
    return _sensible(lights) and int((_missed(inks, lights) > miss).sum()) <= allowed


def _sensible(lights: list[_Light]) -> bool:
    """Whether gains and gammas are those that light and cameras have."""
    gains, gammas = np.array(lights).T
    return bool(
        (1 / _LIMITS.gain <= gains).all()
        and (gains <= _LIMITS.gain).all()
        and (1 / _LIMITS.gamma <= gammas).all()
        and (gammas <= _LIMITS.gamma).all()
        and gains.max() <= _LIMITS.tint * gains.min()
    )


def _lights(colours: Colours) -> list[_Light]:
    return [_curve(colours[:, channel], colours[:, 3 + channel]) for channel in range(3)]


def _missed(colours: Colours, lights: list[_Light]) -> NDArray[np.float64]:
    """How far what the light makes of colours lies from what they became, levels: (N,)."""
    made = [  # a theme turned dark has a power below 0, of which black has none
        np.clip(255 * gain * (np.maximum(colours[:, channel], 0.5) / 255) ** gamma, 0, 255)
        for channel, (gain, gamma) in enumerate(lights)
    ]
    return np.asarray(np.abs(np.stack(made, 1) - colours[:, 3:]).max(axis=1))


def _curve(before: NDArray[np.float64], after: NDArray[np.float64]) -> _Light:
    """Gain and gamma through the unclipped levels; a lone level is given a gain alone."""
    use = (before > _BLACK) & (before < _WHITE) & (after > _BLACK) & (after < _WHITE)
    if not use.any():
        return 1.0, 1.0
    x, y = np.log(before[use] / 255), np.log(after[use] / 255)
    if np.ptp(x) < 0.2:
        return float(np.exp(median(y - x))), 1.0
    i, j = np.tril_indices(len(x), -1)
    run, rise = x[i] - x[j], y[i] - y[j]
    far = np.abs(run) >= 0.2
    gamma = float(median(rise[far] / run[far]))
    return float(np.exp(median(y - gamma * x))), gamma
