"""The work behind the page: done in worker processes, remembered for its session only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import streamlit as st

from imgdiff.answer import Answer
from imgdiff.similar.fingerprint import Fingerprint
from imgdiff.survey import Survey
from imgdiff.ui import janitor
from imgdiff.work import worker
from imgdiff.work.crew import Ticket, crew_from_environment
from imgdiff.work.job import Job, Upload

__all__ = [
    "Job", "Upload", "alikeness", "answer", "fingerprinted", "made", "page_count", "surveyed",
    "to_make", "verdicts",
]  # fmt: skip

_CREW = crew_from_environment()
_TICK = 0.2
"""Seconds between two looks at whether there is a result, and whether anybody waits for it."""
_MAX_REMEMBERED = 8
_LARGEST_REMEMBERED = 2**21
"""Bytes: a mask is kept for the next run of the page, a picture at full size is made again."""

T = TypeVar("T")

# The first process starts while the first user looks at the page.
_warming = threading.Timer(0.5, _CREW.warm_up)
_warming.daemon = True
_warming.start()
janitor.start()


def answer(job: Job) -> Answer:
    """Load and compare; raises ImgdiffError with a sentence for the user."""
    return _remembered(job.key, lambda: _done("Comparing …", job.files, worker.answer, job))


def surveyed(job: Job) -> Survey:
    """The pair by every method; raises ImgdiffError with a sentence for the user."""
    doing = "Comparing by every method …"
    return _remembered(
        f"methods of {job.key}", lambda: _done(doing, job.files, worker.every_method, job)
    )


def made(job: Job, name: str) -> bytes:
    """A file of the comparison, named as `imgdiff.answer.file_of` knows it."""
    return _remembered(
        f"{name} of {job.key}", lambda: _done("Drawing …", job.files, worker.file, job, name)
    )


def alikeness(job: Job) -> str:
    """How alike the pictures are as wholes: "36 % alike: related"."""
    doing = "Looking at both as wholes …"
    return _remembered(
        f"likeness of {job.files}", lambda: _done(doing, job.files, worker.alikeness, job)
    )


def page_count(upload: Upload, role: str) -> int:
    """How many pages a document has; raises LoadError, which begins with `role`."""
    count = partial(worker.page_count, role=role)
    return _remembered(
        f"pages of {upload.sha256}", lambda: _done("Reading …", upload.sha256, count, upload)
    )


def verdicts(jobs: Sequence[Job]) -> tuple[worker.Verdict, ...]:
    """What a list says of each pair, compared one after the other; raises ImgdiffError."""

    def compared() -> tuple[worker.Verdict, ...]:
        doing = [f"Comparing page {number} of {len(jobs)} …" for number in range(1, len(jobs) + 1)]
        return tuple(
            _done(words, job.files, worker.verdict, job)
            for words, job in zip(doing, jobs, strict=True)
        )

    return _remembered(f"verdicts of {len(jobs)} from {jobs[0].key}", compared)


def fingerprinted(data: bytes, name: str, *, model: str, preview: int) -> Fingerprint:
    """As `imgdiff.similar.fingerprint.fingerprint`, but in a worker process; from any thread."""
    return _CREW.run("", partial(worker.look, data, name, model=model, preview=preview))


def to_make(job: Job, name: str) -> Callable[[], bytes]:
    """As `made`, to be called when the file is asked for: by then there is no session at hand."""
    return partial(_CREW.run, job.files, worker.file, job, name)


def _remembered(key: str, make: Callable[[], T]) -> T:
    """What was made for this session before; else made now."""
    memory: dict[str, T] = st.session_state.setdefault("remembered_work", {})
    if key in memory:
        memory[key] = memory.pop(key)  # the last that was asked for is the last to go
        return memory[key]
    result = make()
    if not isinstance(result, bytes) or len(result) <= _LARGEST_REMEMBERED:
        memory[key] = result
        while len(memory) > _MAX_REMEMBERED:
            del memory[next(iter(memory))]
    return result


def _done(doing: str, key: str, task: Callable[..., T], *arguments: object) -> T:
    """Have a worker do a task, and tell the user what is going on."""
    place, pulse = st.empty(), st.empty()
    with _CREW.enter(key, task, *arguments) as ticket:
        while not ticket.wait(_TICK):
            words = _state(ticket, doing)
            with place, st.spinner(words, show_time=True):
                while _state(ticket, doing) == words and not ticket.wait(_TICK):
                    # Streamlit ends this run here if its user has left or changed something, and
                    # with it the block, and the task.
                    pulse.empty()
        return ticket.result()


def _state(ticket: Ticket[T], doing: str) -> str:
    if not ticket.ahead:
        return doing
    others = "1 comparison" if ticket.ahead == 1 else f"{ticket.ahead} comparisons"
    return f"Busy: {others} before yours …"
