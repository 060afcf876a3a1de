"""Similarity in words for people."""

from __future__ import annotations

from imgdiff.similar.embedding.bands import Bands

NEARLY_IDENTICAL = "nearly identical content"
VERY_SIMILAR = "very similar"
RELATED = "related"
NO_RELATION = "no clear relation"


def percent_alike(score: float) -> int:
    """A similarity of -1 to 1 as a whole percentage; what is below 0 is no less than unrelated."""
    return max(0, round(100 * score))


def relation(score: float, bands: Bands) -> str:
    """The band that a similarity falls in. A low one is no proof of difference."""
    percent = percent_alike(score)
    for lowest, words in (
        (bands.identical, NEARLY_IDENTICAL),
        (bands.similar, VERY_SIMILAR),
        (bands.related, RELATED),
    ):
        if percent >= round(100 * lowest):
            return words
    return NO_RELATION


def in_words(score: float, bands: Bands) -> str:
    """Both together: "36 % alike: related"."""
    return f"{percent_alike(score)} % alike: {relation(score, bands)}"


def guidance(bands: Bands) -> str:
    """How to read the percentage."""
    limits = [round(100 * limit) for limit in (bands.identical, bands.similar, bands.related)]
    text = (
        f"From {limits[0]} % {NEARLY_IDENTICAL}, from {limits[1]} % {VERY_SIMILAR}, from "
        f"{limits[2]} % {RELATED}, below that {NO_RELATION}. This is guidance, not proof: matching "
        "points are."
    )
    if not bands.measured:
        text += " With this model the limits are a first guess: they haven't been measured."
    return text
