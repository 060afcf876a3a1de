"""Inside a worker process: limits first, then one comparison after another.

It is given files, returns small results, and keeps the last comparison in memory for a while, as
the next thing that its user asks for is a file made from it, or the same with another setting.
"""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

# As in `imgdiff.cli`: nothing here multiplies matrices, so numpy needs no threads for it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2

from imgdiff.answer import Answer, answer_of, file_of
from imgdiff.errors import WorkError
from imgdiff.load import blamed_on, load_image
from imgdiff.pipeline import compare
from imgdiff.types import Image
from imgdiff.view import View, view_of
from imgdiff.work.job import Job, Upload

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


def file(job: Job, name: str) -> bytes:
    """A file of the comparison, named as `imgdiff.answer.file_of` knows it."""
    return file_of(_view(job), name)


def _view(job: Job) -> View:
    """The comparison, made anew unless it lies ready."""
    with _at_work:
        try:
            _compare(job)
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
        assert _bench.view is not None  # noqa: S101 (_compare has put it there)
        return _bench.view


def _compare(job: Job) -> None:
    """Lay the job's comparison on the bench; what is there and not of use goes first."""
    if _bench.key == job.key:
        return
    _bench.key, _bench.view = "", None
    if _bench.files != job.files or _bench.pair is None:
        _bench.clear()
        _bench.pair = _load(job)
        _bench.files = job.files
    _bench.view = view_of(compare(*_bench.pair, job.settings))
    _bench.key = job.key


def _load(job: Job) -> tuple[Image, Image]:
    """Both pictures at the same time; a file of equal bytes is decoded only once."""
    if job.before.sha256 == job.after.sha256:
        image = _load_one(job.before, "Before")
        return image, replace(image, name=job.after.name)
    with ThreadPoolExecutor(2) as pool:
        before, after = pool.map(_load_one, (job.before, job.after), ("Before", "After"))
    return before, after


def _load_one(upload: Upload, role: str) -> Image:
    with blamed_on(role):
        return load_image(upload.data, name=upload.name)


def _is_out_of_memory(error: BaseException) -> bool:
    """Whether that's what an error means: each library says it in its own way."""
    if isinstance(error, cv2.error):
        return error.code == cv2.Error.StsNoMem or "bad_alloc" in str(error)
    # RuntimeError: no room for the stack of another thread
    return isinstance(error, MemoryError) or "can't start new thread" in str(error)


def _forget_later() -> None:
    timer = threading.Timer(_KEPT_SECONDS, _forget)
    timer.daemon = True
    timer.start()


def _forget() -> None:
    """Clear the bench if nobody has asked for what lies there."""
    with _at_work:
        if time.monotonic() - _bench.used >= _KEPT_SECONDS:
            _bench.clear()
