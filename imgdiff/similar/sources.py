"""Where the pictures of a set come from: files, folders and ZIP archives."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from imgdiff.errors import LoadError, SettingsError
from imgdiff.load.archive import opened_archive
from imgdiff.load.formats import has_picture_name
from imgdiff.load.limits import MAX_BYTES

MAX_PICTURES: Final = 1000
"""More than that, and the table of all pairs is no longer something to look at."""

MAX_ARCHIVE: Final = 2 * 2**30


@dataclass(frozen=True, slots=True)
class PictureSource:
    """A picture file that hasn't been read yet: what to call it, and how to get its bytes."""

    name: str
    read: Callable[[], bytes] = field(repr=False)


def sources_at(paths: Iterable[Path]) -> list[PictureSource]:
    """The pictures at these paths: files as they are, folders and ZIP archives by content."""
    found: list[PictureSource] = []
    for path in paths:
        if path.is_dir():
            found += _in_folder(path)
        elif path.suffix.lower() == ".zip":
            found += sources_in_zip(_read(path, limit=MAX_ARCHIVE))
        else:
            found.append(PictureSource(path.name, partial(_read, path)))
    return within_limits(found)


def within_limits(sources: list[PictureSource]) -> list[PictureSource]:
    """`sources`, unless there are too many."""
    if len(sources) > MAX_PICTURES:
        raise SettingsError(
            f"A set may have {MAX_PICTURES} pictures, but this one has {len(sources)}: "
            "compare it in parts."
        )
    return sources


def sources_in_zip(data: bytes) -> list[PictureSource]:
    """The pictures in a ZIP archive, in natural order; a picture is unpacked when it's read.

    Raises
    ------
    LoadError
        The bytes are no ZIP archive, or it lists too many files.
    """
    archive = opened_archive(io.BytesIO(data))
    entries = [
        entry for entry in archive.infolist() if has_picture_name(PurePosixPath(entry.filename))
    ]
    entries.sort(key=lambda entry: _natural(entry.filename))
    return [PictureSource(entry.filename, partial(_unpacked, archive, entry)) for entry in entries]


def _in_folder(folder: Path) -> Iterator[PictureSource]:
    """The pictures in a folder and those below it, in natural order."""
    paths = [path for path in folder.rglob("*") if has_picture_name(path.relative_to(folder))]
    for path in sorted(paths, key=lambda path: _natural(str(path))):
        if path.is_file():
            yield PictureSource(str(path.relative_to(folder)), partial(_read, path))


def _natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts "2.png" before "10.png"."""
    parts = re.findall(r"(\d+)|(\D+)", name.lower())
    return [(int(number), "") if number.isascii() and number else (-1, text or number)
            for number, text in parts]  # fmt: skip


def _read(path: Path, *, limit: int = MAX_BYTES) -> bytes:
    """A file's bytes, at most one more than it may have: whoever decodes it says so."""
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError:
        raise LoadError("There is no such file: check the path.") from None
    except OSError:
        raise LoadError("The file can't be opened: check the path and its permissions.") from None


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """An entry's bytes, at most one more than any picture may have, whatever its header claims."""
    try:
        with archive.open(entry) as file:
            return file.read(MAX_BYTES + 1)
    except Exception:  # noqa: BLE001 (damage shows in many ways: zlib, CRC, password, method)
        raise LoadError("The file can't be unpacked: pack it anew, without a password.") from None
