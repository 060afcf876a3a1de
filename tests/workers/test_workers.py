"""Whatever happens to a worker process ends with one sentence, and the next task works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as PillowImage
from streamlit.testing.v1 import AppTest

from imgdiff import LoadError, Settings, SizeError, load_image
from imgdiff.comparison.page_pair import document_outline
from imgdiff.errors import WorkError
from imgdiff.types import Document
from imgdiff.workers import tasks
from imgdiff.workers.job import Job, Upload
from imgdiff.workers.worker_pool import WorkerPool
from tests import chores
from tests.bad_files import REFUSED, small
from tests.files import encoded
from tests.pictures import SAMPLES
from tests.workers.pools import AFTER, BEFORE, JOB, assert_works, new_pool

ROOT = SAMPLES.parent

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux limits address space")


def test_an_answer_and_its_files_come_from_another_process(pool: WorkerPool) -> None:
    assert_works(pool)
    assert pool.run(tasks.file, JOB, "mask.png").startswith(b"\x89PNG")
    assert pool.run(chores.process) != os.getpid()


def test_a_worker_knows_nothing_of_the_page(pool: WorkerPool) -> None:
    loaded = {name.partition(".")[0] for name in pool.run(chores.modules)}
    assert loaded.isdisjoint({"streamlit", "pandas", "pyarrow", "skimage", "pytest"})
    assert "cv2" in loaded


def test_a_worker_started_from_a_page_runs_no_page() -> None:
    """Streamlit puts the page in place of the main module."""
    app = AppTest.from_function(_page_with_a_worker, default_timeout=60).run()
    assert not app.exception
    assert app.text[0].value == "False"


def _page_with_a_worker() -> None:
    import sys  # noqa: PLC0415

    import streamlit as st  # noqa: PLC0415

    from tests import chores  # noqa: PLC0415
    from tests.workers.pools import new_pool  # noqa: PLC0415

    sys.modules["__main__"].__file__ = __file__
    pool = new_pool()
    st.text(str("streamlit" in pool.run(chores.modules)))
    pool.shutdown(cancel_futures=True)


REFUSALS: dict[str, tuple[Job, type[Exception], str]] = {
    "load": (Job(BEFORE, Upload("x.png", b"words"), Settings()), LoadError, "^After: A JPEG"),
    "size": (
        Job(BEFORE, Upload("x.png", encoded(small(), "PNG")), Settings(align="none")),
        SizeError,
        "same size",
    ),
}


@pytest.mark.parametrize(("job", "kind", "sentence"), REFUSALS.values(), ids=list(REFUSALS))
def test_a_users_mistake_comes_back_as_his_own(
    pool: WorkerPool, job: Job, kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        pool.run(tasks.compare_pair, job)
    assert_works(pool)


def test_our_mistakes_are_not_hidden(pool: WorkerPool) -> None:
    with pytest.raises(KeyError, match="mistake of ours"):
        pool.run(chores.misspell)


def test_a_crash_ends_in_a_sentence(pool: WorkerPool) -> None:
    with pytest.raises(WorkError, match="unexpected end"):
        pool.run(chores.crash)
    assert_works(pool)


def test_a_worker_killed_at_work_ends_in_a_sentence(pool: WorkerPool) -> None:
    process = pool.run(chores.process)
    with pool.enter(chores.nap, 2.5) as queued:
        assert not queued.wait(0.3)
        os.kill(process, signal.SIGKILL)
        while not queued.wait(1):
            pass
        with pytest.raises(WorkError, match="unexpected end"):
            queued.result()
    assert_works(pool)


def test_a_worker_killed_at_rest_is_replaced_unnoticed(pool: WorkerPool) -> None:
    for pause in (0.0, 0.3):
        os.kill(pool.run(chores.process), signal.SIGKILL)
        time.sleep(pause)
        assert_works(pool)


def test_what_takes_too_long_ends_in_a_sentence(pool: WorkerPool) -> None:
    with pytest.raises(WorkError, match="may take 3 seconds"):
        pool.run(chores.nap, 600.0)
    assert_works(pool)


@LINUX
@pytest.mark.parametrize("chore", [chores.outgrow, chores.outgrow_in_opencv])
def test_memory_is_limited(pool: WorkerPool, chore: Callable[[], object]) -> None:
    with pytest.raises(Exception, match=r"memory|Memory|allocate"):
        pool.run(chore)
    assert_works(pool)


@LINUX
def test_pictures_that_outgrow_the_memory_get_a_sentence() -> None:
    narrow = new_pool(memory=300, seconds=30)
    large = encoded(PillowImage.new("RGB", (5000, 5000)), "PNG")
    job = Job(Upload("a.png", large), Upload("b.png", large + b"."), Settings())
    with pytest.raises(WorkError, match="memory"):
        narrow.run(tasks.compare_pair, job)
    assert_works(narrow)
    narrow.shutdown(cancel_futures=True)


def test_forty_tasks_leave_no_thread_behind(pool: WorkerPool) -> None:
    """Each had a timer of two minutes once, and after 40 of them memory was short."""
    before = pool.run(chores.threads)
    for _ in range(40):
        pool.run(tasks.compare_pair, JOB)
    assert pool.run(chores.threads) == before


def test_codecs_print_nothing(pool: WorkerPool, capfd: pytest.CaptureFixture[str]) -> None:
    pool.run(chores.chatter)
    job = Job(BEFORE, Upload("x.png", REFUSED["PNG of two rows"]), Settings())
    with pytest.raises(LoadError):
        pool.run(tasks.compare_pair, job)
    assert capfd.readouterr().err == ""


def test_the_last_comparison_lies_ready_for_its_own_user_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In this process, to see what is done."""
    loads: list[str] = []

    def noted(data: bytes, *, name: str, **rest: Any) -> object:
        loads.append(name)
        return load_image(data, name=name, **rest)

    monkeypatch.setattr(tasks, "load_image", noted)
    tasks.compare_pair(JOB)
    tasks.file(JOB, "mask.png")
    tasks.compare_pair(Job(BEFORE, AFTER, Settings(method="absdiff")))
    assert sorted(loads) == ["after.png", "before.png"]
    renamed = Job(BEFORE, Upload("mine.png", AFTER.data), Settings())
    assert b"mine.png" in tasks.file(renamed, "imgdiff.html")
    assert len(loads) == 2


