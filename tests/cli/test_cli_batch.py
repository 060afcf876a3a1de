"""``imgdiff batch`` as its users run it."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from imgdiff.batch import Row
from imgdiff.batch.files import rows_to_csv, to_junit
from imgdiff.batch.results_file import ResultsFile, read_results
from imgdiff.cli import main
from imgdiff.errors import SettingsError
from tests.pictures import drawing, edited, write
from tests.waiting import PATIENCE, until

from .four_pairs import METHOD, batch, write_four_pairs


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_four_pairs(tmp_path)
    return tmp_path


def rows_printed(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    pairs = json.loads(capsys.readouterr().out)["pairs"]
    return {pair["name"]: pair["status"] for pair in pairs}


def test_every_pair_is_told_of_and_the_code_says_changed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert batch() == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "4 pairs: 2 changed, 2 equal."
    assert {line.split(":")[0].strip() for line in lines[:-1]} == {
        "changed  c.png", "changed  sub/d.png",
    }  # fmt: skip


def test_equal_folders_exit_0_and_failures_exit_2(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["batch", "before", "before", *METHOD]) == 0
    capsys.readouterr()
    (here / "after" / "a.png").write_bytes(b"broken")
    assert batch("--json") == 2
    assert rows_printed(capsys)["a.png"] == "failed"
    (here / "after" / "b.png").write_bytes(b"broken")
    assert batch("-q") == 2
    quiet = capsys.readouterr()
    assert not quiet.out
    assert quiet.err.startswith("imgdiff: a.png: ")
    assert quiet.err.endswith(" 1 more can't be compared.\n")


@pytest.mark.parametrize(
    ("limit", "code"), [("1", 1), ("2", 0), ("49%", 1), ("50%", 0), ("0.5%", 1)]
)
def test_so_many_may_change(limit: str, code: int) -> None:
    assert batch("--fail-over", limit) == code


def test_archives_and_lists_do_as_well(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for side in ("before", "after"):
        shutil.make_archive(side, "zip", here, side)
    assert main(["batch", "before.zip", "after.zip", *METHOD, "--json"]) == 1
    assert rows_printed(capsys) == {
        "c.png": "changed", "sub/d.png": "changed", "a.png": "equal", "b.png": "equal",
    }  # fmt: skip
    Path("pairs.csv").write_text("before,after\nbefore/a.png,after/c.png\n", "utf-8")
    assert main(["batch", "pairs.csv", *METHOD, "--json"]) == 1
    assert rows_printed(capsys) == {"after/c.png": "changed"}


def test_an_archive_that_does_harm_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile("bad.zip", "w") as file:
        file.writestr("../x.png", b"")
    assert main(["batch", "bad.zip", "bad.zip"]) == 2
    assert "leads out of it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["before"], "stands alone"),
        (["before", "nowhere"], "A folder is expected"),
        (["before", "after", "--resume"], "add --results FILE"),
        (["before", "after", "--results", "before/a.png", "--resume"], "but before/a.png is none"),
        (["before", "after", "--report", "before/a.png/x.html"], "choose another place"),
    ],
)
def test_mistakes_exit_2_with_one_sentence(
    options: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["batch", *options, *METHOD[:2]]) == 2
    message = capsys.readouterr().err
    assert reason in message
    assert message.count("\n") == 1


def test_csv_and_junit_are_what_others_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert batch("--csv", "--junit", "junit.xml") == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["status"] for row in rows] == ["changed", "changed", "equal", "equal"]
    suite = ET.parse("junit.xml").getroot()  # noqa: S314 (our own)
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "2", "0")
    cases = {(case.get("classname"), case.get("name")): len(case) for case in suite}
    assert cases[("sub", "d.png")] == 1
    assert cases[("imgdiff", "a.png")] == 0


def test_names_do_no_harm_in_tables() -> None:
    row = Row("=cmd|x\x01.png", "changed", "It <b>changed</b>.")
    assert "\n'=cmd|x" in rows_to_csv([row])
    suite = ET.fromstring(to_junit([row]))  # noqa: S314 (our own)
    assert suite[0].get("name") == "=cmd|x\N{REPLACEMENT CHARACTER}.png"
    assert suite[0][0].get("message") == "It <b>changed</b>."


def test_resuming_compares_only_what_is_new(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--results", "results.jsonl", "--json"]
    assert batch(*options) == 1
    results = Path("results.jsonl")
    marked = results.read_text("utf-8").replace('"verdict": "', '"verdict": "Known: ')
    results.write_text(marked[:-20], "utf-8")  # as if killed while writing the last line
    write(here / "after", "a.png", edited(drawing(80, 100)))
    capsys.readouterr()
    assert batch(*options, "--resume") == 1
    pairs = json.loads(capsys.readouterr().out)["pairs"]
    known = {pair["name"] for pair in pairs if pair["verdict"].startswith("Known: ")}
    assert known == {"b.png", "c.png"}
    assert {name for name, row in read_results(results).items() if row.status == "changed"} == {
        "a.png", "c.png", "sub/d.png",
    }  # fmt: skip
    assert batch(*options, "--resume", "--min-area", "41") == 1
    assert "Known" not in capsys.readouterr().out


def test_a_file_that_holds_no_results_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text("words\n", "utf-8")
    with pytest.raises(SettingsError, match=r"but .* is none"):
        read_results(path)


def test_a_torn_line_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with ResultsFile(path) as file:
        file.add(Row("a", "equal", ""))
        file.add(Row("b", "equal", ""))
    path.write_bytes(path.read_bytes()[:-9])
    with ResultsFile(path, grow=True) as file:
        file.add(Row("c", "equal", ""))
    assert {*read_results(path)} == {"a", "c"}


class Addresses(HTMLParser):
    """What a page leads to, by tag."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(tag, value or "") for name, value in attrs if name in ("src", "href")]


