"""What only a network or tilted views find, and that nothing is believed unproved."""

from __future__ import annotations

import hashlib
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest

from imgdiff import align
from imgdiff.alignment import learned
from imgdiff.alignment.features import PointMatch
from imgdiff.alignment.geometry import Matrix, Points, grid_points, moved
from imgdiff.alignment.learned import drawn_on_canvas, learned_points, onto_canvas
from imgdiff.alignment.oblique import oblique_match
from imgdiff.alignment.proof import Prover, mutual_matches
from imgdiff.alignment.quality import Gray, reduced
from imgdiff.alignment.second_look import second_look
from imgdiff.pixels.color import luma
from tests.motions import inverse, similarity, warped
from tests.pictures import image, photo

MODEL = Path(learned.__file__).parents[1] / "models" / "xfeat.onnx"

SUBJECTS = {
    "astronaut": (500, 500), "chelsea": (300, 450), "coffee": (400, 600), "rocket": (420, 640),
    "camera": (512, 512), "immunohistochemistry": (512, 512),
}  # fmt: skip


def gray(name: str) -> Gray:
    return np.asarray(luma(photo(name, *SUBJECTS[name])), np.uint8)


def at_night(picture: Gray) -> Gray:
    """Dark, with grain, and with lamps that weren't lit by day."""
    rng = np.random.default_rng(1)
    dark = 255 * (picture / 255) ** 2.2 * 0.35 + rng.normal(0, 8, picture.shape)
    height, width = picture.shape
    for x, y, radius in zip(
        rng.integers(0, width, 60),
        rng.integers(0, height, 60),
        rng.integers(3, 14, 60),
        strict=True,
    ):
        cv2.circle(dark, (int(x), int(y)), int(radius), float(rng.uniform(120, 255)), -1)
    return np.clip(dark, 0, 255).astype(np.uint8)


