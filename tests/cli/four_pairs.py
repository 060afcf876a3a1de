"""Two folders of four pairs, and ``imgdiff batch`` on them."""

from __future__ import annotations

from pathlib import Path

from imgdiff.cli import main
from tests.pictures import drawing, edited, write

METHOD = ["--method", "ssim", "--align", "none"]


def write_four_pairs(folder: Path) -> None:
    """before/ and after/: four pairs, two changed, one of them in a folder."""
    for number, name in enumerate(("a.png", "b.png", "c.png", "sub/d.png")):
        picture = drawing(80, 100, seed=number)
        for side, shown in (
            ("before", picture),
            ("after", edited(picture) if number > 1 else picture),
        ):
            (folder / side / "sub").mkdir(parents=True, exist_ok=True)
            write(folder / side, name, shown)


def batch(*options: str) -> int:
    """Compare them; the exit code."""
    return main(["batch", "before", "after", *METHOD, *options])
