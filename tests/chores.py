"""Tasks for worker processes that no picture should ever bring about."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


def modules() -> list[str]:
    return sorted(sys.modules)


def process() -> int:
    return os.getpid()


def threads() -> int:
    return threading.active_count()


def nap(seconds: float) -> str:
    time.sleep(seconds)
    return "rested"


def count_to(number: int, pause: float) -> Iterator[int]:
    for value in range(1, number + 1):
        time.sleep(pause)
        yield value


def murmur(number: int, pause: float) -> Iterator[str]:
    for value in range(number):
        time.sleep(pause)
        yield f"step {value}"


def length(data: bytes) -> int:
    return len(data)


def crash() -> None:
    """In machine code, as a broken decoder does."""
    ctypes.string_at(0)


def crash_at(task: object) -> None:
    ctypes.string_at(0)
    raise AssertionError(task)


def wait_at(task: object) -> None:
    time.sleep(10_000)
    raise AssertionError(task)


def outgrow() -> int:
    """Take 10 GB, and use them."""
    return int(np.ones(10**10, np.uint8)[-1])


def outgrow_in_opencv() -> None:
    cv2.resize(np.zeros((10, 10), np.uint8), (60_000, 60_000))


def chatter() -> None:
    os.write(2, b"libpng error: nobody needs this\n")


def misspell() -> None:
    raise KeyError("a mistake of ours")


@dataclass(frozen=True)
class Box:
    """What an honest task returns."""

    name: str
    data: bytes
    samples: NDArray[np.float32]
    sizes: tuple[int, ...] = ()
    parent: Box | None = None


def honest_box() -> Box:
    inner = Box("inner", b"", np.zeros((0, 3), np.float32))
    return Box("outer", b"data", np.arange(6, dtype=np.float32).reshape(2, 3), (1, 2), inner)


class Bomb:
    """As a pickle it would run code where it's opened."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os._exit, ("1",)


def bomb() -> object:
    return Bomb()
