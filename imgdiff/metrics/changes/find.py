"""The run of the method, in the order in which it happens."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import cv2
import numpy as np

from imgdiff.metrics.changes.detail import detail
from imgdiff.metrics.changes.evidence import Evidence, Expected, evidence_of
from imgdiff.metrics.changes.explain import explanations
from imgdiff.metrics.changes.hysteresis import Limits, changed_mask, limits_for
from imgdiff.metrics.changes.light.matched import Matched, match
from imgdiff.metrics.changes.look import Look, Samples, full_look, reduced_look, working_scale
from imgdiff.metrics.changes.nature import NATURE, Nature, nature_of
from imgdiff.metrics.changes.noise import OF_COMPRESSION, OF_DRAWINGS, UNBOUNDED, NoiseBound
from imgdiff.metrics.changes.places.naming import regions_of
from imgdiff.metrics.changes.places.outline import Place, components, grouped, tightened, united
from imgdiff.metrics.changes.places.residue import firm, shift_explains, slack, too_faint
from imgdiff.metrics.pool import mean_similarity
from imgdiff.metrics.ssim import structural_dissimilarity
from imgdiff.metrics.windows import UNIFORM_REACH
from imgdiff.pixels.color import luma
from imgdiff.types import ErrorMap, Mask, Measurement, Pair, Param, Settings

_SENSITIVITY = (
    "Only large and certain", "Clear changes", "Balanced", "Faint changes too",
    "Everything measurable",
)  # fmt: skip

_MOST = 0.5
"""If more than this share changed, it's one change: most of the picture."""

_EVEN, _EVEN_BLUR = 7.0, 4.0
"""Levels by which half of a picture may differ once it's blurred by this σ, px: grain averages out
to 2.7, and half a picture replaced leaves 7.6."""

_SLACK = 0.4
"""Px between the edges of both pictures below which they lie on one another. Noise, blur and JPEG
leave up to .27, and what was laid on by eye .8 and more."""

_USUAL = 0.67
"""Of the median difference, what a change needs where nothing but the changes differs."""

_MOST_NOISE = 25.0
_RARE, _MOST_RARE = 0.999, 120.0
"""Levels of noise, and of the difference that one pixel in a thousand exceeds, up to which it's
believed to be noise; beyond, it isn't known what it is."""

_LEAST_PIXELS = 4
"""Px of a place as it is grown; fewer are a speck."""


def find_changes(  # noqa: PLR0913 (each is an option of the user)
    pair: Pair,
    settings: Settings,
    *,
    sensitivity: Annotated[
        int, Param(1, 5, 1, "How faint a change may be to be found.", _SENSITIVITY)
    ] = 3,
    ignore_light: Annotated[
        bool, Param(0, 1, 1, "Exposure, white balance and shading may differ.")
    ] = True,
    ignore_focus: Annotated[bool, Param(0, 1, 1, "One picture may be blurrier.")] = True,
    ignore_noise: Annotated[bool, Param(0, 1, 1, "Grain and JPEG artefacts may differ.")] = True,
) -> Measurement:
    """Find real changes (recommended).

    Tells what really changed from what light, focus, noise, compression and alignment explain:
    best for photographs, scans and whatever came a long way. It may take a large even change of
    light for light, parallax and moving leaves for changes; differences are measured in units of
    the noise that the pair itself shows.

    Parameters
    ----------
    pair : Pair
        On one grid.
    settings : Settings
        With `grayscale`, colours don't count; `threshold` replaces the z that a seed needs.
    sensitivity : int
        1, only large and certain changes, to 5, everything measurable.
    ignore_light, ignore_focus, ignore_noise : bool
        What to explain away.

    Returns
    -------
    Measurement
        Error map: z, the difference in units of the pair's noise. Score: mean SSIM of luma,
        matched in light, at no more than 1600 px a side.

    References
    ----------
    Noise as a function of activity: C. Liu et al., IEEE TPAMI 30 (2008),
    DOI 10.1109/TPAMI.2007.1176; hysteresis: J. Canny, IEEE TPAMI 8 (1986),
    DOI 10.1109/TPAMI.1986.4767851.
    """
    full = full_look(pair)
    shape = full.valid.shape
    look = reduced_look(full, working_scale(pair))
    limits = limits_for(sensitivity, settings.threshold)
    if full.equal:
        score = _score(look, luma(look.before))
        return Measurement(np.zeros(shape, np.float32), score, limits.seed, ())

    nature = nature_of(look)
    matched = match(
        look,
        grayscale=settings.grayscale,
        light=ignore_light and not nature.quiet and nature.light != "none",
        stiff=nature.light == "even",
        focus=ignore_focus and not (nature.quiet or nature.drawn),
    )
    quiet = nature.quiet or not ignore_noise
    fits = look.exact and (nature.drawn or nature.still or _lies_exactly(matched, look))
    fine = detail(full, look) if matched.untouched and not settings.grayscale else None
    expected = Expected(
        quiet=quiet,
        measure=ignore_noise and not nature.noiseless,
        bound=_noise_bound(nature, fits=fits),
    )
    evidence = evidence_of(matched, look.valid, expected, detail=fine)
    limits = _limits(limits, nature, quiet=quiet)
    places, most = _places(matched, evidence, limits, look, fits=fits)
    regions = regions_of(places, matched, evidence, limits, full)
    if most:
        regions = tuple(replace(region, kind="changed", confidence=1) for region in regions)
    return Measurement(
        _at_full_size(evidence.z, shape),
        min(_score(look, matched.after[..., 0]), float(np.nextafter(1, 0))),
        limits.seed,
        regions,
        explained=explanations(matched, evidence.noise, scale=look.scale),
        indistinct=0 if regions else _indistinct(evidence, look.valid),
    )


