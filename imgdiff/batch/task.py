"""One pair, compared in whatever process this runs: small values in, a row out."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from imgdiff.batch.document_row import document_row, has_pages
from imgdiff.batch.pairing import FilePair, StoredFile
from imgdiff.batch.row import MOST_BOXES, Row, Status
from imgdiff.batch.thumbnails import thumbnail, thumbnails
from imgdiff.comparison.passing import failures
from imgdiff.comparison.pipeline import compare
from imgdiff.configuration.rules import Rules
from imgdiff.errors import ImgdiffError, LoadError
from imgdiff.load import blamed_on, count_pages, load_image, read_file
from imgdiff.load.archive import Member, Packed, unpacked
from imgdiff.report.html import to_html
from imgdiff.types import Document, Image
from imgdiff.view import View, changed_fraction, view_of
from imgdiff.view.words import gate_sentences, region_words

_VERSION = "7"
"""To be raised when rows of the same content and settings would come out otherwise."""

_log = logging.getLogger(__name__)


Content: TypeAlias = Path | bytes | Packed | None
"""A file, however it comes; None if there is none."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is sent to a worker.

    Attributes
    ----------
    name, before, after
        As in `FilePair`; each file is a path to open there, the content itself, or None.
    shown_before, shown_after : str
        What people find the files by.
    rules : Rules
        How to compare, and how much may differ.
    pictures : bool
        Make thumbnails, and a page for whatever changed.
    known : Row or None
        The row of an earlier run: it is returned as it is if nothing has changed since.
    """

    name: str
    before: Content = field(repr=False)
    after: Content = field(repr=False)
    shown_before: str
    shown_after: str
    rules: Rules
    pictures: bool = False
    known: Row | None = None


def task_of(
    pair: FilePair,
    rules: Rules,
    *,
    pictures: bool = False,
    known: Row | None = None,
) -> Task:
    """Get a pair ready to travel to another process.

    Raises
    ------
    LoadError
        A stored file is damaged.
    """
    return Task(
        name=pair.name,
        before=_fetched(pair.before),
        after=_fetched(pair.after),
        shown_before=_shown(pair.before),
        shown_after=_shown(pair.after),
        rules=rules,
        pictures=pictures,
        known=known,
    )


def with_contents(task: Task) -> Task:
    """The task for workers that don't see the paths: what can be read is read here."""
    return replace(task, before=_content(task.before), after=_content(task.after))


def _content(source: Content) -> Content:
    try:
        return read_file(source) if isinstance(source, Path) else source
    except LoadError:
        return source  # the worker will say what is wrong with it


def run_task(task: Task) -> Row:
    """Read, compare, and put the result into a row; what is wrong with a file fails its row."""
    start = time.perf_counter()
    try:
        row = _row(task)
    except ImgdiffError as error:
        row = failed_row(task, str(error))
    except Exception as error:  # noqa: BLE001 (told in full; the other pairs go on)
        _log.exception("imgdiff failed on %s", task.name)
        row = failed_row(task, unexpected(error))
    return replace(row, seconds=time.perf_counter() - start)


def failed_row(task: Task, verdict: str) -> Row:
    """The row of a pair that can't be compared."""
    return Row(task.name, "failed", verdict, task.shown_before, task.shown_after)


def unexpected(error: BaseException) -> str:
    """The sentence for an error that is no user's mistake."""
    return (
        f"This pair should have been compared, but imgdiff itself failed ({type(error).__name__}): "
        "please report it."
    )


