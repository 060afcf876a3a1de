"""Two pictures laid on each other at their top left corners: what juts out was added or removed."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from imgdiff.types import Alignment, Block, Image, Mask, Pair, Pixels


def laid_at_corner(reference: Image, test: Image, not_ignored: Mask) -> Pair:
    """The pair as it is, pixel on pixel; of another size, with rows and columns as blocks.

    Parameters
    ----------
    reference, test : Image
        Of one dtype, and of any sizes.
    not_ignored : ndarray of bool, shape (H, W)
        In the reference's frame.
    """
    height, width = min(reference.height, test.height), min(reference.width, test.width)
    overlap = np.zeros((reference.height, reference.width), np.bool_)
    overlap[:height, :width] = True
    blocks = (
        *_blocks("rows", reference.height, test.height),
        *_blocks("columns", reference.width, test.width),
    )
    return Pair(
        reference=reference,
        laid=_on_grid_of(reference, test),
        valid=overlap & not_ignored,
        transform=np.eye(3),
        related=True,
        alignment=Alignment(
            only_in_reference=1 - float(overlap.mean()),
            only_in_test=1 - height * width / (test.height * test.width),
            blocks=blocks,
        ),
        unmoved=test,
        overlap=overlap,
    )


def _blocks(axis: Literal["rows", "columns"], before: int, after: int) -> tuple[Block, ...]:
    """The lines at the end that only the longer one has."""
    if before == after:
        return ()
    end = min(before, after)
    return (Block("added" if after > before else "removed", axis, abs(after - before), end, end),)


def _on_grid_of(reference: Image, test: Image) -> Image:
    """The test picture cut off where the reference ends, and black where it ends itself."""
    alpha = None if test.alpha is None else _cut(test.alpha, reference)
    return replace(test, pixels=_cut(test.pixels, reference), alpha=alpha)


def _cut(samples: Pixels, reference: Image) -> Pixels:
    result = np.zeros((reference.height, reference.width, *samples.shape[2:]), samples.dtype)
    rows, columns = min(len(result), len(samples)), min(result.shape[1], samples.shape[1])
    result[:rows, :columns] = samples[:rows, :columns]
    result.setflags(write=False)
    return result
