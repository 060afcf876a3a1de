"""``imgdiff similar`` as its users run it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from imgdiff.cli import main
from tests.pictures import SAMPLES, write

BEFORE, AFTER = str(SAMPLES / "coffee_before.jpg"), str(SAMPLES / "coffee_after.jpg")
Output = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures of one thing, one of another, one blank, one broken."""
    coffee = data.coffee()
    write(tmp_path, "coffee.png", coffee)
    write(tmp_path, "=coffee.jpg", np.ascontiguousarray(coffee[:, ::-1]))
    write(tmp_path, "rocket.png", data.rocket())
    write(tmp_path, "blank.png", np.full((40, 40, 3), 255, np.uint8))
    (tmp_path / "broken.png").write_text("just words")
    return tmp_path


def test_two_pictures_get_three_lines(capsys: Output) -> None:
    assert main(["similar", BEFORE, AFTER]) == 0
    headline, evidence, guidance = capsys.readouterr().out.splitlines()
    assert headline == "96 % alike: nearly identical content"
    assert evidence.startswith("Same picture or same scene, confirmed by ")
    assert "guidance, not proof" in guidance


def test_two_pictures_as_json(capsys: Output) -> None:
    assert main(["similar", BEFORE, str(SAMPLES / "page_after.png"), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["percent"] == 0
    assert facts["confirmed"] is False
    assert facts["relation"] == "no clear relation"
    assert facts["second"] == {"name": "page_after.png", "width": 960, "height": 600}


def test_a_folder_is_described(folder: Path, capsys: Output) -> None:
    assert main(["similar", str(folder), "--top", "1"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(
        "1 group of near-duplicates: 2 of 3 pictures.\nGroup 1:\n  =coffee.jpg\n"
    )
    assert "rocket.png:\n" in text
    assert "Left out: broken.png: A JPEG, PNG" in text
    assert "Left out: blank.png: A picture that shows something" in text


def test_duplicates_leave_the_rest_out(folder: Path, capsys: Output) -> None:
    assert main(["similar", str(folder), "--duplicates"]) == 0
    assert "rocket" not in capsys.readouterr().out


def test_tables_are_csv_without_formulas(folder: Path, capsys: Output) -> None:
    assert main(["similar", str(folder), "--top", "2", "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 3 * 2
    assert rows[0]["picture"] == "'=coffee.jpg"
    assert rows[0]["neighbour"] == "coffee.png"
    assert int(rows[0]["matching_points"]) >= 10
    assert main(["similar", str(folder), "--duplicates", "--csv"]) == 0
    groups = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["group"] for row in groups] == ["1", "1"]


def test_a_folder_as_json(folder: Path, capsys: Output) -> None:
    assert main(["similar", str(folder), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["duplicates"] == [["=coffee.jpg", "coffee.png"]]
    assert {failure["name"] for failure in facts["left_out"]} == {"blank.png", "broken.png"}
    assert len(facts["pictures"]) == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([BEFORE], "At least two pictures are expected, but there is 1"),
        (["nowhere.png", AFTER], "There is no such file"),
        ([BEFORE, AFTER, "--top", "0"], "--top must be 1 or more, but is 0"),
        ([BEFORE, AFTER, "--model", "resnet"], "The model must be one of"),
        (
            [BEFORE, AFTER, "--model", "dinov2-small", "--model-file", BEFORE],
            "must have the sha256",
        ),
        (["nothing.zip"], "no such file"),
    ],
)
def test_mistakes_exit_2_with_one_sentence(
    arguments: list[str], sentence: str, capsys: Output
) -> None:
    assert main(["similar", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert sentence in captured.err
    assert captured.err.count("\n") == 1


def test_an_error_in_one_of_two_says_in_which(folder: Path, capsys: Output) -> None:
    assert main(["similar", BEFORE, str(folder / "blank.png")]) == 2
    assert capsys.readouterr().err.startswith("imgdiff: blank.png: A picture that shows something")


def test_a_folder_of_unusable_files_is_a_mistake(tmp_path: Path, capsys: Output) -> None:
    for name in ("a.png", "b.png", "c.png"):
        cv2.imwrite(str(tmp_path / name), np.zeros((20, 20), np.uint8))
    assert main(["similar", str(tmp_path)]) == 2
    assert "At least two pictures that show something are expected" in capsys.readouterr().err
