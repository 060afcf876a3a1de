"""Many fingerprints → who is like whom: similarities, neighbours, groups of near-duplicates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from imgdiff.similar.embedding import similarity
from imgdiff.similar.families import Families
from imgdiff.similar.fingerprint import Fingerprint
from imgdiff.similar.keypoints import FEWEST, match_keypoints
from imgdiff.similar.matrix import MOST_IN_MATRIX, SimilarityMatrix, matrix_of
from imgdiff.similar.nearest import Nearest, ScoreBlock, nearest
from imgdiff.similar.threads import mapped

VERIFIED = 5
"""Nearest neighbours of each picture that are checked for matching points."""

_LEAST_PROMISING = 0.15
"""Below this similarity hardly any pair has matching points: checking it is wasted time."""

_SURE = 0.95
_SMOOTH = 100
"""Two pictures this similar are duplicates without a point to confirm it, if one of them has fewer
points than this: as a sky or a gradient it may be too smooth for any to match. Two pages of text
are as similar, but have hundreds of points; if none match, they are not the same."""

_TASK = 32
"""Pairs that are checked at a stretch, so that handing them out costs little."""

PairIndex = tuple[int, int]
Stages = Callable[[str, int, int], None]
"""Told what is being done, and how much of how much of it is."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A picture that is like another.

    Attributes
    ----------
    index : int
        Its place in the collection.
    score : float
        Similarity, -1 to 1.
    points : int
        Matching points; 0 where the pair wasn't checked, or has too few to confirm anything.
    """

    index: int
    score: float
    points: int


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """A set of pictures and how they relate.

    Attributes
    ----------
    pictures : sequence of Fingerprint
        In the order in which they were given.
    nearest : Nearest
        The most alike of each.
    points : mapping of (int, int) to int
        Matching points of the pairs that they confirm; the smaller index first.
    groups : tuple of tuple of int
        Near-duplicates, the largest group first; each of two or more.
    matrix : SimilarityMatrix or None
        All similarities; of more than 1,000 pictures none.
    """

    pictures: Sequence[Fingerprint]
    nearest: Nearest
    points: dict[PairIndex, int]
    groups: tuple[tuple[int, ...], ...]
    matrix: SimilarityMatrix | None

    def score(self, first: int, second: int) -> float:
        """Similarity of two pictures, -1 to 1."""
        return similarity(self.pictures[first].vector, self.pictures[second].vector)

    def neighbours(self, index: int, count: int = VERIFIED) -> tuple[Neighbour, ...]:
        """The pictures most like one of them, the confirmed first, then by similarity.

        No more than `collect` was asked for.
        """
        most = max(count, VERIFIED)
        pairs = zip(self.nearest.indices[index], self.nearest.scores[index], strict=True)
        found = [
            Neighbour(int(other), float(score), self.points_of(index, int(other)))
            for other, score in [*pairs][:most]
        ]
        found.sort(key=lambda other: (other.points > 0, other.score), reverse=True)
        return tuple(found[:count])

    def points_of(self, first: int, second: int) -> int:
        """Matching points of two pictures, 0 if there's no confirmation."""
        return self.points.get((min(first, second), max(first, second)), 0)

    @property
    def headline(self) -> str:
        """The answer in one sentence."""
        count = len(self.pictures)
        if not self.groups:
            return f"No near-duplicates among {count:,} pictures."
        groups = "1 group" if len(self.groups) == 1 else f"{len(self.groups):,} groups"
        inside = sum(map(len, self.groups))
        return f"{groups} of near-duplicates: {inside:,} of {count:,} pictures."


def collect(
    pictures: Sequence[Fingerprint], *, top: int = VERIFIED, progress: Stages | None = None
) -> Collection:
    """Relate all pictures of a set to one another.

    Parameters
    ----------
    pictures : sequence of Fingerprint
        All from one model. One that reads them from disk will do: it's asked for each several
        times, from several threads.
    top : int
        Neighbours of each that can be asked for later.
    progress : callable, optional
        Told what is being done, and how far it is. What it raises ends the work.
    """
    told = progress or (lambda *_: None)
    families = Families(len(pictures))
    found = nearest(
        lambda whose: _vectors(pictures, whose),
        len(pictures),
        top=max(top, VERIFIED),
        look=_join_smooth(families, _smooth(pictures)),
        progress=lambda done, count: told("Looking for the most alike", done, count),
    )
    points = dict(
        _verified(
            pictures,
            _promising(found),
            lambda done, count: told("Checking which points match", done, count),
        )
    )
    for first, second in points:
        families.join(first, [second])
    few = len(pictures) <= MOST_IN_MATRIX
    return Collection(
        pictures=pictures,
        nearest=found,
        points=points,
        groups=families.groups(),
        matrix=matrix_of(_vectors(pictures, range(len(pictures)))) if few else None,
    )


def _vectors(pictures: Sequence[Fingerprint], whose: range) -> NDArray[np.float32]:
    return np.stack([pictures[index].vector for index in whose])


def _smooth(pictures: Sequence[Fingerprint]) -> NDArray[np.bool_]:
    return np.array([len(picture.keypoints.points) < _SMOOTH for picture in pictures])


def _join_smooth(families: Families, smooth: NDArray[np.bool_]) -> Callable[[ScoreBlock], None]:
    """What links the pairs that need no points, as they are come across."""
    one_at_a_time = Lock()

    def join(block: ScoreBlock) -> None:
        alike = block.scores >= _SURE
        alike &= smooth[block.rows, None] | smooth[block.columns]
        with one_at_a_time:
            for row in np.flatnonzero(alike.any(axis=1)):
                others = block.columns.start + np.flatnonzero(alike[row])
                families.join(block.rows[row], others)

    return join


def _promising(found: Nearest) -> NDArray[np.intp]:
    """The pairs of neighbours worth checking, (N, 2), each once and the smaller index first."""
    scores = found.scores[:, :VERIFIED]
    whose, place = np.nonzero(scores >= _LEAST_PROMISING)
    pairs = np.sort(np.stack([whose, found.indices[whose, place]], axis=1), axis=1)
    return np.unique(pairs, axis=0)


def _verified(
    pictures: Sequence[Fingerprint],
    pairs: NDArray[np.intp],
    progress: Callable[[int, int], None],
) -> Iterator[tuple[PairIndex, int]]:
    """The pairs that matching points confirm, with their number."""

    def counts(some: NDArray[np.intp]) -> list[int]:
        return [
            match_keypoints(pictures[first].keypoints, pictures[second].keypoints).count
            for first, second in some.tolist()
        ]

    tasks = [pairs[start : start + _TASK] for start in range(0, len(pairs), _TASK)]
    done = 0
    for task, found in zip(tasks, mapped(counts, tasks), strict=True):
        for (first, second), points in zip(task.tolist(), found, strict=True):
            if points >= FEWEST:
                yield (first, second), points
        done += len(task)
        progress(done, len(pairs))
