"""Rows that belong together though no two of them are equal: saved as JPEG, noisy, drawn anew.

What one row costs when it's matched with another tells how unlike they look; rows that only one
picture has cost little more however many they are, as they are put in and taken out in blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.pixels.order_statistics import median, quantile

if TYPE_CHECKING:
    from imgdiff.alignment.quality import Gray, Levels


Lines: TypeAlias = NDArray[np.int64]
"""(N,): for each line of the reference the line of the test picture that belongs to it, or −1."""


@dataclass(frozen=True, slots=True)
class RowLimits:
    """How rows are compared, and when a matching of them explains a pair.

    Attributes
    ----------
    parts : int
        Parts of a row; of each the mean and the mean slope tell what it looks like.
    level : float
        Unlikeness, levels, that costs 1.
    floor, quantile, most_floor : float
        What noise and JPEG cost is no cost: `floor` times this quantile of each row's best cost,
        but `most_floor` levels at most. Without it pages saved as JPEG jump hundreds of rows.
    tint : int
        Levels up to which a tint may be left out of account, if rows aren't found with it: a row
        put into a striped table turns the stripes of all that follow, which are the same rows.
    tinted : float
        Share of a page that must be tinted for that.
    tie : float
        Share of what noise costs that counts all the same: of two matchings that do equally well
        the one with less of it is taken.
    opening, longer : float
        Cost of a block that only one picture has, and of each of its rows.
    drawn : float
        Share of neighbours within one level from which on a picture is a drawing or a page; no
        photograph has so many.
    least_change : float
        Share of the rows that must differ in place for a matching to be looked for.
    explained : float
        Share of what is on the rows that must be found again.
    gain : float
        The cost must shrink to this share of that in place.
    least_block : int
        Rows of the smallest block.
    most_rows : int
        Of either picture, without the equal ends: the time grows with their product.
    """

    parts: int = 48
    level: float = 10
    floor: float = 1.3
    quantile: float = 0.8
    most_floor: float = 6
    tint: int = 24
    tinted: float = 0.02
    tie: float = 0.05
    opening: float = 3
    longer: float = 0.04
    drawn: float = 0.5
    least_change: float = 0.03
    explained: float = 0.6
    gain: float = 0.5
    least_block: int = 4
    most_rows: int = 3000


ROW = RowLimits()

STRIP = 256
"""Rows taken at a time: their floats are four times as large as the picture."""

_START, _MATCH, _REMOVED, _ADDED = 0, 0, 1, 2


def likely_lines(reference: Gray, test: Gray, *, smooth: float = 0) -> Lines | None:
    """Rows of the test picture that look like those of the reference, in order.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W) and (H', W)
    smooth : float
        Blur along the rows' order, rows, for pages drawn anew between two rows.

    Returns
    -------
    ndarray of int64, shape (H,) or None
        None if that explains the pair no better than leaving it as it is.
    """
    a, b = _looks(reference, smooth), _looks(test, smooth)
    common = min(len(a), len(b))
    in_place = _unlikeness_in_place(a[:common], b[:common])
    head, tail = _equal_ends(a, b)
    rows, test_rows = len(a) - head - tail, len(b) - head - tail
    if max(rows, test_rows) > ROW.most_rows or max(rows, test_rows) == 0:
        return None
    lines = np.full(len(a), -1, np.int64)
    lines[:head] = np.arange(head)
    lines[len(a) - tail :] = np.arange(len(b) - tail, len(b))
    floor = 0.0
    if rows and test_rows:
        inner_a, inner_b = a[head : len(a) - tail], b[head : len(b) - tail]
        costs = _unlikeness(inner_a, inner_b)
        if smooth:
            costs = np.minimum(costs, _unlikeness(inner_a, half_a_row_on(inner_b)))
        floor = _noise_floor(costs)
        inner = cheapest_lines(
            (np.maximum(costs - floor, 0) + ROW.tie * np.minimum(costs, floor)) / ROW.level
        )
        lines[head : len(a) - tail] = np.where(inner >= 0, inner + head, -1)
    before = np.maximum(in_place - floor, 0).sum() / ROW.level
    after = _cost_of(lines, a, b, floor, halves=bool(smooth))
    return lines if after <= ROW.gain * before else None


def cost_of_lines(lines: Lines, reference: Gray, test: Gray) -> float:
    """What a whole matching costs: how unlike its rows are, and the blocks that are left out."""
    a, b = _looks(np.ascontiguousarray(reference), 0), _looks(np.ascontiguousarray(test), 0)
    left_out = np.count_nonzero(lines < 0) + len(b) - np.count_nonzero(lines >= 0)
    return _cost_of(lines, a, b, 0, halves=True) + ROW.longer * left_out


def cheapest_lines(costs: Levels) -> Lines:
    """The matching of rows, in order, that costs least; a block of rows left out costs too.

    Parameters
    ----------
    costs : ndarray of float32, shape (H, H')
        Of matching each row of the one with each of the other.

    References
    ----------
    O. Gotoh, "An improved algorithm for matching biological sequences", Journal of Molecular
    Biology 162 (1982), DOI 10.1016/0022-2836(82)90398-9.
    """
    rows, columns = costs.shape
    came = np.zeros((3, rows + 1, columns + 1), np.uint8)
    steps = ROW.longer * np.arange(columns + 1, dtype=np.float32)
    big = np.float32(1e9)
    match = np.full(columns + 1, big, np.float32)
    match[0] = 0
    removed = np.full(columns + 1, big, np.float32)
    added = ROW.opening + steps
    added[0] = big
    came[_ADDED, 0, 2:] = _ADDED
    for i in range(1, rows + 1):
        ways = np.stack([match, removed, added])
        best = ways.min(axis=0)
        came[_MATCH, i, 1:] = ways.argmin(axis=0)[:-1]
        opened, longer = best + ROW.opening + ROW.longer, removed + ROW.longer
        came[_REMOVED, i] = np.where(longer < opened, _REMOVED, ways.argmin(axis=0))
        removed = np.minimum(opened, longer)
        match = np.concatenate([[big], best[:-1] + costs[i - 1]])
        here = np.minimum(match, removed)
        reached = np.minimum.accumulate(here - steps)
        added = np.concatenate([[big], reached[:-1] + steps[1:] + ROW.opening])
        start = np.where(match <= removed, _MATCH, _REMOVED)
        fresh = here[:-1] + ROW.opening + ROW.longer
        came[_ADDED, i, 1:] = np.where(added[1:] < fresh - 1e-4, _ADDED, start[:-1])
    return _traced(came, int(np.argmin([match[-1], removed[-1], added[-1]])))


def _traced(came: NDArray[np.uint8], state: int) -> Lines:
    """The path back from the end: for each row the one that it's matched with, or −1."""
    i, j = came.shape[1] - 1, came.shape[2] - 1
    lines = np.full(i, -1, np.int64)
    while i > 0:
        if j == 0:
            break
        before = int(came[state, i, j])
        if state == _MATCH:
            i, j = i - 1, j - 1
            lines[i] = j
        elif state == _REMOVED:
            i -= 1
        else:
            j -= 1
        state = before
    return lines


def is_drawn(gray: Gray) -> bool:
    """Whether a picture is a drawing, a page or a screenshot rather than a photograph."""
    if gray.shape[1] < 2:
        return False
    sample = gray[:: max(1, len(gray) // 300)].astype(np.int16)
    return bool((abs(np.diff(sample, axis=1)) <= 1).mean() > ROW.drawn)


def _looks(gray: Gray, smooth: float) -> Levels:
    """What each row looks like: means of its parts, and of their slopes; (H, 2 × parts + 1).

    Its own paper counts once, not in each part.
    """
    strips = [_means_of_parts(gray[top : top + STRIP]) for top in range(0, len(gray), STRIP)]
    means = [np.concatenate(layer) for layer in zip(*strips, strict=True)]
    paper = median(means[0], axis=1, keepdims=True)
    layers = means[0] - paper, means[1], paper
    looks = np.concatenate([np.asarray(part, np.float32) for part in layers], axis=1)
    if smooth:
        looks = np.asarray(cv2.GaussianBlur(looks, (1, 0), sigmaX=0.01, sigmaY=smooth), np.float32)
    return np.ascontiguousarray(looks)


def _means_of_parts(gray: Gray) -> tuple[Levels, Levels]:
    """Means of the parts of each row, of gray and of its slopes: (H, parts)."""
    slopes = cv2.convertScaleAbs(cv2.Sobel(gray, cv2.CV_16S, 1, 0, ksize=1), alpha=1)
    size = (min(ROW.parts, gray.shape[1]), len(gray))
    means, steep = (
        cv2.resize(layer.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        for layer in (gray, slopes)
    )
    return np.asarray(means, np.float32), np.asarray(steep, np.float32)


def without_tints(gray: Gray) -> Gray:
    """A page whose faintly tinted parts, as the stripes of a table, are of its commonest gray."""
    return np.asarray(cv2.LUT(gray, _untinted(gray)), np.uint8)


def tinted_share(gray: Gray) -> float:
    """Share of a page that `without_tints` changes."""
    counts = cv2.calcHist([gray], [0], None, [256], [0, 256]).ravel()
    return float(counts[_untinted(gray) != np.arange(256)].sum() / gray.size)


def _untinted(gray: Gray) -> Gray:
    """For each level of a page what it is without tints."""
    paper = int(np.bincount(gray[:: max(1, len(gray) // 300)].ravel(), minlength=256).argmax())
    levels = np.arange(256)
    return np.where(abs(levels - paper) <= ROW.tint, paper, levels).astype(np.uint8)


def _unlikeness(a: Levels, b: Levels) -> Levels:
    """Root mean square difference (H, H') of all rows of the one and all of the other, levels."""
    middle = a.mean(axis=0)
    a, b = a - middle, b - middle
    squares = np.add.outer((a * a).sum(axis=1), (b * b).sum(axis=1))
    squares -= 2 * (a @ b.T)
    return np.asarray(np.sqrt(np.maximum(squares / a.shape[1], 0)), np.float32)


def _unlikeness_in_place(a: Levels, b: Levels) -> Levels:
    return np.asarray(np.sqrt(((a - b) ** 2).mean(axis=1)), np.float32)


def _noise_floor(costs: Levels) -> float:
    """What noise makes of equal rows, levels."""
    best = costs.min(axis=1) if costs.shape[0] <= costs.shape[1] else costs.min(axis=0)
    return min(ROW.most_floor, ROW.floor * float(quantile(best, ROW.quantile)))


def _equal_ends(a: Levels, b: Levels) -> tuple[int, int]:
    """How many rows at the top and at the bottom are the same, noise aside."""
    common = min(len(a), len(b))
    same = _unlikeness_in_place(a[:common], b[:common]) < 1
    head = common if same.all() else int(np.argmin(same))
    same = _unlikeness_in_place(a[len(a) - common :], b[len(b) - common :])[::-1] < 1
    tail = common if same.all() else int(np.argmin(same))
    return head, min(tail, common - head)


def half_a_row_on(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """What lies between each row and the next; the last stays as it is."""
    return np.concatenate([(rows[:-1] + rows[1:]) / 2, rows[-1:]])


def _cost_of(lines: Lines, a: Levels, b: Levels, floor: float, *, halves: bool) -> float:
    """What a matching costs in all, blocks included."""
    found = np.flatnonzero(lines >= 0)
    rest = _unlikeness_in_place(a[found], b[lines[found]])
    if halves:
        between = half_a_row_on(b)[lines[found]]
        rest = np.minimum(rest, _unlikeness_in_place(a[found], between))
    blocks = np.count_nonzero(np.diff(np.concatenate([[0], lines < 0, [0]])) == 1)
    blocks += np.count_nonzero(np.diff(lines[found]) > 1)
    return float(np.maximum(rest - floor, 0).sum() / ROW.level) + ROW.opening * blocks