def _row(task: Task) -> Row:
    before, after = _read(task.before, "Before"), _read(task.after, "After")
    digests = _digest(before), _digest(after)
    key = _key(digests, task)
    if task.known is not None and task.known.key == key:
        return task.known
    blank = Row(task.name, "equal", "", task.shown_before, task.shown_after, key=key)
    if before is None or after is None:
        return _one_sided(blank, before, after, task)
    if has_pages(before) or has_pages(after):
        files = (
            Document(Path(task.shown_before).name, before, "Before"),
            Document(Path(task.shown_after).name, after, "After"),
        )
        return document_row(blank, *files, task.rules, pictures=task.pictures)
    reference = _loaded(before, task.shown_before, "Before", digests[0])
    same = before == after
    test = reference if same else _loaded(after, task.shown_after, "After", digests[1])
    test = replace(test, name=task.shown_after)
    view = view_of(compare(reference, test, task.rules.settings))
    failed = failures(view.comparison, task.rules.tolerance)
    return _compared(blank, view, failed, pictures=task.pictures)


def _one_sided(blank: Row, before: bytes | None, after: bytes | None, task: Task) -> Row:
    """The row of a picture that has no partner; a damaged one is told of here too."""
    status: Status = "added" if before is None else "removed"
    side = "after" if before is None else "before"
    files = {}
    if task.pictures:
        data, shown = (after, task.shown_after) if before is None else (before, task.shown_before)
        files = {f"{side}.jpg": thumbnail(_loaded(data or b"", shown, side.capitalize()))}
    verdict = f"There is a picture {side} only."
    return replace(blank, status=status, verdict=verdict, files=files)


def _compared(blank: Row, view: View, failed: tuple[str, ...], *, pictures: bool) -> Row:
    comparison = view.comparison
    largest = view.regions[:MOST_BOXES]
    alike = comparison.method.similarity_percent(comparison.score)
    return replace(
        blank,
        status="changed" if failed else "equal",
        verdict=_verdict(view, failed),
        method=comparison.method.key,
        score=comparison.score,
        similarity_percent=alike if comparison.pair.related else None,
        changed_fraction=changed_fraction(comparison),
        regions=len(view.changes),
        facts=view.facts,
        boxes=tuple((r.box.x, r.box.y, r.box.width, r.box.height) for r in largest),
        words=tuple(region_words(region) for region in largest),
        files=_files(view, failed) if pictures else {},
    )


def _verdict(view: View, failed: tuple[str, ...]) -> str:
    """The answer; where it doesn't say by itself why a gate is closed or open, that too."""
    return " ".join((view.headline, *gate_sentences(failed, alike=view.comparison.alike)))


def _files(view: View, failed: tuple[str, ...]) -> dict[str, bytes]:
    """Thumbnails of every pair; a page only of what failed."""
    files = thumbnails(view.comparison)
    if failed:
        files["comparison.html"] = to_html(view).encode()
    return files


def _digest(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()


def _key(digests: tuple[str, str], task: Task) -> str:
    digest = hashlib.sha256(f"{_VERSION} {task.rules!r} {task.pictures}".encode())
    for found in digests:
        digest.update(bytes.fromhex(found) or b"-")
    return digest.hexdigest()


def _read(source: Content, role: str) -> bytes | None:
    if source is None:
        return None
    with blamed_on(role):
        return read_file(source) if isinstance(source, Path) else unpacked(source)


def _refuse_link(path: Path) -> None:
    """A folder of pictures holds them itself: a link may lead anywhere."""
    if path.is_symlink() and path.is_file():
        raise LoadError("A file is expected, but this is a link: put the picture itself there.")


def _pages(data: bytes, role: str) -> int:
    with blamed_on(role):
        return count_pages(data)


def _loaded(data: bytes, name: str, role: str, sha256: str | None = None) -> Image:
    with blamed_on(role):
        return load_image(data, name=Path(name).name, sha256=sha256)


def _fetched(source: StoredFile | None) -> Content:
    if isinstance(source, Path):
        _refuse_link(source)
        return source.absolute()
    if isinstance(source, Member):
        return source.packed()
    return source if source is None or isinstance(source, bytes) else source.read()


def _shown(source: StoredFile | None) -> str:
    if source is None or isinstance(source, bytes):
        return ""
    return source.as_posix() if isinstance(source, Path) else source.path
