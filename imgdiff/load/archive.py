"""Pictures out of a ZIP archive, which may have been made to do harm.

This is the one door for archives. Nothing is ever unpacked to disk, and nothing before its turn:
then a picture travels packed, to be unpacked where it's decoded, in a worker process.
"""

from __future__ import annotations

import copy
import stat
import struct
import zipfile
import zlib
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from imgdiff.errors import LoadError
from imgdiff.load.formats import has_comparable_name
from imgdiff.load.limits import MAX_BYTES

MAX_MEMBERS: Final = 12_000
_MAX_LIST: Final = 512 * MAX_MEMBERS
"""Bytes: 46 for each file, and its path."""
MAX_ARCHIVE_UNPACKED: Final = 4 * 2**30
MAX_RATIO: Final = 200
"""Pictures are compressed already. A flat bitmap shrinks to a 1000th at most, which is why small
members are let through whatever their ratio."""
_SMALL: Final = 2**20
MAX_PACKED: Final = MAX_BYTES + 2**16
"""Bytes of a packed picture: what doesn't shrink grows a little."""

_ARCHIVES: Final = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
_ENCRYPTED: Final = 0x1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The others can't be unpacked a piece at a time, so that a few bytes become a gigabyte at once."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A file as it lies in an archive, able to travel to where it's safe to unpack it.

    Attributes
    ----------
    data : bytes
        Of the archive.
    deflated : bool
        Whether it must be inflated.
    crc : int
        Of the content.
    """

    data: bytes = field(repr=False)
    deflated: bool
    crc: int

    def unpacked(self) -> bytes:
        """The content: at most one byte more than a picture may have.

        Raises
        ------
        LoadError
            It's damaged.
        """
        content = self.data[: MAX_BYTES + 1]
        if self.deflated:
            try:
                inflater = zlib.decompressobj(-zlib.MAX_WBITS)
                content = inflater.decompress(self.data, MAX_BYTES + 1)
            except zlib.error:
                raise _damaged() from None
            if len(content) <= MAX_BYTES and not inflater.eof:
                raise _damaged()
        if len(content) <= MAX_BYTES and zlib.crc32(content) != self.crc:
            raise _damaged()
        return content


def unpacked(content: bytes | Packed) -> bytes:
    """The content of a file, however it came; LoadError if it's damaged inside its archive."""
    return content.unpacked() if isinstance(content, Packed) else content


@dataclass(frozen=True, slots=True)
class Member:
    """A picture in an open archive."""

    archive: zipfile.ZipFile
    info: zipfile.ZipInfo

    @property
    def path(self) -> str:
        """The archive's name and the place inside it."""
        return f"{Path(self.archive.filename or 'archive.zip').name}/{self.info.filename}"

    def packed(self) -> Packed:
        """The file as it is, not unpacked.

        Raises
        ------
        LoadError
            The archive is damaged here.
        """
        # What the list of files says is taken, not what stands before the file itself.
        deflated = self.info.compress_type == zipfile.ZIP_DEFLATED
        as_it_is = copy.copy(self.info)
        as_it_is.compress_type = zipfile.ZIP_STORED
        as_it_is.file_size = as_it_is.compress_size
        as_it_is.CRC = None  # type: ignore[assignment] # of the content: checked once it's unpacked
        try:
            with self.archive.open(as_it_is) as file:
                data = file.read(MAX_PACKED + 1)
        except Exception:  # noqa: BLE001 (damage shows in many ways: header, name, EOF)
            raise _damaged() from None
        return Packed(data, deflated, self.info.CRC)

    def read(self) -> bytes:
        """The content, unpacked here; as `Packed.unpacked`."""
        return self.packed().unpacked()


def _damaged() -> LoadError:
    return LoadError("This picture is damaged inside its archive: make the archive anew.")


