"""The shell has limits, too: of memory and of time, and of what is no file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image as PillowImage

from imgdiff.cli import main
from tests.files import encoded
from tests.pictures import SAMPLES

ROOT = SAMPLES.parent
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux limits address space")


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@LINUX
@pytest.mark.parametrize("command", ["compare", "similar"])
def test_a_picture_too_large_for_the_memory_is_told_of(tmp_path: Path, command: str) -> None:
    for name, color in (("a.png", "red"), ("b.png", "blue")):
        picture = PillowImage.effect_noise((6000, 6000), 50).convert("RGB")
        picture.paste(color, (0, 0, 100, 100))
        (tmp_path / name).write_bytes(encoded(picture.quantize(8), "PNG"))
    files = (str(tmp_path / "a.png"), str(tmp_path / "b.png"))
    ended = run("-m", "imgdiff", command, *files, IMGDIFF_WORKER_MB="100")
    assert ended.returncode == 2
    assert "memory" in ended.stderr
    assert "Traceback" not in ended.stderr


@LINUX
def test_the_limit_of_memory_ends_with_the_command() -> None:
    """A program that calls `main` goes on, and starts others: they are not limited."""
    import resource  # noqa: PLC0415 (there is none on Windows)

    before = resource.getrlimit(resource.RLIMIT_AS)
    page = str(SAMPLES / "page_before.png")
    assert main(["compare", page, page]) == 0
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_what_hangs_is_ended_with_a_sentence() -> None:
    code = (
        "import time; from imgdiff.cli.bounds import bounded_time;"
        "context = bounded_time(); context.__enter__(); time.sleep(600)"
    )
    ended = run("-c", code, IMGDIFF_DEADLINE_SECONDS="1")
    assert ended.returncode == 2
    assert "A comparison may take 1 seconds" in ended.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
@pytest.mark.parametrize("command", ["compare", "similar"])
def test_a_pipe_is_no_picture(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    other = str(SAMPLES / "page_before.png")
    assert main([command, other, str(tmp_path / "pipe.png")]) == 2
    assert "this is a pipe or a device" in capsys.readouterr().err
