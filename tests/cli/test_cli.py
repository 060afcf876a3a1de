"""The command as its users run it."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from imgdiff.cli import main
from tests.pictures import PAGE_HEADLINE, SAMPLES, drawing, write

BEFORE, AFTER = str(SAMPLES / "page_before.png"), str(SAMPLES / "page_after.png")
BAD_FILES = {
    "empty.png": (b"", "empty"),
    "text.png": (b"just words", "something else"),
    "cut.jpg": ((SAMPLES / "coffee_before.jpg").read_bytes()[:40_000], "cut short"),
}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "imgdiff", "compare", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_changed_pictures_exit_1_and_are_described() -> None:
    result = run(BEFORE, AFTER)
    assert result.returncode == 1
    assert result.stderr == ""
    headline, score, *_ = result.stdout.splitlines()
    assert headline == PAGE_HEADLINE
    assert score.startswith("Image similarity: 99.2181 %")


def test_the_same_file_twice_exits_0_with_100_percent() -> None:
    result = run(BEFORE, BEFORE, "--json")
    assert result.returncode == 0
    facts = json.loads(result.stdout)
    assert facts["similarity_percent"] == 100
    assert facts["regions"] == []


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_exit_2_with_one_sentence(name: str, tmp_path: Path) -> None:
    content, reason = BAD_FILES[name]
    (tmp_path / name).write_bytes(content)
    result = run(BEFORE, str(tmp_path / name))
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert name in result.stderr
    assert reason in result.stderr


def test_a_missing_path_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "nowhere.png", AFTER]) == 2
    assert (
        capsys.readouterr().err == "imgdiff: nowhere.png: There is no such file: check the path.\n"
    )


def test_too_small_for_ssim_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write(tmp_path, "tiny.png", drawing(6, 6)))
    assert main(["compare", path, path, "--method", "ssim"]) == 2
    assert "at least 7 × 7 pixels, but these are 6 × 6" in capsys.readouterr().err
    assert main(["compare", path, path, "--method", "absdiff"]) == 0


def test_different_sizes_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write(tmp_path, "other.png", drawing(60, 80)))
    assert main(["compare", BEFORE, path, "--align", "none"]) == 2
    assert "960 × 600 and the second 80 × 60 pixels" in capsys.readouterr().err


def test_all_pictures_and_the_report_are_written(tmp_path: Path) -> None:
    out, report = tmp_path / "new" / "folder", tmp_path / "report.html"
    assert main(["compare", BEFORE, AFTER, "--out", str(out), "--report", str(report)]) == 1
    contract = {"diff.png", "boxed_before.png", "boxed_after.png", "mask.png", "filled.png"}
    assert {path.name for path in out.iterdir()} == contract
    mask = cv2.imread(str(out / "mask.png"), cv2.IMREAD_UNCHANGED)
    assert mask is not None
    assert mask.shape == (600, 960)
    assert report.read_text("utf-8").startswith("<!doctype html>")


def test_reports_and_lists_come_in_every_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, gif = tmp_path / "report.PDF", tmp_path / "blink.gif"
    options = ["--method", "ssim", "--report", str(report), "--gif", str(gif), "--csv"]
    assert main(["compare", BEFORE, AFTER, *options]) == 1
    assert capsys.readouterr().out.startswith(
        "number,x,y,width,height,area,kind,confidence,text_before,text_after,judgement,note,judged_by\n1,375,424,51,79,"
    )
    assert report.read_bytes().startswith(b"%PDF-")
    assert gif.read_bytes().startswith(b"GIF89a")
    with pytest.raises(SystemExit) as stop:
        main(["compare", BEFORE, AFTER, "--report", "report.docx"])
    assert stop.value.code == 2
    assert "ends in .html or .pdf, found 'report.docx'" in capsys.readouterr().err


def test_of_unrelated_pictures_the_score_comes_last_with_what_it_is_worth(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["compare", BEFORE, str(SAMPLES / "coffee_before.jpg")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "These don't look like pictures of the same thing."
    assert "means nothing for pictures of different things" in lines[-1]


def test_a_place_that_cannot_be_written_exits_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["compare", BEFORE, AFTER, "--out", str(tmp_path / "file" / "below")]) == 2
    assert "choose another place" in capsys.readouterr().err


def test_options_reach_the_comparison(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--method", "absdiff", "--color", "--min-area", "150", "--ignore", "640,480,300,80"]
    assert main(["compare", BEFORE, AFTER, *options, "--threshold", "30", "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert facts["method"] == "absdiff"
    assert facts["threshold"] == 30
    assert facts["settings"] == {
        "grayscale": False,
        "align": "auto",
        "nudge": [0, 0],
        "points": [],
        "min_area": 150,
        "threshold": 30,
        "ignore": [[640, 480, 300, 80]],
        "region": None,
        "params": {},
        "read": "places",
        "ignore_redrawn": True,
        "ignore_text": [],
    }
    assert all(region["area"] > 150 and region["box"][1] < 500 for region in facts["regions"])


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "1,2,3,4,5"])
def test_a_malformed_box_exits_2(box: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["compare", BEFORE, AFTER, "--ignore", box])
    assert stop.value.code == 2
    assert "expected four whole numbers" in capsys.readouterr().err


@pytest.mark.parametrize("output", ["/dev/full", "&-"])
def test_output_that_fails_exits_2(output: str) -> None:
    command = f"{sys.executable} -m imgdiff compare {BEFORE} {BEFORE} >{output}"
    result = subprocess.run(  # noqa: S602 (the redirection is the point; the words are ours)
        command, shell=True, capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_names_and_terminals_of_any_encoding_work(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"bad\xff \xe5\x9b\xb3.png")
    shutil.copy(BEFORE, path)
    result = subprocess.run(
        [sys.executable, "-m", "imgdiff", "compare", BEFORE, path, "--json",
         "--report", tmp_path / "report.html"],
        capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert result.stderr == b""
    assert result.returncode == 0
    assert json.loads(result.stdout)["test"]["name"] == "bad? 図.png"


def test_even_changes_exit_1(tmp_path: Path) -> None:
    dark = str(write(tmp_path, "dark.png", np.full((30, 30, 3), 90, np.uint8)))
    light = str(write(tmp_path, "light.png", np.full((30, 30, 3), 190, np.uint8)))
    assert main(["compare", dark, light]) == 1


def test_a_bug_exits_2_with_its_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("imgdiff.cli.compare.compare", broken)
    assert main(["compare", BEFORE, AFTER]) == 2
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_the_command_imports_little(tmp_path: Path) -> None:
    """Start-up is most of the time of a small comparison: scikit-image alone would double it."""
    program = (
        "import sys; from imgdiff.cli import main; main(sys.argv[1:]);"
        "print({name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names),"
        "file=sys.stderr)"
    )
    for extension in ("png", "jpg"):
        path = str(write(tmp_path, f"picture.{extension}", drawing(30, 30)))
        command = [sys.executable, "-c", program, "compare", path, path]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
        imported = {name for name in ast.literal_eval(result.stderr) if not name.startswith("_")}
        assert imported == {"imgdiff", "numpy", "cv2", "isal"}


def test_a_closed_pipe_leaves_no_traceback() -> None:
    command = f"{sys.executable} -m imgdiff compare {BEFORE} {AFTER} --json | head -1"
    result = subprocess.run(  # noqa: S602 (a pipe is the point; the words are ours)
        command, shell=True, capture_output=True, text=True, check=False
    )
    assert result.stdout == "{\n"
    assert result.stderr == ""
