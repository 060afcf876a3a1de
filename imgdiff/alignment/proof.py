"""Whether a motion is true: looked at where nothing of what it was made from lies."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.features import PointMatch, agreed
from imgdiff.alignment.fit import fit_motion
from imgdiff.alignment.geometry import Matrix, Points, in_front, inverse, moved
from imgdiff.alignment.learned import (
    CANVAS,
    LearnedPoints,
    drawn_on_canvas,
    learned_points,
    onto_canvas,
)
from imgdiff.alignment.quality import Gray
from imgdiff.pixels.order_statistics import distinct, median
from imgdiff.types import Mask


@dataclass(frozen=True, slots=True)
class ProofLimits:
    """What a motion must explain besides what it was made from; px are those of the canvas.

    Attributes
    ----------
    likeness : float
        Cosine from which on two described places may be the same.
    reach, near : float
        A place is looked for within `reach`, and agrees if it's found within `near`: by chance
        one in 16 does.
    apart : float
        Places nearer than this to a point that the motion was made from prove nothing.
    fewest : int
        Places that must have been found for a proof.
    certainty : float
        By how many standard deviations more places than by chance must agree. Of 1,601 unrelated
        pairs none reached 5 (one 4.8); of 34 pairs of one place, annotated by hand, 25 that were
        right did, and two wrong ones reached 6.5 and 5.5.
    certainty_by_edges : float
        The same where edges alone were described. Screens and papers drawn in one layout, with
        other words, reach 11; 26 of 30 negatives, infrared pictures and maps 14 and more.
    wander : float
        How far what is around a place may lie from there, in the median of 4 × 4 tiles. Those two
        have 6.9 and more, right ones .2 to 2.5.
    tiles : int
        Tiles across and down.
    wider, bin : float
        How far around a place those of its tile are looked for, and within what distance
        displacements are one.
    guided : tuple of float
        How far, pass by pass, places are looked for that make a motion more exact.
    margin : int
        Nearer than this to where the test picture ends nothing is described.
    """

    likeness: float = 0.7
    reach: float = 12
    near: float = 3
    apart: float = 6
    fewest: int = 120
    certainty: float = 6
    certainty_by_edges: float = 13
    wander: float = 2.6
    tiles: int = 4
    wider: float = 20
    bin: float = 2.5
    guided: tuple[float, ...] = (12, 8)
    margin: int = 8


PROOF = ProofLimits()


class Prover:
    """Checks motions from one gray picture to another.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W)
    certainty : float
        See `ProofLimits`.
    """

    def __init__(self, reference: Gray, test: Gray, *, certainty: float = PROOF.certainty) -> None:
        self.reference, self.test, self.certainty = reference, test, certainty
        self.points = learned_points(drawn_on_canvas(reference))
        self.frame = onto_canvas((reference.shape[1], reference.shape[0]))

    def proved(self, found: PointMatch) -> PointMatch | None:
        """The motion that some points agree on, made more exact; None if it isn't proved."""
        warped = self.warped(found.matrix)
        used = moved(found.target, self.frame)
        if _certainty(self.points, warped, used) < self.certainty:
            return None
        better = found
        for reach in PROOF.guided:
            guided = self.guided(better.matrix, warped, reach)
            if guided is None:
                return None
            better, warped = guided, self.warped(guided.matrix)
        return better if _wander(self.points, warped) <= PROOF.wander else None

    def warped(self, matrix: Matrix) -> LearnedPoints:
        """The test picture's points, found once it's laid on the reference's canvas."""
        onto = self.frame @ matrix
        there = np.asarray(
            cv2.warpPerspective(
                np.ones(self.test.shape, np.uint8), onto, CANVAS, flags=cv2.INTER_NEAREST
            )
        )
        ahead = in_front(onto, CANVAS)
        if ahead is not None:
            there = there * ahead
        if not there.any():
            return LearnedPoints(np.empty((0, 2)), np.empty((0, 64), np.float32))
        canvas = cv2.warpPerspective(self.test, onto, CANVAS, flags=cv2.INTER_LINEAR)
        levels = np.asarray(canvas, np.float32)
        levels[there == 0] = levels[there > 0].mean()
        points = learned_points(levels)
        inner = cv2.erode(there, np.ones((2 * PROOF.margin + 1,) * 2, np.uint8), borderValue=0)
        x, y = points.places.astype(int).T
        return points.where(np.asarray(inner[y, x] > 0))

    def guided(self, matrix: Matrix, warped: LearnedPoints, reach: float) -> PointMatch | None:
        """A motion fitted to all points that are found near where they belong."""
        here, there = near_matches(self.points, warped, reach)
        onto = self.frame @ matrix
        target = moved(self.points.places[here], inverse(self.frame))
        source = moved(warped.places[there], inverse(onto))
        small = agreed(warped.places[there], self.points.places[here], perspective=True)
        if small is None:
            return None
        agreeing = (
            np.linalg.norm(
                moved(warped.places[there], small.matrix) - self.points.places[here], axis=1
            )
            < PROOF.near
        )
        start = inverse(self.frame) @ small.matrix @ onto
        size = round(CANVAS[0] / self.frame[0, 0]), round(CANVAS[1] / self.frame[1, 1])
        fit = fit_motion(source[agreeing], target[agreeing], start / abs(start[2, 2]), size)
        return PointMatch(source[agreeing], target[agreeing], fit.matrix)


