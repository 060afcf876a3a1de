"""Messages over a pipe: a word, a JSON value and blobs of bytes, every length checked.

Nothing that comes in is ever executed, as a pickle would be: a worker process may have been taken
over by the file that it reads.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

_HEAD: Final = struct.Struct("<4sII")
"""Mark, length of the JSON text, number of blobs."""
_MARK: Final = b"iDf1"
_MOST_TEXT: Final = 2**26
_MOST_BLOBS: Final = 2**16
_MOST_BYTES: Final = 2**29


class FrameError(Exception):
    """What came in is no frame; whoever sent it isn't to be trusted with another word."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message.

    Attributes
    ----------
    kind : str
        What it is about.
    body : object
        Anything that JSON can hold.
    blobs : sequence of bytes-like
        What JSON can't hold; `body` refers to them by their places.
    """

    kind: str
    body: Any = None
    blobs: Sequence[bytes | bytearray] = ()


def send(pipe: BinaryIO, frame: Frame) -> None:
    """Write a frame; OSError if nobody reads there any longer."""
    text = json.dumps([frame.kind, frame.body], separators=(",", ":")).encode()
    lengths = struct.pack(f"<{len(frame.blobs)}Q", *map(len, frame.blobs))
    head = _HEAD.pack(_MARK, len(text), len(frame.blobs))
    for part in (head + lengths + text, *frame.blobs):
        _write(pipe, memoryview(part))


def receive(pipe: BinaryIO) -> Frame:
    """Read a frame.

    Raises
    ------
    EOFError
        Whoever wrote there has ended.
    FrameError
        This is no frame, or is larger than any answer.
    """
    mark, text, count = _HEAD.unpack(_read(pipe, _HEAD.size))
    if mark != _MARK or text > _MOST_TEXT or count > _MOST_BLOBS:
        raise FrameError("no frame")
    lengths = struct.unpack(f"<{count}Q", _read(pipe, 8 * count))
    if sum(lengths) > _MOST_BYTES:
        raise FrameError("too large")
    try:
        kind, body = json.loads(_read(pipe, text).decode())
    except (ValueError, TypeError, RecursionError):
        raise FrameError("no JSON") from None
    if not isinstance(kind, str):
        raise FrameError("no kind")
    return Frame(kind, body, [_read(pipe, length) for length in lengths])


def _write(pipe: BinaryIO, data: memoryview) -> None:
    while data:
        data = data[pipe.write(data) :]


def _read(pipe: BinaryIO, size: int) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        count = pipe.readinto(view)  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        view = view[count:]
    return data
