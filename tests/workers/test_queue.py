"""One line of work for all: who waits, who leaves, who owns a process, what is sent and kept."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import CancelledError
from typing import BinaryIO

import pytest

from imgdiff.errors import WorkError
from imgdiff.workers.frames import Frame, send
from imgdiff.workers.slot import State
from imgdiff.workers.worker_pool import WorkerPool
from tests import chores
from tests.workers.pools import assert_works, new_pool


def test_the_line_tells_how_many_are_ahead_and_is_bounded(pool: WorkerPool) -> None:
    with pool.enter(chores.nap, 1.0) as first:
        assert not first.wait(0.1)
        with pool.enter(chores.nap, 0.0) as second, pool.enter(chores.nap, 0.0) as third:
            assert (first.ahead, second.ahead, third.ahead) == (0, 1, 2)
            with pool.enter(chores.nap, 0.0), pytest.raises(WorkError, match="3 comparisons"):
                pool.enter(chores.nap, 0.0)
            while not second.wait(1):
                pass
            assert first.wait(0)


def test_who_leaves_the_line_holds_nobody_up(pool: WorkerPool) -> None:
    with pool.enter(chores.nap, 0.5) as first:
        first.wait(0.1)
        with pool.enter(chores.nap, 60.0) as second:
            second.wait(0.1)
        assert second.future.cancelled()
        assert_works(pool)


def test_who_leaves_at_work_frees_the_worker_soon() -> None:
    patient = new_pool(seconds=600)
    with patient.enter(chores.nap, 500.0) as queued:
        queued.wait(1)
    assert_works(patient)
    with pytest.raises(CancelledError):
        queued.result()
    patient.shutdown(cancel_futures=True)


def test_progress_comes_part_by_part(pool: WorkerPool) -> None:
    with pool.enter(chores.count_to, 3, 0.1) as queued:
        seen = set()
        while not queued.wait(0.02):
            seen.add(tuple(queued.parts))
        assert queued.result() == (1, 2, 3)
    assert seen & {(1,), (1, 2)}


def test_whoever_waits_hears_of_a_part_at_once(pool: WorkerPool) -> None:
    with pool.enter(chores.count_to, 2, 1.0) as queued:
        assert not queued.wait(600)  # but for the part
        assert queued.parts == [1]


def test_what_is_prepared_is_done_only_where_a_process_is_free(pool: WorkerPool) -> None:
    with pool.enter(chores.nap, 0.5) as busy:
        pool.prepare(chores.nap, 60.0, owner="other")
        assert "other" not in [queued.owner for queued in pool.line]
        while not busy.wait(1):
            pass
    pool.prepare(chores.nap, 0.0, owner="other")
    assert [slot.task is not None for slot in pool.slots] == [True]
    assert_works(pool)


def test_what_is_prepared_is_ended_where_it_takes_long() -> None:
    patient = new_pool(seconds=600)
    patient.prepare(chores.nap, 500.0, owner="one")
    assert_works(patient)
    patient.shutdown(cancel_futures=True)


def test_each_part_may_take_as_long_as_a_task(pool: WorkerPool) -> None:
    assert [*pool.run(chores.count_to, 3, 1.5)] == [1, 2, 3]


def test_words_alone_buy_no_time(pool: WorkerPool) -> None:
    assert [*pool.run(chores.murmur, 2, 0.1)] == ["step 0", "step 1"]
    with pytest.raises(WorkError):
        pool.run(chores.murmur, 3, 1.5)


def test_files_are_sent_once(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []

    def noted(pipe: BinaryIO, frame: Frame) -> None:
        sent.append(sum(map(len, frame.blobs)))
        send(pipe, frame)

    monkeypatch.setattr("imgdiff.workers.handle.send", noted)
    data = bytes(2**20)
    assert [pool.run(chores.length, data, owner="me") for _ in range(3)] == [2**20] * 3
    assert sent[0] > 2**20
    assert max(sent[1:]) < 2**10
    assert pool.run(chores.length, bytes(2**19), owner="me") == 2**19
    assert pool.run(chores.length, data, owner="me") == 2**20
    assert sent[-1] > 2**20, "another file took its place"


@pytest.mark.skipif(sys.platform != "linux", reason="only there are processes forked")
def test_no_two_users_share_a_process(pool: WorkerPool) -> None:
    mine, again, yours = (pool.run(chores.process, owner=owner) for owner in ("a", "a", "b"))
    assert mine == again != yours


def test_what_lies_ready_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imgdiff.workers.slot._IDLE_SECONDS", 0.1)
    pool = new_pool()
    process = pool.run(chores.process)
    with pool.changed:
        assert pool.changed.wait_for(lambda: pool.slots[0].state is State.EMPTY, 20)
    assert pool.run(chores.process) != process
    pool.shutdown(cancel_futures=True)


def test_a_closed_pool_takes_nothing() -> None:
    closed = new_pool()
    closed.run(chores.nap, 0.0)
    waiting = [closed.submit(chores.nap, 300.0) for _ in range(2)]
    closed.shutdown(cancel_futures=True)
    assert all(future.done() for future in waiting)
    with pytest.raises(RuntimeError, match="closed"):
        closed.submit(chores.nap, 0.0)
    assert threading.active_count() < 50
