"""Pools of one worker, and a comparison that shows whether one works."""

from __future__ import annotations

from imgdiff import Settings
from imgdiff.workers import tasks
from imgdiff.workers.allowance import Allowance
from imgdiff.workers.job import Job, Upload
from imgdiff.workers.worker_pool import WorkerPool
from tests.pictures import PAGE_HEADLINE, SAMPLES

BEFORE = Upload("before.png", (SAMPLES / "page_before.png").read_bytes())
AFTER = Upload("after.png", (SAMPLES / "page_after.png").read_bytes())
JOB = Job(BEFORE, AFTER, Settings())


def new_pool(*, memory: int = 600, seconds: float = 3, forks: bool = True) -> WorkerPool:
    return WorkerPool(1, Allowance(memory, seconds), room=3, modules=("tests.chores",), forks=forks)


def assert_works(pool: WorkerPool) -> None:
    assert pool.run(tasks.compare_pair, JOB).headline == PAGE_HEADLINE
