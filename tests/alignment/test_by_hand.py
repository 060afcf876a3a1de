"""Points that somebody gave, where alignment needs help."""

from __future__ import annotations

import json

import numpy as np
import pytest

from imgdiff import Settings, SettingsError, align, compare, view_of
from imgdiff.report.numbers import to_json
from imgdiff.types import PointPair
from tests.motions import Matrix, corner_error, inverse, similarity, warped
from tests.pictures import image, photo

BEFORE = photo("coffee", 380, 560)
TURNED = similarity(20, 0.8, BEFORE)
TILTED = np.array([[0.9, 0.05, 20], [-0.02, 0.95, 12], [1e-4, -8e-5, 1]])


def given(matrix: Matrix, *places: tuple[float, float]) -> list[PointPair]:
    """Places before, and where a motion to the picture after takes them."""
    ends = np.array([[*place, 1] for place in places]) @ matrix.T
    after = (ends[:, :2] / ends[:, 2:]).tolist()
    return [(*place, x, y) for place, (x, y) in zip(places, after, strict=True)]


@pytest.mark.parametrize(
    ("matrix", "places"),
    [
        (np.array([[1.0, 0, 30.5], [0, 1, -12], [0, 0, 1]]), [(100, 100)]),
        (TURNED, [(60, 50), (480, 300)]),
        (np.array([[1.1, 0.1, 5], [0, 0.9, 8], [0, 0, 1]]), [(60, 50), (480, 60), (300, 320)]),
        (TILTED, [(40, 40), (500, 50), (520, 340), (60, 330)]),
        (TILTED, [(40, 40), (500, 50), (520, 340), (60, 330), (250, 200)]),
    ],
    ids=["one, a shift", "two, a turn", "three, affine", "four, a view", "five"],
)
def test_points_alone_tell_the_motion(matrix: Matrix, places: list[tuple[float, float]]) -> None:
    after = warped(BEFORE, matrix)
    for motion in ("auto", "none"):
        pair = align(image(BEFORE), image(after), motion=motion, points=given(matrix, *places))
        assert corner_error(pair, inverse(matrix)) < 1e-4
        assert pair.related
        assert pair.alignment.residual == pytest.approx(0, abs=1e-4)


def test_points_by_eye_are_as_exact_as_the_eye() -> None:
    after = warped(BEFORE, TURNED)
    points = [tuple(np.rint(pair).tolist()) for pair in given(TURNED, (60, 50), (480, 300))]
    assert corner_error(align(image(BEFORE), image(after), points=points), inverse(TURNED)) < 2


def test_points_lay_pictures_of_other_sizes_on_each_other() -> None:
    after = np.ascontiguousarray(BEFORE[50:300, 40:500])
    pair = align(image(BEFORE), image(after), motion="none", points=[(140, 150, 100, 100)])
    np.testing.assert_array_equal(pair.transform[:2, 2], [40, 50])
    assert not (pair.test.pixels[50:300, 40:500] != after).any()


@pytest.mark.parametrize(
    "points",
    [
        [(1, 2, 3)],
        [(0, 0, float("nan"), 0)],
        [(10, 10, 10, 10), (10, 10, 200, 90)],
        [(10, 10, 10, 10), (20, 20, 20, 20), (30, 30, 30, 30)],
        [(0, 0, 0, 0), (9, 9, 9, 9), (20, 20, 20, 20), (30, 30, 30, 30)],
        [(5000, 5000, 0, 0)],
    ],
)
def test_points_that_make_no_motion_are_refused(points: list[PointPair]) -> None:
    with pytest.raises(SettingsError, match="points"):
        align(image(BEFORE), image(BEFORE), points=points)


def test_points_stand_in_the_report() -> None:
    pair = (140.0, 150.0, 100.0, 100.0)
    result = compare(image(BEFORE), image(BEFORE), Settings(points=(pair,)))
    assert json.loads(to_json(view_of(result)))["settings"]["points"] == [list(pair)]
