"""What a task returns, as plain data and back: built from its declared type, and checked by it.

A worker process may send what it likes. So nothing in an answer says what it is: the function that
was called does, by its annotation. Dataclasses, NumPy arrays, tuples, mappings, bytes and JSON's
own values can travel.
"""

from __future__ import annotations

import builtins
import math
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache, partial
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from imgdiff import errors
from imgdiff.workers.frames import FrameError

Blobs = list[bytes | bytearray]
_LONGEST_SENTENCE = 10_000


def pack(value: object, blobs: Blobs) -> Any:  # noqa: ANN401 (JSON)
    """The JSON value of an answer; its bytes are added to `blobs`, and stand as their places.

    Raises
    ------
    TypeError
        It holds what can't travel.
    """
    match value:
        case np.generic():
            packed: Any = value.item()
        case None | bool() | str() | int() | float():
            packed = value
        case bytes() | bytearray():
            packed = _place_of(value, blobs)
        case np.ndarray():
            packed = [_place_of(value.tobytes(), blobs), value.dtype.str, list(value.shape)]
        case Mapping():
            packed = {_key(key): pack(item, blobs) for key, item in value.items()}
        case Sequence() | set() | frozenset():
            packed = [pack(item, blobs) for item in value]
        case _ if is_dataclass(value):
            packed = [pack(getattr(value, part.name), blobs) for part in fields(value)]
        case _:
            raise TypeError(f"A {type(value).__name__} can't be sent from a worker process.")
    return packed


def unpack(body: Any, blobs: Sequence[bytes | bytearray], expected: Any) -> Any:  # noqa: ANN401
    """The answer, of the type that is expected.

    Raises
    ------
    FrameError
        It is of another type.
    """
    try:
        return _built(body, blobs, expected)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError, RecursionError) as error:
        raise FrameError(f"no {expected}: {error}") from None


def type_of_result(task: Callable[..., Any]) -> Any:  # noqa: ANN401 (a type, or an alias of one)
    """What a task is declared to return; of a generator, what it yields. Without a word, JSON."""
    while isinstance(task, partial):
        task = task.func
    return _declared(task)


@cache
def _declared(task: Callable[..., Any]) -> Any:  # noqa: ANN401
    try:
        found = get_type_hints(task).get("return", Any)
    except (TypeError, NameError):
        return Any
    yields = getattr(get_origin(found), "__name__", "") in ("Iterator", "Generator", "Iterable")
    return get_args(found)[0] if yields else found


def pack_error(error: BaseException) -> list[str]:
    """An error's class and sentence."""
    text = error.args[0] if error.args and isinstance(error.args[0], str) else str(error)
    return [type(error).__name__, text[:_LONGEST_SENTENCE]]


def unpack_error(body: Any) -> Exception:  # noqa: ANN401
    """The error again: one of ours, or of Python's own; anything else is a RuntimeError."""
    name, text = unpack(body, (), tuple[str, str])
    kind = getattr(errors, name, None) or getattr(builtins, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        return RuntimeError(f"{name}: {text}"[:_LONGEST_SENTENCE])
    try:
        return kind(text[:_LONGEST_SENTENCE])
    except TypeError:  # as of UnicodeError, which wants more
        return RuntimeError(f"{name}: {text}"[:_LONGEST_SENTENCE])


def _place_of(data: bytes | bytearray, blobs: Blobs) -> int:
    blobs.append(data)
    return len(blobs) - 1


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError("Only text can be the key of what is sent from a worker process.")
    return key


def _built(body: Any, blobs: Sequence[bytes | bytearray], expected: Any) -> Any:  # noqa: ANN401
    """`body` as `expected`; any error means that it isn't of that type."""
    origin = get_origin(expected)
    if expected is Any or expected is object:
        built: Any = body
    elif expected in (None, types.NoneType, bool, str, int, float):
        built = _scalar(body, expected)
    elif expected is bytes:
        built = bytes(blobs[_place(body)])
    elif origin in (Union, types.UnionType):
        built = _one_of(body, blobs, get_args(expected))
    elif origin is Literal:
        built = _checked(body, body in get_args(expected))
    elif origin is np.ndarray:
        built = _array(body, blobs, get_args(expected)[1])
    elif is_dataclass(expected):
        built = _dataclass(body, blobs, expected)
    else:
        built = _several(body, blobs, expected)
    return built


def _checked(value: Any, holds: bool) -> Any:  # noqa: ANN401
    if not holds:
        raise TypeError(f"found {str(value)[:80]}")
    return value


def _scalar(body: object, expected: object) -> object:
    if expected in (None, types.NoneType):
        return _checked(body, body is None)
    if expected is float and type(body) is int:
        return float(body)
    return _checked(body, type(body) is expected)


def _place(body: object) -> int:
    """A place among the blobs."""
    place: int = _checked(body, type(body) is int and body >= 0)
    return place


def _one_of(body: Any, blobs: Sequence[bytes | bytearray], kinds: Iterable[Any]) -> Any:  # noqa: ANN401
    for kind in kinds:
        try:
            return _built(body, blobs, kind)
        except (TypeError, ValueError, IndexError, KeyError, AttributeError):
            continue
    return _checked(body, holds=False)


def _array(body: Any, blobs: Sequence[bytes | bytearray], kind: Any) -> np.ndarray[Any, Any]:  # noqa: ANN401
    place, code, shape = _checked(body, type(body) is list)
    (scalar,) = get_args(kind) or (Any,)
    dtype = np.dtype(_checked(code, type(code) is str))
    options = get_args(scalar) or (scalar,)
    fits = any(option is Any or np.issubdtype(dtype, option) for option in options)
    _checked(code, fits and dtype.kind in "biuf" and dtype.itemsize > 0)
    data = blobs[_place(place)]
    sides = [_place(side) for side in _checked(shape, type(shape) is list and len(shape) <= 8)]
    _checked(shape, math.prod(sides) * dtype.itemsize == len(data))
    array = np.frombuffer(data, dtype).reshape(sides)
    array.setflags(write=False)
    return array


def _dataclass(body: Any, blobs: Sequence[bytes | bytearray], expected: Any) -> Any:  # noqa: ANN401
    hints, parts = _hints(expected), fields(expected)
    _checked(body, type(body) is list and len(body) == len(parts))
    values = {
        part.name: _built(item, blobs, hints[part.name])
        for part, item in zip(parts, body, strict=True)
    }
    return expected(**values)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _several(body: Any, blobs: Sequence[bytes | bytearray], expected: Any) -> Any:  # noqa: ANN401
    """A tuple, list, set or mapping."""
    origin, kinds = get_origin(expected) or expected, get_args(expected)
    if issubclass(origin, Mapping):
        key, item = kinds or (str, Any)
        _checked(body, type(body) is dict)
        return {
            _built(name, blobs, key): _built(value, blobs, item) for name, value in body.items()
        }
    _checked(body, type(body) is list)
    if issubclass(origin, tuple) and kinds and kinds[-1] is not Ellipsis:
        return tuple(_built(item, blobs, kind) for item, kind in zip(body, kinds, strict=True))
    found = [_built(item, blobs, kinds[0] if kinds else Any) for item in body]
    make: Callable[[list[Any]], Any] = list if issubclass(list, origin) else origin
    return make(found)
