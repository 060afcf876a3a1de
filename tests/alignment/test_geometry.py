"""Plane motions that take a part of the picture beyond the horizon."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from imgdiff.alignment.geometry import (
    Matrix,
    enlargement,
    facing,
    grid_points,
    hull_share,
    in_front,
    moved,
    plausible,
    rescale,
    share_inside,
    shift,
)
from imgdiff.alignment.warp import seen

SIZE = (200, 160)


def tilted(depth: float) -> Matrix:
    """A motion whose third coordinate falls from 1 at the left edge to 1 − depth at the right."""
    matrix = np.eye(3)
    matrix[2, 0] = -depth / SIZE[0]
    return matrix


def test_only_what_both_show_is_judged() -> None:
    # The right half lies beyond the horizon, and what is near it lands far outside.
    assert plausible(tilted(2), SIZE, SIZE)
    assert not plausible(shift(190, 150), SIZE, SIZE)
    assert not plausible(np.diag([0.05, 0.05, 1.0]), SIZE, SIZE)
    assert not plausible(np.full((3, 3), np.nan), SIZE, SIZE)
    assert not plausible(np.zeros((3, 3)), SIZE, SIZE)


def test_a_flatter_view_needs_other_evidence() -> None:
    # Areas at the left are 8³ = 512 times those at the right.
    steep = np.array([[0.125, 0, 0], [0, 0.125, 0], [-7 / 8 / 199, 0, 1]])
    assert not plausible(steep, SIZE, SIZE)
    assert plausible(steep, SIZE, SIZE, proven=True)


def test_ghosts_are_not_seen() -> None:
    matrix = tilted(2)
    there = seen(matrix, SIZE, SIZE)
    places = grid_points(SIZE, 40)
    ahead = places @ matrix[2, :2] + matrix[2, 2] > 0
    ends = moved(places[ahead], matrix)
    inside = ((ends >= 0) & (ends <= np.array(SIZE) - 1)).all(axis=1)
    x, y = np.rint(ends[inside]).astype(int).T
    assert there[y, x].mean() > 0.95
    # The motion the other way round sees the other half, and only that.
    other = seen(-matrix, SIZE, SIZE)
    assert not (there & other).any()
    assert in_front(shift(3, 4), SIZE) is None


def test_the_sign_is_that_of_most_points() -> None:
    left = np.array([[0.0, 0], [10, 20], [30, 5]])
    np.testing.assert_array_equal(facing(-tilted(2), left), tilted(2))
    np.testing.assert_array_equal(facing(tilted(2), left + np.array([150, 0])), -tilted(2))


@pytest.mark.parametrize("depth", [0.5, 2.0, -3.0])
def test_the_share_inside_is_that_of_the_pixels(depth: float) -> None:
    matrix = shift(5, -20) @ tilted(depth)
    places = grid_points(SIZE, 400)
    third = places @ matrix[2, :2] + matrix[2, 2]
    ends = (places @ matrix[:2, :2].T + matrix[:2, 2]) / third[:, None]
    inside = (third > 0) & (abs(ends + 0.5 - np.array(SIZE) / 2) <= np.array(SIZE) / 2).all(axis=1)
    assert share_inside(matrix, SIZE, SIZE) == pytest.approx(inside.mean(), abs=0.01)


def test_lengths_grow_as_areas_do() -> None:
    assert enlargement(rescale(SIZE, (100, 80)), SIZE, (100, 80)) == pytest.approx(0.5)
    assert enlargement(shift(900, 0), SIZE, SIZE) == 1


def test_a_hull_covers_its_share() -> None:
    corners = np.array([[0.0, 0], [100, 0], [100, 80], [0, 80], [50, 40]])
    assert hull_share(corners, SIZE) == pytest.approx(0.25)
    assert cv2.contourArea(corners[:2].astype(np.float32)) == hull_share(corners[:2], SIZE) == 0
