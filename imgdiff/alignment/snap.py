"""Motions that mix no samples, or only resize: taken wherever they do as well as the others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from imgdiff.alignment.geometry import Matrix, Size, distance, moved, quarter_turn, rescale, shift

_CLOSE, _CLOSEST = 0.35, 0.08
"""How far off, px, a snapped motion may take a corner: with an uncertain and a certain motion."""

_SQUASHED = 1.1
"""Ratio of the sides by which a sheet laid on its side may be stretched: nobody does more, and a
gradient that runs down fits one that runs across once it's turned and squashed."""


def snapped(matrix: Matrix, size: Size, onto: Size, *, uncertainty: float) -> Matrix:
    """The exact motion next to `matrix`, if it lies within its uncertainty; else `matrix`.

    Exact motions are, in this order: none at all, whole pixels, quarter turns and mirroring with
    whole pixels, and stretching the one picture onto the other, edge to edge.

    Parameters
    ----------
    matrix : ndarray of float64, shape (3, 3)
        From a picture of `size` to one of the size `onto`.
    uncertainty : float
        Of its worst corner, px.
    """
    limit = min(_CLOSE, max(_CLOSEST, 2.5 * uncertainty))
    for exact in _exact_motions(matrix, size, onto):
        if distance(exact, matrix, size) <= limit:
            return exact
    return matrix


def mixes_samples(matrix: Matrix) -> bool:
    """Whether pixels don't simply go to other pixels."""
    whole = np.rint(matrix)
    turn = abs(whole[:2, :2])
    permutes = (turn.sum(0) == 1).all() and (turn.sum(1) == 1).all()
    return not (permutes and np.array_equal(whole, matrix) and not whole[2, :2].any())


def all_turns(size: Size, onto: Size) -> Iterator[Matrix]:
    """The eight ways to lay a sheet on another, stretched to fit; as it is comes first.

    Four of them only if it keeps its proportions when laid on its side.
    """
    squashed = onto[0] / size[1] / (onto[1] / size[0])
    fits_sideways = 1 / _SQUASHED <= squashed <= _SQUASHED
    for mirrored in (False, True):
        for turns in range(4) if fits_sideways else (0, 2):
            turned = size if turns % 2 == 0 else size[::-1]
            yield rescale(turned, onto) @ quarter_turn(turns, size, mirrored=mirrored)


def _exact_motions(matrix: Matrix, size: Size, onto: Size) -> Iterator[Matrix]:
    middle = (np.array([size]) - 1) / 2
    if size == onto:
        yield np.eye(3)
    for mirrored in (False, True):
        for turns in range(4):
            turn = quarter_turn(turns, size, mirrored=mirrored)
            gap = np.rint((moved(middle, matrix) - moved(middle, turn))[0])
            yield shift(*gap) @ turn
    yield from all_turns(size, onto)
