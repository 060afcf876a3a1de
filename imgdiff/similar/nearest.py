"""Vectors → the most alike of each, a block at a time: the table of all pairs is never held.

Every two are compared, so nothing is missed. The work grows with the square of their number, the
memory with the number alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from imgdiff.similar.threads import mapped

Indices: TypeAlias = NDArray[np.int32]
Scores: TypeAlias = NDArray[np.float32]

_BLOCK: Final = 2048
"""Vectors on either side of a block: 16 MB of scores, and 20 MB for each of both sides."""

_NOBODY: Final = -1


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """The most alike of each.

    Attributes
    ----------
    indices : ndarray of int32, shape (N, K)
        Who they are, the most alike first; of two as alike, the one that comes first.
    scores : ndarray of float32, shape (N, K)
        How alike, -1 to 1.
    """

    indices: Indices
    scores: Scores


class ScoreBlock(NamedTuple):
    """The scores of some against some, for a moment: the pairs of a block's diagonal are -1.

    Attributes
    ----------
    rows, columns : range
        Who they are.
    scores : ndarray of float32, shape (len(rows), len(columns))
    """

    rows: range
    columns: range
    scores: Scores


class _Best(NamedTuple):
    """The most alike of some, in no order."""

    whose: range
    indices: Indices
    scores: Scores


def nearest(
    vectors: Callable[[range], NDArray[np.float32]],
    count: int,
    *,
    top: int,
    look: Callable[[ScoreBlock], None] = lambda _: None,
    progress: Callable[[int, int], None] | None = None,
) -> Nearest:
    """The `top` most alike of each of `count` vectors.

    Parameters
    ----------
    vectors : callable
        The vectors with these indices, (n, D), each of length 1; called from several threads.
    count : int
        How many there are.
    top : int
        Neighbours of each; all the others if there are fewer.
    look : callable
        Is shown every pair once, a block at a time, from several threads.
    progress : callable, optional
        Told how many blocks of how many are done.
    """
    top = min(top, count - 1)
    found = Nearest(
        np.full((count, top), _NOBODY, np.int32), np.full((count, top), -np.inf, np.float32)
    )

    def best(block: tuple[range, range]) -> list[_Best]:
        scores = _block_of(vectors, *block)
        look(scores)
        return [*_best_of(scores, top)]

    blocks = [*combinations_with_replacement(_ranges(count), 2)]
    for done, parts in enumerate(mapped(best, blocks), 1):
        for part in parts:
            _merge(found, part)
        if progress:
            progress(done, len(blocks))
    return found


def _ranges(count: int) -> Iterator[range]:
    for start in range(0, count, _BLOCK):
        yield range(start, min(start + _BLOCK, count))


def _block_of(
    vectors: Callable[[range], NDArray[np.float32]], rows: range, columns: range
) -> ScoreBlock:
    ours = vectors(rows)
    scores = np.clip(ours @ (ours if rows == columns else vectors(columns)).T, -1, 1)
    if rows == columns:
        np.fill_diagonal(scores, -1)  # nobody is its own neighbour
    return ScoreBlock(rows, columns, scores)


def _best_of(block: ScoreBlock, top: int) -> Iterator[_Best]:
    """The most alike of each of its rows; and of its columns, unless these are the same."""
    yield _Best(block.rows, *_largest(block.scores, block.columns.start, top))
    if block.rows != block.columns:
        turned = np.ascontiguousarray(block.scores.T)
        yield _Best(block.columns, *_largest(turned, block.rows.start, top))


def _largest(scores: Scores, start: int, top: int) -> tuple[Indices, Scores]:
    """The largest of each row: where, and how large."""
    count = min(top, scores.shape[1])
    where = np.argpartition(scores, -count, axis=1)[:, -count:]
    return (where + start).astype(np.int32), np.take_along_axis(scores, where, axis=1)


def _merge(found: Nearest, best: _Best) -> None:
    """Keep the best of what was known and what is new."""
    whose = slice(best.whose.start, best.whose.stop)
    indices = np.hstack([found.indices[whose], best.indices])
    scores = np.hstack([found.scores[whose], best.scores])
    own = indices == np.arange(whose.start, whose.stop)[:, None]
    scores[own] = -np.inf
    order = np.lexsort((indices, -scores), axis=1)[:, : found.indices.shape[1]]
    found.indices[whose] = np.take_along_axis(indices, order, axis=1)
    found.scores[whose] = np.take_along_axis(scores, order, axis=1)
