"""What speaks for leaving two pictures of one size as they lie."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.geometry import Matrix, Size, grid_points, moved
from imgdiff.types import Mask, Pixels

if TYPE_CHECKING:
    from imgdiff.alignment.parallax import Bend
    from imgdiff.alignment.quality import Gray

_STRIP = 64


@dataclass(frozen=True, slots=True)
class InPlaceLimits:
    """When most of the structure is where it was, so that what differs has changed, not moved.

    Attributes
    ----------
    mostly_equal : float
        Share of the textured pixels that must be equal for two pictures to be on one grid.
    partly_equal : float
        Share from which on two pictures have something in common, however much else has changed.
    steep : int
        Levels from one pixel to the next that make an edge.
    agreement : int
        Levels by which a pixel next to an edge may differ and still be the same.
    kept : float
        Share of the edges that must agree. 30 photographs and pages moved by 1 px keep at most
        .25, by .5 px .45; a badge with another word keeps .48, a QR code with another text .56.
    least_explained : float
        Of the other edges, the share that a motion must bring to agree all the same. Of a mirrored
        page and of one pushed aside nearly half agree in place by chance.
    least_motion : float
        Motions smaller than this all over, px, are consistent with edges that agree; …
    least_help : float
        … but of the other edges they must bring this share to agree.
    same_edges : float
        Share of the edges from which on two pictures show one thing, whatever its colours: a page
        and its dark theme have .95, of which a quarter is another text .7, negatives with noise
        (σ 4) .5 to .9; 66 pairs of different photographs at most .04, two texts in one layout .38.
    some_edges, far_motion : float
        Share from which on a motion by so many px is believed only if it brings more edges to lie
        in one place: a badge with another word, saved as JPEG, has .46, and .46 6 px aside too. Of
        lines moved by parts of a pixel half lie in one place, and fewer once they are mixed.
    stretched : float
        Stretch of one axis alone from which on no camera or printer did it: lines set wider.
    turned : float
        Share of that stretch that a motion may do besides, turn or tilt, across the picture.
    ink : int
        Levels from the background's that make a thing on it.
    lone : float
        Share of the picture up to which the box around all there is holds one thing: that moves,
        and not the page.
    symbol : float
        Quality that a motion of a symbol, or of a badge, must reach: icons and badges that were
        shifted had .96 and more, mirrored, turned or other ones at most .91 (30 pairs).
    sampled_rows : int
        Rows that are looked at.
    """

    mostly_equal: float = 0.5
    partly_equal: float = 0.05
    steep: int = 24
    agreement: int = 4
    kept: float = 0.4
    least_explained: float = 0.5
    least_motion: float = 0.8
    same_edges: float = 0.5
    some_edges: float = 0.3
    far_motion: float = 3
    least_help: float = 0.1
    stretched: float = 0.01
    turned: float = 0.15
    ink: int = 24
    lone: float = 0.06
    symbol: float = 0.95
    sampled_rows: int = 500


IN_PLACE = InPlaceLimits()


def equal_pixels(reference: Pixels, test: Pixels) -> bool:
    """Whether two arrays are the same; quick to find out that they aren't."""
    strips = (slice(top, top + _STRIP) for top in range(0, len(reference), _STRIP))
    return reference is test or all(np.array_equal(reference[s], test[s]) for s in strips)


