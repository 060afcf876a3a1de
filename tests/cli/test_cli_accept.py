"""``imgdiff accept`` as its users run it."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgdiff.cli import main
from tests.pictures import drawing, write

from .four_pairs import batch, write_four_pairs


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_four_pairs(tmp_path)
    return tmp_path


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a person types, one answer after the other."""
    typed: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: typed.pop(0))
    yield typed
    assert typed == []


def same(name: str) -> bool:
    return Path("before", name).read_bytes() == Path("after", name).read_bytes()


def test_accepting_asks_first(answers: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    answers += ["n", "y"]
    assert main(["accept", "before", "after"]) == 1
    assert not same("c.png")
    assert main(["accept", "before", "after"]) == 0
    assert same("c.png")
    assert same("sub/d.png")
    assert " replace  c.png" in capsys.readouterr().out
    assert batch() == 0


def test_only_what_was_chosen_is_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy("after/a.png", "after/sub/new.png")
    assert main(["accept", "before", "after", "sub/*", "--yes"]) == 0
    assert same("sub/d.png")
    assert same("sub/new.png")
    assert not same("c.png")
    assert main(["accept", "before", "after", "typo.png", "--yes"]) == 2
    assert "none fits typo.png" in capsys.readouterr().err


def test_removing_is_for_those_who_ask() -> None:
    Path("after/a.png").unlink()
    assert main(["accept", "before", "after", "--yes"]) == 0
    assert Path("before/a.png").exists()
    assert main(["accept", "before", "after", "--yes", "--remove"]) == 0
    assert not Path("before/a.png").exists()


def test_results_say_what_differs(here: Path) -> None:
    write(here / "after", "a.png", drawing(80, 100, seed=0))
    assert batch("--results", "results.jsonl", "--min-area", "1e6") == 0
    before = Path("before/c.png").read_bytes()
    assert main(["accept", "before", "after", "--yes", "--results", "results.jsonl"]) == 0
    assert Path("before/c.png").read_bytes() == before


def test_another_ending_takes_the_place_of_the_picture_before(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("after/c.png").rename("after/c.webp")
    assert main(["accept", "before", "after", "--yes"]) == 2
    assert "c.webp would stand beside c.png: add --match stem" in capsys.readouterr().err
    assert Path("before/c.png").exists()
    assert main(["accept", "before", "after", "--yes", "--match", "stem"]) == 0
    assert not Path("before/c.png").exists()
    assert same("c.webp")
    assert batch("--match", "stem") == 0
    Path("after/c.webp").rename("after/c.jpg")
    assert main(["accept", "before", "after", "--yes", "--match", "path"]) == 0
    assert {path.name for path in Path("before").glob("c.*")} == {"c.jpg", "c.webp"}


@pytest.mark.parametrize("side", ["before", "after"])
def test_no_link_is_followed(
    side: str, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither to read a file that isn't one of the pictures, nor to write over one."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "secret.png"
    Path(side, "c.png").replace(elsewhere)
    content = elsewhere.read_bytes()
    Path(side, "c.png").symlink_to(elsewhere)
    assert main(["accept", "before", "after", "c.png", "--yes"]) == 2
    assert "is a link or lies behind one" in capsys.readouterr().err
    assert elsewhere.read_bytes() == content
    assert Path(side, "c.png").is_symlink()


def test_no_link_among_folders_is_followed(capsys: pytest.CaptureFixture[str]) -> None:
    Path("before/sub").rename("moved")
    Path("before/sub").symlink_to(Path("moved").absolute())
    Path("before/sub/d.png").unlink()
    assert main(["accept", "before", "after", "--yes"]) == 2
    assert "is a link or lies behind one" in capsys.readouterr().err


def test_a_full_disk_is_said_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", full)
    before = {path: path.read_bytes() for path in Path("before").rglob("*.png")}
    assert main(["accept", "before", "after", "c.png", "--yes"]) == 2
    said = capsys.readouterr().err
    assert "can't be written to before/c.png (No space left on device): make room there" in said
    assert {
        path: path.read_bytes() for path in Path("before").rglob("*") if path.is_file()
    } == before


def test_however_accents_are_written() -> None:
    """As macOS writes them, and as all others do."""
    Path("after/c.png").rename("after/caf\u00e9.png")
    Path("before/c.png").rename("before/cafe\u0301.png")
    assert main(["accept", "before", "after", "caf\u00e9.png", "--yes"]) == 0
    names = sorted(path.name for path in Path("before").glob("caf*"))
    assert names == ["cafe\u0301.png"]
    assert Path("before", names[0]).read_bytes() == Path("after/caf\u00e9.png").read_bytes()


def test_without_a_terminal_nothing_is_accepted_unasked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert main(["accept", "before", "after"]) == 2
    assert "add --yes" in capsys.readouterr().err
    assert not same("c.png")
