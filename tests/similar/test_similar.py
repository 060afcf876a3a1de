"""Likeness of two pictures and of sets: words, groups, order, tables, files."""

from __future__ import annotations

import csv
import io
import pickle
import zipfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from imgdiff import LoadError, SettingsError
from imgdiff.load.archive import unpacked
from imgdiff.similar import facts, sources
from imgdiff.similar.collection import Collection, collect
from imgdiff.similar.degrees import guidance, in_words, percent_alike, relation
from imgdiff.similar.embedding import bands_of
from imgdiff.similar.embedding.vectors import unit
from imgdiff.similar.figures import matched_svg, matrix_svg, similarity_colors
from imgdiff.similar.fingerprint import Fingerprint, fingerprint, fingerprint_of
from imgdiff.similar.gather import LeftOut, parted, read_all
from imgdiff.similar.keypoints import find_keypoints
from imgdiff.similar.likeness import alike_in_words, likeness
from imgdiff.similar.sources import PictureSource, sources_at, sources_in_zip
from tests.pictures import Picture, image, write

BANDS = bands_of()
EMPTY = find_keypoints(image(np.zeros((9, 9, 3), np.uint8)))


def print_of(picture: Picture, name: str = "picture.png") -> Fingerprint:
    return fingerprint_of(replace(image(np.ascontiguousarray(picture)), name=name))


def made_up(*directions: tuple[float, ...]) -> list[Fingerprint]:
    """Fingerprints with these vectors, and no points."""
    return [
        Fingerprint(f"{number}.png", 9, 9, unit(np.array(direction, np.float32)), EMPTY, b"",
                    "efficientnet-lite2")
        for number, direction in enumerate(directions)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def photos() -> Collection:
    astronaut, coffee = data.astronaut(), data.coffee()
    pictures = {
        "astronaut.png": astronaut,
        "coffee.png": coffee,
        "rocket.png": data.rocket(),
        "astronaut mirrored.png": astronaut[:, ::-1],
        "coffee cropped.png": coffee[40:340, 100:500],
        "astronaut small.png": cv2.resize(astronaut, (200, 200), interpolation=cv2.INTER_AREA),
        "chelsea.png": data.chelsea(),
    }
    return collect([print_of(picture, name) for name, picture in pictures.items()])


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (1.0, "100 % alike: nearly identical content"),
        (0.796, "80 % alike: nearly identical content"),
        (0.794, "79 % alike: very similar"),
        (0.55, "55 % alike: very similar"),
        (0.36, "36 % alike: related"),
        (0.29, "29 % alike: no clear relation"),
        (-0.2, "0 % alike: no clear relation"),
    ],
)
def test_the_words_follow_the_percentage_that_is_shown(score: float, words: str) -> None:
    assert in_words(score, BANDS) == words


def test_no_score_is_called_different() -> None:
    words = {relation(score, BANDS) for score in np.linspace(-1, 1, 201)}
    assert len(words) == 4
    assert not any("different" in word for word in words)
    assert percent_alike(-1) == 0


def test_guessed_bands_are_called_that() -> None:
    assert "guess" not in guidance(BANDS)
    assert "haven't been measured" in guidance(replace(BANDS, measured=False))


def test_two_pictures_of_one_thing_are_confirmed() -> None:
    found = likeness(print_of(data.astronaut()), print_of(data.astronaut()[:, ::-1]))
    assert found.headline == "91 % alike: nearly identical content"
    assert found.evidence.startswith("Same picture or same scene, confirmed by ")
    assert found.evidence.endswith(" matching points. One of them is mirrored.")


def test_two_pictures_of_two_things_are_not() -> None:
    found = likeness(print_of(data.astronaut()), print_of(data.chelsea()))
    assert found.headline == "7 % alike: no clear relation"
    assert found.evidence.startswith("No matching points confirm")


def test_the_compare_page_gets_words_for_any_pair() -> None:
    astronaut, blank = image(data.astronaut()), image(np.full((50, 50, 3), 255, np.uint8))
    assert alike_in_words(astronaut, image(data.coffee())) == "9 % alike: no clear relation"
    assert alike_in_words(astronaut, blank) == "one of them is blank"


