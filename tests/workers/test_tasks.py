"""What a worker does, done in this process: the same answers, whatever lies ready in its cache."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from imgdiff import Settings
from imgdiff.comparison.first_look import FirstLook
from imgdiff.errors import LoadError
from imgdiff.load import load_image
from imgdiff.workers import tasks
from imgdiff.workers.job import Job, Upload
from tests.documents import letters
from tests.pdf_files import text_pdf
from tests.pictures import SAMPLES

BEFORE, AFTER = (
    Upload(name, (SAMPLES / name).read_bytes()) for name in ("page_before.png", "page_after.png")
)
JOB = Job(BEFORE, AFTER, Settings(read="nothing"))


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    tasks._cache.clear()
    yield
    tasks._cache.clear()


def test_stages_come_first_and_the_answer_last() -> None:
    *told, answer = tasks.compare_pair_in_steps(JOB)
    assert answer == tasks.compare_pair(JOB)
    assert [part for part in told if isinstance(part, str)]
    assert [type(part) for part in told].count(FirstLook) <= 1


def test_files_are_of_the_comparison_that_lies_ready() -> None:
    numbers = json.loads(tasks.file(JOB, "comparison.json"))
    assert numbers["regions"]
    assert {*tasks.every_method(JOB).findings} >= {"changes", "ssim"}
    assert "%" in tasks.alikeness(JOB)


def test_a_picture_decoded_ahead_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[str] = []

    def noted(data: bytes, *, name: str, **rest: Any) -> object:
        loads.append(name)
        return load_image(data, name=name, **rest)

    monkeypatch.setattr(tasks, "load_image", noted)
    tasks.decode_ahead(BEFORE)
    answer = tasks.compare_pair(JOB)
    assert loads == [BEFORE.name, AFTER.name]
    swapped = tasks.compare_pair(Job(AFTER, BEFORE, JOB.settings))
    assert len(loads) == 2
    assert (answer.before.width, swapped.headline) == (answer.after.width, answer.headline)


def test_what_is_wrong_with_a_picture_is_told_once_it_is_compared() -> None:
    broken = Upload("b.png", b"\x89PNG\r\n\x1a\n")
    tasks.decode_ahead(broken)
    assert not tasks._cache.pictures
    with pytest.raises(LoadError, match="Before"):
        tasks.compare_pair(Job(broken, AFTER, Settings()))


def test_a_page_of_one_document_is_shown_alone() -> None:
    pages = Upload("a.pdf", text_pdf(letters(2)))
    assert tasks.page_count(pages) == 2
    lone = Job(pages.at_page(0, 50), pages.at_page(2, 50), Settings())
    assert tasks.compare_pair(lone).headline == "It is only in the document after."


def test_what_fails_leaves_nothing_ready() -> None:
    tasks.compare_pair(JOB)
    with pytest.raises(LoadError, match="After"):
        tasks.compare_pair(Job(BEFORE, Upload("b.png", b"\x89PNG\r\n\x1a\n"), Settings()))
    assert tasks._cache.view is None


def test_a_review_is_opened() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("other.txt", "")
    with pytest.raises(Exception, match="review file"):
        tasks.open_review(target.getvalue())
