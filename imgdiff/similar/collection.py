"""Many fingerprints → who is like whom: similarities, neighbours, groups of near-duplicates."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from imgdiff.similar.degrees import in_words, relation
from imgdiff.similar.embedding import bands_of
from imgdiff.similar.fingerprint import Fingerprint
from imgdiff.similar.keypoints import FEWEST, match_keypoints

VERIFIED = 5
"""Nearest neighbours of each picture that are checked for matching points."""

_LEAST_PROMISING = 0.15
"""Below this similarity hardly any pair has matching points: checking it is wasted time."""

_SURE = 0.95
_SMOOTH = 100
"""Two pictures this similar are duplicates without a point to confirm it, if one of them has fewer
points than this: as a sky or a gradient it may be too smooth for any to match. Two pages of text
are as similar, but have hundreds of points; if none match, they are not the same."""

PairIndex = tuple[int, int]
Progress = Callable[[int, int], None]


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
    pictures : tuple of Fingerprint
        In the order in which they were given.
    scores : ndarray of float32, shape (N, N)
        Similarity of every two, -1 to 1; symmetric.
    points : mapping of (int, int) to int
        Matching points of the pairs that they confirm; the smaller index first.
    order : tuple of int
        Indices so that pictures which are alike stand together.
    groups : tuple of tuple of int
        Near-duplicates, the largest group first; each of two or more.
    """

    pictures: tuple[Fingerprint, ...]
    scores: NDArray[np.float32]
    points: dict[PairIndex, int]
    order: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]

    def neighbours(self, index: int, count: int = VERIFIED) -> tuple[Neighbour, ...]:
        """The pictures most like one of them, the confirmed first, then by similarity."""
        found = [
            Neighbour(other, float(self.scores[index, other]), self.points_of(index, other))
            for other in _nearest(self.scores, index, max(count, VERIFIED))
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
            return f"No near-duplicates among {count} pictures."
        groups = "1 group" if len(self.groups) == 1 else f"{len(self.groups)} groups"
        inside = sum(map(len, self.groups))
        return f"{groups} of near-duplicates: {inside} of {count} pictures."

    def in_words(self, first: int, second: int) -> str:
        """How alike two pictures are: "36 % alike: related"."""
        model = self.pictures[first].model
        return in_words(float(self.scores[first, second]), bands_of(model))

    def relation(self, first: int, second: int) -> str:
        """How alike two pictures are, in words."""
        model = self.pictures[first].model
        return relation(float(self.scores[first, second]), bands_of(model))


def collect(pictures: Sequence[Fingerprint], *, progress: Progress | None = None) -> Collection:
    """Relate all pictures of a set to one another.

    Parameters
    ----------
    pictures : sequence of Fingerprint
        All from one model.
    progress : callable, optional
        Told how many pairs of how many have been checked.
    """
    scores = _scores(pictures)
    points = dict(_verified(pictures, scores, progress))
    return Collection(
        pictures=tuple(pictures),
        scores=scores,
        points=points,
        order=_order(scores),
        groups=_groups(points, _sure(pictures, scores)),
    )


def _scores(pictures: Sequence[Fingerprint]) -> NDArray[np.float32]:
    """Similarity of every two pictures."""
    vectors = np.stack([picture.vector for picture in pictures])
    return np.asarray(np.clip(vectors @ vectors.T, -1, 1), np.float32)


def _nearest(scores: NDArray[np.float32], index: int, count: int) -> list[int]:
    """The most similar others, best first."""
    order = np.argsort(-scores[index], kind="stable")
    return [int(other) for other in order if other != index][:count]


def _verified(
    pictures: Sequence[Fingerprint], scores: NDArray[np.float32], progress: Progress | None
) -> Iterator[tuple[PairIndex, int]]:
    """The pairs of neighbours that matching points confirm, with their number."""
    pairs = sorted(
        {
            (min(index, other), max(index, other))
            for index in range(len(pictures))
            for other in _nearest(scores, index, VERIFIED)
            if scores[index, other] >= _LEAST_PROMISING
        }
    )

    def count(pair: PairIndex) -> int:
        return match_keypoints(*(pictures[index].keypoints for index in pair)).count

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            for done, (pair, points) in enumerate(
                zip(pairs, pool.map(count, pairs), strict=True), 1
            ):
                if points >= FEWEST:
                    yield pair, points
                if progress:
                    progress(done, len(pairs))
        finally:
            pool.shutdown(cancel_futures=True)


def _sure(pictures: Sequence[Fingerprint], scores: NDArray[np.float32]) -> Iterator[PairIndex]:
    """The pairs that need no points."""
    smooth = np.array([len(picture.keypoints.points) < _SMOOTH for picture in pictures])
    alike = (scores >= _SURE) & (smooth[:, None] | smooth)
    for first, second in np.argwhere(np.triu(alike, 1)):
        yield int(first), int(second)


def _groups(
    confirmed: Iterable[PairIndex], sure: Iterable[PairIndex]
) -> tuple[tuple[int, ...], ...]:
    """Pictures that these pairs link to one another, in a row or at once."""
    root: dict[int, int] = {}

    def root_of(index: int) -> int:
        while root.setdefault(index, index) != index:
            index = root[index]
        return index

    for first, second in chain(confirmed, sure):
        root[root_of(second)] = root_of(first)
    members: dict[int, list[int]] = {}
    for index in sorted(root):
        members.setdefault(root_of(index), []).append(index)
    return tuple(sorted(map(tuple, members.values()), key=lambda group: (-len(group), group)))


def _order(scores: NDArray[np.float32]) -> tuple[int, ...]:
    """Indices in which like stands by like: clusters are joined end to end, the closest first.

    Average linkage (UPGMA), R. R. Sokal, C. D. Michener, "A statistical method for evaluating
    systematic relationships", University of Kansas Science Bulletin 38 (1958); of the four ways to
    join two rows, the one whose touching ends are most alike.
    """
    count = len(scores)
    rows = {index: [index] for index in range(count)}
    linkage = scores.astype(np.float64)
    np.fill_diagonal(linkage, -np.inf)
    for _ in range(count - 1):
        first, second = map(int, np.unravel_index(linkage.argmax(), linkage.shape))
        a, b = len(rows[first]), len(rows[second])
        linkage[first] = linkage[:, first] = (a * linkage[first] + b * linkage[second]) / (a + b)
        linkage[first, first] = -np.inf
        linkage[second] = linkage[:, second] = -np.inf
        rows[first] = _joined(rows[first], rows.pop(second), scores)
    return tuple(next(iter(rows.values()), ()))


def _joined(a: list[int], b: list[int], scores: NDArray[np.float32]) -> list[int]:
    """Two rows as one, turned so that the most similar ends touch."""
    ways = [(a, b), (a, b[::-1]), (a[::-1], b), (a[::-1], b[::-1])]
    left, right = max(ways, key=lambda way: scores[way[0][-1], way[1][0]])
    return left + right
