"""What a lens leaves of a plane motion, also where no point anchors it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from imgdiff.alignment.field import Field, fit_field
from imgdiff.alignment.fit import Fit
from imgdiff.alignment.geometry import Points, Size, grid_points
from imgdiff.alignment.refine import Tracks

SIZE: Size = (760, 1000)


def bent(places: Points, strength: float) -> Points:
    """Where a lens takes places: away from the middle, by a share of the squared radius."""
    middle = (np.array(SIZE) - 1) / 2
    out = (places - middle) / 380
    return np.asarray(out * strength * (out**2).sum(axis=1, keepdims=True) * 380)


def fitted(places: Points, gaps: Points) -> Field | None:
    noise = np.random.default_rng(0).normal(0, 0.05, places.shape)
    plane = Fit("homography", np.eye(3), np.ones(len(places)), 0, 0)
    return fit_field(Tracks(places + gaps + noise, places, plane), np.eye(3), SIZE)


def in_the_middle(count: int = 20) -> Points:
    """As on a typewritten page: text from 17 to 83 % across, 16 to 60 % down."""
    return grid_points(SIZE, count) * [0.66, 0.44] + [130, 160]


def worst(field: Field, expected: NDArray[np.float64]) -> float:
    everywhere = grid_points(SIZE, 30)
    return float(np.linalg.norm(field.at(everywhere) - expected, axis=1).max())


@pytest.mark.parametrize("strength", [0.006, 0.015, -0.01])
def test_a_lens_is_right_where_no_point_anchors_it(strength: float) -> None:
    places = in_the_middle()
    field = fitted(places, bent(places, strength))
    assert field is not None
    assert worst(field, bent(grid_points(SIZE, 30), strength)) < 0.5


def test_a_field_that_is_no_lens_needs_points_all_over() -> None:
    def wave(places: Points) -> Points:
        x, y = (2 * places / (np.array(SIZE) - 1) - 1).T
        return np.stack([3 * y**3 - 2 * x * x * y, 2 * x**3], 1)

    everywhere = grid_points(SIZE, 20)
    field = fitted(everywhere, wave(everywhere))
    assert field is not None
    assert worst(field, wave(grid_points(SIZE, 30))) < 0.3
    places = in_the_middle()
    assert fitted(places, wave(places)) is None


def test_what_a_plane_motion_explains_is_not_bent() -> None:
    places = grid_points(SIZE, 20)
    assert fitted(places, np.zeros_like(places)) is None
    assert fitted(places[:50], bent(places[:50], 0.02)) is None