def test_the_gallery_leads_to_what_there_is() -> None:
    shutil.copy("after/a.png", "after/<b>new & bold.png")
    assert batch("--report", "out/report.html") == 1
    page = Path("out/report.html")
    found = Addresses(page).found
    assert [tag for tag, _ in found].count("a") == 2
    assert [tag for tag, _ in found].count("img") == 3 * 4 + 1
    assert all((page.parent / address).is_file() for _, address in found)
    assert "<b>new" not in page.read_text("utf-8")
    assert "&lt;b&gt;new &amp; bold.png" in page.read_text("utf-8")
    assert not any("new" in path.name for path in Path("out/report_files").iterdir())

    shutil.copy("before/c.png", "after/c.png")
    assert batch("--report", "out/report.html") == 1
    assert len([tag for tag, _ in Addresses(page).found if tag == "a"]) == 1


def test_resuming_makes_the_gallery_anew_where_files_are_missing() -> None:
    options = ["--report", "report.html", "--results", "results.jsonl", "--resume"]
    assert batch(*options) == 1
    first = Path("report.html").read_text("utf-8")
    next(Path("report_files").glob("*-comparison.html")).unlink()
    assert batch(*options) == 1
    assert Path("report.html").read_text("utf-8") == first
    assert all(Path(address).is_file() for _, address in Addresses(Path("report.html")).found)


def test_ctrl_c_leaves_what_was_done() -> None:
    for number in range(1000):
        shutil.copy("before/a.png", f"before/{number:03}.png")
        shutil.copy("after/a.png", f"after/{number:03}.png")
    # a shell's background jobs are deaf to it, and so would be the command
    signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-m", "imgdiff", "batch", "before", "after", *METHOD]
    command += ["--results", "results.jsonl", "--report", "report.html", "--workers", "1"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        until(lambda: len(read_results(Path("results.jsonl"))) >= 5)
        os.killpg(run.pid, signal.SIGINT)
        output = run.communicate(timeout=PATIENCE)[0]
    assert run.returncode == 130
    done = len(read_results(Path("results.jsonl")))
    assert 5 <= done < 1004
    assert f"The run was stopped after {done} of 1004 pairs." in output
    assert f"stopped after {done} of 1004" in Path("report.html").read_text("utf-8")
