"""Large arrays in small pieces: tiles that fit the processor's cache, shared out to threads."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import cv2
import numpy as np
from numpy.typing import DTypeLike, NDArray

from imgdiff.environment import thread_count
from imgdiff.types import Pixels

_Made = TypeVar("_Made")
TileSamples: TypeAlias = Pixels | NDArray[np.float32]

_SAMPLES = 2**17
"""Of a tile, by default: a handful of float32 copies of it stay in the processor's cache."""

_COLUMNS = 512
"""Of a tile: few enough for what is equal to be passed over, enough for quick rows."""

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

    def grown(self, margin: int) -> Tile:
        """The same rectangle with so many rows and columns more on each side."""
        return Tile(
            self.top - margin, self.bottom + margin, self.left - margin, self.right + margin
        )

    def shifted(self, down: int, right: int) -> Tile:
        """The same rectangle elsewhere."""
        return Tile(self.top + down, self.bottom + down, self.left + right, self.right + right)

    def split(self, rows: int, columns: int) -> Iterator[Tile]:
        """The same rectangle in pieces of at most (rows, columns)."""
        for top in range(self.top, self.bottom, rows):
            bottom = min(top + rows, self.bottom)
            for left in range(self.left, self.right, columns):
                yield Tile(top, bottom, left, min(left + columns, self.right))

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

    _buffers: dict[str, NDArray[np.uint8]] = field(default_factory=dict)
    _last: tuple[object, ...] = ()
    _made: Any = None

    def array(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """An array with anything in it, valid until `name` is asked for again."""
        kind = np.dtype(dtype)
        size = math.prod(shape) * kind.itemsize
        buffer = self._buffers.get(name)
        if buffer is None or buffer.size < size:
            buffer = self._buffers[name] = np.empty(size, np.uint8)
        return np.ndarray(shape, kind, buffer)

    def last(self, make: Callable[..., _Made], *options: object) -> _Made:
        """What `make` makes of this working memory and `options`; at once if it just did."""
        if self._last != (make, *options):
            self._last, self._made = (make, *options), make(self, *options)
        made: _Made = self._made
        return made


def sum_over(
    work: Callable[[Tile, Scratch], float], pieces: list[Tile], *, alone: bool = False
) -> float:
    """Call `work` for each tile, on all processors, or `alone`; the sum of what it returns.

    The sum doesn't depend on the number of threads or on who came first. What consists of many
    short calls is better done alone: threads wait for the interpreter between any two.
    """
    work_for = 1 + sum(tile.area for tile in pieces) // _WORTH_A_THREAD
    threads = 1 if alone else min(len(pieces), thread_count(), work_for)
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


def differing_part(a: TileSamples, b: TileSamples) -> Tile:
    """The part of two arrays of one shape that holds what differs; of area 0 if nothing does."""
    if cv2.norm(a, b, cv2.NORM_INF) == 0:
        return Tile(0, 0, 0, 0)
    x, y, width, height = cv2.boundingRect((a != b).view(np.uint8).reshape(a.shape[0], -1))
    channels = a.size // (a.shape[0] * a.shape[1])
    return Tile(y, y + height, x // channels, -(-(x + width) // channels))


def map_in_tiles(  # noqa: PLR0913 (what goes in, and how it is cut)
    errors_of: Callable[[Any, Any], NDArray[Any]],
    reference: TileSamples,
    test: TileSamples,
    *,
    reach: int = 0,
    samples: int = _SAMPLES,
    dtype: type[np.generic] = np.float32,
    pointwise: bool = False,
) -> NDArray[Any]:
    """Call a function on matching tiles of two pictures and put what it returns together.

    So its floats exist in tiles alone. Tiles that are equal are not computed: their error is 0.

    Parameters
    ----------
    errors_of : callable
        ``(reference, test) -> errors``: all of shape (h, w). Where a tile ends inside the
        picture, the outer `reach` rows and columns of what it returns don't count.
    reference, test : ndarray of uint8, uint16 or float32, shape (H, W) or (H, W, C)
        Same shape and dtype.
    reach : int
        How far from a pixel the function looks; even, so that all tiles begin on even rows and
        columns.
    samples : int
        Of each tile, about.
    dtype : type
        Of what the function returns.
    pointwise : bool
        Whether the error of an equal pixel is 0 whatever is around it: then of each tile only the
        part that differs is computed.

    Returns
    -------
    ndarray of `dtype`, shape (H, W)
    """
    height, width = reference.shape[:2]
    whole = Tile(0, height, 0, width)
    errors = np.zeros((height, width), dtype)

    def fill(tile: Tile, _: Scratch) -> float:
        if pointwise:
            part = differing_part(reference[tile.slices], test[tile.slices])
            part = part.shifted(tile.top, tile.left)
            tile = Tile(part.top & ~1, part.bottom, part.left & ~1, part.right)
            if not part.area:
                return 0
        wide = tile.grown(reach).within(whole)
        a, b = reference[wide.slices], test[wide.slices]
        if cv2.norm(a, b, cv2.NORM_INF):
            inner = tile.shifted(-wide.top, -wide.left)
            errors[tile.slices] = errors_of(a, b)[inner.slices]
        return 0

    columns = min(width, _COLUMNS)
    channels = reference.size // (height * width)
    rows = max(2, 4 * reach, samples // (columns * channels))
    sum_over(fill, list(whole.split(rows + rows % 2, columns)))
    return errors