def share_equal(reference: Gray, test: Gray) -> float:
    """Share of the pixels that differ from their left neighbour that are equal in both pictures.

    Flat areas don't count: any two documents have white in common. A few hundred rows are enough.
    """
    step = max(1, len(reference) // IN_PLACE.sampled_rows)
    reference, test = reference[::step], test[::step]
    textured = (reference[:, 1:] != reference[:, :-1]) | (test[:, 1:] != test[:, :-1])
    count = np.count_nonzero(textured)
    equal = (reference[:, 1:] == test[:, 1:]) & (reference[:, :-1] == test[:, :-1]) & textured
    return np.count_nonzero(equal) / count if count else 0


@dataclass(frozen=True, slots=True)
class EdgesInPlace:
    """How far the edges of two pictures agree where they lie.

    Attributes
    ----------
    kept : float
        Share of the pixels at edges of either picture that look the same in both, 0 to 1.
    common : float
        How many of the edges lie in one place, beyond chance, whatever the colours: 1 = all, 0 or
        less = as many as by chance.
    """

    kept: float = 0
    common: float = 0


def edges_in_place(reference: Gray, test: Gray) -> EdgesInPlace:
    """Compare the edges of two pictures on some of their rows.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W)
        Of one size.
    """
    rows = _sampled_rows(len(reference))
    ours, theirs = _edges(reference, rows), _edges(test, rows)
    either = ours | theirs
    count = np.count_nonzero(either)
    if not count:
        return EdgesInPlace()
    agrees = abs(reference[rows].astype(np.int16) - test[rows]) <= IN_PLACE.agreement
    common = np.count_nonzero(ours & theirs) / count
    by_chance = float(ours.mean() * theirs.mean()) * ours.size / count
    return EdgesInPlace(
        kept=float(np.count_nonzero(either & agrees) / count),
        common=float((common - by_chance) / (1 - by_chance)) if by_chance < 1 else 1,
    )


def _edges(picture: Gray, rows: NDArray[np.intp]) -> Mask:
    """Where, in some rows, the next pixel right or below is another gray."""
    row, below = picture[rows].astype(np.int16), picture[rows + 1].astype(np.int16)
    edges = abs(below - row) > IN_PLACE.steep
    edges[:, :-1] |= abs(np.diff(row, axis=1)) > IN_PLACE.steep
    return edges


def _sampled_rows(height: int) -> NDArray[np.intp]:
    """Some rows that have one below, at no regular distance, as rows repeat at such."""
    if height <= IN_PLACE.sampled_rows:
        return np.arange(height - 1)
    rows = Random(0).sample(range(height - 1), IN_PLACE.sampled_rows)  # noqa: S311 (no secret)
    return np.sort(rows)


def moves_something(
    matrix: Matrix, bend: Bend | None, size: Size, *, by: float = IN_PLACE.least_motion
) -> bool:
    """Whether a motion takes any place of a picture so far that its edges can't agree in place.

    `by` is how far, px. All of the picture is looked at: a bulge may leave its corners in place.
    """
    places = grid_points(size, 7)
    bent = 0 if bend is None else bend.at(places)
    with np.errstate(all="ignore"):
        gaps = np.linalg.norm(moved(places, matrix) - places - bent, axis=1)
    return not bool((gaps < by).all())


def stretches_an_axis(matrix: Matrix, size: Size) -> bool:
    """Whether a motion stretches one axis more than the other, and does next to nothing else."""
    across, down = matrix[0, 0], matrix[1, 1]
    uneven = abs(across / down - 1) if across > 0 < down else 0
    rest = np.abs([matrix[0, 1], matrix[1, 0], *(matrix[2, :2] * size)])
    return bool(uneven > IN_PLACE.stretched and (rest < IN_PLACE.turned * uneven).all())


def shows_one_thing(reference: Gray, test: Gray) -> bool:
    """Whether both pictures show but one small thing on an even background."""
    return all(_is_lone(picture) for picture in (reference, test))


def _is_lone(picture: Gray) -> bool:
    step = 1 + len(picture) // IN_PLACE.sampled_rows
    paper = int(np.bincount(picture[::step].ravel()).argmax())
    most = IN_PLACE.lone * picture.size
    if step * _area_around_things(picture[::step], paper) > most + step * picture.shape[1]:
        return False  # mostly a few hundred rows tell
    return 0 < _area_around_things(picture, paper) <= most


def _area_around_things(picture: Gray, paper: int) -> int:
    """Pixels of the box around all that isn't paper."""
    things = np.abs(picture.astype(np.int16) - paper) > IN_PLACE.ink
    rows, columns = (np.flatnonzero(things.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return 0
    return int((rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1))
