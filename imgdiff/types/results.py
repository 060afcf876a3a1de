"""What is asked for, and what is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from imgdiff.types.pairs import Block, Pair
from imgdiff.types.pictures import Box, ErrorMap, Mask

if TYPE_CHECKING:
    from imgdiff.method import Method

Align: TypeAlias = Literal["auto", "none", "stretch", "translation", "similarity", "homography"]

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
