"""The run of the method, in the order in which it happens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

import cv2
import numpy as np

from imgdiff.metrics.changes.asked import Asked
from imgdiff.metrics.changes.evidence import Evidence
from imgdiff.metrics.changes.explain import explanations
from imgdiff.metrics.changes.hysteresis import Limits
from imgdiff.metrics.changes.indistinct import indistinct_levels
from imgdiff.metrics.changes.nature import NATURE, Nature
from imgdiff.metrics.changes.places.found import Compared, covered, lines_agree, places_of
from imgdiff.metrics.changes.places.naming import is_faint, regions_of
from imgdiff.metrics.changes.places.outline import Place
from imgdiff.metrics.changes.subject import Subject, subject_of
from imgdiff.metrics.changes.traces import has_traces
from imgdiff.metrics.changes.weighed import Weighed, weigh
from imgdiff.metrics.changes.whole import likeness_in_one_light
from imgdiff.pixels.color import luma
from imgdiff.pixels.regions import largest_first
from imgdiff.types import (
    ErrorMap,
    Errors,
    Kind,
    LateMap,
    Mask,
    Measurement,
    Pair,
    Param,
    Region,
    Settings,
)

_SENSITIVITY = (
    "Only large and certain", "Clear changes", "Balanced", "Faint changes too",
    "Everything measurable",
)  # fmt: skip

_USUAL, _USUAL_OF_DRAWN = 0.67, 0.25
"""Of the median difference, what a change needs where nothing but the changes differs; and less
where both were drawn, since of a line one pixel wide half is left once it's smoothed."""

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
    asked = Asked(
        sensitivity=sensitivity,
        threshold=settings.threshold,
        grayscale=settings.grayscale,
        light=ignore_light,
        focus=ignore_focus,
        noise=ignore_noise,
        framing=ignore_framing,
    )
    subject = subject_of(pair, asked)
    if subject.equal:
        score = likeness_in_one_light(subject.look, luma(subject.look.before))
        nothing = np.zeros(subject.shape, np.float32)
        return Measurement(nothing, score, asked.limits[0].seed, subject.alone)
    measured = _measured(subject, asked)
    if measured.indistinct and pair.alignment.in_part and (ignore_light or ignore_focus):
        # Of a map, or another season, light and focus would explain nearly all: it has changed.
        stark = _measured(subject, replace(asked, light=False, focus=False))
        return replace(stark, score=measured.score)
    return measured


def _measured(subject: Subject, asked: Asked) -> Measurement:
    """What is found in a pair that differs."""
    weighed = weigh(subject, asked)
    compared = weighed.compared
    look, matched = compared.look, compared.matched
    found = _found(weighed, subject, asked)
    score = min(likeness_in_one_light(look, matched.after[..., 0]), float(np.nextafter(1, 0)))
    told = found.regions or lines_agree(compared)
    faint = tuple(r for r in found.regions if asked.tells_faint and is_faint(r))
    counted = (r for r in found.regions if r not in faint)
    return Measurement(
        _at_full_size(compared.evidence.z, subject.shape),
        score,
        found.limits.seed,
        largest_first((*counted, *subject.alone)),
        explained=explanations(
            matched,
            _noisy(compared, found.places),
            look,
            subject.copy or weighed.turned,
            most=found.most,
            redrawn=subject.redrawn,
        ),
        indistinct=0 if told else indistinct_levels(compared, subject.nature, score),
        faint=faint,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """The places that changed, on the grid of the look, and as regions of the reference."""

    limits: Limits
    places: list[Place]
    most: bool
    regions: tuple[Region, ...]


def _found(weighed: Weighed, subject: Subject, asked: Asked) -> _Found:
    """Where something changed; in drawings in which nothing stands out, traces of a change."""
    compared, nature = weighed.compared, subject.nature
    matched, evidence = compared.matched, compared.evidence
    steady = compared.look.exact and matched.untouched
    limits = [_limits(each, nature, evidence, steady=steady) for each in asked.limits]
    places, most = places_of(compared, limits)
    if not (places or evidence.quiet) and has_traces(compared.look, nature):
        limits = [limits[0].traces]
        places, most = places_of(compared, limits)
    regions = regions_of(places, matched, evidence, limits[0], subject.full, subject.shape)
    if most:
        kind: Kind = "recoloured" if weighed.recoloured else "changed"
        regions = tuple(replace(region, kind=kind, confidence=1) for region in regions)
    return _Found(limits[0], places, most, regions)


def _noisy(compared: Compared, places: list[Place]) -> Mask | None:
    """The pixels that differ by what counted as noise; None if nothing did."""
    valid = compared.look.valid
    return valid & ~covered(places, valid) if compared.evidence.noise else None


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


def _at_full_size(z: ErrorMap, shape: tuple[int, int]) -> Errors:
    """The map of the reference's size: made of the reduced one, if anybody wants it."""
    if z.shape == shape:
        return z
    return LateMap(shape, partial(_enlarged, z, shape), differs=bool(z.any()))


def _enlarged(z: ErrorMap, shape: tuple[int, int]) -> ErrorMap:
    return np.asarray(cv2.resize(z, shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
