"""What people say about changes: meant or not, and why; one by one, and together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from imgdiff.types.image import Box

Intent: TypeAlias = Literal["", "meant", "not meant"]
"""Whether a change was meant; "" leaves it open."""

Opinion: TypeAlias = Literal["", "meant", "not meant", "conflict"]
"""What several judgements of one change come to."""

_SAME_PLACE = 0.5
"""Share that two boxes have in common, of what they cover together, to be one place found with
other settings: more than half, so that none fits two places that don't overlap."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody says about one change, or about a pair as a whole.

    Attributes
    ----------
    box : Box or None
        The change's place, px of the picture before; of what moved, where it was. None is the
        pair as a whole.
    intent : {"", "meant", "not meant"}
        The judgement; "" is a note alone.
    note : str
        Why: text, never markup.
    pin : (int, int) or None
        The point that the note is about, x and y in px of the picture before.
    by : str
        Who says so; "" if that isn't known.
    at : str
        When, in UTC (ISO 8601); by a clock that may be wrong.
    pages : (int, int) or None
        Of documents, the numbers of the two pages, 0 for one that isn't there.
    """

    box: Box | None = None
    intent: Intent = ""
    note: str = ""
    pin: tuple[int, int] | None = None
    by: str = ""
    at: str = ""
    pages: tuple[int, int] | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether it takes back what was said."""
        return not self.intent and not self.note

    @property
    def place(self) -> tuple[tuple[int, int], tuple[int, int, int, int]]:
        """What it is about, as something to look up and sort by."""
        box = self.box
        corners = (-1, -1, -1, -1) if box is None else (box.x, box.y, box.width, box.height)
        return self.pages or (-1, -1), corners

    @property
    def _order(self) -> tuple[object, ...]:
        return *self.place, self.by, self.at, self.intent, self.note, self.pin or (-1, -1)


@dataclass(frozen=True, slots=True)
class Review:
    """All judgements of a pair, in an order that says nothing.

    Whatever was said about a place by several people is kept; `opinion_of` tells what it comes to.
    """

    judgements: tuple[Judgement, ...] = ()

    def with_judgement(self, new: Judgement) -> Review:
        """The review after somebody judged a place, which settles what others said of it.

        Their notes stay; a judgement that says nothing takes the place's last one back.
        """
        others = [one for one in self.judgements if one.place != new.place]
        kept = [
            replace(one, intent="")
            for one in self.judgements
            if one.place == new.place and one.note and one.by != new.by
        ]
        return _sorted((*others, *kept, *([] if new.says_nothing else [new])))

    def merged(self, other: Review) -> Review:
        """Both reviews in one, whichever comes first.

        Of what one person said twice about a place, the later holds; no two people's clocks are
        compared. What different people say differently stands side by side.
        """
        last: dict[tuple[object, ...], Judgement] = {}
        for one in (*self.judgements, *other.judgements):
            # Of those who gave no name, none can be taken for another.
            key = (one.place, one.by) if one.by else (one.place, one)
            if key not in last or last[key]._order < one._order:
                last[key] = one
        return _sorted(last.values())

    def on(self, pages: tuple[int, int] | None) -> Review:
        """What is said about one pair of pages; about pictures, all of it."""
        return Review(tuple(one for one in self.judgements if one.pages == pages))

    @property
    def of_pair(self) -> tuple[Judgement, ...]:
        """What is said about the pair as a whole."""
        return tuple(one for one in self.judgements if one.box is None)


def opinion_of(judgements: Iterable[Judgement]) -> Opinion:
    """What judgements of one place come to: "conflict" if some say it was meant, and some not."""
    said = {one.intent for one in judgements} - {""}
    if len(said) > 1:
        return "conflict"
    return next(iter(said), "")


def judged_places(boxes: Sequence[Box], review: Review) -> list[tuple[Judgement, ...]]:
    """What is said about each of some places: of the box itself, or one that mostly is the same.

    Parameters
    ----------
    boxes : sequence of Box
        Of the changes, each where it was before.
    review : Review
        Of their pair, or pair of pages.

    Returns
    -------
    list of tuple of Judgement
        As long as `boxes`.
    """
    found: list[list[Judgement]] = [[] for _ in boxes]
    index = {box: at for at, box in reversed([*enumerate(boxes)])}
    corners = np.array([(b.x, b.y, b.x + b.width, b.y + b.height) for b in boxes], float)
    for one in review.judgements:
        if one.box is None or not boxes:
            continue
        at = index.get(one.box)
        at = _most_alike(one.box, corners) if at is None else at
        if at is not None:
            found[at].append(one)
    return [tuple(judgements) for judgements in found]


def _most_alike(box: Box, corners: NDArray[np.float64]) -> int | None:
    """Which of some boxes is the same place; None if none is."""
    own = np.array([box.x, box.y, box.x + box.width, box.y + box.height], float)
    common = np.clip(
        np.minimum(own[2:], corners[:, 2:]) - np.maximum(own[:2], corners[:, :2]), 0, None
    ).prod(axis=1)
    together = box.width * box.height + (corners[:, 2:] - corners[:, :2]).prod(axis=1) - common
    shares = common / np.maximum(together, 1)
    best = int(shares.argmax())
    return best if shares[best] > _SAME_PLACE else None


def _sorted(judgements: Iterable[Judgement]) -> Review:
    return Review(tuple(sorted(judgements, key=lambda one: one._order)))
