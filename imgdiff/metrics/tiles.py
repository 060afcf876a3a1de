"""Large arrays in small pieces: tiles that fit the processor's cache, shared out to threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from imgdiff.threads import thread_count

_WORTH_A_THREAD = 2**18
"""Elements; starting a thread takes about as long as working on a tenth of this."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle of an array: rows from `top` to before `bottom`, columns likewise."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """To index an array with."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def area(self) -> int:
        """Elements inside; 0 if there are none."""
        return max(0, self.bottom - self.top) * max(0, self.right - self.left)

    def shifted(self, down: int, right: int) -> Tile:
        """The same rectangle elsewhere."""
        return Tile(self.top + down, self.bottom + down, self.left + right, self.right + right)

    def split(self, rows: int, columns: int) -> Iterator[Tile]:
        """The same rectangle in pieces of at most (rows, columns)."""
        for top in range(self.top, self.bottom, rows):
            for left in range(self.left, self.right, columns):
                yield Tile(top, top + rows, left, left + columns).within(self)

    def within(self, other: Tile) -> Tile:
        """What both share; of area 0 if that's nothing."""
        return Tile(
            max(self.top, other.top),
            min(self.bottom, other.bottom),
            max(self.left, other.left),
            min(self.right, other.right),
        )


@dataclass(slots=True)
class Scratch:
    """One thread's working memory, used again from tile to tile."""

    _buffers: dict[tuple[str, np.dtype[Any]], NDArray[Any]] = field(default_factory=dict)

    def array(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """An array with anything in it, valid until `name` is asked for again."""
        key = name, np.dtype(dtype)
        size = int(np.prod(shape))
        buffer = self._buffers.get(key)
        if buffer is None or buffer.size < size:
            buffer = self._buffers[key] = np.empty(size, dtype)
        return buffer[:size].reshape(shape)


def sum_over(work: Callable[[Tile, Scratch], float], pieces: list[Tile]) -> float:
    """Call `work` for each tile, on all processors; the sum of what it returns.

    The sum doesn't depend on the number of threads or on who came first.
    """
    work_for = 1 + sum(tile.area for tile in pieces) // _WORTH_A_THREAD
    threads = min(len(pieces), thread_count(), work_for)
    results = np.zeros(len(pieces))
    numbered = iter(list(enumerate(pieces)))  # next() of a list's iterator is atomic

    def run() -> None:
        scratch = Scratch()
        for index, tile in numbered:
            results[index] = work(tile, scratch)

    if threads < 2:
        run()
    else:
        with ThreadPoolExecutor(threads) as pool:
            for future in [pool.submit(run) for _ in range(threads)]:
                future.result()
    return float(results.sum())
