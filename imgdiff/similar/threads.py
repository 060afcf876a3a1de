"""Work on all processors: results come in their order, and few of them wait at a time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

_AHEAD: Final = 4
"""Results that may wait for each processor, so that none idles."""

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def mapped(function: Callable[[_Item], _Result], items: Iterable[_Item]) -> Iterator[_Result]:
    """As `map`, on all processors; what hasn't begun when the caller stops is never done."""
    processors = os.cpu_count() or 1
    waiting: deque[Future[_Result]] = deque()
    with ThreadPoolExecutor(processors) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > _AHEAD * processors:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
