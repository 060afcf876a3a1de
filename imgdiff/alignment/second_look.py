"""What is tried when the usual keypoints find nothing, or nothing sure: other seasons, other sides.

It takes a second and more, so it comes last; and it believes nothing that isn't proved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imgdiff.alignment.features import PointMatch, agreed
from imgdiff.alignment.geometry import (
    hull_share,
    inverse,
    moved,
    plausible,
    quarter_turn,
)
from imgdiff.alignment.learned import (
    LearnedPoints,
    drawn_on_canvas,
    even_edges,
    learned_points,
    onto_canvas,
)
from imgdiff.alignment.oblique import oblique_match
from imgdiff.alignment.proof import PROOF, Prover, mutual_matches
from imgdiff.alignment.quality import Reduced


@dataclass(frozen=True, slots=True)
class SecondLookLimits:
    """When a match is worth proving, and when it's proof enough.

    Attributes
    ----------
    likeness : float
        Cosine from which on two described places match; the network was published with it.
    fewest : int
        Matches that must agree for a motion to be worth a proof. Of 1,601 unrelated pairs, in
        four turns each, 56 had as many; the weakest right pair of 34 had 18.
    fewest_tilted : int
        The same of tilted views. Of 61 unrelated pairs none had more than 9.
    plenty : int
        Matches with which no other turn need be looked at; of tilted views they are proof enough.
        Right ones of the hardest views have 84 and more there, wrong ones 41 at most.
    spread : float
        Share of either picture over which the points of a proved motion must be spread.
    """

    likeness: float = 0.82
    fewest: int = 10
    fewest_tilted: int = 20
    plenty: int = 60
    spread: float = 0.02


SECOND_LOOK = SecondLookLimits()


def second_look(reference: Reduced, test: Reduced) -> PointMatch | None:
    """A motion that only a network or tilted views find, if it can be proved.

    Returns
    -------
    PointMatch or None
        In px of the full-size pictures.
    """
    size, onto = test.size, reference.size
    prover = Prover(reference.gray, test.gray)
    for search in (_by_network, _by_edges, _by_tilted_views):
        found = search(prover)
        if found is None:
            continue
        spread = min(hull_share(found.source, size), hull_share(found.target, onto))
        if spread >= SECOND_LOOK.spread and plausible(found.matrix, size, onto, proven=True):
            to_reference, to_test = inverse(reference.from_full), inverse(test.from_full)
            matrix = to_reference @ found.matrix @ test.from_full
            return PointMatch(
                moved(found.source, to_test),
                moved(found.target, to_reference),
                matrix / abs(matrix[2, 2]),
            )
    return None


def _by_edges(prover: Prover) -> PointMatch | None:
    """By edges alone, whichever side is the lighter one: negatives, infrared, drawn maps."""
    pictures = even_edges(prover.reference), even_edges(prover.test)
    return _by_network(Prover(*pictures, certainty=PROOF.certainty_by_edges), most_turns=1)


def _by_network(prover: Prover, *, most_turns: int = 4) -> PointMatch | None:
    """By the places that a network describes; it knows things only as they stand."""
    test = prover.test
    size = test.shape[1], test.shape[0]
    best: PointMatch | None = None
    for turns in range(most_turns):
        turned = np.ascontiguousarray(np.rot90(test, -turns))
        frame = onto_canvas((turned.shape[1], turned.shape[0])) @ quarter_turn(turns, size)
        found = _matched_on_canvas(prover.points, learned_points(drawn_on_canvas(turned)))
        if found is not None and (best is None or len(found.source) > len(best.source)):
            back = inverse(prover.frame)
            best = PointMatch(
                moved(found.source, inverse(frame)),
                moved(found.target, back),
                back @ found.matrix @ frame,
            )
            if len(best.source) >= SECOND_LOOK.plenty:
                break
    return None if best is None else prover.proved(best)


def _matched_on_canvas(reference: LearnedPoints, test: LearnedPoints) -> PointMatch | None:
    """The motion that most places agree on, px of the canvas; None if few do."""
    here, there = mutual_matches(reference.vectors @ test.vectors.T, SECOND_LOOK.likeness)
    found = agreed(test.places[there], reference.places[here], perspective=True)
    return None if found is None or len(found.source) < SECOND_LOOK.fewest else found


def _by_tilted_views(prover: Prover) -> PointMatch | None:
    """By keypoints of made-up views: for planes seen from very different sides."""
    found = oblique_match(prover.reference, prover.test)
    if found is None or len(found.source) < SECOND_LOOK.fewest_tilted:
        return None
    proved = prover.proved(found)
    return found if proved is None and len(found.source) >= SECOND_LOOK.plenty else proved
