"""Many pairs: which belong together, and what becomes of each."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from imgdiff.batch import FilePair, Row, compare_pairs, pair_folders, pair_list
from imgdiff.batch.row import most_changed_first, summary
from imgdiff.batch.task import run_task, task_of
from imgdiff.configuration.rules import Rules
from imgdiff.environment import limit_threads, thread_count
from imgdiff.errors import PairingError
from imgdiff.metrics import tiles
from imgdiff.workers.worker_pool import WorkerPool
from tests.pictures import drawing, photo, write

from .eight_pairs import SETTINGS, by_name


def test_folders_pair_by_relative_path(tmp_path: Path) -> None:
    for path in ("before/a/x.png", "before/gone.png", "after/a/x.png", "after/new.PNG",
                 "after/notes.txt", "after/.hidden.png", "after/.git/y.png"):  # fmt: skip
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    pairs = pair_folders(tmp_path / "before", tmp_path / "after")
    assert [(pair.name, bool(pair.before), bool(pair.after)) for pair in pairs] == [
        ("a/x.png", True, True),
        ("gone.png", True, False),
        ("new.PNG", False, True),
    ]


def test_by_stem_another_format_is_the_same_picture(tmp_path: Path) -> None:
    for path in ("before/x.png", "after/x.webp"):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).touch()
    before, after = tmp_path / "before", tmp_path / "after"
    assert len(pair_folders(before, after)) == 2
    (pair,) = pair_folders(before, after, match="stem")
    assert (pair.name, pair.before, pair.after) == ("x.webp", before / "x.png", after / "x.webp")
    (before / "x.jpg").touch()
    with pytest.raises(PairingError, match="must differ before the dot"):
        pair_folders(before, after, match="stem")


def test_a_list_names_its_pairs(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("before,after,name\na.png,b.png,first\n,c.png,\n", "utf-8-sig")
    assert pair_list(path) == [
        FilePair("first", tmp_path / "a.png", tmp_path / "b.png"),
        FilePair("c.png", None, tmp_path / "c.png"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "columns before and after"),
        ("one,two\n1,2\n", "columns before and after"),
        ("before,after\na,b\nx,b\n", "b comes twice"),
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(PairingError, match=reason):
        pair_list(path)


def test_each_pair_gets_its_row(folders: tuple[Path, Path], workers: WorkerPool) -> None:
    before, after = folders
    (before / "0.png").unlink()
    (after / "1.png").unlink()
    (after / "2.png").write_bytes(b"no picture")
    write(after, "3.png", drawing(40, 50))
    rows = by_name(compare_pairs(pair_folders(before, after), SETTINGS, workers))
    assert [rows[f"{number}.png"].status for number in range(6)] == [
        "added", "removed", "failed", "failed", "changed", "equal",
    ]  # fmt: skip
    assert rows["2.png"].verdict.startswith("After: A JPEG, PNG, ")
    assert "same size" in rows["3.png"].verdict
    assert rows["4.png"].regions > 0
    assert rows["5.png"].similarity_percent == 100
    assert summary(rows.values()) == ("8 pairs: 2 changed, 2 failed, 1 added, 1 removed, 2 equal.")


def test_any_executor_gives_the_same_rows(folders: tuple[Path, Path], workers: WorkerPool) -> None:
    pairs = pair_folders(*folders)
    expected = by_name(compare_pairs(pairs, SETTINGS, workers))
    with ThreadPoolExecutor(2) as threads:
        assert by_name(compare_pairs(pairs, SETTINGS, threads)) == expected
    in_memory = [
        FilePair(pair.name, pair.before.read_bytes(), pair.after.read_bytes())  # type: ignore[union-attr]
        for pair in pairs
    ]
    found = by_name(compare_pairs(in_memory, SETTINGS, workers))
    assert {name: row.key for name, row in found.items()} == {
        name: row.key for name, row in expected.items()
    }


def test_known_rows_stand_until_file_or_settings_change(folders: tuple[Path, Path]) -> None:
    pairs = pair_folders(*folders)
    known = {
        pair.name: replace(run_task(task_of(pair, Rules(SETTINGS))), verdict="old")
        for pair in pairs
    }
    folders[1].joinpath("0.png").write_bytes(folders[0].joinpath("0.png").read_bytes())
    with ThreadPoolExecutor(2) as threads:
        found = by_name(compare_pairs(pairs, SETTINGS, threads, known=known))
        assert {name for name, row in found.items() if row.verdict != "old"} == {"0.png"}
        other = replace(SETTINGS, min_area=41)
        found = by_name(compare_pairs(pairs, other, threads, known=known))
        assert not any(row.verdict == "old" for row in found.values())


def test_the_most_changed_come_first() -> None:
    rows = [
        Row("e", "equal", ""),
        Row("little", "changed", "", changed_fraction=0.1),
        Row("much", "changed", "", changed_fraction=0.9),
        Row("broken", "failed", ""),
    ]
    assert [row.name for row in most_changed_first(rows)] == ["much", "little", "broken", "e"]


def test_pictures_of_different_things_have_no_similarity(tmp_path: Path) -> None:
    before = write(tmp_path, "cat.png", photo("chelsea", 240, 300))
    after = write(tmp_path, "rocket.png", photo("rocket", 240, 300))
    row = run_task(task_of(FilePair("pair", before, after), Rules(), pictures=False))
    assert row.score is not None
    assert row.similarity_percent is None
    assert most_changed_first([Row("a", "changed", "", similarity_percent=3), row])[0] is row


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
@pytest.mark.parametrize("name", ["pipe.png", "device.png"])
def test_what_never_ends_is_refused(tmp_path: Path, name: str) -> None:
    picture = write(tmp_path, "x.png", drawing(80, 100))
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "device.png").symlink_to("/dev/zero")
    row = run_task(task_of(FilePair("pair", picture, tmp_path / name), Rules(SETTINGS)))
    assert row.status == "failed"
    assert row.verdict.startswith("After: A picture file is expected, but this is a pipe or a")


def test_an_error_of_our_own_fails_its_row_and_is_logged(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("imgdiff.batch.task.compare", lambda *_: 1 / 0)
    with ThreadPoolExecutor(1) as threads:
        rows = list(compare_pairs(pair_folders(*folders), SETTINGS, threads))
    assert {row.status for row in rows} == {"failed"}
    assert "imgdiff itself failed (ZeroDivisionError)" in rows[0].verdict
    assert "ZeroDivisionError" in caplog.text


def test_pictures_travel_with_the_rows_that_ask_for_them(folders: tuple[Path, Path]) -> None:
    with ThreadPoolExecutor(2) as threads:
        rows = by_name(compare_pairs(pair_folders(*folders), SETTINGS, threads, pictures=True))
    assert {*rows["0.png"].files} == {"before.jpg", "after.jpg", "diff.jpg", "comparison.html"}
    assert {*rows["1.png"].files} == {"before.jpg", "after.jpg", "diff.jpg"}
    assert rows["0.png"].files["diff.jpg"].startswith(b"\xff\xd8\xff")


def test_a_worker_uses_one_thread(workers: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert workers.submit(thread_count).result() == 1
    monkeypatch.setattr(tiles, "ThreadPoolExecutor", None)  # whoever starts threads fails
    before = thread_count()
    limit_threads(1)
    try:
        pieces = [tiles.Tile(0, 1000, 0, 1000)] * 4
        assert tiles.sum_over(lambda tile, _: tile.area, pieces) == 4e6
    finally:
        limit_threads(before)
