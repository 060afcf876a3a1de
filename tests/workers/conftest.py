from __future__ import annotations

from collections.abc import Iterator

import pytest

from imgdiff.workers.worker_pool import WorkerPool
from tests import chores
from tests.workers.pools import new_pool


@pytest.fixture(scope="module", params=[True, False], ids=["forked", "by itself"])
def pool(request: pytest.FixtureRequest) -> Iterator[WorkerPool]:
    """On Linux, both ways in which processes are started."""
    pool = new_pool(forks=request.param)
    pool.run(chores.nap, 0.0)
    yield pool
    pool.shutdown(cancel_futures=True)
