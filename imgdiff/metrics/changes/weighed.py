"""What speaks for a change, once light, focus, noise and compression are explained."""

from __future__ import annotations

from dataclasses import dataclass

from imgdiff.metrics.changes.asked import Asked
from imgdiff.metrics.changes.compression import compression_error
from imgdiff.metrics.changes.detail import detail
from imgdiff.metrics.changes.evidence import Expected, evidence_of
from imgdiff.metrics.changes.flats import RecolouredFlats, recoloured_flats
from imgdiff.metrics.changes.hues import TurnedHues, turned_hues
from imgdiff.metrics.changes.inks import Inks, inks_of
from imgdiff.metrics.changes.light.matched import Matched, match
from imgdiff.metrics.changes.noise import (
    OF_COMPRESSION,
    OF_DRAWINGS,
    OF_GRAPHICS,
    UNBOUNDED,
    NoiseBound,
)
from imgdiff.metrics.changes.places.found import Compared
from imgdiff.metrics.changes.places.residue import slack
from imgdiff.metrics.changes.subject import Subject

_SLACK = 0.4
"""Px between the edges of both pictures below which they lie on one another. Noise, blur and JPEG
leave up to .27, and what was laid on by eye .8 and more."""


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """The evidence of a pair, and what became of its colours.

    Attributes
    ----------
    compared : Compared
        What places are found in.
    turned : TurnedHues or None
        How all hues turned, if they did.
    flats : RecolouredFlats or None
        The surfaces of drawings that became another colour, if some did.
    """

    compared: Compared
    turned: TurnedHues | None
    flats: RecolouredFlats | None

    @property
    def recoloured(self) -> bool:
        """Whether it's the colours of most of the picture that changed."""
        return self.turned is not None or (self.flats is not None and self.flats.most)


def weigh(subject: Subject, asked: Asked) -> Weighed:
    """Explain what may differ, and measure what is left."""
    look, nature = subject.look, subject.nature
    plain = nature.graphic or nature.quiet or asked.grayscale
    turned = None if plain else turned_hues(look)
    flats = _flats(subject, asked)
    matched = _matched(subject, asked, turned, flats)
    fits = look.exact and (nature.drawn or nature.quiet or _lies_exactly(matched, subject))
    inks = _inks(subject, asked, fits=fits)
    flats = flats if matched.untouched else None
    expected = _expected(subject, asked, matched, inks.bound, flat=flats is not None)
    whole = matched.untouched and not asked.grayscale
    fine = detail(subject.full, look) if whole else None
    evidence = inks.seen_in(evidence_of(matched, look.valid, expected, detail=fine))
    if flats:
        evidence = flats.seen_in(evidence)
    compared = Compared(look, matched, evidence, fits, turned is not None, subject.redrawn)
    return Weighed(compared, turned, flats)


def _flats(subject: Subject, asked: Asked) -> RecolouredFlats | None:
    """What became another colour of drawings that weren't compressed."""
    lossless = subject.look.exact and subject.nature.drawn and subject.copy is None
    return recoloured_flats(subject.look) if lossless and not asked.grayscale else None


def _matched(
    subject: Subject, asked: Asked, turned: TurnedHues | None, flats: RecolouredFlats | None
) -> Matched:
    """Both in one light and focus, as far as these may differ."""
    nature = subject.nature
    slight = flats is not None and flats.slight
    lit = nature.light != "none" and not (nature.quiet or turned or slight)
    return match(
        subject.look,
        grayscale=asked.grayscale,
        light=asked.light and lit,
        stiff=nature.light == "even",
        focus=asked.focus and not (nature.quiet or nature.graphic),
    )


def _lies_exactly(matched: Matched, subject: Subject) -> bool:
    """Whether edges lie on one another, so that one that doesn't has moved."""
    lumas = matched.soft_before[..., 0], matched.soft_after[..., 0]
    return slack(*lumas, subject.look.valid) < _SLACK


def _inks(subject: Subject, asked: Asked, *, fits: bool) -> Inks:
    """Whether there are other inks, and the most noise that such pictures can have.

    Where edges lie apart, they may differ by any.
    """
    nature = subject.nature
    if not fits:
        return Inks(None, UNBOUNDED)
    if nature.drawn:
        return Inks(None, OF_DRAWINGS)
    if not nature.graphic:
        return Inks(None, OF_COMPRESSION)
    if nature.light != "none":
        return Inks(None, OF_GRAPHICS)
    return inks_of(subject.look, grayscale=asked.grayscale)


def _expected(
    subject: Subject, asked: Asked, matched: Matched, bound: NoiseBound, *, flat: bool
) -> Expected:
    """What besides changes may differ; `flat` if surfaces tell that there is no noise."""
    look, nature = subject.look, subject.nature
    noiseless = nature.noiseless or flat
    compression = None
    if asked.noise:
        compression = compression_error(look, nature, channels=matched.before.shape[2])
    return Expected(
        quiet=noiseless or not asked.noise,
        measure=asked.noise and not noiseless,
        bound=bound,
        dense=(nature.dense or nature.quiet) and matched.untouched,
        compression=compression,
    )
