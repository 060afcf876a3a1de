"""What a lens leaves of a plane motion, also where no point anchors it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from imgdiff import compare
from imgdiff.alignment.field import Field, fit_field
from imgdiff.alignment.fit import Fit
from imgdiff.alignment.geometry import Points, Size, grid_points
from imgdiff.alignment.refine import Tracks
from tests.pictures import Picture, image

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


def page_of_text(height: int, width: int) -> Picture:
    """Lines at the left of a sheet, that end long before its right and lower edge."""
    page = np.full((height, width, 3), 246, np.uint8)
    rng = np.random.default_rng(2)
    for y in range(70, height - 170, 22):
        line = "".join(rng.choice(list("abcdefghilmnoprstuv   "), 38))
        cv2.putText(page, line, (60, y), 0, 0.42, (40, 40, 50), 1, cv2.LINE_AA)
    return page


@pytest.mark.parametrize("strength", [-0.008, 0.006])
def test_a_page_of_text_through_a_lens_has_not_changed(strength: float) -> None:
    before = page_of_text(560, 760)
    x, y = np.meshgrid(np.arange(760), np.arange(560))
    across, down = (x - 380) / 380, (y - 280) / 380
    growth = 1 + strength * (across**2 + down**2)
    columns, rows = across * growth * 380 + 380, down * growth * 380 + 280
    after = cv2.remap(
        before, columns.astype(np.float32), rows.astype(np.float32), cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REFLECT_101,
    )  # fmt: skip
    found = compare(image(before), image(np.asarray(after, np.uint8)))
    assert found.pair.alignment.bent
    assert found.pair.alignment.residual is not None
    assert found.pair.alignment.residual < 0.1
    assert not found.regions
