"""Inside a worker process: one task after another, over two pipes.

A task is a function and its arguments. They come as a pickle, as the server is to be trusted; what
goes back is data alone (`imgdiff.workers.answers`), as this process may not be. Large bytes among
the arguments are sent once, and named by their digest until other files take their place.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from imgdiff import allocator
from imgdiff.environment import limit_threads
from imgdiff.errors import ImgdiffError
from imgdiff.workers.allowance import Allowance
from imgdiff.workers.answers import Blobs, pack, pack_error
from imgdiff.workers.confinement import give_up
from imgdiff.workers.frames import Frame, receive, send
from imgdiff.workers.preload import preload
from imgdiff.workers.sandbox import Protection

_GLANCE = 0.5
"""Seconds between two looks at whether the server is still there."""


def be_worker() -> None:
    """Be a worker process that was started by itself: tasks come in, answers go out."""
    allowance = Allowance.unpacked(bytes.fromhex(sys.argv[1]))
    preload(sys.argv[2:])
    descriptors = os.dup(0), os.dup(1)
    watch = threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True)
    serve(descriptors, allowance, then=watch.start)


def serve(
    descriptors: tuple[int, int],
    allowance: Allowance,
    *,
    then: Callable[[], None] = lambda: None,
) -> None:
    """Confine this process, say what holds, and do what is asked for until nobody asks.

    Parameters
    ----------
    descriptors : (int, int)
        Where requests come from, and where answers go to.
    allowance : Allowance
        What this process may take.
    then : callable
        What else to do, once the process is locked.
    """
    requests, answers = open(descriptors[0], "rb", 0), open(descriptors[1], "wb", 0)  # noqa: PTH123, SIM115
    try:
        protection = give_up(allowance.memory, keep=descriptors)
    except ImgdiffError as error:
        send(answers, Frame("error", pack_error(error)))
        return
    then()
    allocator.keep_freed()
    limit_threads(allowance.threads)
    _be_careful(protection)
    send(answers, Frame("ready", pack(protection, [])))
    files: dict[str, bytes] = {}
    with suppress(EOFError, OSError):
        while True:
            files = _answer(receive(requests), files, answers)


def _end_with(server: int) -> None:
    """End when the server has ended, even if it was killed amid a comparison."""
    while os.getppid() == server:
        time.sleep(_GLANCE)
    os._exit(1)


def _be_careful(protection: Protection) -> None:
    """Where nothing holds machine code, do without the format whose decoder is attacked most."""
    if os.environ.get("IMGDIFF_HOSTED") and not protection.contained:
        from imgdiff.load.heic import switch_off  # noqa: PLC0415 (libheif)

        switch_off()


def _answer(request: Frame, files: dict[str, bytes], answers: BinaryIO) -> dict[str, bytes]:
    """Do a task; the files that stay here for the next."""
    call, *new = request.blobs
    fresh = dict(zip(request.body["new"], map(bytes, new), strict=True))
    files = {digest: fresh.get(digest) or files[digest] for digest in request.body["files"]}
    send(answers, Frame("begun"))
    try:
        _do(call, files, answers)
    except Exception as error:  # noqa: BLE001 (it is told where the task comes from)
        send(answers, Frame("error", pack_error(error)))
    return files


def _do(call: bytes | bytearray, files: dict[str, bytes], answers: BinaryIO) -> None:
    task, arguments, keywords = _Call(io.BytesIO(call), files).load()
    result = task(*arguments, **keywords)
    if isinstance(result, Iterator):
        for part in result:
            _send(answers, "part", part)
        _send(answers, "end", None)
    else:
        _send(answers, "result", result)


def _send(answers: BinaryIO, kind: str, value: object) -> None:
    blobs: Blobs = []
    body = pack(value, blobs)
    send(answers, Frame(kind, body, blobs))


class _Call(pickle.Unpickler):
    """A task as the server wrote it down; files stand there as their digests."""

    def __init__(self, call: BinaryIO, files: dict[str, bytes]) -> None:
        super().__init__(call)
        self._files = files

    def persistent_load(self, digest: Any) -> bytes:  # noqa: ANN401 (as pickle has it)
        return self._files[digest]


if __name__ == "__main__":
    be_worker()
