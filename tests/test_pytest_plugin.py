"""The plug-in, as a project that uses it runs pytest."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from imgdiff import load_image
from imgdiff.cli import main
from imgdiff.pytest_plugin import _as_path

TESTS = """
import io
import os

import numpy
import pytest
from PIL import Image

VERSION = int(os.environ.get("VERSION", 0))


def picture(number=0):
    array = numpy.full((40, 60, 3), 250, numpy.uint8)
    array[10:20, 5 + number : 15 + number] = (200, 40, 30)
    if VERSION:
        array[25:35, 30:50] = (30, 90, 200)
    return array


def test_two(image_check):
    image_check(picture())
    image_check(picture(9))


@pytest.mark.parametrize("form", ["a/b", "a-b", "a_b"])
def test_forms(image_check, form):
    file = io.BytesIO()
    Image.fromarray(picture(len(form))).save(file, "PNG")
    image_check(file.getvalue(), "named")


class TestOfSome:
    def test_steady(self, image_check):
        image_check(picture() * 0 + 9, max_diff_pixels=0)
"""
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_it.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    def run(*options: str, version: int = 0) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *options],
            cwd=tmp_path,
            env={"VERSION": str(version), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_baselines_are_written_met_kept_and_accepted(run: Run, tmp_path: Path) -> None:
    baseline, reports = tmp_path / "baseline", tmp_path / "imgdiff-reports"
    missing = run()
    assert missing.returncode == 1
    assert "run pytest once with --imgdiff-update to write it" in missing.stdout

    assert run("--imgdiff-update").returncode == 0
    names = _files(baseline)
    assert len(names) == 6
    assert {"tests/test_it/test_two.png", "tests/test_it/test_two-2.png"} <= names
    assert run().returncode == 0

    changed = run("-n", "2", version=1)
    assert changed.returncode == 1
    assert "4 failed, 1 passed" in changed.stdout
    assert "imgdiff accept baseline imgdiff-reports/actual" in changed.stdout
    assert "1 place changed. Pixels that differ: 8.3333 %." in changed.stdout
    for part, suffix in (("expected", ".png"), ("diff", ".png"), ("report", ".html")):
        assert {Path(name).suffix for name in _files(reports / part)} == {suffix}
    assert _files(reports / "expected") == _files(reports / "diff")

    assert main(["accept", str(baseline), str(reports / "actual"), "--yes"]) == 0
    again = run(version=1)
    assert again.stdout.count("FAILED") <= 1  # the second picture of a test whose first one failed
    assert run("--imgdiff-update", version=1).returncode == 0
    assert run(version=1).returncode == 0
    assert not _files(reports / "report")


def test_an_update_writes_only_what_fails(run: Run, tmp_path: Path) -> None:
    run("--imgdiff-update")
    steady = tmp_path / "baseline" / "tests" / "test_it" / "TestOfSome-test_steady.png"
    other = tmp_path / "baseline" / "tests" / "test_it" / "test_two.png"
    times = steady.stat().st_mtime_ns, other.stat().st_mtime_ns
    run("--imgdiff-update", version=1)
    assert steady.stat().st_mtime_ns == times[0]
    assert other.stat().st_mtime_ns > times[1]
    assert load_image(other).pixels[30, 40].tolist() == [30, 90, 200]


def test_the_settings_file_holds_for_baselines_by_their_names(run: Run, tmp_path: Path) -> None:
    run("--imgdiff-update")
    (tmp_path / "imgdiff.toml").write_text(
        'max-diff-percent = 50\n[[pictures]]\nmatch = "*two*"\nmax-diff-percent = 1\n'
    )
    done = run(version=1)
    assert "1 failed, 4 passed" in done.stdout
    assert "of the pixels differ, but at most 1 % may." in done.stdout


def test_no_two_tests_share_a_baseline() -> None:
    nodes = ["a/t.py::f[x y]", "a/t.py::f[x-y]", "a/t.py::f[x/y]", "a/t.py::f[x_y]", "a/t.py::f",
             "a/t.py::K::f", "b/t.py::f", "a/t.py::f[é]", f"a/t.py::f[{'x' * 300}]"]  # fmt: skip
    paths = [_as_path(node) for node in nodes]
    assert len({path.casefold() for path in paths}) == len(paths)
    assert all(len(Path(path).name) < 120 for path in paths)
    assert _as_path("tests/test_a.py::test_b[chromium]") == "tests/test_a/test_b-chromium"
