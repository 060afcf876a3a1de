"""Two folders of pairs, every other one changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from imgdiff.batch import Row
from imgdiff.types import Settings
from tests.pictures import drawing, edited, write

SETTINGS = Settings(method="ssim", align="none")


def write_folders(folder: Path, count: int = 8) -> tuple[Path, Path]:
    """`count` pairs: the even ones changed."""
    before, after = folder / "before", folder / "after"
    for side in (before, after):
        side.mkdir(parents=True)
    for number in range(count):
        picture = drawing(80, 100, seed=number)
        write(before, f"{number}.png", picture)
        write(after, f"{number}.png", picture if number % 2 else edited(picture, seed=number))
    return before, after


def by_name(rows: Iterator[Row]) -> dict[str, Row]:
    return {row.name: row for row in rows}
