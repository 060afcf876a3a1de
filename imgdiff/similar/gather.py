"""Many files → their fingerprints, on all processors; what can't be used is named with a reason."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from imgdiff.errors import BlankError, LoadError, WorkError
from imgdiff.similar.embedding import DEFAULT_MODEL
from imgdiff.similar.fingerprint import PREVIEW, Fingerprint, fingerprint
from imgdiff.similar.sources import PictureSource


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that isn't part of the set, and the sentence that says why."""

    name: str
    reason: str


def read_all(
    sources: Sequence[PictureSource],
    *,
    model: str = DEFAULT_MODEL,
    preview: int = PREVIEW,
    look: Callable[..., Fingerprint] = fingerprint,
) -> Iterator[Fingerprint | LeftOut]:
    """Read every file; in their order, what it's like or why it can't be used.

    Each is handed out as soon as it's ready, so nothing is lost if the caller stops half-way.

    Parameters
    ----------
    sources : sequence of PictureSource
        The files.
    model, preview
        As in `fingerprint`.
    look : callable
        What to call in place of `fingerprint`: the same in another process, for files from anybody.

    Yields
    ------
    Fingerprint or LeftOut
        One for each file.
    """

    def one(source: PictureSource) -> Fingerprint | LeftOut:
        try:
            return look(source.read(), source.name, model=model, preview=preview)
        except (LoadError, BlankError, WorkError) as error:
            return LeftOut(source.name, str(error))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            yield from pool.map(one, sources)
        finally:
            pool.shutdown(cancel_futures=True)


def parted(
    results: Iterable[Fingerprint | LeftOut],
) -> tuple[list[Fingerprint], list[LeftOut]]:
    """What could be read, and what couldn't."""
    results = list(results)
    pictures = [result for result in results if isinstance(result, Fingerprint)]
    return pictures, [result for result in results if isinstance(result, LeftOut)]
