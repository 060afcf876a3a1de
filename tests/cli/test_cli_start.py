"""Start-up is most of the time of a small comparison: what a command imports is named here."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pictures import photo, write

_NEVER = (
    "imgdiff.alignment.field",
    "imgdiff.alignment.search",
    "imgdiff.alignment.warp",
    "imgdiff.batch",
    "imgdiff.comparison.documents",
    "imgdiff.metrics.flip",
    "imgdiff.metrics.pixelmatch",
    "imgdiff.reading.telling",
    "imgdiff.report.downloads",
    "imgdiff.report.html",
    "imgdiff.similar",
    "imgdiff.ui",
    "imgdiff.workers.worker_pool",
    "PIL",
    "importlib.metadata",
    "multiprocessing",
    "tqdm",
)
"""What a comparison of two pictures that lie in place has no need of, with all that is in it."""


def _imported(*arguments: str) -> set[str]:
    """The modules that a command has imported in the end."""
    program = (
        "import atexit, sys; from imgdiff.cli import main;"
        "atexit.register(lambda: print(sorted(sys.modules), file=sys.stderr));"
        "main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(ast.literal_eval(done.stderr))


def _of(names: set[str], *packages: str) -> set[str]:
    return {name for name in names if name.startswith(tuple(f"{p}." for p in packages))} | (
        names & {*packages}
    )


def _pair(folder: Path) -> tuple[str, str]:
    before = photo("coffee", 200, 300)
    after = before.copy()
    after[20:75, 30:90] = before[100:155, 200:260]
    return str(write(folder, "before.png", before)), str(write(folder, "after.png", after))


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_waits_for_no_library(arguments: list[str]) -> None:
    assert not _of(_imported(*arguments), "numpy", "cv2", "imgdiff.types", "imgdiff.metrics")


@pytest.mark.parametrize("arguments", [[], ["--preset", "screenshot"], ["--json"]])
def test_comparing_imports_only_what_it_needs(arguments: list[str], tmp_path: Path) -> None:
    assert not _of(_imported("compare", *_pair(tmp_path), *arguments), *_NEVER)


def test_a_method_is_imported_without_the_others(tmp_path: Path) -> None:
    names = _imported("compare", *_pair(tmp_path), "--method", "ssim")
    assert _of(names, "imgdiff.metrics.ssim")
    assert not _of(names, "imgdiff.metrics.changes", "imgdiff.metrics.delta_e", *_NEVER)


def test_help_of_a_command_knows_the_options_of_all_methods(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "imgdiff", "compare"]
    told = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True).stdout
    assert "--sensitivity" in told
    assert "--window-size" in told
    options = ["--method", "ssim", "--window-size", "9"]
    done = subprocess.run([*command, *_pair(tmp_path), *options], capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
