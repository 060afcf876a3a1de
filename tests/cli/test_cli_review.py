"""``imgdiff review``: people's judgements in the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from imgdiff.cli import main
from imgdiff.review.review_file import read_review, write_review
from imgdiff.types import Box, Intent, Judgement, Review
from tests.review.test_review_file import HOSTILE, review_file

BOX = Box(1, 2, 30, 40)


def saved(folder: Path, by: str, intent: Intent, note: str = "") -> str:
    path = folder / f"{by}.imgdiff"
    path.write_bytes(write_review(review_file(Review((Judgement(BOX, intent, note, by=by),)))))
    return str(path)


def test_what_was_meant_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", saved(tmp_path, "Ann", "meant", "as asked for")]) == 0
    assert capsys.readouterr().out == (
        "a.png and b.png: 1 place changed.\n30 × 40 px at 1, 2: Meant (Ann): as asked for\n"
    )


def test_two_people_who_differ_do_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both = tmp_path / "both.imgdiff"
    files = [saved(tmp_path, "Ann", "meant"), saved(tmp_path, "Bob", "not meant")]
    assert main(["review", *files, "--merge", str(both), "--json"]) == 1
    [place] = json.loads(capsys.readouterr().out)["places"]
    assert place["opinion"] == "conflict"
    assert {one.by for one in read_review(both.read_bytes()).review.judgements} == {"Ann", "Bob"}
    assert main(["review", str(both)]) == 1
    assert "in conflict" in capsys.readouterr().out


def test_nothing_judged_is_no_pass(tmp_path: Path) -> None:
    assert main(["review", saved(tmp_path, "Ann", "")]) == 1


def test_bad_files_get_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.imgdiff"
    bad.write_bytes(HOSTILE["a path that leads out"])
    for path in (bad, tmp_path / "none.imgdiff", tmp_path):
        assert main(["review", str(path)]) == 2
        told = capsys.readouterr().err
        assert told.count("\n") == 1
        assert path.name in told
