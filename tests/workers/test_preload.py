"""Workers start whatever extras are installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pictures import SAMPLES

ROOT = Path(__file__).parents[2]
NEEDED = "needs packages that aren't installed: install imgdiff-app[pdf]."
EXTRAS = ("pillow_heif", "pypdfium2", "reportlab")


def _preloaded(missing: str) -> subprocess.CompletedProcess[str]:
    program = (
        "import sys; sys.modules[sys.argv[1]] = None;"
        "from imgdiff.workers.preload import preload; preload();"
        "print('imgdiff.comparison.pipeline' in sys.modules)"
    )
    command = [sys.executable, "-c", program, missing]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("missing", EXTRAS)
def test_an_extra_that_is_missing_stops_nobody(missing: str) -> None:
    done = _preloaded(missing)
    assert done.stdout == "True\n", done.stderr


def test_what_everything_needs_is_missed() -> None:
    assert "ModuleNotFoundError" in _preloaded("isal").stderr


def test_the_light_core_compares_folders(tmp_path: Path) -> None:
    """As the action installs it: without streamlit, and without the packages for PDF and HEIC."""
    blocker = tmp_path / "sitecustomize.py"
    names = (*EXTRAS, "streamlit", "distributed", "onnxruntime")
    blocker.write_text(f"import sys\nfor name in {names!r}: sys.modules[name] = None\n")
    for side in ("before", "after"):
        (tmp_path / side).mkdir()
        data = (SAMPLES / f"page_{side}.png").read_bytes()
        (tmp_path / side / "page.png").write_bytes(data)
        (tmp_path / side / "letter.pdf").write_bytes(b"%PDF-1.7\n")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "imgdiff", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))},
            capture_output=True,
            text=True,
            check=False,
        )

    done = run("batch", "before", "after", "--workers", "1")
    assert "2 pairs: 1 changed, 1 failed." in done.stdout, done.stdout + done.stderr
    assert f"Reading PDFs {NEEDED}" in done.stdout
    done = run("compare", "before/letter.pdf", "after/letter.pdf")
    assert f"Reading PDFs {NEEDED}" in done.stderr
    done = run("compare", "before/page.png", "after/page.png", "--report", "page.pdf")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"A report as PDF {NEEDED}" in done.stderr
