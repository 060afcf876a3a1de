"""What kept its order: the core of patience sorting."""

from __future__ import annotations

from bisect import bisect_left


def longest_increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, sorted by the first, whose second numbers increase.

    References
    ----------
    M. L. Fredman, "On computing the length of longest increasing subsequences", Discrete
    Mathematics 11 (1975), DOI 10.1016/0012-365X(75)90103-X.
    """
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, j) in enumerate(pairs):
        place = bisect_left(ends, j)
        before.append(last[place - 1] if place else -1)
        if place == len(ends):
            ends.append(j)
            last.append(index)
        else:
            ends[place], last[place] = j, index
    run = []
    index = last[-1] if last else -1
    while index >= 0:
        run.append(pairs[index])
        index = before[index]
    return run[::-1]
