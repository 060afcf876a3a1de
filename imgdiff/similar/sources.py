"""Where the pictures of a set come from: files, folders and ZIP archives."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from imgdiff.errors import SettingsError
from imgdiff.load import read_file
from imgdiff.load.archive import Packed, open_archive
from imgdiff.load.formats import has_picture_name

MAX_PICTURES: Final = 10_000
"""So many are held in memory: 45 KB each, and a tenth of a second of work."""
MAX_KEPT: Final = 200_000
"""With a cache on disk: 30 KB each there. Every two are compared, so it's the time that grows."""


@dataclass(frozen=True, slots=True)
class PictureSource:
    """A picture file that hasn't been read yet: what to call it, and how to get its content."""

    name: str
    read: Callable[[], bytes | Packed] = field(repr=False)
    path: Path | None = None


def sources_at(paths: Iterable[Path], *, most: int = MAX_PICTURES) -> list[PictureSource]:
    """The pictures at these paths: files as they are, folders and ZIP archives by content."""
    found: list[PictureSource] = []
    for path in paths:
        if path.is_dir():
            found += _in_folder(path)
        elif path.suffix.lower() == ".zip":
            found += sources_in_zip(path)
        else:
            found.append(PictureSource(path.name, partial(read_file, path), path))
    return within_limits(found, most=most)


def within_limits(sources: list[PictureSource], *, most: int = MAX_PICTURES) -> list[PictureSource]:
    """`sources`, unless there are more than `most`."""
    if len(sources) <= most:
        return sources
    remedy = "compare it in parts"
    if most < MAX_KEPT:
        remedy += f", or by imgdiff similar --cache FILE, which takes {MAX_KEPT:,}"
    raise SettingsError(
        f"A set may have {most:,} pictures, but this one has {len(sources):,}: {remedy}."
    )


def sources_in_zip(source: Path | bytes) -> list[PictureSource]:
    """The pictures in a ZIP archive, in natural order; one is unpacked when it's decoded.

    Raises
    ------
    LoadError
        As `imgdiff.load.archive.open_archive`.
    """
    members = open_archive(io.BytesIO(source) if isinstance(source, bytes) else source)
    return [PictureSource(name, members[name].packed) for name in sorted(members, key=_natural)]


def _in_folder(folder: Path) -> Iterator[PictureSource]:
    """The pictures in a folder and those below it, in natural order."""
    paths = [path for path in folder.rglob("*") if has_picture_name(path.relative_to(folder))]
    for path in sorted(paths, key=lambda path: _natural(str(path))):
        if path.is_file():
            yield PictureSource(str(path.relative_to(folder)), partial(read_file, path), path)


def _natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts "2.png" before "10.png"."""
    parts = re.findall(r"(\d+)|(\D+)", name.lower())
    return [(int(number), "") if number.isascii() and number else (-1, text or number)
            for number, text in parts]  # fmt: skip
