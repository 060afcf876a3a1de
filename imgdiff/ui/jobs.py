"""The work behind the page: done in worker processes, remembered for its session only."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import astuple
from functools import partial
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from imgdiff.comparison.every_method import EveryMethod
from imgdiff.comparison.first_look import FirstLook
from imgdiff.comparison.page_result import PageResult
from imgdiff.environment import whole_number
from imgdiff.load.archive import Member, Packed
from imgdiff.review.review_text import ReviewFile
from imgdiff.similar.fingerprint import Fingerprint
from imgdiff.types import Box, Piece, Review
from imgdiff.ui import session_cleanup
from imgdiff.ui.plain import plain
from imgdiff.workers import sandbox, tasks
from imgdiff.workers.allowance import Allowance
from imgdiff.workers.job import Job, Upload
from imgdiff.workers.queued import QueuedTask
from imgdiff.workers.worker_pool import OwnersExecutor, WorkerPool

__all__ = [
    "Job",
    "Upload",
    "alikeness_words",
    "count_of_pages",
    "executor",
    "fingerprinter",
    "found_pieces",
    "load_ahead",
    "made",
    "opened_review",
    "page_result",
    "pieces_cut",
    "surveyed",
    "to_make",
    "to_unpack",
    "unpacked_content",
    "unpacked_member",
]  # fmt: skip

POOL = WorkerPool(
    whole_number("IMGDIFF_WORKERS", 1),
    Allowance.from_environment(memory=1200, seconds=30),
    room=whole_number("IMGDIFF_WAITING", 40),
    modules=("imgdiff.workers.tasks", "imgdiff.batch.task"),
)
"""One line of work for all pages and sessions, and so one budget of memory (docs/hosting.md)."""
_STAGES = {
    "glance": "Looking for changes …",
    "align": "Lining up the pictures …",
    "compare": "Looking for changes …",
    "regions": "Marking the places …",
    "read": "Reading the words …",
}
"""The stages of `imgdiff.compare` as they are told to the user."""
_TICK = 0.2
"""Seconds between two looks at whether there is a result, and whether anybody waits for it."""
_MAX_REMEMBERED = 8
_LARGEST_REMEMBERED = 2**21
"""Bytes: a mask is kept for the next run of the page, a picture at full size is made again."""

_T = TypeVar("_T")

# The first process starts while the first user looks at the page.
_warming = threading.Timer(0.5, POOL.warm_up)
_warming.daemon = True
_warming.start()
session_cleanup.start()
sandbox.hide_process()


def page_result(job: Job) -> PageResult:
    """Load and compare; raises ImgdiffError with a sentence for the user."""

    def compared() -> PageResult:
        parts = _done("Opening both pictures …", tasks.compare_pair_in_steps, job)
        return next(part for part in parts if isinstance(part, PageResult))

    return _remembered(job.key, compared)


def load_ahead(upload: Upload) -> None:
    """Let a worker decode a picture while its user looks for the other, if one has time."""
    if st.session_state.get("loaded_ahead") != upload.key:
        st.session_state["loaded_ahead"] = upload.key
        POOL.prepare(tasks.decode_ahead, upload, owner=_session())


def surveyed(job: Job) -> EveryMethod:
    """The pair by every method; raises ImgdiffError with a sentence for the user."""
    doing = "Comparing by every method …"
    return _remembered(f"methods of {job.key}", lambda: _done(doing, tasks.every_method, job))


def made(job: Job, name: str) -> bytes:
    """A file of the comparison, named as `imgdiff.comparison.page_result.file_of` knows it."""
    return _remembered(f"{name} of {job.key}", lambda: _done("Drawing …", tasks.file, job, name))


def alikeness_words(job: Job) -> str:
    """How alike the pictures are as wholes: "36 % alike: related"."""
    doing = "Looking at both as wholes …"
    return _remembered(f"likeness of {job.files}", lambda: _done(doing, tasks.alikeness, job))


def pieces_cut(job: Job, areas: tuple[Box, ...]) -> tuple[Piece | None, ...]:
    """What areas of the picture before look like; None where nothing is to be seen."""
    return _done("Looking at what is ignored …", tasks.cut_pieces, job, areas)


def found_pieces(job: Job) -> tuple[Box, ...]:
    """Where the picture before looks as the settings say is to be ignored."""
    looks = " ".join(look.sha256 for look in job.settings.ignore_pieces)
    doing = "Looking for what is ignored …"
    return _remembered(f"{looks} in {job.files}", lambda: _done(doing, tasks.find_pieces, job))


def count_of_pages(upload: Upload) -> int:
    """How many pages or frames a file has; raises ImgdiffError."""
    return _remembered(
        f"pages of {upload.sha256}",
        lambda: _done("Reading …", tasks.page_count, upload),
    )


def opened_review(upload: Upload) -> ReviewFile:
    """A review file, read where pictures are; raises ImgdiffError."""
    return _done("Opening the review …", tasks.open_review, upload.data)


def fingerprinter() -> Callable[..., Fingerprint]:
    """As `imgdiff.similar.fingerprint.fingerprint`, but in a worker process; from any thread."""
    owner = _session()

    def fingerprinted(
        content: bytes | Packed, name: str, *, model: str, preview: int, points: int
    ) -> Fingerprint:
        take = partial(tasks.take_fingerprint, model=model, preview=preview, points=points)
        return POOL.run(take, content, name, owner=owner)

    return fingerprinted


def unpacked_member(member: Member) -> bytes:
    """A file out of an archive; raises LoadError if it's damaged there."""
    return _done("Unpacking …", tasks.unpack_member, member.packed())


