"""What worker processes do for the page.

A task is given files, returns small results, and keeps the last comparison in memory for as long as
its process lives, as the next thing that its user asks for is a file made from it, or the same with
another setting.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from queue import SimpleQueue
from typing import TypeVar

# As in `imgdiff.cli`: nothing here multiplies matrices, so numpy needs no threads for it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from imgdiff import allocator
from imgdiff.comparison.every_method import EveryMethod, measure_by_every_method
from imgdiff.comparison.first_look import FirstLook, glance, look_of
from imgdiff.comparison.ignored_pieces import pieces_found, pieces_in
from imgdiff.comparison.lone_page import lone_page_view
from imgdiff.comparison.page_result import PageResult, file_of, page_result_of
from imgdiff.comparison.pipeline import compare
from imgdiff.environment import is_out_of_memory
from imgdiff.errors import ImgdiffError, WorkError
from imgdiff.load import blamed_on, count_pages, load_image
from imgdiff.load.archive import Packed
from imgdiff.review.review_file import read_review
from imgdiff.review.review_text import ReviewFile
from imgdiff.similar.fingerprint import Fingerprint, fingerprint
from imgdiff.similar.likeness import alike_in_words
from imgdiff.types import Box, Image, PagePair, Piece, Review
from imgdiff.view import View, view_of
from imgdiff.workers.job import Job, Upload
from imgdiff.workers.sketches import Sketches

_T = TypeVar("_T")


@dataclass(slots=True, eq=False)
class _Cache:
    """What lies ready: pictures by their uploads' keys, and the last comparison with its job's."""

    pictures: dict[str, Image] = field(default_factory=dict)
    sketches: Sketches = field(default_factory=Sketches)
    key: str = ""
    view: View | None = None

    def clear(self) -> None:
        self.pictures, self.sketches, self.key, self.view = {}, Sketches(), "", None


_cache = _Cache()
_at_work = threading.Lock()


def compare_pair(job: Job) -> PageResult:
    """Compare, and say what the page shows; raises ImgdiffError with a sentence for the user."""
    return page_result_of(_view(job))


def compare_pair_in_steps(job: Job) -> Iterator[str | FirstLook | PageResult]:
    """As `compare_pair`, naming each stage as it begins; what the page shows comes last.

    What pixels show doesn't wait for what is written there to be read, nor what a glance at large
    pictures shows for all of their pixels.
    """
    told: SimpleQueue[str | FirstLook | None] = SimpleQueue()
    with ThreadPoolExecutor(1) as thread:
        work = thread.submit(lambda: page_result_of(_view(job, told.put)))
        work.add_done_callback(lambda _: told.put(None))
        while (part := told.get()) is not None:
            yield part
        yield work.result()


def decode_ahead(upload: Upload) -> None:
    """Decode a picture for a comparison to come, which tells if anything is wrong with it."""

    def decoded() -> None:
        if upload.key not in _cache.pictures:
            _cache.clear()
            _cache.pictures = {upload.key: _load_one(upload, "Before")}
            _cache.sketches.prepare(upload)

    with suppress(ImgdiffError):
        _with_cache(decoded)


def page_count(upload: Upload) -> int:
    """How many pages or frames a file has."""
    return count_pages(upload.data)


def file(job: Job, name: str, review: Review | None = None) -> bytes:
    """A file of the comparison, named as `imgdiff.comparison.page_result.file_of` knows it.

    What people said in a review stands in it.
    """
    said = review or Review()
    return _with_cache(lambda: file_of(replace(_compared(job), review=said), name))


def open_review(data: bytes) -> ReviewFile:
    """A review file that anybody may have made; raises ReviewError."""
    return read_review(data)


def every_method(job: Job) -> EveryMethod:
    """What each method finds, whichever the job's settings name."""
    return _with_cache(lambda: measure_by_every_method(*_pair(job), job.settings))


def alikeness(job: Job) -> str:
    """How alike the pictures are as wholes, in words; for pictures of different things."""
    return _with_cache(lambda: alike_in_words(*_pair(job)))


def cut_pieces(job: Job, areas: tuple[Box, ...]) -> tuple[Piece | None, ...]:
    """What areas of the picture before look like; None where nothing is to be seen."""
    return _with_cache(lambda: pieces_in(_pair(job)[0], areas))


