"""The work behind the page: done in worker processes, remembered for its session only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import streamlit as st

from imgdiff.comparison.every_method import EveryMethod
from imgdiff.comparison.page_result import PageResult
from imgdiff.similar.fingerprint import Fingerprint
from imgdiff.ui import session_cleanup
from imgdiff.workers import tasks
from imgdiff.workers.job import Job, Upload
from imgdiff.workers.queue import QueuedTask, queue_from_environment

__all__ = [
    "Job",
    "Upload",
    "alikeness_words",
    "count_of_pages",
    "fingerprinted",
    "made",
    "page_result",
    "surveyed",
    "to_make",
    "verdicts",
]  # fmt: skip

_QUEUE = queue_from_environment()
_TICK = 0.2
"""Seconds between two looks at whether there is a result, and whether anybody waits for it."""
_MAX_REMEMBERED = 8
_LARGEST_REMEMBERED = 2**21
"""Bytes: a mask is kept for the next run of the page, a picture at full size is made again."""

_T = TypeVar("_T")

# The first process starts while the first user looks at the page.
_warming = threading.Timer(0.5, _QUEUE.warm_up)
_warming.daemon = True
_warming.start()
session_cleanup.start()


def page_result(job: Job) -> PageResult:
    """Load and compare; raises ImgdiffError with a sentence for the user."""
    return _remembered(job.key, lambda: _done("Comparing …", job.files, tasks.compare_pair, job))


def surveyed(job: Job) -> EveryMethod:
    """The pair by every method; raises ImgdiffError with a sentence for the user."""
    doing = "Comparing by every method …"
    return _remembered(
        f"methods of {job.key}", lambda: _done(doing, job.files, tasks.every_method, job)
    )


def made(job: Job, name: str) -> bytes:
    """A file of the comparison, named as `imgdiff.comparison.page_result.file_of` knows it."""
    return _remembered(
        f"{name} of {job.key}", lambda: _done("Drawing …", job.files, tasks.file, job, name)
    )


def alikeness_words(job: Job) -> str:
    """How alike the pictures are as wholes: "36 % alike: related"."""
    doing = "Looking at both as wholes …"
    return _remembered(
        f"likeness of {job.files}", lambda: _done(doing, job.files, tasks.alikeness, job)
    )


def count_of_pages(upload: Upload, role: str) -> int:
    """How many pages a document has; raises LoadError, which begins with `role`."""
    count = partial(tasks.page_count, role=role)
    return _remembered(
        f"pages of {upload.sha256}", lambda: _done("Reading …", upload.sha256, count, upload)
    )


def verdicts(jobs: Sequence[Job]) -> tuple[tasks.Verdict, ...]:
    """What a list says of each pair, compared one after the other; raises ImgdiffError."""

    def compared() -> tuple[tasks.Verdict, ...]:
        doing = [f"Comparing page {number} of {len(jobs)} …" for number in range(1, len(jobs) + 1)]
        return tuple(
            _done(words, job.files, tasks.verdict, job)
            for words, job in zip(doing, jobs, strict=True)
        )

    return _remembered(f"verdicts of {len(jobs)} from {jobs[0].key}", compared)


def fingerprinted(data: bytes, name: str, *, model: str, preview: int) -> Fingerprint:
    """As `imgdiff.similar.fingerprint.fingerprint`, but in a worker process; from any thread."""
    return _QUEUE.run("", partial(tasks.take_fingerprint, data, name, model=model, preview=preview))


def to_make(job: Job, name: str) -> Callable[[], bytes]:
    """As `made`, to be called when the file is asked for: by then there is no session at hand."""
    return partial(_QUEUE.run, job.files, tasks.file, job, name)


def _remembered(key: str, make: Callable[[], _T]) -> _T:
    """What was made for this session before; else made now."""
    memory: dict[str, _T] = st.session_state.setdefault("remembered_work", {})
    if key in memory:
        memory[key] = memory.pop(key)  # the last that was asked for is the last to go
        return memory[key]
    result = make()
    if not isinstance(result, bytes) or len(result) <= _LARGEST_REMEMBERED:
        memory[key] = result
        while len(memory) > _MAX_REMEMBERED:
            del memory[next(iter(memory))]
    return result


def _done(doing: str, key: str, task: Callable[..., _T], *arguments: object) -> _T:
    """Have a worker do a task, and tell the user what is going on."""
    place, pulse = st.empty(), st.empty()
    with _QUEUE.enter(key, task, *arguments) as queued:
        while not queued.wait(_TICK):
            words = _state(queued, doing)
            with place, st.spinner(words, show_time=True):
                while _state(queued, doing) == words and not queued.wait(_TICK):
                    # Streamlit ends this run here if its user has left or changed something, and
                    # with it the block, and the task.
                    pulse.empty()
        return queued.result()


def _state(queued: QueuedTask[_T], doing: str) -> str:
    if not queued.ahead:
        return doing
    others = "1 comparison" if queued.ahead == 1 else f"{queued.ahead} comparisons"
    return f"Busy: {others} before yours …"
