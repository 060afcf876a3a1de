"""What a command may take on the shell: memory and time are bounded, as they are on the page."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from imgdiff import allocator
from imgdiff.cli.terminal import tell
from imgdiff.environment import is_out_of_memory, whole_number
from imgdiff.errors import WorkError
from imgdiff.workers.confinement import limited_memory

_MEGABYTES: Final = 4000
_SECONDS: Final = 120
"""Unless the environment says otherwise; the same as for a pair of a batch."""
_FAILED: Final = 2


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Let the block take so much memory; WorkError if it would take more.

    Where the system knows no such limit (macOS, Windows), it takes what it takes.
    """
    import cv2  # noqa: F401, PLC0415 (it isn't counted, and whoever asks for help does without)

    memory = whole_number("IMGDIFF_WORKER_MB", _MEGABYTES, low=100)
    allocator.share_one_arena()
    allocator.keep_freed()
    try:
        with limited_memory(memory):
            yield
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        raise WorkError(
            f"A command may take {memory} MB of memory, but this one needs more: make the pictures "
            "smaller, or set IMGDIFF_WORKER_MB higher."
        ) from None


@contextmanager
def bounded_time(seconds: int = _SECONDS) -> Iterator[None]:
    """Let the block take so long; beyond that the process ends with a sentence.

    `seconds` is what holds unless the environment says otherwise. A decoder that hangs hears of
    nothing: so the process ends, whatever it is at.
    """
    seconds = whole_number("IMGDIFF_DEADLINE_SECONDS", seconds)
    watch = threading.Timer(seconds, _end, (seconds,))
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _end(seconds: int) -> None:
    tell("")
    print(
        f"imgdiff: A comparison may take {seconds} seconds, but this one needs longer: make the "
        "pictures smaller, or set IMGDIFF_DEADLINE_SECONDS higher.",
        file=sys.stderr,
        flush=True,
    )
    os._exit(_FAILED)
