"""Answers are data of the type that was promised; anything else ends the process that sent it."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from imgdiff import errors
from imgdiff.errors import LoadError
from imgdiff.workers import tasks
from imgdiff.workers.answers import pack, pack_error, type_of_result, unpack, unpack_error
from imgdiff.workers.frames import Frame, FrameError, receive, send
from imgdiff.workers.handle import WorkerEndedError, WorkerHandle
from tests import chores
from tests.chores import Box


class Pipe(io.BytesIO):
    """Holds what was written, to be read from its beginning."""


def frame(text: object, blobs: tuple[bytes, ...] = (), *, mark: bytes = b"iDf1") -> bytes:
    """A frame as an attacker would write it by hand."""
    data = text if isinstance(text, bytes) else json.dumps(text).encode()
    head = struct.pack("<4sII", mark, len(data), len(blobs))
    return head + struct.pack(f"<{len(blobs)}Q", *map(len, blobs)) + data + b"".join(blobs)


def there_and_back(value: object, expected: object) -> Any:  # noqa: ANN401 (whatever was sent)
    blobs: list[bytes | bytearray] = []
    pipe = Pipe()
    send(pipe, Frame("result", pack(value, blobs), blobs))
    pipe.seek(0)
    found = receive(pipe)
    return unpack(found.body, found.blobs, expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (3, int),
        (2.5, float),
        (float("inf"), float),
        ("ä", str),
        (b"\0\xff", bytes),
        ((1, "a"), tuple[int, str]),
        ((1, 2, 3), tuple[int, ...]),
        ({"a": b"1", "b": b""}, Mapping[str, bytes]),
        ("x", Literal["x", "y"]),
        (None, int | None),
        ([{"a": [1]}], list[dict[str, list[int]]]),
    ],
)
def test_values_come_back_as_they_were(value: object, expected: object) -> None:
    assert there_and_back(value, expected) == value


def test_dataclasses_and_arrays_come_back_as_they_were() -> None:
    value = chores.honest_box()
    found = there_and_back(value, Box)
    assert (found.name, found.data, found.sizes) == ("outer", b"data", (1, 2))
    assert np.array_equal(found.samples, value.samples)
    assert found.parent.samples.shape == (0, 3)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("1", int),
        (True, int),
        (1, bool),
        (0, bytes),
        (-1, bytes),
        ([0, "<f4", [2, 2]], NDArray[np.float32]),
        ([0, "O", [1]], NDArray[np.float32]),
        ([0, "<f8", [0]], NDArray[np.float32]),
        (["a"], Box),
        ({"__class__": "os.system"}, Box),
        ([1, 2], tuple[int]),
        ("z", Literal["x", "y"]),
        ([1], dict[str, int]),
        ({"a": "b"}, dict[str, int]),
        (None, str),
    ],
)
def test_what_is_of_another_type_is_refused(body: object, expected: object) -> None:
    with pytest.raises(FrameError):
        unpack(body, (), expected)


@pytest.mark.parametrize(
    "data",
    [
        pickle.dumps(("result", 1)),
        frame(["result", 1], mark=b"????"),
        struct.pack("<4sII", b"iDf1", 2**31, 0),
        struct.pack("<4sIIQ", b"iDf1", 4, 1, 2**40) + b"null",
        frame(b"[" * 100_000),
        frame(b'["result",' + b"9" * 10_000 + b"]"),
        frame(b"\xff\xfe"),
        frame({"kind": "result"}),
        frame(["result"]),
        frame([1, 2]),
    ],
    ids=range(10),
)
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises(FrameError):
        receive(Pipe(data))


def test_what_stops_short_is_an_end() -> None:
    for data in (b"", frame(["a", 1])[:-1], frame(["a", 0], (b"12",))[:-1]):
        with pytest.raises(EOFError):
            receive(Pipe(data))


def test_errors_come_back_as_ours_or_pythons() -> None:
    for error in (LoadError("After: a sentence."), KeyError("key"), MemoryError()):
        back = unpack_error(pack_error(error))
        assert type(back) is type(error)
    assert type(unpack_error(["exit", "1"])) is RuntimeError
    assert type(unpack_error(["__import__", "os"])) is RuntimeError
    assert type(unpack_error(["annotations", "os"])) is RuntimeError
    assert str(unpack_error(["LoadError", "x" * 50_000])) == "x" * 10_000
    assert isinstance(unpack_error(["UnicodeDecodeError", "x"]), RuntimeError)


def test_every_error_of_ours_travels() -> None:
    ours = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    assert {type(unpack_error(pack_error(kind("A sentence.")))) for kind in ours} == set(ours)


def test_every_task_promises_what_can_travel() -> None:
    names = (
        "compare_pair",
        "compare_pair_in_steps",
        "page_count",
        "file",
        "every_method",
        "alikeness",
    )
    for name in (*names, "take_fingerprint"):
        assert type_of_result(getattr(tasks, name)) is not Any, name
    assert type_of_result(chores.count_to) is int


class Honest:
    """Nothing to kill."""

    def kill(self) -> None:
        pass

    close = kill


@pytest.mark.parametrize(
    "answer",
    [
        pickle.dumps(chores.Bomb()),
        frame(["begun", None]) + pickle.dumps(chores.Bomb()),
        frame(["begun", None]) + frame(["result", ["os", "system"]]),
        frame(["begun", None]) + frame(["error", {"a": 1}]),
        frame(["result", 1]),
        frame(["begun", None]) + frame(["part", 1]) * 10_001,
    ],
    ids=range(6),
)
def test_a_process_that_was_taken_over_is_ended(tmp_path: Path, answer: bytes) -> None:
    (tmp_path / "answers").write_bytes(answer)
    handle = WorkerHandle(
        os.open(os.devnull, os.O_WRONLY), os.open(tmp_path / "answers", os.O_RDONLY), Honest()
    )
    with pytest.raises(WorkerEndedError):
        handle.perform(chores.length, (b"",), {}, on_part=lambda _: None)
    handle.close()


def test_what_cannot_travel_is_our_mistake() -> None:
    with pytest.raises(TypeError, match="Bomb can't be sent"):
        pack(chores.Bomb(), [])


def test_a_generator_promises_what_it_yields() -> None:
    def pages() -> Iterator[Box]:
        yield chores.honest_box()

    assert type_of_result(pages) is Box
