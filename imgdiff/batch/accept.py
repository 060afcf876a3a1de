"""Accept changes: the pictures after become the baseline."""

from __future__ import annotations

import filecmp
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from imgdiff.batch.pairing import FilePair, PairBy, pair_folders
from imgdiff.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Change:
    """A file of the baseline to be replaced or created; with no `source`, to be removed.

    `before` is what stands in its place there, perhaps under another ending; it goes.
    """

    name: str
    source: Path | None
    target: Path
    before: Path | None = None

    @property
    def in_words(self) -> str:
        """One of the words replace, add and remove."""
        if self.source is None:
            return "remove"
        return "add" if self.before is None else "replace"


def changes(
    before: Path,
    after: Path,
    patterns: Sequence[str] = (),
    *,
    remove: bool = False,
    match: PairBy | None = None,
) -> list[Change]:
    """What it takes to make the baseline `before` like `after`.

    Parameters
    ----------
    before, after : Path
        Folders.
    patterns : sequence of str
        Relative paths, or patterns of them such as ``home/*.png``; without any, all pictures. How
        accents are written (NFC or NFD, as on macOS) makes no difference.
    remove : bool
        Whether pictures that are missing after are to be removed from the baseline too.
    match : {"path", "stem"}, optional
        As in `pair_folders`. With "stem", a picture with another ending takes the place of the one
        before, which goes: both of one name could never be paired again. None is "path", but
        refuses to put one beside the other.

    Raises
    ------
    PairingError
        A folder is missing, or there are no pictures.
    SettingsError
        A pattern fits no picture, a picture is a link or lies behind one, or would stand beside
        one of the same name.
    """
    pairs = pair_folders(before, after, match=match or "path")
    for pattern in patterns:
        if not any(_fits(pair, pattern) for pair in pairs):
            raise SettingsError(
                f"A picture's path inside the folders is expected, but none fits {pattern}: "
                "check its spelling."
            )
    wanted = [pair for pair in pairs if not patterns or any(_fits(pair, each) for each in patterns)]
    differing = [
        change
        for change in (_change(pair, before) for pair in wanted)
        if _differs(change, remove=remove)
    ]
    if match is None and not remove:
        _refuse_twins(differing, pairs)
    for change in differing:
        _refuse_links(change, before, after)
    return differing


def make(change: Change) -> None:
    """Change the baseline; a file is replaced whole or not at all, and no link is followed.

    Raises
    ------
    OSError
        The baseline can't be written, or the source not read; ``filename`` says which.
    """
    try:
        if change.source is None:
            change.target.unlink(missing_ok=True)
            return
        change.target.parent.mkdir(parents=True, exist_ok=True)
        _replace(change.source, change.target)
        if change.before not in (None, change.target):
            change.before.unlink(missing_ok=True)
    except OSError as error:
        # Of a full disk the system doesn't say where; of a draft, it says a name that's gone.
        read = error.filename == str(change.source)
        raise OSError(
            error.errno, error.strerror, str(change.source if read else change.target)
        ) from None


def _replace(source: Path, target: Path) -> None:
    """Put a copy in a file's place: beside it first, so that it's there whole or not at all."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".imgdiff-")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as copy, source.open("rb") as original:
            shutil.copyfileobj(original, copy)
        shutil.copymode(source, draft)
        draft.replace(target)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def _refuse_links(change: Change, before: Path, after: Path) -> None:
    """A link may lead anywhere: to a file that was never meant to be read, or written over."""
    for path, folder in ((change.source, after), (change.target, before), (change.before, before)):
        if path is None:
            continue
        inside = [path, *path.parents]
        if any(part.is_symlink() for part in inside[: inside.index(folder)]):
            raise SettingsError(
                f"Pictures themselves are expected, but {path} is a link or lies behind one: "
                "put the picture in its place."
            )


def _fits(pair: FilePair, pattern: str) -> bool:
    return fnmatchcase(_composed(pair.name), _composed(pattern))


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _refuse_twins(found: Sequence[Change], pairs: Sequence[FilePair]) -> None:
    """What is added mustn't stand beside a picture that differs from it by its ending alone."""
    lonely = {_stem(pair.name): pair.name for pair in pairs if pair.after is None}
    for change in found:
        if change.in_words == "add" and _stem(change.name) in lonely:
            raise SettingsError(
                f"Every picture of the baseline is expected to have a name of its own, but "
                f"{change.name} would stand beside {lonely[_stem(change.name)]}: add --match stem "
                "to put it in its place, or --match path to keep both."
            )


def _stem(name: str) -> PurePosixPath:
    return PurePosixPath(_composed(name)).with_suffix("")


def _change(pair: FilePair, baseline: Path) -> Change:
    """The file in the baseline has its own name there, if there is one, and the new ending."""
    before, after = _path(pair.before), _path(pair.after)
    target = baseline / pair.name if before is None else before
    if before is not None and after is not None and before.suffix != after.suffix:
        target = before.with_suffix(after.suffix)
    return Change(pair.name, after, target, before)


def _path(source: object) -> Path | None:
    return source if isinstance(source, Path) else None


def _differs(change: Change, *, remove: bool) -> bool:
    if change.source is None:
        return remove
    if change.before != change.target:
        return True
    return not filecmp.cmp(change.source, change.target, shallow=False)
