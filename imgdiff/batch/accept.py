"""Accept changes: the pictures after become the baseline."""

from __future__ import annotations

import filecmp
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from imgdiff.batch.pairing import pair_folders
from imgdiff.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Change:
    """A file of the baseline to be replaced or created; with no `source`, to be removed."""

    name: str
    source: Path | None
    target: Path

    @property
    def in_words(self) -> str:
        """One of the words replace, add and remove."""
        if self.source is None:
            return "remove"
        return "replace" if self.target.exists() else "add"


def changes(
    before: Path, after: Path, patterns: Sequence[str] = (), *, remove: bool = False
) -> list[Change]:
    """What it takes to make the baseline `before` like `after`.

    Parameters
    ----------
    before, after : Path
        Folders.
    patterns : sequence of str
        Relative paths, or patterns of them such as ``home/*.png``; without any, all pictures.
    remove : bool
        Whether pictures that are missing after are to be removed from the baseline too.

    Raises
    ------
    PairingError
        A folder is missing, or there are no pictures.
    SettingsError
        A pattern fits no picture.
    """
    pairs = pair_folders(before, after)
    for pattern in patterns:
        if not any(fnmatchcase(pair.name, pattern) for pair in pairs):
            raise SettingsError(
                f"A picture's path inside the folders is expected, but none fits {pattern}: "
                "check its spelling."
            )
    wanted = [
        pair
        for pair in pairs
        if not patterns or any(fnmatchcase(pair.name, pattern) for pattern in patterns)
    ]
    found = [Change(pair.name, _path(pair.after), before / pair.name) for pair in wanted]
    return [change for change in found if _differs(change, remove=remove)]


def make(change: Change) -> None:
    """Change the baseline; a file is replaced whole or not at all."""
    if change.source is None:
        change.target.unlink(missing_ok=True)
        return
    change.target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=change.target.parent) as draft:
        copy = shutil.copyfile(change.source, Path(draft, "copy"))
        shutil.copymode(change.source, copy)
        copy.replace(change.target)


def _path(source: object) -> Path | None:
    return source if isinstance(source, Path) else None


def _differs(change: Change, *, remove: bool) -> bool:
    if change.source is None:
        return remove
    return not change.target.exists() or not filecmp.cmp(
        change.source, change.target, shallow=False
    )
