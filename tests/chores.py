"""Tasks for worker processes that no picture should ever bring about."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np


def modules() -> list[str]:
    return sorted(sys.modules)


def process() -> int:
    return os.getpid()


def nap(seconds: float) -> str:
    time.sleep(seconds)
    return "rested"


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def outgrow() -> int:
    """Take 10 GB, and use them."""
    return int(np.ones(10**10, np.uint8)[-1])


def outgrow_in_opencv() -> None:
    import cv2  # noqa: PLC0415

    cv2.resize(np.zeros((10, 10), np.uint8), (60_000, 60_000))


def write(path: str) -> None:
    Path(path).write_text("caught")


def start_program() -> None:
    subprocess.run(["true"], check=True)


def call_somebody() -> None:
    import socket  # noqa: PLC0415

    socket.create_connection(("127.0.0.1", 9))


def chatter() -> None:
    os.write(2, b"libpng error: nobody needs this\n")


def misspell() -> None:
    raise KeyError("a mistake of ours")
