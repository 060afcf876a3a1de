"""What happened at a place: one decision by all signs together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imgdiff.metrics.changes.places.signs import Signs
from imgdiff.types import Kind


@dataclass(frozen=True, slots=True)
class KindWeights:
    """What each sign says for each kind, in natural logarithms of odds against "changed".

    A multinomial logistic fit, in which a place and the same one with its pictures swapped are one:
    to the places of the tuning half of ``python -m benchmarks.detection``, those of its nuisances
    (seeds 101, 201) and of what happens (seeds 21 to 34), each kind as heavy as the others. Of the
    half held out .89 and .77 were right, of the fitted one .93 and .78. Of 60 signs tried one by
    one, these gained most; 111 weights of 25 signs reached .93 and .73 of places held out.

    Attributes
    ----------
    stranger, livelier : float
        For added, and against removed: the picture after shows what its surroundings don't.
    one, one_in_both, one_in_either : float
        For either of them: a thing that is in both pictures didn't come or go.
    kept_correlation, kept_edges, kept_pattern : float
        For another colour or light: the pattern stayed, if there is one.
    hue, recoloured, brightness : float
        Between these two: for the one, and against the other; and for each.
    text, text_strangest, text_in_both : float
        For other words, of thin strokes side by side: something was there before and after.
    """

    stranger: float = 1.4
    livelier: float = 1.2
    one: float = -0.3
    one_in_both: float = -3.6
    one_in_either: float = -1.4
    kept_correlation: float = 5.0
    kept_edges: float = 5.1
    kept_pattern: float = -2.4
    hue: float = 1.1
    recoloured: float = 2.0
    brightness: float = 0.5
    text: float = 1.9
    text_strangest: float = -0.4
    text_in_both: float = 0.9


KIND_WEIGHTS = KindWeights()


def kind_of(signs: Signs | None) -> Kind:
    """What most likely happened; "changed" if that's as likely as anything, or nothing is known."""
    if signs is None:
        return "changed"
    odds = odds_of(signs)
    likeliest = max(odds, key=lambda kind: odds[kind])
    return likeliest if odds[likeliest] > 0 else "changed"


def odds_of(signs: Signs, weights: KindWeights = KIND_WEIGHTS) -> dict[Kind, float]:
    """Logarithm of the odds of each kind against "changed"; moves are found by other means."""
    came = presence(signs, weights)
    one = (
        weights.one + weights.one_in_both * signs.in_both + weights.one_in_either * signs.in_either
    )
    kept = (
        weights.kept_correlation * signs.correlation
        + weights.kept_edges * signs.edges_kept
        + weights.kept_pattern * signs.pattern
    )
    text = weights.text_strangest * signs.strangest + weights.text_in_both * signs.in_both
    return {
        "added": one + came,
        "removed": one - came,
        "recoloured": kept + weights.hue * signs.hue + weights.recoloured,
        "brightness": kept - weights.hue * signs.hue + weights.brightness,
        "text": weights.text + text if signs.written else -np.inf,
    }


def presence(signs: Signs | None, weights: KindWeights = KIND_WEIGHTS) -> float:
    """Evidence that a thing is there in the picture after (> 0), or was before (< 0).

    Where the background goes on, nothing is strange among the surroundings.
    """
    if signs is None:
        return 0
    return weights.stranger * signs.stranger + weights.livelier * signs.livelier