def unpacked_content(content: bytes | Packed) -> bytes:
    """A file, however it came; raises LoadError if it's damaged in its archive."""
    if isinstance(content, bytes):
        return content
    return _done("Unpacking …", tasks.unpack_member, content)


def to_unpack() -> Callable[[Member], bytes]:
    """As `unpacked_member`, to be called later, when there is no session at hand."""
    owner = _session()
    return lambda member: POOL.run(tasks.unpack_member, member.packed(), owner=owner)


def executor() -> OwnersExecutor:
    """The pool, for many tasks of the session that runs this page."""
    return OwnersExecutor(POOL, _session())


def to_make(job: Job, name: str, review: Review) -> Callable[[], bytes]:
    """As `made`, with what people said, to be called when the file is asked for.

    By then there is no session at hand.
    """
    return partial(POOL.run, tasks.file, job, name, review, owner=_session())


def _session() -> str:
    """Which session runs this page: no two sessions share a worker process."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


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


def _done(doing: str, task: Callable[..., _T], *arguments: object) -> _T:
    """Have a worker do a task, and tell the user what is going on."""
    answer, place, pulse = st.empty(), st.empty(), st.empty()
    with POOL.enter(task, *arguments, owner=_session()) as queued:
        look = _FirstLook(answer)
        while not queued.wait(_TICK):
            words = _state(queued, doing)
            with place, st.spinner(words, show_time=True):
                while _state(queued, doing) == words and not queued.wait(_TICK):
                    # Streamlit ends this run here if its user has left or changed something, and
                    # with it the block, and the task.
                    pulse.empty()
                    look.show(queued.parts)
        answer.empty()
        result: _T = queued.result()
        return result


class _FirstLook:
    """What is seen so far: the answer, until all is known. The viewer reads where it is.

    Parameters
    ----------
    place : DeltaGenerator
        Of the answer, empty until something is seen.
    """

    def __init__(self, place: DeltaGenerator) -> None:
        self._place = place
        self._shown: FirstLook | None = None
        self._parts: list[DeltaGenerator] = []

    def show(self, parts: Sequence[object]) -> None:
        """Show the last look that a task has told of, unless it is shown already."""
        look = next((part for part in reversed(parts) if isinstance(part, FirstLook)), None)
        if look is None or look == self._shown:
            return
        if not self._parts:
            with self._place.container(key="first_look"):
                self._parts = [st.empty(), st.empty()]
        words, boxes = self._parts
        words.header(plain(look.headline), anchor=False)
        boxes.text(json.dumps({"files": look.files, "boxes": [*map(astuple, look.boxes)]}))
        self._shown = look


def _state(queued: QueuedTask[_T], doing: str) -> str:
    """What goes on: who comes before, or the stage that the task told of last."""
    if not queued.ahead:
        stages = [part for part in queued.parts if part in _STAGES]
        return _STAGES[stages[-1]] if stages else doing
    others = "1 comparison" if queued.ahead == 1 else f"{queued.ahead} comparisons"
    return f"Busy: {others} before yours …"
