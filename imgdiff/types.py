"""The values that travel between the stages: arrays inside, names outside, no algorithms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from imgdiff.method import Method

Pixels: TypeAlias = NDArray[np.unsignedinteger[Any]]
"""uint8 or uint16 samples, (H, W, 3) sRGB or (H, W) gray, over the whole range of their type."""

Picture: TypeAlias = NDArray[np.uint8]
"""Something to look at: (H, W, 3) sRGB or (H, W) gray, 0 to 255."""

ErrorMap: TypeAlias = NDArray[np.floating[Any]]
"""(H, W), float32 unless said otherwise; 0 = equal, larger = worse; the unit is the method's."""

Mask: TypeAlias = NDArray[np.bool_]
"""(H, W) in the reference's frame."""


def holds_everywhere(mask: Mask) -> bool:
    """Whether all of a mask is true; at once if it was made by broadcasting a single value."""
    return bool(mask.flat[0]) if mask.strides == (0, 0) else bool(mask.all())


Align: TypeAlias = Literal["auto", "none", "stretch", "translation", "similarity", "homography"]

Kind: TypeAlias = Literal[
    "added", "removed", "moved", "recoloured", "brightness", "text", "changed"
]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of the file that a picture came from; not where it lies.

    Attributes
    ----------
    format : str
        "JPEG", "PNG", …
    size : int
        Bytes.
    sha256 : str
        Digest of the bytes, 64 hexadecimal digits: files with the same one are the same.
    """

    format: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """A loaded picture: upright, sRGB, read-only, in its own integer type.

    Attributes
    ----------
    pixels : ndarray of uint8 or uint16, shape (H, W, 3)
        sRGB samples. Where `alpha` is 0 they are 0, since a hidden colour is no colour.
    alpha : ndarray of the same dtype, shape (H, W), or None
        Opacity, 0 = transparent. None where every pixel is opaque.
    name : str
        What the user calls the file: text to show, never a path to open or markup.
    notes : tuple of str
        What loading had to decide, in sentences ("Only the first of 12 frames is compared.").
    shown_as_is : bool
        Whether every browser shows the file itself as these pixels; if not, it needs a rendition.
    file : FileFacts or None
        Of the file it came from; None if it was made otherwise.
    """

    pixels: Pixels
    alpha: Pixels | None
    name: str
    notes: tuple[str, ...] = ()
    shown_as_is: bool = False
    file: FileFacts | None = None

    @property
    def width(self) -> int:
        """Columns, px."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Rows, px."""
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of whole pixels in the reference's frame; x to the right, y down, from 0."""

    x: int
    y: int
    width: int
    height: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns of the box, to index an array with."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)


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
    """

    kind: Literal["added", "removed"]
    axis: Literal["rows", "columns"]
    count: int
    at: int
    test_at: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the test picture was brought onto the reference's grid, and how sure that is.

    Attributes
    ----------
    sentence : str
        The motion in words ("shifted by 12.3 px right, 4 px up; turned 1.2°"); "" if there is
        none.
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
    """

    sentence: str = ""
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


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two pictures on one grid, the reference's.

    Attributes
    ----------
    reference, test : Image
        Same height, width and dtype. Where the test picture shows nothing, `test` is black, and
        transparent if it has an alpha plane.
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
        The test picture before it was moved: the same object as `test` if it wasn't.
    overlap : ndarray of bool, shape (H, W)
        Where both pictures show something, ignored or not.
    """

    reference: Image
    test: Image
    valid: Mask
    transform: NDArray[np.float64]
    related: bool
    alignment: Alignment
    unmoved: Image
    overlap: Mask

    @property
    def aligned(self) -> bool:
        """Whether the test picture had to be moved."""
        return self.test is not self.unmoved


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
        Its size, px². Found in an error map: of the polygon through the border pixels' centres,
        so a lone pixel has 0 (as OpenCV's ``contourArea``); found by `changes`: its pixels.
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


@dataclass(frozen=True, slots=True)
class Explanation:
    """Something that differs between the pictures and was left out of account.

    Attributes
    ----------
    cause : {"light", "sharpness", "noise"}
        What it comes from.
    sentence : str
        How much it is, for the user to check.
    """

    cause: Literal["light", "sharpness", "noise"]
    sentence: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user can choose; page, command and `compare` take their defaults from here.

    Attributes
    ----------
    method : str
        Key of the method in ``METHODS``.
    grayscale : bool
        Compare brightness alone; otherwise colours too.
    align : {"auto", "none", "stretch", "translation", "similarity", "homography"}
        How the test picture may be moved onto the reference's grid; see `imgdiff.align`.
    nudge : (float, float)
        A correction by hand, px right and down, made after alignment.
    threshold : float or None
        Errors above it count as changed, in the method's unit; None lets the method decide.
    min_area : float
        Regions must be larger than this, px²; with 0 every region counts, thin lines too.
    ignore : tuple of Box
        Areas of the reference that are left out of score and regions.
    params : mapping of str to float
        The method's own options, by name; what isn't named keeps its default.
    """

    method: str = "changes"
    grayscale: bool = False
    align: Align = "auto"
    nudge: tuple[float, float] = (0, 0)
    threshold: float | None = None
    min_area: float = 10
    ignore: tuple[Box, ...] = ()
    params: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Everything found out about a pair, and how.

    Attributes
    ----------
    pair : Pair
        The pictures on one grid.
    method : Method
        How they were compared.
    settings : Settings
        As the user chose them.
    error_map : ndarray of float32, shape (H, W)
        0 = equal; 0 also where `pair.valid` is False.
    score : float
        Of the valid part, on the method's own scale.
    threshold : float
        The error above which a pixel counted as changed.
    changed : ndarray of bool, shape (H, W)
        The regions' pixels, holes filled.
    regions : tuple of Region
        Largest first.
    made_out : tuple of Region or None
        Of any area, if the method makes out regions itself; None if map and threshold do.
    differs_evenly : bool
        Every valid pixel differs, but so evenly that the method's own threshold found no place
        to stand out.
    explained : tuple of Explanation
        What the method found to differ and left out of account.
    seconds : mapping of str to float
        Wall time of each stage.
    """

    pair: Pair
    method: Method
    settings: Settings
    error_map: ErrorMap
    score: float
    threshold: float
    changed: Mask
    regions: tuple[Region, ...]
    made_out: tuple[Region, ...] | None
    differs_evenly: bool
    explained: tuple[Explanation, ...]
    seconds: Mapping[str, float]

    @property
    def alike(self) -> bool:
        """No region is left of related pictures, and they don't differ evenly either."""
        return self.pair.related and not self.regions and not self.differs_evenly
