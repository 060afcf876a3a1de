"""The run of the method, in the order in which it happens."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated

import cv2
import numpy as np

from imgdiff.metrics.changes.compression import compression_error
from imgdiff.metrics.changes.detail import detail
from imgdiff.metrics.changes.evidence import Evidence, Expected, evidence_of
from imgdiff.metrics.changes.explain import MOST_NOISE, explanations
from imgdiff.metrics.changes.flats import recoloured_flats
from imgdiff.metrics.changes.framing import grown_parts
from imgdiff.metrics.changes.gray import gray_copy
from imgdiff.metrics.changes.hues import turned_hues
from imgdiff.metrics.changes.hysteresis import Limits, limits_for
from imgdiff.metrics.changes.inks import Inks, inks_of
from imgdiff.metrics.changes.light.matched import Matched, match
from imgdiff.metrics.changes.look import Look, full_look, highest, reduced_look, working_scale
from imgdiff.metrics.changes.nature import NATURE, Nature, nature_of
from imgdiff.metrics.changes.noise import (
    OF_COMPRESSION,
    OF_DRAWINGS,
    OF_GRAPHICS,
    UNBOUNDED,
)
from imgdiff.metrics.changes.places.found import Compared, covered, lines_agree, places_of
from imgdiff.metrics.changes.places.naming import is_faint, regions_of
from imgdiff.metrics.changes.places.residue import slack
from imgdiff.metrics.changes.traces import has_traces
from imgdiff.metrics.changes.whole import likeness_in_one_light
from imgdiff.pixels.color import luma
from imgdiff.pixels.order_statistics import quantile
from imgdiff.pixels.regions import largest_first
from imgdiff.types import (
    ErrorMap,
    Errors,
    Kind,
    LateMap,
    Measurement,
    Pair,
    Param,
    Settings,
)

_SENSITIVITY = (
    "Only large and certain", "Clear changes", "Balanced", "Faint changes too",
    "Everything measurable",
)  # fmt: skip

_SLACK = 0.4
"""Px between the edges of both pictures below which they lie on one another. Noise, blur and JPEG
leave up to .27, and what was laid on by eye .8 and more."""

_USUAL, _USUAL_OF_DRAWN = 0.67, 0.25
"""Of the median difference, what a change needs where nothing but the changes differs; and less
where both were drawn, since of a line one pixel wide half is left once it's smoothed."""

_RARE, _MOST_RARE = 0.999, 120.0
"""Levels of the difference that one pixel in a thousand exceeds, up to which it's believed to be
noise; beyond, it isn't known what it is."""

_USUALLY, _MOST_COMPRESSED = 0.99, 55.0
"""The quantile of the difference of luma, levels, up to which a drawing may have been compressed:
JPEG 50 to 95, twice or once, left up to 31 in what was unchanged; other inks from 75 on."""

_UNLIKE = 0.12
"""Score below which nothing is called the same: noise of σ 20 in both leaves .19 of a smooth
photograph, and dots of two colours .04."""

_BALANCED = 3
"""Sensitivity up to which faint places are told apart, and from which on more find no less."""

_SCALED = 0.1
"""Change of area, as a share, from which on a drawing was drawn anew rather than moved."""

_ALONE = 30.0
"""z of what has no counterpart: as black as the diff picture gets."""

_NOISY, _STEADY = 2.0, 0.6
"""Noise, levels, below which less contrast is asked for, by this factor, of untouched samples."""


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
    ignore_framing: Annotated[bool, Param(0, 1, 1, "One picture may show more around.")] = False,
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
    ignore_framing : bool
        What only one of two drawings shows at its borders is no change.

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
    look = reduced_look(full, working_scale(pair))
    copy = gray_copy(look)
    if copy is not None:
        full = copy.without_colour(full)
        look = reduced_look(full, look.scale)
    nature = nature_of(look)
    redrawn = nature.drawn and _is_scaled(pair)
    framed = (nature.drawn or full.equal) and not ignore_framing
    alone = grown_parts(pair, error=_ALONE) if framed else ()
    asked = _asked(sensitivity, settings.threshold)
    if full.equal:
        score = likeness_in_one_light(look, luma(look.before))
        return Measurement(np.zeros(full.valid.shape, np.float32), score, asked[0].seed, alone)

    plain = nature.graphic or nature.quiet or settings.grayscale
    turned = None if plain else turned_hues(look)
    lossless = look.exact and nature.drawn and copy is None and not settings.grayscale
    flats = recoloured_flats(look) if lossless else None
    lit = nature.light != "none" and not (nature.quiet or turned or (flats and flats.slight))
    matched = match(
        look,
        grayscale=settings.grayscale,
        light=ignore_light and lit,
        stiff=nature.light == "even",
        focus=ignore_focus and not (nature.quiet or nature.graphic),
    )
    fits = look.exact and (nature.drawn or nature.quiet or _lies_exactly(matched, look))
    inks = _inks(nature, look, fits=fits, grayscale=settings.grayscale)
    flats = flats if matched.untouched else None
    noiseless = nature.noiseless or flats is not None
    expected = Expected(
        quiet=noiseless or not ignore_noise,
        measure=ignore_noise and not noiseless,
        bound=inks.bound,
        dense=(nature.dense or nature.quiet) and matched.untouched,
        compression=compression_error(look, nature, channels=matched.before.shape[2])
        if ignore_noise
        else None,
    )
    fine = detail(full, look) if matched.untouched and not settings.grayscale else None
    evidence = inks.seen_in(evidence_of(matched, look.valid, expected, detail=fine))
    if flats:
        evidence = flats.seen_in(evidence)
    steady = look.exact and matched.untouched
    limits = [_limits(each, nature, evidence, steady=steady) for each in asked]
    compared = Compared(look, matched, evidence, fits, all_over=turned is not None, redrawn=redrawn)
    places, most = places_of(compared, limits)
    if not (places or evidence.quiet) and has_traces(look, nature):
        limits = [limits[0].traces]
        places, most = places_of(compared, limits)
    regions = regions_of(places, matched, evidence, limits[0], full)
    noisy = look.valid & ~covered(places, look.valid) if evidence.noise else None
    if most:
        kind: Kind = "recoloured" if turned or (flats and flats.most) else "changed"
        regions = tuple(replace(region, kind=kind, confidence=1) for region in regions)
    score = min(likeness_in_one_light(look, matched.after[..., 0]), float(np.nextafter(1, 0)))
    told = regions or lines_agree(compared)
    indistinct = 0 if told else _indistinct(evidence, look, matched, score, nature)
    if indistinct and pair.alignment.in_part and (ignore_light or ignore_focus):
        # Of a map, or another season, light and focus would explain nearly all: it has changed.
        stark = find_changes(
            pair,
            settings,
            sensitivity=sensitivity,
            ignore_light=False,
            ignore_focus=False,
            ignore_noise=ignore_noise,
            ignore_framing=ignore_framing,
        )
        return replace(stark, score=score)
    counted = sensitivity > _BALANCED or settings.threshold is not None
    faint = tuple(r for r in regions if not counted and is_faint(r))
    return Measurement(
        _at_full_size(evidence.z, (pair.reference.height, pair.reference.width)),
        score,
        limits[0].seed,
        largest_first((*(r for r in regions if r not in faint), *alone)),
        explained=explanations(matched, noisy, look, copy or turned, most=most, redrawn=redrawn),
        indistinct=indistinct,
        faint=faint,
    )


