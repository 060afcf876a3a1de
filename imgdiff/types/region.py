"""Places that changed, and what differs without being a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from imgdiff.types.image import Box
from imgdiff.types.pair import Block
from imgdiff.types.text import TextChange

Kind: TypeAlias = Literal[
    "added", "removed", "moved", "recoloured", "brightness", "text", "changed"
]


@dataclass(frozen=True, slots=True)
class Move:
    """Where the content of a place went, or came from.

    Attributes
    ----------
    dx, dy : int
        How far it moved from before to after, px: right and down.
    end : {"from", "to"}
        Whether this place is the one it left or the one it came to.
    partner : Box or None
        The other end; None if both ends lie in this one place.
    """

    dx: int
    dy: int
    end: Literal["from", "to"]
    partner: Box | None


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A place that changed.

    Attributes
    ----------
    box : Box
        The smallest upright rectangle around it.
    area : float
        Its size, px²: its pixels. Found by `ssim`: of the polygon through the border pixels'
        centres, so a lone pixel has 0, as in OpenCV's ``contourArea`` and the classic recipe.
    peak, mean : float
        Largest and mean error inside, in the method's unit.
    kind : str
        What happened there, as far as the method can tell.
    outline : ndarray of int32, shape (N, 2)
        Corners (x, y) of the outer border.
    confidence : float or None
        How sure it is that something changed there, 0 to 1; None if the method can't tell.
    move : Move or None
        Of a moved region: where to.
    block : Block or None
        The rows or columns that were added or removed, if that's what happened. An added block
        has its box where it was put in, of its own size (clipped to the picture), and the line
        there as outline: the pixels below are not changed, only pushed on.
    text : TextChange or None
        What is written there, if that could be read for sure in both pictures.
    """

    box: Box
    area: float
    peak: float
    mean: float
    kind: Kind
    outline: NDArray[np.int32]
    confidence: float | None = None
    move: Move | None = None
    block: Block | None = None
    text: TextChange | None = None

    @property
    def place(self) -> Box:
        """Where it is in the picture that shows it: of what was put in, all of it, in the test."""
        block = self.block
        if block is None or block.kind == "removed":
            return self.box
        if block.axis == "rows":
            return Box(self.box.x, block.test_at, self.box.width, block.count)
        return Box(block.test_at, self.box.y, block.count, self.box.height)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Something that differs between the pictures and was left out of account.

    Attributes
    ----------
    cause : str
        What it comes from: of the last four, text that is only drawn anew or moved on; that is to
        be ignored; that a file holds and doesn't show; that was too much to read.
    sentence : str
        How much it is, for the user to check.
    """

    cause: Literal[
        "colour",
        "range",
        "light",
        "sharpness",
        "noise",
        "drawing",
        "text",
        "ignored",
        "layer",
        "unread",
    ]
    sentence: str
