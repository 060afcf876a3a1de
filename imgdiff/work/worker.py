"""Inside a worker process: limits first, then one comparison after another.

It is given files, returns small results, and keeps the last comparison in memory for a while, as
the next thing that its user asks for is a file made from it, or the same with another setting.
"""

from __future__ import annotations

import ctypes
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

# As in `imgdiff.cli`: nothing here multiplies matrices, so numpy needs no threads for it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2

from imgdiff.answer import Answer, answer_of, file_of
from imgdiff.errors import AlignmentError, SizeError, WorkError
from imgdiff.load import blamed_on, count_pages, load_image
from imgdiff.pipeline import compare
from imgdiff.similar.fingerprint import Fingerprint, fingerprint
from imgdiff.similar.likeness import alike_in_words
from imgdiff.survey import Survey, survey
from imgdiff.types import Image
from imgdiff.view import View, changed_fraction, view_of
from imgdiff.work.job import Job, Upload

T = TypeVar("T")

_KEPT_SECONDS = 120
"""For how long a comparison is kept after its last use."""


@dataclass(slots=True, eq=False)
class _Bench:
    """What lies ready from the last job: its pictures, and the comparison made of them."""

    files: str = ""
    pair: tuple[Image, Image] | None = None
    key: str = ""
    view: View | None = None
    used: float = 0

    def clear(self) -> None:
        self.files, self.pair, self.key, self.view = "", None, "", None


_bench = _Bench()
_at_work = threading.Lock()


def answer(job: Job) -> Answer:
    """Compare, and say what the page shows; raises ImgdiffError with a sentence for the user."""
    return answer_of(_view(job))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a list says of one pair of many: the `headline`, and how much `changed`, 0 to 1."""

    headline: str
    changed: float


def verdict(job: Job) -> Verdict:
    """Compare, and say no more than a list shows; what can't be compared is told there too."""
    try:
        view = _view(job)
    except (AlignmentError, SizeError) as error:
        return Verdict(str(error), 1)
    changed = changed_fraction(view.comparison) if view.comparison.pair.related else 1
    return Verdict(view.headline, changed)


def page_count(upload: Upload, role: str) -> int:
    """How many pages a document has; raises LoadError, which begins with `role`."""
    with blamed_on(role):
        return count_pages(upload.data)


def file(job: Job, name: str) -> bytes:
    """A file of the comparison, named as `imgdiff.answer.file_of` knows it."""
    return _at_bench(lambda: file_of(_compared(job), name))


def every_method(job: Job) -> Survey:
    """What each method finds, whichever the job's settings name."""
    return _at_bench(lambda: survey(*_pair(job), job.settings))


def alikeness(job: Job) -> str:
    """How alike the pictures are as wholes, in words; for pictures of different things."""
    return _at_bench(lambda: alike_in_words(*_pair(job)))


def look(data: bytes, name: str, *, model: str, preview: int) -> Fingerprint:
    """A picture file's fingerprint, as `imgdiff.similar.fingerprint.fingerprint` makes it."""

    def alone() -> Fingerprint:
        _bench.clear()
        return fingerprint(data, name, model=model, preview=preview)

    return _at_bench(alone)


def _view(job: Job) -> View:
    return _at_bench(lambda: _compared(job))


def _at_bench(work: Callable[[], T]) -> T:
    """Do something with what lies on the bench; if it fails, the bench is cleared."""
    with _at_work:
        try:
            result = work()
        except BaseException as error:
            _bench.clear()
            if _is_out_of_memory(error):
                raise WorkError(
                    "Comparing these pictures needs more memory than there is for one "
                    "comparison: make them smaller."
                ) from None
            raise
        _bench.used = time.monotonic()
        _forget_later()
        _return_memory()
        return result


def _pair(job: Job) -> tuple[Image, Image]:
    """The job's pictures, decoded unless they lie ready; a comparison of others goes first."""
    if _bench.files != job.files or _bench.pair is None:
        _bench.clear()
        _bench.pair = _load(job)
        _bench.files = job.files
    return _bench.pair


def _compared(job: Job) -> View:
    """The job's comparison, made anew unless it lies ready."""
    if _bench.key != job.key or _bench.view is None:
        _bench.key, _bench.view = "", None
        _bench.view = view_of(compare(*_pair(job), job.settings))
        _bench.key = job.key
    return _bench.view


def _load(job: Job) -> tuple[Image, Image]:
    """Both pictures at the same time; a file of equal bytes is decoded only once."""
    if job.before.key == job.after.key:
        image = _load_one(job.before, "Before")
        return image, replace(image, name=job.after.name)
    with ThreadPoolExecutor(2) as pool:
        before, after = pool.map(_load_one, (job.before, job.after), ("Before", "After"))
    return before, after


def _load_one(upload: Upload, role: str) -> Image:
    with blamed_on(role):
        return load_image(upload.data, name=upload.name, page=upload.page, dpi=upload.dpi)


def _is_out_of_memory(error: BaseException | None) -> bool:
    """Whether that's what an error, or one behind it, means: each library says it in its own way.

    A decoder's error among them: the process is renewed then, as its memory is in pieces.
    """
    if error is None:
        return False
    if isinstance(error, cv2.error):
        found = error.code == cv2.Error.StsNoMem or "bad_alloc" in str(error)
    else:  # RuntimeError: no room for the stack of another thread
        found = isinstance(error, MemoryError) or "can't start new thread" in str(error)
    return found or _is_out_of_memory(error.__context__)


def _return_memory() -> None:
    """Give what the work took back to the system: the server and its neighbours may need it."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _forget_later() -> None:
    timer = threading.Timer(_KEPT_SECONDS, _forget)
    timer.daemon = True
    timer.start()


def _forget() -> None:
    """Clear the bench if nobody has asked for what lies there."""
    with _at_work:
        if time.monotonic() - _bench.used >= _KEPT_SECONDS:
            _bench.clear()
            _return_memory()
