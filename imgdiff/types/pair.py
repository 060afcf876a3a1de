"""Two pictures on one grid, and how they came there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from imgdiff.types.image import Box, Image, Mask, Picture

MotionKind: TypeAlias = Literal[
    "shift", "turn", "mirror", "scale", "perspective", "bend", "parallax"
]
"""What can be done to a picture without changing what it shows."""

Edge: TypeAlias = Literal["left", "right", "top", "bottom"]
"""One of a picture's four."""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole rows, or whole columns, that only one of two pictures has.

    Attributes
    ----------
    kind : {"added", "removed"}
        Added: only in the test picture. Removed: only in the reference.
    axis : {"rows", "columns"}
        What it consists of.
    count : int
        How many rows or columns.
    at : int
        The first of them in the reference; of an added block, the row or column of the reference
        that it was put before (its height or width, if it was put at the end).
    test_at : int
        The same in the test picture.
    at_end : bool
        Whether it fell off the end because lines were put in before it (removed), or came in there
        because others went (added), in a picture whose size is given, as that of a window.
    span : (int, int) or None
        The columns that these rows reach over (or the rows that these columns do), first and past
        the last; None if they reach all across.
    """

    kind: Literal["added", "removed"]
    axis: Literal["rows", "columns"]
    count: int
    at: int
    test_at: int
    at_end: bool = False
    span: tuple[int, int] | None = None


_SURE = 0.45
"""Below this quality a user should have a look: the pictures match in part only."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the test picture was brought onto the reference's grid, and how sure that is.

    Attributes
    ----------
    sentence : str
        The motion in words ("shifted by 12.3 px right, 4 px up; turned 1.2°"); "" if there is
        none.
    motions : tuple of str
        Its kinds, as in `MotionKind`, in the order of the sentence.
    interpolated : bool
        Whether samples were mixed. Shifts by whole pixels, quarter turns, mirroring and blocks
        left out mix none.
    bent : bool
        Whether the 3×3 transform alone doesn't tell where each pixel came from: a smooth field
        was added to it, or `blocks` were left out.
    quality : float or None
        Mean correlation of the textured blocks of 16 px, 0 to 1; None where it wasn't measured.
    inliers : int or None
        Matching points that agree with the motion; None where none were looked for.
    residual : float or None
        Their median distance after alignment, px of the reference.
    uncertainty : float or None
        Standard error of the place of the worst corner, px of the reference.
    ambiguous : bool
        Whether a larger motion would do as well, since the pattern repeats.
    only_in_reference, only_in_test : float
        Share of each picture, 0 to 1, that the other one doesn't show.
    blocks : tuple of Block
        Rows or columns that only one picture has, from top to bottom or left to right.
    covered : float
        Share of the reference, 0 to 1, that lies along the edges of nearer things, if the scene was
        seen from another place: there one picture may show what the other doesn't.
    saved_edges : tuple of str
        Edges along which the outermost JPEG blocks, and they alone, were saved anew: what differs
        faintly there isn't compared.
    """

    sentence: str = ""
    motions: tuple[MotionKind, ...] = ()
    interpolated: bool = False
    bent: bool = False
    quality: float | None = None
    inliers: int | None = None
    residual: float | None = None
    uncertainty: float | None = None
    ambiguous: bool = False
    only_in_reference: float = 0
    only_in_test: float = 0
    blocks: tuple[Block, ...] = ()
    covered: float = 0
    saved_edges: tuple[Edge, ...] = ()

    @property
    def in_part(self) -> bool:
        """Whether a motion was made that little speaks for: the pictures agree in part only."""
        return bool(self.sentence) and self.quality is not None and self.quality < _SURE


class LateImage(Protocol):
    """A moved picture that takes neither time nor memory until somebody looks at it.

    Most who compare ask for the places alone; of 12 MP to move it takes longer than to find them.
    """

    @property
    def whole(self) -> Image:
        """All of it, made the first time."""

    def near(self, boxes: Sequence[Box]) -> Image:
        """A picture of its size that holds it where some boxes are; elsewhere it may be black."""

    def reduced(self, size: tuple[int, int]) -> Picture:
        """The picture, uint8 (h, w, 3), on a grid of no more than half the width and height."""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two pictures on one grid, the reference's.

    Attributes
    ----------
    reference, test : Image
        Same height, width and dtype. Where the test picture shows nothing, `test` is black, and
        transparent if it has an alpha plane.
    laid : Image or LateImage
        `test`, or how it's made once it's asked for.
    valid : ndarray of bool, shape (H, W)
        False where nothing is to be compared: ignored, or seen in one picture only (or too near
        to that: samples that were mixed with what lies outside don't count).
    transform : ndarray of float64, shape (3, 3)
        Homography from the test file's pixels to the reference's; pixel centres at integers.
        With `alignment.bent` it's the main part of the motion only; with `alignment.blocks` the
        identity, unless all of the lines that both have moved by one distance.
    related : bool
        False if alignment found that the pictures don't show the same thing.
    alignment : Alignment
        What was done, in words and numbers.
    unmoved : Image
        The test picture before it was moved: the same object as `laid` and `test` if it wasn't.
    overlap : ndarray of bool, shape (H, W)
        Where both pictures show something, ignored or not.
    """

    reference: Image
    laid: Image | LateImage
    valid: Mask
    transform: NDArray[np.float64]
    related: bool
    alignment: Alignment
    unmoved: Image
    overlap: Mask

    @property
    def test(self) -> Image:
        """The test picture on the reference's grid."""
        return self.laid if isinstance(self.laid, Image) else self.laid.whole

    @property
    def aligned(self) -> bool:
        """Whether the test picture had to be moved."""
        return self.laid is not self.unmoved

    def test_near(self, boxes: Sequence[Box]) -> Image:
        """The test picture for whoever looks only where some boxes are: else it may be black."""
        return self.laid if isinstance(self.laid, Image) else self.laid.near(boxes)
