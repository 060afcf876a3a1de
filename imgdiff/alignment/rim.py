"""The outermost blocks of a JPEG, where nothing but another way to end a picture shows.

An editor, or a warp, that treats a picture's edge in another way changes one line of pixels there,
and saving spreads that over the outermost blocks of the file: all along the edge, and no farther.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgdiff.types import Edge, Mask, Pixels

_BLOCKS = (8, 16)
"""Sides of a JPEG's blocks, px, of brightness and of colour at half the size: they begin at the
top left."""


@dataclass(frozen=True, slots=True)
class RimLimits:
    """What the rim of a picture that was only saved anew looks like.

    Attributes
    ----------
    differs : float
        Share of the rim's blocks in which something differs, at least, …
    inside : float
        … and how many of the blocks that follow inside may, relative to that. In a photograph of a
        lake, edited by hand, it's .98 and more of the rims' blocks and .2 at most inside.
    one_way : float
        Share of the rim's differing samples that may have become all lighter, or all darker: a
        border that was painted another colour has.
    levels : int
        Levels up to which a block of the rim is noise; there they come to 20.
    """

    differs: float = 0.3
    inside: float = 0.25
    one_way: float = 0.75
    levels: int = 32


RIM = RimLimits()


def saved_rim(reference: Pixels, test: Pixels) -> tuple[tuple[Edge, ...], Mask]:
    """Along which edges two pictures of one size differ only as saving makes it, and where.

    Parameters
    ----------
    reference, test : ndarray of uint8 or uint16, shape (H, W, 3)
        As they lie: nothing was moved.

    Returns
    -------
    edges : tuple of {"left", "right", "top", "bottom"}
    noise : ndarray of bool, shape (H, W)
        The rim's pixels there, without the blocks in which more differs.
    """
    height, width = reference.shape[:2]
    noise = np.zeros((height, width), np.bool_)
    edges: list[Edge] = []
    if reference.dtype != np.uint8 or min(height, width) < 4 * max(_BLOCKS):
        return (), noise
    for block in _BLOCKS:
        for edge, rim, inside in _sides((height, width), block):
            gaps, beyond = (_gaps(reference, test, part) for part in (rim, inside))
            along = edge in ("top", "bottom")
            outer, inner = (_of_blocks(part, block, along=along) for part in (gaps, beyond))
            if edge not in edges and _is_saving(outer, inner, gaps):
                noise[rim] |= _each(outer <= RIM.levels, block, gaps.shape, along=along)
                edges.append(edge)
    return tuple(edges), noise


_Part = tuple[slice, slice]


def _sides(shape: tuple[int, int], block: int) -> list[tuple[Edge, _Part, _Part]]:
    """Each edge's outermost blocks, and the pixels just inside of them."""
    height, width = shape
    across, down = ((side - 1) // block * block for side in (width, height))
    everything = slice(None)
    first, second = slice(0, block), slice(block, 2 * block)
    return [
        ("left", (everything, first), (everything, second)),
        ("right", (everything, slice(across, width)), (everything, slice(across - block, across))),
        ("top", (first, everything), (second, everything)),
        ("bottom", (slice(down, height), everything), (slice(down - block, down), everything)),
    ]


def _gaps(reference: Pixels, test: Pixels, part: _Part) -> NDArray[np.int16]:
    return np.asarray(test[part].astype(np.int16) - reference[part], np.int16)


def _is_saving(rim: NDArray[np.int16], inside: NDArray[np.int16], gaps: NDArray[np.int16]) -> bool:
    """Whether much of a rim differs, by little and both ways, and hardly anything inside."""
    share = (rim > 0).mean()
    if share < RIM.differs or (inside > 0).mean() > RIM.inside * share:
        return False
    small = gaps[(gaps != 0) & (np.abs(gaps) <= RIM.levels)]
    return bool(len(small) and 1 - RIM.one_way <= (small > 0).mean() <= RIM.one_way)


def _of_blocks(gaps: NDArray[np.int16], block: int, *, along: bool) -> NDArray[np.int16]:
    """The largest difference in each block of a rim, (N,)."""
    # numpy is slow along two axes at once, and along a short one
    levels = np.abs(gaps)
    largest = levels.max(axis=0).max(axis=1) if along else levels.reshape(len(gaps), -1).max(axis=1)
    return np.maximum.reduceat(largest, np.arange(0, len(largest), block))


def _each(blocks: Mask, block: int, shape: tuple[int, ...], *, along: bool) -> Mask:
    """What is true of the blocks of a rim, for each of its pixels; `shape` is (H, W, 3)."""
    line = np.repeat(blocks, block)[: shape[1 if along else 0]]
    return np.broadcast_to(line if along else line[:, None], shape[:2])