def _asked(sensitivity: int, threshold: float | None) -> list[Limits]:
    """The limits that a user asks for, then those of the steps that it must not find less than."""
    asked = [limits_for(sensitivity, threshold)]
    if threshold is None:
        asked += [limits_for(step, None) for step in range(sensitivity - 1, _BALANCED - 1, -1)]
    return asked


def _lies_exactly(matched: Matched, look: Look) -> bool:
    """Whether edges lie on one another, so that one that doesn't has moved."""
    return slack(matched.soft_before[..., 0], matched.soft_after[..., 0], look.valid) < _SLACK


def _is_scaled(pair: Pair) -> bool:
    """Whether the pictures are of different sizes, by more than what aligning may make of noise."""
    area = float(np.linalg.det(pair.transform[:2, :2]))
    return not 1 - _SCALED < area < 1 + _SCALED


def _inks(nature: Nature, look: Look, *, fits: bool, grayscale: bool) -> Inks:
    """Whether there are other inks, and the most noise that such pictures can have.

    Where edges lie apart, they may differ by any.
    """
    if not fits:
        return Inks(None, UNBOUNDED)
    if nature.drawn:
        return Inks(None, OF_DRAWINGS)
    if not nature.graphic:
        return Inks(None, OF_COMPRESSION)
    if nature.light != "none":
        return Inks(None, OF_GRAPHICS)
    return inks_of(look, grayscale=grayscale)


def _limits(limits: Limits, nature: Nature, evidence: Evidence, *, steady: bool) -> Limits:
    """The limits for a pair of this nature; `steady` if its samples are the files' own."""
    if not evidence.quiet:
        calm = steady and evidence.noise < _NOISY
        return replace(limits, contrast=_STEADY * limits.contrast) if calm else limits
    least = limits.quiet.contrast
    if not nature.still or nature.unrest <= NATURE.noiseless:
        return limits.quiet
    share = _USUAL_OF_DRAWN if nature.drawn else _USUAL
    usual = float(np.clip(share * nature.size, least, limits.contrast))
    return replace(limits.quiet, contrast=usual)


def _indistinct(
    evidence: Evidence, look: Look, matched: Matched, score: float, nature: Nature
) -> float:
    """Levels by which all differs, if that's more than noise is known to make; else 0.

    Or if next to nothing is alike, by the score.
    """
    if evidence.noise > MOST_NOISE:
        return min(255, evidence.noise)
    rare = float(quantile(evidence.fine[look.valid], _RARE))
    if score < _UNLIKE:
        step = highest(cv2.absdiff(look.before, look.after))[look.valid]
        rare = max(rare, float(quantile(step, _RARE)))
    if nature.graphic and not nature.drawn:
        step = cv2.absdiff(matched.soft_before[..., 0], matched.soft_after[..., 0])[look.valid]
        usual = float(quantile(step, _USUALLY))
        known = usual <= _MOST_COMPRESSED
    else:
        usual, known = rare, rare <= _MOST_RARE
    return 0 if known and score >= _UNLIKE else min(255, max(rare, usual))


def _at_full_size(z: ErrorMap, shape: tuple[int, int]) -> Errors:
    """The map of the reference's size: made of the reduced one, if anybody wants it."""
    if z.shape == shape:
        return z
    return LateMap(shape, partial(_enlarged, z, shape), differs=bool(z.any()))


def _enlarged(z: ErrorMap, shape: tuple[int, int]) -> ErrorMap:
    return np.asarray(cv2.resize(z, shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