def find_pieces(job: Job) -> tuple[Box, ...]:
    """Where the picture before looks as the settings say."""
    return _with_cache(lambda: pieces_found(_pair(job)[0], job.settings.ignore_pieces))


def unpack_member(content: Packed) -> bytes:
    """A file out of an archive; LoadError if it's damaged there."""
    return content.unpacked()


def take_fingerprint(
    content: bytes | Packed, name: str, *, model: str, preview: int, points: int
) -> Fingerprint:
    """A picture file's fingerprint, as `imgdiff.similar.fingerprint.fingerprint` makes it."""

    def alone() -> Fingerprint:
        _cache.clear()
        return fingerprint(content, name, model=model, preview=preview, points=points)

    return _with_cache(alone)


def _view(job: Job, tell: Callable[[str | FirstLook], None] | None = None) -> View:
    return _with_cache(lambda: _compared(job, tell))


def _with_cache(work: Callable[[], _T]) -> _T:
    """Do something with what lies in the cache; if it fails, the cache is cleared."""
    with _at_work:
        try:
            result = work()
        except BaseException as error:
            _cache.clear()
            if is_out_of_memory(error):
                raise WorkError(
                    "Comparing these pictures needs more memory than there is for one "
                    "comparison: make them smaller."
                ) from None
            raise
        allocator.return_freed()
        return result


def _pair(job: Job) -> tuple[Image, Image]:
    """The job's pictures, decoded unless they lie ready; others go, and what was made of them."""
    before, after = job.before, job.after
    if not {before.key, after.key} <= {*_cache.pictures}:
        ready = {
            key: _cache.pictures[key] for key in _cache.pictures if key in (before.key, after.key)
        }
        _cache.clear()
        _cache.pictures = _loaded(job, ready)
    pictures = _cache.pictures
    return (
        replace(pictures[before.key], name=before.name),
        replace(pictures[after.key], name=after.name),
    )


def _compared(job: Job, tell: Callable[[str | FirstLook], None] | None = None) -> View:
    """The job's comparison, made anew unless it lies ready; `tell` hears of its stages."""
    if _cache.key != job.key or _cache.view is None:
        _cache.key, _cache.view = "", None
        _cache.view = _lone(job) if job.is_lone else _compared_pair(job, tell)
        _cache.key = job.key
    return _cache.view


def _compared_pair(job: Job, tell: Callable[[str | FirstLook], None] | None) -> View:
    def show(look: FirstLook | None) -> None:
        if tell is not None and look is not None:
            tell(replace(look, files=(job.before.sha256, job.after.sha256)))

    if tell is not None and not {job.before.key, job.after.key} <= {*_cache.pictures}:
        show(_glance(job, tell))
    before, after = _pair(job)
    found = compare(
        before, after, job.settings, progress=tell, first_look=lambda found: show(look_of(found))
    )
    return view_of(found)


def _glance(job: Job, tell: Callable[[str | FirstLook], None]) -> FirstLook | None:
    found = _cache.sketches.take(job, lambda: _pair(job))
    if found is None:
        return None
    tell("glance")
    before, after, factor = found
    return glance(before, after, job.settings, factor=factor)


def _lone(job: Job) -> View:
    """A page that only one document has."""
    upload, role = (job.after, "After") if job.before.page == 0 else (job.before, "Before")
    pair = PagePair(job.before.page or None, job.after.page or None)
    return lone_page_view(_load_one(upload, role), pair, job.settings)


def _loaded(job: Job, ready: dict[str, Image]) -> dict[str, Image]:
    """Both pictures by their keys, decoded at the same time; of equal bytes, once."""
    sides = {job.after.key: (job.after, "After"), job.before.key: (job.before, "Before")}
    missing = [side for key, side in sides.items() if key not in ready]
    with ThreadPoolExecutor(2) as pool:
        images = pool.map(lambda side: _load_one(*side), missing)
        return {
            **ready,
            **{side[0].key: image for side, image in zip(missing, images, strict=True)},
        }


def _load_one(upload: Upload, role: str) -> Image:
    with blamed_on(role):
        return load_image(
            upload.data,
            name=upload.name,
            page=upload.page,
            dpi=upload.dpi,
            sha256=upload.sha256,
        )