def _places(
    matched: Matched, evidence: Evidence, limits: Limits, look: Look, *, fits: bool
) -> tuple[list[Place], bool]:
    """Where something changed, on the grid of the look; whether that's most of the picture."""
    mask = changed_mask(evidence, limits, matched.demand) & look.valid
    if not evidence.quiet:
        broad = np.abs(
            cv2.GaussianBlur(matched.after[..., 0] - matched.before[..., 0], (0, 0), _EVEN_BLUR)
        )
        if np.median(broad[look.valid]) > _EVEN:
            mask = (broad > _EVEN) & look.valid
    grown = list(components(mask, _LEAST_PIXELS))
    if np.count_nonzero(mask) > _MOST * np.count_nonzero(look.valid):
        return [united(list(components(mask)))], True
    if not look.exact:
        grown = [place for place in grown if not too_faint(place, evidence.z, limits.seed)]
    soft = matched.soft_before, matched.soft_after
    if not fits:
        grown = [place for place in grown if not shift_explains(place, *soft)]
    tight = [
        part
        for place in grown
        for part in tightened(
            place,
            evidence,
            evidence.fine[place.slices] if fits else firm(*soft, place.slices),
            limits,
            keep=fits,
        )
    ]
    return grouped(tight, look.valid.shape), False


def _lies_exactly(matched: Matched, look: Look) -> bool:
    """Whether edges lie on one another, so that one that doesn't has moved."""
    return slack(matched.soft_before[..., 0], matched.soft_after[..., 0], look.valid) < _SLACK


def _noise_bound(nature: Nature, *, fits: bool) -> NoiseBound:
    """Most noise that such pictures can have; where edges lie apart, they may differ by any."""
    if not fits:
        return UNBOUNDED
    return OF_DRAWINGS if nature.drawn else OF_COMPRESSION


def _limits(limits: Limits, nature: Nature, *, quiet: bool) -> Limits:
    """The limits for a pair of this nature."""
    if not quiet:
        return limits
    least = limits.quiet.contrast
    if not nature.still or nature.unrest <= NATURE.noiseless:
        return limits.quiet
    usual = float(np.clip(_USUAL * nature.size, least, limits.contrast))
    return replace(limits.quiet, contrast=usual)


def _indistinct(evidence: Evidence, valid: Mask) -> float:
    """Levels by which all differs, if that's more than noise is known to make; else 0."""
    if evidence.noise > _MOST_NOISE:
        return min(255, evidence.noise)
    rare = float(np.quantile(evidence.fine[valid], _RARE))
    return min(255, rare) if rare > _MOST_RARE else 0


def _score(look: Look, after: Samples) -> float:
    """Mean SSIM of before and the luma of after; SettingsError if no pixel is left to compare."""
    levels = np.clip(np.rint(after), 0, 255).astype(np.uint8)
    side = 2 * UNIFORM_REACH + 1
    margins = [(0, max(0, side - n)) for n in levels.shape]
    before, after = (
        np.asarray(np.pad(p, margins, "edge"), np.uint8) for p in (luma(look.before), levels)
    )
    valid = np.asarray(np.pad(look.valid, margins, "edge"), np.bool_)
    error_map = structural_dissimilarity(before, after)
    return mean_similarity(error_map, valid)


def _at_full_size(z: ErrorMap, shape: tuple[int, ...]) -> ErrorMap:
    if z.shape == shape:
        return z
    return np.asarray(cv2.resize(z, shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
