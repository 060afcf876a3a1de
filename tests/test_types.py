"""Types as a user's program meets them: it is clean, and what is wrong in it is seen."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

import imgdiff
from imgdiff import Box, Comparison, LoadError, Settings, Tolerance, compare, load_image

pictures: list[npt.NDArray[np.uint8]] = [np.zeros((20, 20, 3), np.uint8)] * 2
boxes: Sequence[Box] = [Box(1, 2, 3, 4)]
masks = np.zeros((20, 20), np.bool_)


def stages(name: str) -> None:
    print(name)


result = compare(pictures[0], pictures[1], progress=stages, cancel=lambda: False)
again: Comparison = compare(Path("a.png"), b"bytes", Settings(ignore=boxes, region=(1, 2, 3, 4)))
strict = compare("a.png", "b.png", "screenshot", order="bgr")
masked = Settings(method="ssim", ignore=masks, params={"window_size": 9}, threshold=0.2)
score: float = result.score
places: list[tuple[Box, str]] = [(region.box, region.kind) for region in result.regions]
sentences: tuple[str, ...] = result.failures(Tolerance(max_diff_pixels=3))
saved: list[Path] = result.save("out")
page: Path = result.report("out/result.html")
text: str = result.to_json()
changed: npt.NDArray[np.bool_] = result.changed
names: list[str] = [name for name in imgdiff.PRESETS]
try:
    image = load_image("x.png")
    height: int = image.height
except LoadError as error:
    print(error)
"""

WRONG = """
from imgdiff import Settings, compare

compare("a.png", "b.png", "screnshot")
Settings(align="automatic")
compare("a.png", "b.png").scores
"""

ROOT = Path(__file__).parents[1]
CHECKERS = {
    "mypy": ["mypy", "--strict", "--follow-imports=silent", "--no-error-summary"],
    "basedpyright": ["basedpyright", "--level", "error", "--pythonpath", sys.executable],
}
"""basedpyright is pyright with the Node it runs in: 310 MB, so it runs where it's installed."""


def check(checker: str, program: str, folder: Path) -> tuple[int, str]:
    """Exit code, and what a checker says of a program that imports the package."""
    path = folder / "program.py"
    path.write_text(program, "utf-8")
    settings = f'[tool.basedpyright]\ntypeCheckingMode = "standard"\nextraPaths = ["{ROOT}"]\n'
    (folder / "pyproject.toml").write_text(settings, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", *CHECKERS[checker], str(path)],
        cwd=folder,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_users_program_is_clean_and_its_mistakes_are_seen(checker: str, tmp_path: Path) -> None:
    if importlib.util.find_spec(checker) is None:
        pytest.skip(f"{checker} isn't installed")
    code, told = check(checker, PROGRAM, tmp_path)
    assert code == 0, told
    code, told = check(checker, WRONG, tmp_path)
    assert code == 1
    for line in (4, 5, 6):
        assert f"program.py:{line}:" in told
