"""What environment variables say, and how many threads the process uses."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from imgdiff.errors import ImgdiffError, SettingsError

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")

_threads = os.cpu_count() or 1


def whole_number(name: str, default: int, *, low: int = 1) -> int:
    """The number that the environment variable `name` holds, `default` where it is not set.

    Raises
    ------
    SettingsError
        It is no whole number, or less than `low`.
    """
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) < low:
        raise SettingsError(
            f"The environment variable {name} must be a whole number from {low} up, "
            f"but is {text!r}: change it."
        )
    return int(text)


@contextmanager
def needing(extra: str, what: str, error: type[ImgdiffError]) -> Iterator[None]:
    """Let a package that the block imports and that is missing be told as the extra it comes with.

    Parameters
    ----------
    extra : str
        Of imgdiff-app: "pdf", "heif", …
    what : str
        What it's for, as a sentence begins: "Reading PDFs".
    error : type
        What to raise.
    """
    try:
        yield
    except ModuleNotFoundError:
        raise error(
            f"{what} needs packages that aren't installed: install imgdiff-app[{extra}]."
        ) from None


def thread_count() -> int:
    """Threads that work may be shared out to: as many as there are processors, by default."""
    return _threads


def of_both(work: Callable[[_Given], _Made], before: _Given, after: _Given) -> tuple[_Made, _Made]:
    """What a function makes of each of two things, at the same time if there are processors."""
    if thread_count() < 2:
        return work(before), work(after)
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 (who reads variables doesn't wait)

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(work, after)
        return work(before), other.result()


def limit_threads(count: int) -> None:
    """Let this process use `count` threads, OpenCV's included.

    A worker process next to others takes one: more would only stand in each other's way.
    """
    global _threads  # noqa: PLW0603 (it is about the process as a whole)
    import cv2  # noqa: PLC0415 (whoever only reads a variable doesn't wait for it)

    _threads = count
    cv2.setNumThreads(count)


def is_out_of_memory(error: BaseException | None) -> bool:
    """Whether that's what an error, or one behind it, means: each library says it in its own way.

    A decoder's error among them: a worker process is renewed then, as its memory is in pieces.
    """
    if error is None:
        return False
    cv2 = sys.modules.get("cv2")  # if it isn't there, the error isn't its own
    if cv2 is not None and isinstance(error, cv2.error):
        found = error.code == cv2.Error.StsNoMem or "bad_alloc" in str(error)
    else:  # RuntimeError: no room for the stack of another thread
        found = isinstance(error, MemoryError) or "can't start new thread" in str(error)
    return found or is_out_of_memory(error.__context__)