def test_few_points_come_from_all_over_the_picture() -> None:
    """The clearest of all lie in the caption that most pictures of this kind have."""
    page = np.full((400, 400, 3), 128, np.uint8)
    page[:370] = cv2.resize(data.astronaut(), (400, 370)) // 4 + 96
    for row in (380, 395):
        cv2.putText(page, "IMAGES OF A MUSEUM " * 3, (0, row), 0, 0.4, (0, 0, 0))
    points = find_keypoints(image(page))
    few = points.spread(100)
    assert len(few.points) == len(few.descriptors) == 100
    assert (few.points[:, 1] < 330).mean() > 0.7
    assert points.spread(1000) is points
    assert len(EMPTY.spread(5).points) == 0


def test_a_fingerprint_is_small_and_travels(tmp_path: Path) -> None:
    path = write(tmp_path, "a.png", data.astronaut())
    made = fingerprint(path.read_bytes(), "a.png")
    packed = pickle.dumps(made)
    assert len(packed) < 200_000
    assert likeness(pickle.loads(packed), made).percent == 100  # noqa: S301 (just packed)


def test_near_duplicates_are_grouped_and_others_are_not(photos: Collection) -> None:
    names = [[photos.pictures[index].name for index in group] for group in photos.groups]
    assert names == [
        ["astronaut.png", "astronaut mirrored.png", "astronaut small.png"],
        ["coffee.png", "coffee cropped.png"],
    ]
    assert photos.headline == "2 groups of near-duplicates: 5 of 7 pictures."


def test_neighbours_come_best_first(photos: Collection) -> None:
    first, second, *rest = photos.neighbours(0, 5)
    assert {photos.pictures[other.index].name for other in (first, second)} == {
        "astronaut mirrored.png", "astronaut small.png",
    }  # fmt: skip
    assert first.score >= second.score
    assert min(first.points, second.points) >= 10
    assert [other.points for other in rest] == [0, 0, 0]
    assert len(photos.neighbours(0, 2)) == 2


def test_similarities_are_symmetric_with_ones_in_the_middle(photos: Collection) -> None:
    assert photos.matrix is not None
    scores = photos.matrix.scores
    np.testing.assert_array_equal(scores, scores.T)
    np.testing.assert_allclose(scores.diagonal(), 1, atol=1e-5)
    assert photos.score(2, 5) == pytest.approx(scores[2, 5], abs=1e-6)


def test_like_stands_by_like() -> None:
    ring = [(np.cos(angle), np.sin(angle)) for angle in (0, 2, 0.1, 2.1, 0.2, 2.2)]
    matrix = collect(made_up(*ring)).matrix
    assert matrix is not None
    order = list(matrix.order)
    assert sorted(order) == [0, 1, 2, 3, 4, 5]
    assert order in ([0, 2, 4, 1, 3, 5], [5, 3, 1, 4, 2, 0])


def test_smooth_pictures_are_grouped_without_points() -> None:
    assert collect(made_up((1, 0), (1, 0.1), (0, 1))).groups == ((0, 1),)


def test_similar_pictures_with_points_that_do_not_match_are_not_grouped() -> None:
    """As two pages of text are: alike to the network, yet not the same."""
    flat, *rest = made_up((1, 0), (1, 0.1))
    detailed = find_keypoints(image(data.astronaut())), find_keypoints(image(data.coffee()))
    pair = [replace(flat, keypoints=detailed[0]), replace(rest[0], keypoints=detailed[1])]
    assert collect(pair).groups == ()


def test_a_chain_is_one_group() -> None:
    angles = np.arange(5) * 0.3  # neighbours 0.955 alike, ends 0.36
    assert collect(made_up(*((np.cos(a), np.sin(a)) for a in angles))).groups == ((0, 1, 2, 3, 4),)


def test_more_than_a_matrix_holds_have_groups_and_neighbours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("imgdiff.similar.collection.MOST_IN_MATRIX", 3)
    found = collect(made_up((1, 0), (1, 0.1), (0, 1), (0.1, 1)), top=2)
    assert found.matrix is None
    assert [*facts.matrix_rows(found)] == []
    assert found.groups == ((0, 1), (2, 3))
    assert [other.index for other in found.neighbours(0, 2)] == [1, 3]


