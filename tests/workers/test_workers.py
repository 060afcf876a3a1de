"""Whatever happens to a worker process ends with one sentence, and the next task works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as PillowImage
from streamlit.testing.v1 import AppTest

from imgdiff import LoadError, Settings, SizeError, load_image
from imgdiff.errors import WorkError
from imgdiff.workers import tasks
from imgdiff.workers.job import Job, Upload
from imgdiff.workers.queue import WorkQueue
from tests import chores
from tests.bad_files import REFUSED, small
from tests.files import encoded
from tests.pictures import PAGE_HEADLINE, SAMPLES

BEFORE = Upload("before.png", (SAMPLES / "page_before.png").read_bytes())
AFTER = Upload("after.png", (SAMPLES / "page_after.png").read_bytes())
ROOT = SAMPLES.parent
JOB = Job(BEFORE, AFTER, Settings())


@pytest.fixture(scope="module")
def queue() -> Iterator[WorkQueue]:
    queue = WorkQueue(workers=1, memory=600, deadline=3, room=3)
    queue.run("", chores.nap, 0.0)
    yield queue
    queue.processes[0].discard()


def assert_works(queue: WorkQueue) -> None:
    assert queue.run(JOB.files, tasks.compare_pair, JOB).headline == PAGE_HEADLINE


def test_an_answer_and_its_files_come_from_another_process(queue: WorkQueue) -> None:
    assert_works(queue)
    assert queue.run(JOB.files, tasks.file, JOB, "mask.png").startswith(b"\x89PNG")
    assert queue.run("", chores.process) != os.getpid()


def test_a_worker_knows_nothing_of_the_page(queue: WorkQueue) -> None:
    loaded = {name.partition(".")[0] for name in queue.run("", chores.modules)}
    assert loaded.isdisjoint({"streamlit", "pandas", "pyarrow", "skimage", "pytest"})
    assert "cv2" in loaded


def test_a_worker_started_from_a_page_runs_no_page() -> None:
    """Streamlit puts the page in place of the main module, which a new process would import."""
    app = AppTest.from_function(_page_with_a_worker, default_timeout=60).run()
    assert not app.exception
    assert app.text[0].value == "False"


def _page_with_a_worker() -> None:
    import sys  # noqa: PLC0415

    import streamlit as st  # noqa: PLC0415

    from imgdiff.workers.queue import WorkQueue  # noqa: PLC0415
    from tests import chores  # noqa: PLC0415

    sys.modules["__main__"].__file__ = __file__
    queue = WorkQueue(workers=1, memory=600, deadline=20, room=3)
    st.text(str("streamlit" in queue.run("", chores.modules)))
    queue.processes[0].discard()


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
    queue: WorkQueue, job: Job, kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        queue.run(job.files, tasks.compare_pair, job)
    assert_works(queue)


def test_our_mistakes_are_not_hidden(queue: WorkQueue) -> None:
    with pytest.raises(KeyError, match="mistake of ours"):
        queue.run("", chores.misspell)


def test_a_crash_ends_in_a_sentence(queue: WorkQueue) -> None:
    with pytest.raises(WorkError, match="unexpected end"):
        queue.run("", chores.crash)
    assert_works(queue)


def test_a_worker_killed_at_work_ends_in_a_sentence(queue: WorkQueue) -> None:
    process = queue.run("", chores.process)
    threading.Timer(0.5, os.kill, (process, signal.SIGKILL)).start()
    with pytest.raises(WorkError, match="unexpected end"):
        queue.run("", chores.nap, 2.5)
    assert_works(queue)


def test_a_worker_killed_at_rest_is_replaced_unnoticed(queue: WorkQueue) -> None:
    os.kill(queue.run("", chores.process), signal.SIGKILL)
    assert_works(queue)
    os.kill(queue.run("", chores.process), signal.SIGKILL)
    time.sleep(0.5)  # now Pebble has noticed
    assert_works(queue)


def test_what_takes_too_long_ends_in_a_sentence(queue: WorkQueue) -> None:
    start = time.monotonic()
    with pytest.raises(WorkError, match="may take 3 seconds"):
        queue.run("", chores.nap, 60.0)
    assert time.monotonic() - start < 6
    assert_works(queue)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux limits address space")
@pytest.mark.parametrize("chore", [chores.outgrow, chores.outgrow_in_opencv])
def test_memory_is_limited(queue: WorkQueue, chore: Callable[[], object]) -> None:
    with pytest.raises(Exception, match=r"memory|Memory|allocate"):
        queue.run("", chore)
    assert_works(queue)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux limits address space")
def test_pictures_that_outgrow_the_memory_get_a_sentence() -> None:
    narrow = WorkQueue(workers=1, memory=300, deadline=30, room=3)
    large = encoded(PillowImage.new("RGB", (5000, 5000)), "PNG")
    job = Job(Upload("a.png", large), Upload("b.png", large + b"."), Settings())
    with pytest.raises(WorkError, match="memory"):
        narrow.run(job.files, tasks.compare_pair, job)
    assert_works(narrow)
    narrow.processes[0].discard()


@pytest.mark.parametrize("chore", [chores.start_program, chores.call_somebody])
def test_a_worker_starts_nothing_and_calls_nobody(
    queue: WorkQueue, chore: Callable[[], object]
) -> None:
    with pytest.raises(PermissionError):
        queue.run("", chore)


def test_a_worker_writes_nothing(queue: WorkQueue, tmp_path: Path) -> None:
    with pytest.raises(PermissionError):
        queue.run("", chores.write, str(tmp_path / "file"))
    assert not list(tmp_path.iterdir())


def test_codecs_print_nothing(queue: WorkQueue, capfd: pytest.CaptureFixture[str]) -> None:
    queue.run("", chores.chatter)
    job = Job(BEFORE, Upload("x.png", REFUSED["PNG of two rows"]), Settings())
    with pytest.raises(LoadError):
        queue.run(job.files, tasks.compare_pair, job)
    assert capfd.readouterr().err == ""


def test_the_line_tells_how_many_are_ahead_and_is_bounded(queue: WorkQueue) -> None:
    with queue.enter("", chores.nap, 1.0) as first:
        assert not first.wait(0.1)
        with queue.enter("", chores.nap, 0.0) as second, queue.enter("", chores.nap, 0.0) as third:
            assert (first.ahead, second.ahead, third.ahead) == (0, 1, 2)
            with queue.enter("", chores.nap, 0.0), pytest.raises(WorkError, match="3 comparisons"):
                queue.enter("", chores.nap, 0.0)
            assert not third.wait(0.1)
            while not second.wait(1):
                pass
            assert first.wait(1)
        while not first.wait(1):
            pass


def test_who_leaves_the_line_holds_nobody_up(queue: WorkQueue) -> None:
    with queue.enter("", chores.nap, 0.5) as first:
        first.wait(0.1)
        with queue.enter("", chores.nap, 60.0) as second:
            second.wait(0.1)
        assert_works(queue)


def test_who_leaves_at_work_frees_the_worker_soon() -> None:
    patient = WorkQueue(workers=1, memory=600, deadline=60, room=3)
    with patient.enter("", chores.nap, 50.0) as queued:
        queued.wait(1)
    start = time.monotonic()
    assert_works(patient)
    assert time.monotonic() - start < 15
    patient.processes[0].discard()


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
    assert len(loads) == 4
    tasks._cache.used -= tasks._KEPT_SECONDS
    tasks._forget()
    assert tasks._cache.pair is None
    assert tasks._cache.view is None


def test_the_forgotten_process_ends_with_the_server() -> None:
    """A program that ends leaves no worker behind."""
    code = (
        "from imgdiff.workers.queue import WorkQueue; from tests import chores;"
        "print(WorkQueue(workers=1, memory=600, deadline=9, room=3).run('', chores.process))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=SAMPLES.parent,
        capture_output=True,
        check=True,
        timeout=60,
    )
    with pytest.raises(ProcessLookupError):
        os.kill(int(answer.stdout), 0)


def test_pages_of_one_document_are_jobs_of_their_own() -> None:
    first, second = (Upload("a.pdf", b"%PDF-", page=page) for page in (1, 2))
    fine = Upload("a.pdf", b"%PDF-", page=1, dpi=300)
    assert len({Job(upload, upload, Settings()).key for upload in (first, second, fine)}) == 3
    assert first.sha256 == second.sha256 == fine.sha256


def test_a_hostile_document_ends_in_a_sentence(queue: WorkQueue) -> None:
    bad = Upload("<b>.pdf", b"%PDF-1.7 nothing more")
    with pytest.raises(LoadError, match="After: The PDF is damaged"):
        queue.run(bad.sha256, tasks.page_count, bad, "After")
    job = Job(JOB.before, replace(bad, page=1), Settings())
    with pytest.raises(LoadError, match="After: The PDF is damaged"):
        queue.run(job.files, tasks.compare_pair, job)
    assert_works(queue)
