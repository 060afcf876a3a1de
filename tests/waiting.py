"""Waiting for what must happen: tests know no other clock, as machines may be busy."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 300
"""Seconds that anything may take before it counts as never happening."""

_PAUSE = 0.02

T = TypeVar("T")


def until(fact: Callable[[], T]) -> T:
    """Ask again and again until the answer is true, and return it."""
    end = time.monotonic() + PATIENCE
    while not (answer := fact()):
        assert time.monotonic() < end, f"it never came to that: {fact}"
        time.sleep(_PAUSE)
    return answer
