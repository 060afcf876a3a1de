"""How many threads one process may use: many, unless its neighbours work too."""

from __future__ import annotations

import os

import cv2

_limit = os.cpu_count() or 1


def thread_count() -> int:
    """Threads that work may be shared out to: as many as there are processors, by default."""
    return _limit


def limit_threads(count: int) -> None:
    """Let this process use `count` threads, OpenCV's included.

    A worker process next to others takes one: more would only stand in each other's way.
    """
    global _limit  # noqa: PLW0603 (it is about the process as a whole)
    _limit = count
    cv2.setNumThreads(count)
