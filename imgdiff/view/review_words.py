"""Reviews in words: the same on screen, in files and in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from imgdiff.types import Judgement, Opinion, opinion_of

OPINIONS: Final[dict[Opinion, str]] = {
    "meant": "Meant",
    "not meant": "Not meant",
    "conflict": "In conflict",
    "": "Not reviewed",
}
"""What a change is called after its judgements."""


def progress_words(judged: Sequence[Iterable[Judgement]]) -> str:
    """How far a review has come: "5 of 8 reviewed: 3 meant, 2 not meant"; "" before it begins.

    Parameters
    ----------
    judged : sequence of iterables of Judgement
        What is said about each change. What is in conflict is not reviewed yet.
    """
    opinions = Counter(map(opinion_of, judged))
    said = [
        f"{opinions[opinion]} {OPINIONS[opinion].lower()}"
        for opinion in ("meant", "not meant", "conflict")
        if opinions[opinion]
    ]
    reviewed = opinions["meant"] + opinions["not meant"]
    if not said:
        return ""
    return f"{reviewed} of {len(judged)} reviewed: {', '.join(said)}"


def review_lines(
    judged: Sequence[Iterable[Judgement]], pair: Sequence[Judgement]
) -> tuple[str, ...]:
    """What a report says of its review as a whole: how far it has come, and of the pair."""
    progress = progress_words(judged)
    of_pair = judgement_words(pair)
    return (
        *([f"{progress}."] if progress else []),
        *([f"The pair as a whole: {of_pair}"] if of_pair else []),
    )


def judgement_words(judgements: Iterable[Judgement]) -> str:
    """What several people say of one change, in one line: "Not meant (Ann): the logo is old"."""
    return "; ".join(map(_one_in_words, judgements))


def _one_in_words(one: Judgement) -> str:
    who = f" ({one.by})" if one.by else ""
    what = f"{OPINIONS[one.intent] if one.intent else 'Note'}{who}"
    pinned = "" if one.pin is None else f" [at {one.pin[0]}, {one.pin[1]}]"
    note = " ".join(one.note.split())
    return f"{what}: {note}{pinned}" if note else what
