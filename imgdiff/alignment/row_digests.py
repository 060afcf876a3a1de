"""Equal rows, wherever they moved: the longest common run, as texts are compared.

Screenshots, documents and web pages change like texts do: something is put in, and what follows
moves on.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.patience import longest_increasing
from imgdiff.alignment.row_costs import Lines
from imgdiff.types import Mask

if TYPE_CHECKING:
    from imgdiff.alignment.quality import Gray


@dataclass(frozen=True, slots=True)
class DigestLimits:
    """When equal rows tell what moved.

    Attributes
    ----------
    fewest : int
        Rows that occur once in either picture.
    sampled : int
        Of so many rows one is looked at first.
    strip : int
        Rows taken at a time: their floats are eight times as large as the picture.
    middle : int
        Samples in the middle of a row that mostly tell that it's no other.
    explained : float
        Share of what is on the lines that must be found again.
    gain : float
        By this share more of it must be found again than without moving anything.
    """

    fewest: int = 8
    sampled: int = 16
    strip: int = 64
    middle: int = 256
    explained: float = 0.5
    gain: float = 0.05


DIGEST = DigestLimits()


def equal_lines(reference: Gray, test: Gray) -> Lines | None:
    """For each row of the reference the equal one of the test picture, or −1, in order.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W) and (H', W)

    Returns
    -------
    ndarray of int64, shape (H,) or None
        None if most rows can't be found again, or nothing has to be moved for it.
    """
    if not _rows_moved(reference, test):
        return None
    reference, test = np.ascontiguousarray(reference), np.ascontiguousarray(test)
    a, b = _digests(reference), _digests(test)
    weights = busyness(reference)
    anchors = _anchors(a, b, weights)
    moves = len(a) != len(b) or any(i != j for i, j in anchors)
    if len(anchors) < DIGEST.fewest or not moves:
        return None
    lines = _extended(anchors, a, b)
    common = min(len(a), len(b))
    in_place = weights[:common][a[:common] == b[:common]].sum()
    found = weights[lines >= 0].sum()
    enough = DIGEST.explained * min(weights.sum(), busyness(test).sum())
    gains = len(a) != len(b) or found >= in_place + DIGEST.gain * weights.sum()
    return lines if found >= enough and gains else None


def _rows_moved(reference: Gray, test: Gray) -> bool:
    """A quick look, at one row in 16: whether some of the reference's are elsewhere in the test.

    No row of a photograph is found again in another; of an edited screenshot, most are where they
    were. What the middle of a row says of that costs little.
    """
    some = np.ascontiguousarray(reference[:: DIGEST.sampled])
    asked = busyness(some) > 0
    if len(reference) == len(test):
        asked &= _sums(some) != _sums(np.ascontiguousarray(test[:: DIGEST.sampled]))
        left = max(0, (reference.shape[1] - DIGEST.middle) // 2)
        middle = slice(left, left + DIGEST.middle)
        in_place = DIGEST.sampled * np.arange(len(some))
        asked &= _found(some[:, middle], test[:, middle], besides=in_place)
    return bool(asked.any() and (asked & _found(some, test)).any())


def _found(some: Gray, test: Gray, *, besides: NDArray[np.intp] | int = -1) -> Mask:
    """Which of some rows are found in another picture, at another row than `besides`."""
    sums, where, counts = np.unique(_sums(test), return_index=True, return_counts=True)
    sampled = _sums(some)
    place = np.minimum(np.searchsorted(sums, sampled), len(sums) - 1)
    same = sums[place] == sampled
    return np.asarray(same & ((where[place] != besides) | (counts[place] > 1)), np.bool_)


def _sums(picture: Gray) -> NDArray[np.float64]:
    """A number for each row, quick to compute for columns too: a random combination of samples.

    It is exact, as whole numbers below 2^53 are; different rows hardly ever share one.
    """
    drawn = Random(0).randbytes(2 * picture.shape[1])  # noqa: S311 (numpy's take 10 ms to import)
    factors = np.frombuffer(drawn, np.uint16).astype(np.float64)
    total: NDArray[np.float64] = np.zeros(len(picture))
    along = 0 if picture.flags.c_contiguous else 1
    for start in range(0, picture.shape[along], DIGEST.strip):
        part = slice(start, start + DIGEST.strip)
        if along == 0:
            total[part] = np.asarray(picture[part].astype(np.float64) @ factors)
        else:
            total += np.asarray(picture[:, part].astype(np.float64) @ factors[part])
    return total


def _digests(picture: Gray) -> NDArray[np.int64]:
    """A number for each row: equal for equal rows."""
    return np.array([zlib.crc32(row) for row in picture], np.int64)


def busyness(picture: Gray) -> NDArray[np.int64]:
    """For each row, how often the brightness changes along it: flat rows count nothing."""
    return np.asarray(np.count_nonzero(picture[:, 1:] != picture[:, :-1], axis=1), np.int64)


def _anchors(
    a: NDArray[np.int64], b: NDArray[np.int64], weights: NDArray[np.int64]
) -> list[tuple[int, int]]:
    """Pairs of rows that occur once in either picture, as many as keep their order.

    Patience sorting: the longest increasing run among them is a longest common subsequence.
    """
    values, places, counts = np.unique(a, return_index=True, return_counts=True)
    values_b, places_b, counts_b = np.unique(b, return_index=True, return_counts=True)
    once, once_b = counts == 1, counts_b == 1
    _, left, right = np.intersect1d(
        values[once], values_b[once_b], assume_unique=True, return_indices=True
    )
    pairs = sorted(zip(places[once][left].tolist(), places_b[once_b][right].tolist(), strict=True))
    return longest_increasing([(i, j) for i, j in pairs if weights[i]])


def _extended(anchors: list[tuple[int, int]], a: NDArray[np.int64], b: NDArray[np.int64]) -> Lines:
    """Anchors with the equal rows next to them, down and then up, as far as there is room."""
    lines = np.full(len(a), -1, np.int64)
    stops = [(-1, -1), *anchors, (len(a), len(b))]
    for (i, j), (next_i, next_j) in pairwise(stops):
        if i >= 0:
            lines[i] = j
        room = min(next_i - i, next_j - j) - 1
        down = _run_length(a[i + 1 : i + 1 + room], b[j + 1 : j + 1 + room])
        lines[i + 1 : i + 1 + down] = np.arange(j + 1, j + 1 + down)
        room -= down
        up = _run_length(a[next_i - room : next_i][::-1], b[next_j - room : next_j][::-1])
        lines[next_i - up : next_i] = np.arange(next_j - up, next_j)
    return lines


def _run_length(a: NDArray[np.int64], b: NDArray[np.int64]) -> int:
    """How many of the first elements are equal."""
    differs = np.flatnonzero(a != b)
    return int(differs[0]) if len(differs) else len(a)
