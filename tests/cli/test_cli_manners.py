"""How the command behaves in a shell: pipes, signals, names, abbreviations, help."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pytest

import imgdiff
from imgdiff.cli import main
from imgdiff.cli.difftool import run as run_difftool
from imgdiff.cli.serve import answer_lines
from imgdiff.cli.terminal import harmless
from tests.pictures import SAMPLES, drawing, write

BEFORE, AFTER = str(SAMPLES / "page_before.png"), str(SAMPLES / "page_after.png")
COMMANDS = ("compare", "batch", "accept", "review", "similar", "serve", "difftool", "app", "native",
            "schema", "completion")  # fmt: skip


def run(
    *arguments: str, data: bytes | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "imgdiff", *arguments],
        input=data,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"imgdiff {imgdiff.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_examples_that_parse(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    examples = capsys.readouterr().out.partition("examples:\n")[2].splitlines()
    assert examples
    assert all(line.startswith("  ") for line in examples)


@pytest.mark.parametrize("side", [0, 1])
def test_a_picture_may_come_through_a_pipe(side: int) -> None:
    pair = [BEFORE, AFTER]
    data = Path(pair[side]).read_bytes()
    pair[side] = "-"
    done = run("compare", *pair, "--json", data=data)
    assert done.returncode == 1
    facts = json.loads(done.stdout)
    assert facts[("reference", "test")[side]]["name"] == "standard input"
    assert len(facts["regions"]) == 4


def test_a_pipe_that_brings_no_picture_is_told_by_its_name() -> None:
    for data in (b"", b"just words"):
        done = run("compare", "-", AFTER, data=data)
        assert done.returncode == 2
        assert done.stderr.startswith(b"imgdiff: standard input: ")
        assert b"imgdiff-" not in done.stderr
    assert b"name a file for one of them" in run("compare", "-", "-", data=b"").stderr


def test_quiet_prints_nothing_and_verbose_how_it_was_done(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["compare", BEFORE, AFTER, "-q"]) == 1
    assert capsys.readouterr() == ("", "")
    assert main(["compare", BEFORE, AFTER, "-v"]) == 1
    told = capsys.readouterr().err
    assert "Settings(method='changes'" in told
    assert re.search(r"load \d+ ms, align \d+ ms", told)


def test_the_result_may_be_caught_in_memory() -> None:
    with redirect_stdout(io.StringIO()) as caught:
        assert main(["compare", BEFORE, AFTER]) == 1
    assert "places changed" in caught.getvalue()


def test_abbreviations_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--meth=ssim", "--gray", "--js"):
        with pytest.raises(SystemExit) as caught:
            main(["compare", BEFORE, AFTER, option])
        assert caught.value.code == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_a_bad_environment_variable_is_one_sentence() -> None:
    for command in (["compare", BEFORE, AFTER], ["similar", BEFORE, AFTER]):
        done = run(*command, IMGDIFF_MAX_FILE_MB="plenty")
        assert done.returncode == 2
        assert done.stderr.count(b"\n") == 1
        assert b"IMGDIFF_MAX_FILE_MB must be a whole number" in done.stderr


NAMES = ["a\x1b[2Jb.png", "a\x07b.png", "a\x9b31mb.png", "a\u202eb.png", "a\rb.png"]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_control_characters_in_names_are_written_out(name: str, tmp_path: Path) -> None:
    picture = drawing(40, 50)
    for side, shown in (("before", picture), ("after", np.roll(picture, 9, axis=0))):
        (tmp_path / side).mkdir()
        write(tmp_path / side, name, shown)
    pair = str(tmp_path / "before"), str(tmp_path / "after")
    for form in ([], ["--csv"], ["--json"]):
        done = run("batch", *pair, "--workers", "1", "--preset", "exact", *form, PYTHONUTF8="1")
        printed = (done.stdout + done.stderr).decode()
        assert not set("\x1b\x07\x9b\u202e\r") & {*printed}, form
    missing = run("compare", str(tmp_path / f"no{name}"), BEFORE, PYTHONUTF8="1").stderr.decode()
    assert not set("\x1b\x07\x9b\u202e\r") & {*missing}
    assert missing.count("\n") == 1


def test_what_is_written_out_is_still_json() -> None:
    text = json.dumps({"name": "\x9b\u202e"}, ensure_ascii=False)
    assert json.loads(harmless(text)) == {"name": "\x9b\u202e"}


def test_folders_of_results_are_made_before_the_run(tmp_path: Path) -> None:
    report = tmp_path / "new" / "folder" / "report.html"
    assert main(["compare", BEFORE, AFTER, "--report", str(report), "-q"]) == 1
    assert report.stat().st_size
    (tmp_path / "file").touch()
    assert main(["compare", BEFORE, AFTER, "--report", str(tmp_path / "file" / "r.html")]) == 2


@pytest.mark.parametrize("after", [0.05, 0.15, 0.4, 1.0])
def test_ctrl_c_ends_it_without_a_traceback(after: float, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("before,after\n" + f"{BEFORE},{AFTER}\n")
    command = [sys.executable, "-m", "imgdiff", "serve", "--stdio"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    # Before Python runs a line of ours, the signal ends it in Python's or the system's own way.
    assert process.returncode in (130, -signal.SIGINT, 1)
    if process.returncode == 130:
        assert told == b"imgdiff: Stopped.\n"


def test_a_server_answers_each_line_with_a_line(tmp_path: Path) -> None:
    requests = [
        {"id": 7, "before": BEFORE, "after": AFTER, "out": str(tmp_path / "out")},
        {"id": "x", "before": BEFORE, "after": BEFORE, "settings": {"preset": "exact"}},
        {"before": BEFORE, "after": AFTER, "settings": {"max-diff-percent": 100}},
        {"id": None, "before": BEFORE, "after": "nowhere.png"},
        {"before": BEFORE},
        {"before": BEFORE, "after": AFTER, "colour": 1},
        {"before": BEFORE, "after": AFTER, "settings": {"methd": "ssim"}},
        {"before": BEFORE, "after": AFTER, "settings": 3},
        [],
    ]
    answers = io.StringIO()
    answer_lines([*map(json.dumps, requests), "no json", "", "\n"], answers)
    first, second, third, *wrong = map(json.loads, answers.getvalue().splitlines())
    assert (first["id"], first["passed"], len(first["regions"])) == (7, False, 4)
    assert (tmp_path / "out" / "mask.png").exists()
    assert (second["id"], second["passed"]) == ("x", True)
    assert (third["alike"], third["passed"]) == (False, True)
    assert "id" not in third
    words = [
        "no such file",
        "needs after",
        "'colour'",
        "'methd'",
        "object",
        "object",
        "JSON on one",
    ]
    assert [word for word, answer in zip(words, wrong, strict=True)
            if word not in answer["error"]] == []  # fmt: skip
    assert wrong[0]["id"] is None


def test_git_is_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seven = ["home.png", BEFORE, "0" * 40, "100644", AFTER, "1" * 40, "100644"]
    assert main(["difftool", *seven]) == 0
    assert capsys.readouterr().out.startswith("home.png: 4 places changed")
    assert main(["difftool", BEFORE, AFTER]) == 0
    added = ["home.png", "/dev/null", ".", ".", AFTER, "1" * 40, "100644"]
    assert main(["difftool", *added]) == 0
    assert "home.png: The picture was added." in capsys.readouterr().out
    assert main(["difftool", BEFORE]) == 2
    assert run_difftool.__doc__
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    (tmp_path / ".gitattributes").write_text("*.png diff=imgdiff\n")
    (tmp_path / "page.png").write_bytes(Path(BEFORE).read_bytes())
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "page"], check=True)
    (tmp_path / "page.png").write_bytes(Path(AFTER).read_bytes())
    driver = f"diff.imgdiff.command={sys.executable} -m imgdiff difftool"
    done = subprocess.run([*git, "-c", driver, "diff"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("page.png: 4 places changed")


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_shells_complete_commands_and_options(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(word in script for word in ("compare", "max-diff-pixels", "screenshot"))


def test_the_page_is_found_and_started(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[list[str]] = []

    def start(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        started.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr("imgdiff.cli.app.subprocess.run", start)
    assert main(["app", "--port", "8599", "--no-browser"]) == 0
    (command,) = started
    assert Path(command[4]).name == "app.py"
    assert Path(command[4]).is_file()
    assert {"--server.port=8599", "--server.headless=true"} <= {*command}
    monkeypatch.setattr("imgdiff.cli.app._PLACES", ())
    assert main(["app"]) == 2
    assert "install imgdiff-app anew" in capsys.readouterr().err
