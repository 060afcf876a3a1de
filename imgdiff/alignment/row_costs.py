"""What rows look like, and how unlike they are to others: saved as JPEG, noisy, or drawn anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.pixels.order_statistics import median

if TYPE_CHECKING:
    from imgdiff.alignment.quality import Gray, Levels


Lines: TypeAlias = NDArray[np.int64]
"""(N,): for each line of the reference the line of the test picture that belongs to it, or −1."""


@dataclass(frozen=True, slots=True)
class RowLimits:
    """What rows look like, and which of them are looked at.

    Attributes
    ----------
    parts : int
        Parts of a row; of each the mean and the mean slope tell what it looks like.
    smooth : float
        Blur along the rows' order, rows, for pages drawn anew between two rows.
    busy : float
        Mean slope along a row, levels, from which on it shows something.
    noise : float
        Levels up to which JPEG, or noise, makes pixels differ.
    drawn : float
        Share of neighbours within one level from which on a picture is a drawing or a page; no
        photograph has so many.
    least_change : float
        Share of the rows that must differ in place for a matching to be looked for.
    least_block : int
        Rows of the smallest block.
    """

    parts: int = 48
    smooth: float = 1
    busy: float = 0.5
    noise: float = 6
    drawn: float = 0.5
    least_change: float = 0.03
    least_block: int = 4


ROW = RowLimits()

STRIP = 256
"""Rows taken at a time: their floats are four times as large as the picture."""


def unlikeness_of_rows(reference: Gray, test: Gray, step: int) -> tuple[Lines, Levels]:
    """Every so many rows of the reference that show something, and how unlike all the test's are.

    Returns
    -------
    (ndarray of int64, shape (N,), ndarray of float32, shape (N, H'))
    """
    a = _looks(reference)
    parts = (a.shape[1] - 1) // 2
    busy = np.flatnonzero(a[:, parts:-1].mean(axis=1) > ROW.busy)[::step]
    if not len(busy):
        return busy, np.empty((0, len(test)), np.float32)
    return busy, _unlikeness(a[busy], _looks(test))


def is_drawn(gray: Gray) -> bool:
    """Whether a picture is a drawing, a page or a screenshot rather than a photograph."""
    if gray.shape[1] < 2:
        return False
    sample = gray[:: max(1, len(gray) // 300)].astype(np.int16)
    return bool((abs(np.diff(sample, axis=1)) <= 1).mean() > ROW.drawn)


def _looks(gray: Gray) -> Levels:
    """What each row looks like: means of its parts, and of their slopes; (H, 2 × parts + 1).

    Its own paper counts once, not in each part.
    """
    strips = [_means_of_parts(gray[top : top + STRIP]) for top in range(0, len(gray), STRIP)]
    means = [np.concatenate(layer) for layer in zip(*strips, strict=True)]
    paper = median(means[0], axis=1, keepdims=True)
    layers = means[0] - paper, means[1], paper
    looks = np.concatenate([np.asarray(part, np.float32) for part in layers], axis=1)
    blurred = cv2.GaussianBlur(looks, (1, 0), sigmaX=0.01, sigmaY=ROW.smooth)
    return np.ascontiguousarray(blurred, np.float32)


def _means_of_parts(gray: Gray) -> tuple[Levels, Levels]:
    """Means of the parts of each row, of gray and of its slopes: (H, parts)."""
    slopes = cv2.convertScaleAbs(cv2.Sobel(gray, cv2.CV_16S, 1, 0, ksize=1), alpha=1)
    size = (min(ROW.parts, gray.shape[1]), len(gray))
    means, steep = (
        cv2.resize(layer.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        for layer in (gray, slopes)
    )
    return np.asarray(means, np.float32), np.asarray(steep, np.float32)


def _unlikeness(a: Levels, b: Levels) -> Levels:
    """Root mean square difference (H, H') of all rows of the one and all of the other, levels."""
    middle = a.mean(axis=0)
    a, b = a - middle, b - middle
    squares = np.add.outer((a * a).sum(axis=1), (b * b).sum(axis=1))
    squares -= 2 * (a @ b.T)
    return np.asarray(np.sqrt(np.maximum(squares / a.shape[1], 0)), np.float32)
