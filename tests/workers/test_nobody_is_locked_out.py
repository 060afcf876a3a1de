"""Whoever leaves and whatever dies, and in whatever order: the next user is served."""

from __future__ import annotations

import random
import threading
import time

import pytest

from imgdiff.errors import WorkError
from imgdiff.workers.slot import STEPS, State, WorkerSlot
from imgdiff.workers.worker_pool import WorkerPool
from tests import chores
from tests.workers.pools import new_pool

TIMES = 200
LONGEST = 0.06
"""Seconds: longer than a process takes to start, and the task takes."""


def kill_whatever_is_there(pool: WorkerPool, after: float) -> None:
    time.sleep(after)
    with pool.changed:
        process = pool.slots[0]._process
        if process is not None:
            process.kill()


def test_a_worker_that_dies_while_its_user_leaves_is_replaced() -> None:
    """Once, the place of a worker that died while it started was never free again."""
    pool, chance = new_pool(seconds=600), random.Random(7)  # noqa: S311
    for turn in range(TIMES):
        killer = threading.Thread(
            target=kill_whatever_is_there, args=(pool, chance.uniform(0, LONGEST))
        )
        with pool.enter(chores.nap, 0.04, owner=f"leaves {turn}") as queued:
            killer.start()
            queued.wait(chance.uniform(0, LONGEST))
        killer.join()  # or it might, on a busy machine, kill the next one's worker at its work
        assert pool.run(chores.nap, 0.0, owner="next") == "rested"
    pool.shutdown(cancel_futures=True)


def test_a_template_that_dies_is_replaced() -> None:
    pool = new_pool()
    for turn in range(3):
        assert pool.run(chores.nap, 0.0, owner=str(turn)) == "rested"
        template = pool.launcher._process
        if template is None:
            pytest.skip("processes aren't forked here")
        template.kill()
    pool.shutdown(cancel_futures=True)


def test_a_system_that_starts_nothing_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = new_pool()

    def refuse(*_: object, **__: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr("subprocess.Popen", refuse)
    for _ in range(2):
        with pytest.raises(Exception, match="the system starts none"):
            pool.run(chores.nap, 0.0)
    monkeypatch.undo()
    assert pool.run(chores.nap, 0.0) == "rested"
    pool.shutdown(cancel_futures=True)


def test_no_slot_goes_where_no_step_leads() -> None:
    pool = new_pool()
    slot = WorkerSlot(pool)
    for state in State:
        for other in State:
            slot.state = state
            with pool.changed:
                if other in STEPS[state]:
                    slot.move(other)
                else:
                    with pytest.raises(AssertionError):
                        slot.move(other)


@pytest.mark.parametrize("before", [0, 1])
def test_what_never_ends_is_stopped_by_its_deadline(before: int) -> None:
    """Once, the watch slept through it: until a start or an idle process would have been due."""
    pool = new_pool(seconds=1)
    for _ in range(before):
        assert pool.run(chores.nap, 0.0) == "rested"
    watch = pool.changed
    waits: list[float] = []
    original = watch.wait

    def wait(timeout: float | None = None) -> bool:
        if threading.current_thread().name == "watch" and timeout is not None:
            waits.append(timeout)
        return original(timeout)

    watch.wait = wait  # type: ignore[method-assign]
    with pytest.raises(WorkError, match="may take 1 seconds"):
        pool.run(chores.wait_at, None)
    assert waits[-1] <= 1
    pool.shutdown(cancel_futures=True)


def test_every_state_leads_back_to_one_that_is_free() -> None:
    for state in State:
        found, new = {state}, {state}
        while new:
            new = set().union(*(STEPS[known] for known in new)) - found
            found |= new
        assert State.EMPTY in found