def open_archive(source: Path | BinaryIO) -> dict[str, Member]:
    """The pictures of an archive by their path inside it.

    A single folder around everything is left out of the paths, so that ``before.zip`` and
    ``after.zip`` pair even if they hold a folder of that name each.

    Raises
    ------
    LoadError
        It's no ZIP archive, or exceeds a limit, or holds what an archive of pictures doesn't.
    """
    members = members_of(source)
    pictures = [
        member.info
        for member in members
        if has_comparable_name(PurePosixPath(member.info.filename))
    ]
    roots = {PurePosixPath(info.filename).parts[0] for info in pictures}
    deep = all(len(PurePosixPath(info.filename).parts) > 1 for info in pictures)
    strip = 1 if len(roots) == 1 and deep else 0
    found = {_inside(info, strip): Member(members[0].archive, info) for info in pictures}
    if len(found) < len(pictures):
        raise LoadError(
            "Every picture in an archive must have a path of its own, but one comes twice: "
            "make the archive anew."
        )
    return found


def members_of(source: Path | BinaryIO) -> list[Member]:
    """All files of an archive, checked as a whole and one by one; as `open_archive`."""
    archive = _opened(source)
    members = [info for info in archive.infolist() if not info.is_dir()]
    _check_whole(members)
    for info in members:
        _check_member(info)
    return [Member(archive, info) for info in members]


def _opened(source: Path | BinaryIO) -> zipfile.ZipFile:
    """An archive whose list of files isn't too long: once read, it takes ten times its length.

    Raises
    ------
    LoadError
        It's no ZIP archive, or lists too many files.
    """
    try:
        with source.open("rb") if isinstance(source, Path) else nullcontext(source) as file:
            end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
            if end and end[zipfile._ECD_SIZE] > _MAX_LIST:  # type: ignore[attr-defined]
                raise LoadError(
                    f"An archive may hold {MAX_MEMBERS:,} files, but this one lists far more: "
                    "split it, or use the command imgdiff batch on folders."
                )
        return zipfile.ZipFile(source)
    except FileNotFoundError:
        raise LoadError("There is no such file: check the path.") from None
    except (OSError, ValueError, struct.error, zipfile.BadZipFile, NotImplementedError):
        raise LoadError(
            "A ZIP archive of pictures is expected, but this file is none, or damaged: "
            "choose another."
        ) from None


def _check_whole(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise LoadError(
            f"An archive may hold {MAX_MEMBERS:,} files, but this one holds {len(members):,}: "
            "split it, or use the command imgdiff batch on folders."
        )
    unpacked = sum(info.file_size for info in members)
    if unpacked > MAX_ARCHIVE_UNPACKED:
        raise LoadError(
            f"An archive may unpack to {MAX_ARCHIVE_UNPACKED >> 30} GB, but this one claims "
            f"{unpacked / 2**30:.1f} GB: split it, or use the command imgdiff batch on folders."
        )


def _check_member(info: zipfile.ZipInfo) -> None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    first = path.parts[0] if path.parts else ".."
    if path.is_absolute() or ".." in (first, *path.parts) or ":" in first or first == "~":
        raise LoadError(
            "Paths in an archive must stay inside it, but one leads out of it: "
            "make the archive anew."
        )
    if stat.S_ISLNK(info.external_attr >> 16):
        raise LoadError(
            "An archive of picture files is expected, but one of them is a link: "
            "pack the picture itself."
        )
    if info.flag_bits & _ENCRYPTED:
        raise LoadError(
            "An archive without a password is expected, but this one has one: make it without."
        )
    if info.compress_type not in _METHODS:
        raise LoadError(
            "An archive packed the usual way (deflate) is expected, but this one is packed another "
            "way: make it anew with the standard settings."
        )
    if path.suffix.lower() in _ARCHIVES:
        raise LoadError(
            "An archive of pictures is expected, but this one holds another archive: "
            "pack the pictures themselves."
        )
    if info.file_size > _SMALL and info.file_size > MAX_RATIO * info.compress_size:
        raise LoadError(
            f"A picture in an archive may be packed {MAX_RATIO} to 1, but one claims "
            f"{info.file_size // max(1, info.compress_size)} to 1: make the archive anew."
        )


def _inside(info: zipfile.ZipInfo, strip: int) -> str:
    return PurePosixPath(*PurePosixPath(info.filename).parts[strip:]).as_posix()
