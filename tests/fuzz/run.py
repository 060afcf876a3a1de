"""Mutants → worker processes with caps of memory and time → what became of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future

from pebble import ProcessExpired, ProcessPool

from imgdiff import LoadError, load_image
from imgdiff.workers.confinement import give_up
from imgdiff.workers.process import Context

from .mutants import mutant

SECONDS = 10
MEMORY = 700
_ACTS = ("subprocess.Popen", "os.exec", "os.fork", "os.posix_spawn", "os.system", "socket.__new__")
_acts: list[str] = []


def _begin() -> None:
    sys.addaudithook(_note)
    give_up(MEMORY)


def _note(event: str, arguments: tuple[object, ...]) -> None:
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & writing
    if event in _ACTS or writes:
        _acts.append(f"{event}{arguments}")


def _try(seed: int, index: int) -> str:
    _acts.clear()
    try:
        load_image(mutant(seed, index))
        outcome = "picture"
    except LoadError:
        outcome = "refused"
    except BaseException as error:  # noqa: BLE001 (that is the finding)
        outcome = f"foreign exception: {error!r}"
    return f"act: {_acts}" if _acts else outcome


def fuzz(seed: int, count: int) -> Iterator[tuple[int, str]]:
    """Index and outcome of each mutant: "picture", "refused", or what must not be."""
    with ProcessPool(2, 2000, initializer=_begin, context=Context()) as pool:
        futures = [
            (index, pool.schedule(_try, args=(seed, index), timeout=SECONDS))
            for index in range(count)
        ]
        for index, future in futures:
            yield index, _outcome(future)


def _outcome(future: Future[str]) -> str:
    try:
        return future.result()
    except TimeoutError:
        return "hang"
    except ProcessExpired as error:
        return f"crash: exit code {error.exitcode}"
