"""Two fingerprints → how alike the pictures are, and whether points confirm it."""

from __future__ import annotations

from dataclasses import dataclass

from imgdiff.errors import BlankError
from imgdiff.similar.degrees import guidance, in_words, percent_alike, relation
from imgdiff.similar.embedding import bands_of, embed, similarity
from imgdiff.similar.fingerprint import Fingerprint
from imgdiff.similar.keypoints import SharedPoints, match_keypoints
from imgdiff.types import Image


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """How alike two pictures are as wholes.

    Attributes
    ----------
    score : float
        Cosine of the vectors' angle, -1 to 1.
    match : SharedPoints
        The points that both show.
    model : str
        The model that the score comes from: the words depend on it.
    """

    score: float
    match: SharedPoints
    model: str

    @property
    def percent(self) -> int:
        """The score for people, 0 to 100."""
        return percent_alike(self.score)

    @property
    def relation(self) -> str:
        """The band of the score, in words."""
        return relation(self.score, bands_of(self.model))

    @property
    def headline(self) -> str:
        """The answer in a few words: "36 % alike: related"."""
        return in_words(self.score, bands_of(self.model))

    @property
    def guidance(self) -> str:
        """How to read the percentage."""
        return guidance(bands_of(self.model))

    @property
    def evidence(self) -> str:
        """What the matching points say, in one sentence."""
        if not self.match.confirmed:
            return "No matching points confirm that both show the same picture or scene."
        mirrored = " One of them is mirrored." if self.match.mirrored else ""
        return (
            "Same picture or same scene, confirmed by "
            f"{self.match.count} matching points.{mirrored}"
        )


def alike_in_words(first: Image, second: Image) -> str:
    """How alike two pictures are as wholes: "36 % alike: related"; why not, if one is blank."""
    try:
        score = similarity(embed(first), embed(second))
    except BlankError:
        return "one of them is blank"
    return in_words(score, bands_of())


def likeness(first: Fingerprint, second: Fingerprint) -> Likeness:
    """Compare two pictures as wholes; both fingerprints must come from one model."""
    return Likeness(
        score=similarity(first.vector, second.vector),
        match=match_keypoints(first.keypoints, second.keypoints),
        model=first.model,
    )
