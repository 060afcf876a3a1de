"""Mutants → locked worker processes with caps of memory and time → what became of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future

from imgdiff import LoadError, load_image
from imgdiff.errors import WorkerLostError, WorkError
from imgdiff.workers.allowance import Allowance
from imgdiff.workers.worker_pool import WorkerPool

from .mutants import mutant

SECONDS = 60
"""The dearest takes one; but other programs may want the processors too."""
MEMORY = 700
_ACTS = ("subprocess.Popen", "os.exec", "os.fork", "os.posix_spawn", "os.system", "socket.__new__")
_acts: list[str] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & writing
    if event in _ACTS or writes:
        _acts.append(f"{event}{arguments}")


def _try(data: bytes) -> str:
    """Load a mutant, in a worker process: whatever it would do there is noted."""
    if not _acts:
        sys.addaudithook(_note)
    _acts[:] = ["watched"]
    try:
        load_image(data)
        outcome = "picture"
    except LoadError:
        outcome = "refused"
    except BaseException as error:  # noqa: BLE001 (that is the finding)
        outcome = f"foreign exception: {error!r}"
    return f"act: {_acts[1:]}" if _acts[1:] else outcome


def fuzz(seed: int, count: int) -> Iterator[tuple[int, str]]:
    """Index and outcome of each mutant: "picture", "refused", or what must not be."""
    with WorkerPool(2, Allowance(MEMORY, SECONDS), modules=("tests.fuzz.run",)) as pool:
        futures = [(index, pool.submit(_try, mutant(seed, index))) for index in range(count)]
        for index, future in futures:
            yield index, _outcome(future)


def _outcome(future: Future[str]) -> str:
    try:
        return future.result()
    except WorkerLostError:
        return "crash"
    except WorkError:
        return "hang"
