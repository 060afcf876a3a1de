"""What tests of batches share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from imgdiff.workers.allowance import Allowance
from imgdiff.workers.worker_pool import WorkerPool

from .eight_pairs import write_folders


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return write_folders(tmp_path)


@pytest.fixture
def workers() -> Iterator[WorkerPool]:
    executor = WorkerPool(
        2,
        Allowance(600, 60, threads=1),
        modules=("imgdiff.batch.task", "imgdiff.environment", "tests.chores"),
    )
    yield executor
    executor.shutdown(cancel_futures=True)