def near_matches(
    one: LearnedPoints, other: LearnedPoints, reach: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of places that look most alike among those within `reach` of each other.

    Returns
    -------
    (N,), (N,)
        Of the one, and of the other: each place at most once.
    """
    likeness = np.where(
        _squared_gaps(one.places, other.places) <= reach**2, one.vectors @ other.vectors.T, -1
    )
    return mutual_matches(likeness, PROOF.likeness)


def _squared_gaps(one: Points, other: Points) -> NDArray[np.float64]:
    """Squared distances (N, M) between all places of the one and all of the other, px²."""
    lengths = np.add.outer((one**2).sum(axis=1), (other**2).sum(axis=1))
    return np.asarray(lengths - 2 * one @ other.T)


def mutual_matches(
    likeness: NDArray[np.float32], least: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of a matrix of likeness that prefer each other, and are alike enough."""
    if not likeness.size:  # of a gradient the network describes no place
        return np.empty(0, np.intp), np.empty(0, np.intp)
    forth, back = likeness.argmax(axis=1), likeness.argmax(axis=0)
    rows = np.flatnonzero(back[forth] == np.arange(len(forth)))
    rows = rows[likeness[rows, forth[rows]] > least]
    return rows, forth[rows]


def _certainty(reference: LearnedPoints, warped: LearnedPoints, used: Points) -> float:
    """By how many standard deviations more places agree than by chance, away from `used`."""
    fresh: Mask = _squared_gaps(reference.places, used).min(axis=1) > PROOF.apart**2
    rest = reference.where(fresh)
    here, there = near_matches(rest, warped, PROOF.reach)
    if len(here) < PROOF.fewest:
        return 0.0
    gaps = np.linalg.norm(rest.places[here] - warped.places[there], axis=1)
    chance = (PROOF.near / PROOF.reach) ** 2
    expected = len(here) * chance
    agreeing = np.count_nonzero(gaps < PROOF.near)
    return float((agreeing - expected) / np.sqrt(expected * (1 - chance)))


def _wander(reference: LearnedPoints, warped: LearnedPoints) -> float:
    """How far parts of the picture lie from where they belong: the median of 4 × 4 tiles, px.

    Of each tile the displacement that most of its points share, if it stands out.
    """
    here, there = near_matches(reference, warped, PROOF.wider)
    places = reference.places[here]
    gaps = warped.places[there] - places
    tiles = (places * PROOF.tiles / np.array(CANVAS)).astype(int) @ [1, PROOF.tiles]
    modes = [_mode(gaps[tiles == tile]) for tile in distinct(tiles)]
    lengths = [float(np.hypot(*mode)) for mode in modes if mode is not None]
    return float(median(lengths)) if lengths else np.inf


def _mode(gaps: Points) -> Points | None:
    """The commonest of some displacements (N, 2), if more share it than by chance."""
    near = ((gaps[:, None] - gaps[None]) ** 2).sum(-1) < PROOF.bin**2
    votes = near.sum(axis=1)
    best = int(votes.argmax())
    chance = len(gaps) * (PROOF.bin / PROOF.wider) ** 2
    if votes[best] < chance + 3.5 * np.sqrt(chance) + 2:
        return None
    return np.asarray(gaps[near[best]].mean(axis=0))