@pytest.mark.parametrize("forks", [True, False])
def test_the_forgotten_process_ends_with_the_server(forks: bool) -> None:
    """A program that is killed amid its work leaves no worker behind."""
    code = (
        "import os, signal; from tests.workers.pools import new_pool;"
        f"from tests import chores; pool = new_pool(forks={forks}, seconds=600);"
        "print(pool.run(chores.process), flush=True); pool.enter(chores.nap, 500.0).wait(0.2);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False, timeout=90
    )
    ended, process = time.monotonic(), int(answer.stdout)
    while Path(f"/proc/{process}").exists() and time.monotonic() - ended < 30:
        time.sleep(0.1)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_pages_of_one_document_are_jobs_of_their_own() -> None:
    first, second = (Upload("a.pdf", b"%PDF-", page=page) for page in (1, 2))
    fine = Upload("a.pdf", b"%PDF-", page=1, dpi=300)
    assert len({Job(upload, upload, Settings()).key for upload in (first, second, fine)}) == 3
    assert first.sha256 == second.sha256 == fine.sha256


def test_a_hostile_document_ends_in_a_sentence(pool: WorkerPool) -> None:
    bad = Upload("<b>.pdf", b"%PDF-1.7 nothing more")
    with pytest.raises(LoadError, match="After: The PDF is damaged"):
        pool.run(document_outline, Document(bad.name, bad.data, "After"))
    job = Job(JOB.before, replace(bad, page=1), Settings())
    with pytest.raises(LoadError, match="After: The PDF is damaged"):
        pool.run(tasks.compare_pair, job)
    assert_works(pool)