def seen_flatly(picture: Gray, tilt: float, turn: float) -> tuple[Gray, Matrix]:
    """A picture on a table, `tilt` times shorter in one direction, and the motion to that view."""
    height, width = picture.shape
    cos, sin = np.cos(turn), np.sin(turn)
    middle = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]])
    lean = np.sin(np.arccos(1 / tilt)) / (1.6 * max(width, height))
    plane = np.array([[cos / tilt, -sin / tilt, 0], [sin, cos, 0], [lean * cos, -lean * sin, 1]])
    matrix = inverse(middle) @ plane @ middle
    double = np.diag([2.0, 2, 1]) @ matrix
    large = cv2.warpPerspective(picture, double, (2 * width, 2 * height))
    smooth = cv2.GaussianBlur(large, (0, 0), 1)
    view = cv2.resize(smooth, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(view, np.uint8), matrix


def error(found: Matrix, truth: Matrix, places: Points) -> float:
    return float(np.linalg.norm(moved(places, found) - moved(places, truth), axis=1).max())


def middle(picture: Gray) -> Points:
    size = np.array(picture.shape[::-1])
    return np.asarray(grid_points((3, 3), 3) / 2 * size * 0.4 + size * 0.3)


def test_a_place_at_night_is_recognised() -> None:
    day = gray("rocket")
    truth = similarity(1.5, 1.02, photo("rocket", *SUBJECTS["rocket"]))
    night = at_night(
        np.asarray(cv2.warpPerspective(day, inverse(truth), day.shape[::-1]), np.uint8)
    )
    pair = align(image(day), image(night))
    assert pair.related
    assert pair.alignment.quality is not None
    assert pair.alignment.quality < 0.27  # nothing but the proof speaks for it
    assert error(pair.transform, truth, middle(night)) < 1


@pytest.mark.parametrize(
    "levels", [[255, 0], [128, 0, 255, 60, 200, 20]], ids=["negative", "infrared"]
)
def test_edges_alone_tell_what_is_dark_in_one_and_light_in_the_other(levels: list[int]) -> None:
    before = gray("coffee")
    truth = similarity(4, 1.05, photo("coffee", *SUBJECTS["coffee"]))
    other = np.interp(before, np.linspace(0, 255, len(levels)), levels).astype(np.uint8)
    after = warped(other, inverse(truth))
    pair = align(image(before), image(after))
    assert pair.related
    assert error(pair.transform, truth, middle(after)) < 1


@pytest.mark.parametrize("which", ["the test picture", "the reference"])
def test_a_plane_seen_flatly_is_straightened(which: str) -> None:
    front = gray("coffee")
    flat, forth = seen_flatly(front, 4, 2.5)
    if which == "the test picture":
        pair, truth, places = align(image(front), image(flat)), inverse(forth), middle(front)
        places = moved(places, forth)
    else:
        pair, truth, places = align(image(flat), image(front)), forth, middle(front)
    assert pair.related
    assert error(pair.transform, truth, places) < 3


def test_pictures_of_different_things_stay_that() -> None:
    pictures = [reduced(gray(name), 320) for name in ("camera", "coffee", "immunohistochemistry")]
    for one, other in combinations(pictures, 2):
        assert second_look(one, other) is None


def test_only_what_a_motion_was_not_made_from_proves_it() -> None:
    day = gray("astronaut")
    prover = Prover(day, at_night(day))
    few, all_over = grid_points((500, 500), 4), grid_points((500, 500), 150)
    assert prover.proved(PointMatch(few, few, np.eye(3))) is not None
    assert prover.proved(PointMatch(all_over, all_over, np.eye(3))) is None


@pytest.mark.parametrize("offset", [(40, 0), (0, -25), (300, 300)])
def test_a_wrong_motion_is_not_proved(offset: tuple[int, int]) -> None:
    day = gray("astronaut")
    wrong = np.array([[1, 0, offset[0]], [0, 1, offset[1]], [0, 0, 1]], np.float64)
    few = grid_points((500, 500), 4)
    assert Prover(day, at_night(day)).proved(PointMatch(few, few, wrong)) is None


def test_a_proof_makes_a_motion_more_exact() -> None:
    day = gray("chelsea")
    truth = similarity(0, 1.01, photo("chelsea", *SUBJECTS["chelsea"]))
    after = warped(day, inverse(truth))
    few = grid_points((450, 300), 4)
    proved = Prover(day, after).proved(PointMatch(few, few, np.eye(3)))
    assert proved is not None
    start = error(np.eye(3), truth, middle(day))
    assert error(proved.matrix, truth, middle(day)) < start / 2


def test_blank_pictures_prove_nothing() -> None:
    blank = np.full((200, 300), 90, np.uint8)
    few = grid_points((300, 200), 3)
    assert Prover(blank, blank).proved(PointMatch(few, few, np.eye(3))) is None
    assert Prover(gray("coffee"), blank).proved(PointMatch(few, few, np.eye(3))) is None


# The network


def test_the_weights_are_those_that_were_published() -> None:
    """Whoever changes the file has to say so here, and in NOTICE."""
    digest = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    assert digest == "4defb763fcd16520ce28627849ce333e90db338e114eefe6caa30853c962d683"


def test_opencv_runs_the_network_as_onnxruntime_does() -> None:
    canvas = drawn_on_canvas(gray("coffee"))
    normal = ((canvas - canvas.mean()) / (canvas.std() + 1e-3)).astype(np.float32)[None, None]
    session = onnxruntime.InferenceSession(MODEL, providers=["CPUExecutionProvider"])
    features, _, _ = session.run(None, {"picture": normal})
    points = learned_points(canvas)
    # Where a place lies on the middle of a cell, its vector is that cell's.
    x, y = points.places.T
    across, along = x * 80 / 639 - 0.5, y * 60 / 479 - 0.5
    near = np.flatnonzero(
        (abs(across - across.round()) < 0.02) & (abs(along - along.round()) < 0.02)
    )
    assert len(near)
    cells = features[0][:, along[near].round().astype(int), across[near].round().astype(int)].T
    cells /= np.linalg.norm(cells, axis=1, keepdims=True)
    assert (cells * points.vectors[near]).sum(axis=1).min() > 0.99


def test_places_move_with_the_picture() -> None:
    whole = gray("astronaut")
    one, other = (
        learned_points(drawn_on_canvas(p)) for p in (whole[:480, :480], whole[16:496, 8:488])
    )
    here, there = mutual_matches(one.vectors @ other.vectors.T, 0.82)
    gaps = one.places[here] - other.places[there]
    assert np.median(np.linalg.norm(gaps - [8, 16], axis=1)) < 0.5
    assert len(here) > 300


def test_no_two_places_are_neighbours_and_all_lie_on_the_picture() -> None:
    points = learned_points(drawn_on_canvas(gray("chelsea")))
    gaps = abs(points.places[:, None] - points.places[None]).max(axis=-1)
    np.fill_diagonal(gaps, 9)
    assert gaps.min() > 2
    np.testing.assert_allclose(np.linalg.norm(points.vectors, axis=1), 1, atol=1e-5)
    assert len(points.places) <= 2048


@pytest.mark.parametrize("size", [(640, 480), (100, 900), (3000, 20), (7, 5)])
def test_any_picture_fits_on_the_canvas(size: tuple[int, int]) -> None:
    corner = moved([[size[0] - 0.5, size[1] - 0.5]], onto_canvas(size))[0]
    assert (corner <= np.array([639.5, 479.5]) + 1e-6).all()
    assert drawn_on_canvas(np.zeros(size[::-1], np.uint8)).shape == (480, 640)


def test_matches_prefer_each_other() -> None:
    likeness = np.array([[0.9, 0.95, 0], [0.2, 0.99, 0], [0, 0, 0.5]], np.float32)
    here, there = mutual_matches(likeness, 0.6)
    np.testing.assert_array_equal([here, there], [[1], [1]])


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_where_no_place_is_described_none_match(shape: tuple[int, int]) -> None:
    here, there = mutual_matches(np.zeros(shape, np.float32), 0.6)
    assert len(here) == len(there) == 0


# Tilted views


def test_tilted_views_of_one_place_count_once() -> None:
    before = gray("coffee")
    after, _ = seen_flatly(before, 3, 0.4)
    found = oblique_match(before, after)
    assert found is not None
    for places in (found.source, found.target):
        small = places * 512 / 600
        assert len(np.unique(np.rint(small / 2), axis=0)) >= 0.97 * len(small)


def test_tilted_views_of_nothing_match_nothing() -> None:
    blank = np.full((200, 300), 90, np.uint8)
    assert oblique_match(blank, blank) is None
    assert oblique_match(blank, gray("coffee")) is None
