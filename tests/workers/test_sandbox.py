"""Machine code that took a worker process over gets nothing out of it; all decoders still work."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from imgdiff import LoadError, Settings, load_image
from imgdiff.comparison.first_look import FirstLook
from imgdiff.comparison.page_result import PageResult
from imgdiff.errors import ReviewError
from imgdiff.metrics.registry import METHODS
from imgdiff.report.downloads import FILES
from imgdiff.review.review_file import write_review
from imgdiff.review.review_text import Enclosed, ReviewFile
from imgdiff.similar.embedding import DEFAULT_MODEL
from imgdiff.types import Judgement, Review
from imgdiff.workers import sandbox, tasks
from imgdiff.workers.allowance import Allowance
from imgdiff.workers.confinement import give_up
from imgdiff.workers.job import Job, Upload
from imgdiff.workers.sandbox import Protection
from imgdiff.workers.worker_pool import WorkerPool
from tests.bad_files import TINY_HEIC, small
from tests.files import encoded
from tests.fuzz.mutants import seeds
from tests.workers import attacks

if sys.platform != "linux":
    pytest.skip("only Linux can hold machine code", allow_module_level=True)

_ROOT = getattr(os, "geteuid", lambda: 1)() == 0


@pytest.fixture(scope="module", params=["this user", "nobody"])
def pool(request: pytest.FixtureRequest) -> Iterator[WorkerPool]:
    modules = ["tests.workers.attacks", "tests.chores"]
    if request.param == "nobody":
        if not _ROOT:
            pytest.skip("only root can become another user")
        modules.append("tests.workers.as_nobody")
    pool = WorkerPool(1, Allowance(700, 60), modules=modules)
    yield pool
    pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("name", [*attacks.ATTACKS, *attacks.CALLS])
def test_an_attack_is_refused(pool: WorkerPool, name: str) -> None:
    assert pool.run(attacks.attempt, name, os.getpid()) != ""


def test_the_same_attacks_succeed_elsewhere() -> None:
    """So that the test above can fail."""
    for name in ("read_passwords", "list_files", "become_visible", "make_code_of_data"):
        assert attacks.attempt(name, os.getpid()) == "", name


def test_no_attack_leaves_a_trace(pool: WorkerPool) -> None:
    pool.run(attacks.attempt, "write_file", os.getpid())
    assert not list(Path("/tmp").glob("attack *"))  # noqa: S108


def test_all_of_it_holds_here(pool: WorkerPool) -> None:
    """On machines with a kernel of 2021 or later, as those that test this are."""
    pool.run(attacks.attempt, "list_files", 0)
    assert pool.protection is not None
    assert pool.protection.contained
    assert pool.protection.memory
    assert "seccomp" in pool.protection.in_words


def _is_read(data: bytes) -> bool:
    try:
        load_image(data)
    except LoadError:
        return False
    return True


PICTURES = [
    *filter(_is_read, seeds()),
    TINY_HEIC,
    *(encoded(small(), kind) for kind in ("AVIF", "WEBP", "GIF")),
]


@pytest.mark.parametrize("index", range(len(PICTURES)))
def test_every_format_is_read_behind_the_lock(pool: WorkerPool, index: int) -> None:
    job = Job(Upload("a", PICTURES[index]), Upload("b", PICTURES[index] + b"\0"), Settings())
    assert pool.run(tasks.compare_pair, job).headline


@pytest.mark.parametrize("method", METHODS)
def test_every_method_works_behind_the_lock(pool: WorkerPool, method: str) -> None:
    before, after = (encoded(small(side, 200), "PNG") for side in (200, 201))
    settings = Settings(method=method)
    job = Job(Upload("a.png", before), Upload("b.png", after), settings)
    assert pool.run(tasks.compare_pair, job).headline


def test_what_pixels_show_is_told_before_the_answer(pool: WorkerPool) -> None:
    before, after = (encoded(small(side, 200), "PNG") for side in (200, 201))
    job = Job(Upload("a.png", before), Upload("b.png", after), Settings())
    *_, stage, last = parts = list(pool.run(tasks.compare_pair_in_steps, job))
    (look,) = (part for part in parts if isinstance(part, FirstLook))
    assert look.headline
    assert (parts.index(look), stage) == (len(parts) - 3, "read")
    assert isinstance(last, PageResult)


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_made_behind_the_lock(pool: WorkerPool, name: str) -> None:
    other = encoded(small().rotate(180), "PNG")
    every_face = "a→図漢한✓.png"
    job = Job(Upload(every_face, encoded(small(), "PNG")), Upload("b.png", other), Settings())
    assert pool.run(tasks.file, job, name)


def test_likeness_and_every_method_work_behind_the_lock(pool: WorkerPool) -> None:
    other = encoded(small().rotate(180), "PNG")
    job = Job(Upload("a.png", encoded(small(), "PNG")), Upload("b.png", other), Settings())
    assert "alike" in pool.run(tasks.alikeness, job)
    assert set(pool.run(tasks.every_method, job).findings) == set(METHODS)
    take = partial(tasks.take_fingerprint, model=DEFAULT_MODEL, preview=64, points=256)
    assert pool.run(take, other, "b.png").vector.shape == (2560,)


def test_a_kernel_without_landlock_still_refuses_all() -> None:
    assert _locked_in_a_fork("landlock") == "True 0 PermissionError 1"


def test_a_kernel_without_either_says_so() -> None:
    assert _locked_in_a_fork("both") == "False 0 "
    assert Protection().in_words == "the deadline alone"
    assert not Protection(landlock=7).contained


def _locked_in_a_fork(missing: str) -> str:
    """What holds in a process whose kernel lacks something, and what comes of reading a file."""
    read, write = os.pipe()
    if os.fork() == 0:
        vars(sandbox)["_lock_files"] = lambda _: 0
        if missing == "both":
            vars(sandbox)["_lock_calls"] = lambda *_: False
        held = give_up(700, keep=(read, write))
        words = f"{held.seccomp} {held.landlock} {attacks.attempt('read_passwords', 0)}"
        os.write(write, words.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        return answer.read()


def test_a_review_is_opened_and_told_of_behind_the_lock(pool: WorkerPool) -> None:
    other = encoded(small().rotate(180), "PNG")
    job = Job(Upload("a.png", encoded(small(), "PNG")), Upload("b.png", other), Settings())
    said = Review((Judgement(None, "meant", "as asked for"),))
    one, two = (Enclosed(part.name, part.sha256, part.data) for part in (job.before, job.after))
    made = write_review(ReviewFile(one, two, review=said))
    assert pool.run(tasks.open_review, made).review == said
    assert b"as asked for" in pool.run(tasks.file, job, "imgdiff.html", said)
    with pytest.raises(ReviewError, match="review file of imgdiff is expected"):
        pool.run(tasks.open_review, b"PK\x03\x04")
