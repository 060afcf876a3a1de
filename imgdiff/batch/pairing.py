"""Which files belong together."""

from __future__ import annotations

import csv
import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Literal, Protocol, TypeAlias, TypeVar

from imgdiff.configuration.rules import check_names
from imgdiff.errors import PairingError
from imgdiff.load.formats import has_comparable_name

PairBy: TypeAlias = Literal["path", "stem"]


_COLUMNS = ("name", "before", "after")


class Stored(Protocol):
    """A file that must be fetched before it can travel, as from an archive."""

    def read(self) -> bytes:
        """The content."""

    @property
    def path(self) -> str:
        """Where it lies, for people."""


StoredFile: TypeAlias = Path | bytes | Stored


@dataclass(frozen=True, slots=True)
class FilePair:
    """Two files to compare; one of them may be missing.

    Attributes
    ----------
    name : str
        What to call the pair; no two of a batch have the same.
    before, after : Path, bytes or a stored file; None if there is none
        A path is opened where the work is done; bytes travel there.
    layer : mapping of str to object
        Settings for this pair, by the names of the command's options.
    """

    name: str
    before: StoredFile | None
    after: StoredFile | None
    layer: Mapping[str, object] = field(default_factory=dict)


def chosen(
    pairs: Iterable[FilePair], *, include: Sequence[str] = (), exclude: Sequence[str] = ()
) -> list[FilePair]:
    """The pairs whose name fits a pattern to include, if there are any, and none to exclude.

    In a pattern, ``*`` and ``?`` stand for anything.

    Raises
    ------
    PairingError
        None is left.
    """

    def fits(name: str, patterns: Sequence[str]) -> bool:
        return any(fnmatchcase(_composed(name), _composed(pattern)) for pattern in patterns)

    left = [
        pair
        for pair in pairs
        if (not include or fits(pair.name, include)) and not fits(pair.name, exclude)
    ]
    if not left:
        raise PairingError(
            "Pairs to compare are expected, but none is left by what to include and to exclude: "
            "check the patterns."
        )
    return left


def pair_folders(before: Path, after: Path, *, match: PairBy = "path") -> list[FilePair]:
    """Pair the pictures of two folders, and of all folders inside, by relative path.

    Parameters
    ----------
    before, after : Path
        Hidden files and folders in them are left out.
    match : {"path", "stem"}
        With "stem", ``a/b.png`` belongs to ``a/b.jpg``.

    Returns
    -------
    list of FilePair
        Sorted by name.

    Raises
    ------
    PairingError
        A folder is missing, neither holds a picture, or two files of one folder match.
    """
    return pair_up(_pictures(before), _pictures(after), match=match)


File = TypeVar("File", bound=StoredFile)


def pair_up(
    before: Mapping[str, File], after: Mapping[str, File], *, match: PairBy = "path"
) -> list[FilePair]:
    """Pair files by their names; a name is a path with forward slashes."""
    befores, afters = _by_key(before, match), _by_key(after, match)
    if not befores and not afters:
        raise PairingError(
            "Pictures to compare are expected, but there are none on either side: "
            "check both places."
        )
    pairs = []
    for key in befores.keys() | afters.keys():
        name, first = befores.get(key, ("", None))
        name_after, second = afters.get(key, ("", None))
        pairs.append(FilePair(name_after or name, first, second))
    return sorted(pairs, key=lambda pair: pair.name)


def pair_list(path: Path) -> list[FilePair]:
    """Pairs from a CSV file with the columns ``before`` and ``after``, and perhaps ``name``.

    Other columns are settings of the pair, named as the command's options are. Paths are relative
    to the file's folder; an empty cell means that there is no such picture, or setting.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
            columns = {*(rows[0] if rows else ())}
    except (OSError, UnicodeDecodeError, csv.Error):
        raise PairingError(
            f"{path} can't be read as CSV text: check the path and save it in UTF-8."
        ) from None
    if not {"before", "after"} <= columns:
        raise PairingError(
            f"{path} must have a first line with the columns before and after, and pairs below it: "
            "add them."
        )
    check_names(columns - {*_COLUMNS}, where=f"{path}: ")
    pairs = [_listed(row, path.parent) for row in rows if row["before"] or row["after"]]
    _refuse_doubles([pair.name for pair in pairs], path)
    return pairs


def _listed(row: Mapping[str, str | None], folder: Path) -> FilePair:
    before, after = row["before"] or "", row["after"] or ""
    layer = {key: value for key, value in row.items() if key not in _COLUMNS and value}
    if "ignore-mask" in layer:
        layer["ignore-mask"] = str(folder / (layer["ignore-mask"] or ""))
    return FilePair(
        row.get("name") or after or before,
        folder / before if before else None,
        folder / after if after else None,
        layer,
    )


def _refuse_doubles(names: list[str], path: Path) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise PairingError(
                f"Every pair in {path} must have a name of its own, but {name} comes twice: "
                "add a column name that tells them apart."
            )
        seen.add(name)


def _pictures(folder: Path) -> dict[str, Path]:
    """The pictures in a folder by their relative path."""
    if not folder.is_dir():
        raise PairingError(f"A folder is expected, but {folder} is none: check the path.")
    return {path.relative_to(folder).as_posix(): path for path in _walk(folder)}


def _walk(folder: Path) -> Iterator[Path]:
    for place, inner, files in os.walk(folder):
        inner[:] = [name for name in inner if not name.startswith(".")]
        yield from (Path(place, name) for name in files if has_comparable_name(PurePosixPath(name)))


def _composed(name: str) -> str:
    """A name with accents as one character each: some systems store them apart (NFD)."""
    return unicodedata.normalize("NFC", name)


def _by_key(files: Mapping[str, File], match: PairBy) -> dict[str, tuple[str, File]]:
    found: dict[str, tuple[str, File]] = {}
    for name, file in files.items():
        key = _composed(name)
        if match == "stem":
            key = PurePosixPath(key).with_suffix("").as_posix()
        if key in found:
            how = (
                "With match stem, file names must differ before the dot"
                if match == "stem"
                else ("File names must differ in more than how their accents are stored")
            )
            raise PairingError(f"{how}, but {found[key][0]} and {name} don't: rename one.")
        found[key] = name, file
    return found
