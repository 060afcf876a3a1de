"""The similarity of every two pictures of a set, like beside like: to be drawn, or as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST_IN_MATRIX: Final = 1000
"""Pictures. Of more, a cell would be smaller than a pixel, and to order them would take minutes."""


@dataclass(frozen=True, slots=True, eq=False)
class SimilarityMatrix:
    """All similarities of a set.

    Attributes
    ----------
    scores : ndarray of float32, shape (N, N)
        Similarity of every two, -1 to 1; symmetric.
    order : tuple of int
        Indices so that pictures which are alike stand together.
    """

    scores: NDArray[np.float32]
    order: tuple[int, ...]


def matrix_of(vectors: NDArray[np.float32]) -> SimilarityMatrix:
    """The matrix of vectors, (N, D), each of length 1."""
    scores = np.asarray(np.clip(vectors @ vectors.T, -1, 1), np.float32)
    return SimilarityMatrix(scores, _order(scores))


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
