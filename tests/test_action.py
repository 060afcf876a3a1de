"""The GitHub action: what its step runs, run as a runner does, on folders that pass and don't."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from itertools import takewhile
from pathlib import Path

import pytest

from tests.pictures import SAMPLES, drawing, write

ACTION = Path(__file__).parents[1] / "action.yml"


def script(step: str) -> str:
    """What a step of the action runs."""
    lines = ACTION.read_text("utf-8").partition(f"name: {step}\n")[2].partition("run: |\n")[2]
    indent = " " * (len(lines) - len(lines.lstrip()))
    return textwrap.dedent(
        "\n".join(takewhile(lambda line: line.startswith(indent), lines.splitlines()))
    )


def compared(folder: Path, options: str = "") -> tuple[int, str, str]:
    """Exit code, outputs and summary of the step that compares."""
    output, summary = folder / "output", folder / "summary"
    inputs = {"BEFORE": "before", "AFTER": "after", "PRESET": "screenshot", "OPTIONS": options}
    told = {"OUTPUT": "out", "GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script("Compare")],
        cwd=folder,
        env={**os.environ, **inputs, **told, "PATH": path},
        capture_output=True,
        check=False,
    )
    return done.returncode, output.read_text("utf-8"), summary.read_text("utf-8")


@pytest.mark.skipif(shutil.which("bash") is None, reason="the action's shell isn't there")
def test_the_step_that_compares_fails_what_changed_and_says_so(tmp_path: Path) -> None:
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
        shutil.copy(SAMPLES / "page_before.png", tmp_path / name / "page.png")
    code, output, _ = compared(tmp_path)
    assert (code, output) == (0, "report=out/report.html\nchanged=false\n")
    changed = drawing(120, 160)
    write(tmp_path / "before", "$(touch hacked).png", changed)
    changed[20:60, 30:80] = 0
    write(tmp_path / "after", "$(touch hacked).png", changed)
    code, output, summary = compared(tmp_path, "--max-diff-pixels 5")
    assert code == 1
    assert output.endswith("changed=true\n")
    assert "hacked" in summary
    assert not (tmp_path / "hacked").exists()
    for name in ("report.html", "junit.xml", "comment.md", "results.jsonl"):
        assert (tmp_path / "out" / name).stat().st_size