def test_five_hundred_are_ordered_in_time() -> None:
    rng = np.random.default_rng(0)
    told: list[tuple[str, int, int]] = []
    found = collect(
        made_up(*rng.normal(size=(500, 64))),
        progress=lambda *stage: told.append(stage),
    )
    assert found.matrix is not None
    assert sorted(found.matrix.order) == list(range(500))
    assert found.groups == ()
    assert {doing for doing, *_ in told} == {
        "Looking for the most alike", "Checking which points match",
    }  # fmt: skip
    assert told[-1][1] == told[-1][2]


def test_tables_hold_every_number_and_no_formula(photos: Collection) -> None:
    rows = list(
        csv.DictReader(io.StringIO(facts.facts_to_csv(facts.neighbour_rows(photos, top=3))))
    )
    assert len(rows) == 7 * 3
    assert float(rows[0]["similarity"]) > 0.9
    matrix = list(csv.reader(io.StringIO(facts.facts_to_csv(facts.matrix_rows(photos)))))
    assert len(matrix) == 8
    assert {len(row) for row in matrix} == {8}
    assert facts.facts_to_csv([{"picture": "=cmd()"}]) == "picture\n'=cmd()\n"
    assert facts.facts_to_csv([]) == ""


def test_drawings_are_well_formed_and_hold_no_names(photos: Collection) -> None:
    first, second = photos.pictures[0], replace(photos.pictures[3], name="<script>")
    drawing = matched_svg(first, second, likeness(first, second).match).decode()
    assert drawing.count("<path") == 120
    assert photos.matrix is not None
    matrix = matrix_svg(photos, photos.matrix).decode()
    assert matrix.count("<image") == 1 + 2 * 7
    assert "script" not in drawing + matrix
    for text in (drawing, matrix):
        assert text.startswith("<svg ")
        assert text.endswith("</svg>")


def test_the_matrix_grows_darker_with_likeness() -> None:
    colors = similarity_colors(np.linspace(-0.5, 1, 50, dtype=np.float32)[None])[0]
    luminance = colors @ (0.2126, 0.7152, 0.0722)
    assert (np.diff(luminance) <= 0).all()
    assert luminance[0] > 220
    assert luminance[-1] < 40


def test_folders_give_their_pictures_in_natural_order(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("10.png", "2.png", "below/1.JPG", "notes.txt", ".hidden/3.png", "b1c.png"):
        (tmp_path / name).touch()
    names = [source.name for source in sources_at([tmp_path])]
    assert names == ["2.png", "10.png", "b1c.png", "below/1.JPG"]


def test_what_cannot_be_used_is_named_with_a_reason(tmp_path: Path) -> None:
    files = {
        "good.png": write(tmp_path, "good.png", data.coffee()).read_bytes(),
        "words.png": b"just words",
        "blank.png": write(tmp_path, "blank.png", np.zeros((9, 9, 3), np.uint8)).read_bytes(),
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, content in files.items():
            file.writestr(name, content)
        file.writestr("__MACOSX/._good.png", b"")
        file.writestr("notes.txt", b"")
    results = list(read_all(sources_in_zip(archive.getvalue())))
    assert [type(result) for result in results] == [LeftOut, Fingerprint, LeftOut]
    pictures, left_out = parted(results)
    assert [picture.name for picture in pictures] == ["good.png"]
    reasons = {failure.name: failure.reason for failure in left_out}
    assert "blank" in reasons["blank.png"]
    assert "something else" in reasons["words.png"]


def test_damaged_archives_are_refused() -> None:
    with pytest.raises(LoadError, match="ZIP archive of pictures is expected"):
        sources_in_zip(b"PK\x03\x04 or something")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.png", bytes(range(256)) * 9)
    data = bytearray(archive.getvalue())
    data[60:90] = bytes(30)
    (source,) = sources_in_zip(bytes(data))
    with pytest.raises(LoadError, match="damaged inside its archive"):
        unpacked(source.read())


def test_too_many_are_refused() -> None:
    many = [PictureSource("a.png", bytes)] * 200_001
    with pytest.raises(SettingsError, match=r"10,000 pictures, but this one has 200,001.*--cache"):
        sources.within_limits(many)
    with pytest.raises(SettingsError, match=r"200,000 pictures.*: compare it in parts\.$"):
        sources.within_limits(many, most=sources.MAX_KEPT)
