"""What was found out about the motion between two pictures."""

from __future__ import annotations

from dataclasses import dataclass

from imgdiff.alignment.geometry import Matrix
from imgdiff.alignment.refine import Tracks

SAME = 0.45
"""Quality from which on two pictures surely show the same thing."""

PERHAPS = 0.27
"""Unrelated photographs never came out better than this; with enough matching points, pictures of
one place that changed much do."""

_ENOUGH_MATCHES = 17

_COMPELLING = 50
"""Matches out of thousands that never agree by chance."""

_LEAST_SPREAD = 0.02
"""Share of either picture over which they must be spread: 57 on one label, 1 % of the picture,
told nothing of the rest, and were 137 px wrong there."""


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """The motion between two pictures, as far as it could be found.

    Attributes
    ----------
    matrix : ndarray of float64, shape (3, 3)
        From the full-size test picture to the full-size reference.
    quality : float or None
        See `Judge`; None if a picture has too little in it to tell.
    inliers : int or None
        Points that agree with the motion.
    residual, uncertainty : float or None
        Their median distance, and the standard error of the worst corner, px of the reference.
    tracks : Tracks or None
        The points themselves.
    loose : Tracks or None
        Points that were followed, if no plane motion explains them: they may lie on a bent one.
    ambiguous : bool
        Whether another, larger motion does as well: a pattern that repeats.
    matches : int or None
        Matching keypoints that agree with the motion, if it was found by them.
    in_place : float or None
        Quality with the one picture simply laid on the other.
    snapped : bool
        Whether it is an exact motion: none, whole pixels, turns, or plain stretching.
    spread : float
        Share of the picture that the matching keypoints cover, 0 to 1: the smaller of both; 1
        for a plain shift, which a small part tells of the whole.
    proved : bool
        Whether what it wasn't made from confirms it, however little else agrees.
    sparse : bool
        Whether there is little in both pictures: a symbol, a badge, a few lines.
    """

    matrix: Matrix
    quality: float | None
    inliers: int | None = None
    residual: float | None = None
    uncertainty: float | None = None
    tracks: Tracks | None = None
    loose: Tracks | None = None
    ambiguous: bool = False
    matches: int | None = None
    in_place: float | None = None
    snapped: bool = True
    spread: float = 0
    proved: bool = False
    sparse: bool = False

    @property
    def compelling(self) -> bool:
        """Whether so many keypoints agree that it can't be chance, whatever else has changed."""
        return (self.matches or 0) >= _COMPELLING and self.spread >= _LEAST_SPREAD

    @property
    def doubtful(self) -> bool:
        """Whether another way to find a motion is worth its time."""
        return self.quality is not None and self.quality < SAME and not self.compelling

    @property
    def related(self) -> bool:
        """Whether the pictures show the same thing, as far as that can be told."""
        if self.quality is None or self.quality >= SAME or self.compelling or self.proved:
            return True
        return self.quality >= PERHAPS and (self.matches or 0) >= _ENOUGH_MATCHES
