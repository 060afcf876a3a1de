"""Many files → their fingerprints, on all processors; what can't be used is named with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from imgdiff.errors import BlankError, LoadError, WorkError
from imgdiff.load.archive import Packed
from imgdiff.similar.cache import CachedPicture, FingerprintCache
from imgdiff.similar.embedding import DEFAULT_MODEL
from imgdiff.similar.fingerprint import POINTS_IN_SET, PREVIEW, Fingerprint, fingerprint
from imgdiff.similar.sources import PictureSource
from imgdiff.similar.threads import mapped


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that isn't part of the set, and the sentence that says why."""

    name: str
    reason: str


_Read = TypeVar("_Read", Fingerprint, CachedPicture)


def read_all(
    sources: Sequence[PictureSource],
    *,
    model: str = DEFAULT_MODEL,
    preview: int = PREVIEW,
    points: int = POINTS_IN_SET,
    look: Callable[..., Fingerprint] = fingerprint,
) -> Iterator[Fingerprint | LeftOut]:
    """Read every file; in their order, what it's like or why it can't be used.

    Each is handed out as soon as it's ready, so nothing is lost if the caller stops half-way.

    Parameters
    ----------
    sources : sequence of PictureSource
        The files.
    model, preview, points
        As in `fingerprint`.
    look : callable
        What to call in place of `fingerprint`: the same in another process, for files from anybody.

    Yields
    ------
    Fingerprint or LeftOut
        One for each file.
    """

    def one(source: PictureSource) -> Fingerprint:
        return look(source.read(), source.name, model=model, preview=preview, points=points)

    yield from _used(one, sources)


def read_into(
    cache: FingerprintCache, sources: Sequence[PictureSource], *, model: str = DEFAULT_MODEL
) -> Iterator[CachedPicture | LeftOut]:
    """As `read_all`, but what a cache holds isn't looked at again, and the rest is kept there."""

    def one(source: PictureSource) -> CachedPicture:
        def look(content: bytes | Packed) -> Fingerprint:
            return fingerprint(content, source.name, model=model, points=POINTS_IN_SET)

        return CachedPicture(source.name, cache.number_of(source, model, look))

    yield from _used(one, sources)


def _used(
    read: Callable[[PictureSource], _Read], sources: Sequence[PictureSource]
) -> Iterator[_Read | LeftOut]:
    """What comes of each file, or why it can't be used."""

    def one(source: PictureSource) -> _Read | LeftOut:
        try:
            return read(source)
        except (LoadError, BlankError, WorkError) as error:
            return LeftOut(source.name, str(error))

    yield from mapped(one, sources)


def parted(results: Iterable[_Read | LeftOut]) -> tuple[list[_Read], list[LeftOut]]:
    """What could be read, and what couldn't."""
    used: list[_Read] = []
    left_out: list[LeftOut] = []
    for result in results:
        if isinstance(result, LeftOut):
            left_out.append(result)
        else:
            used.append(result)
    return used, left_out
