"""What is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from imgdiff.types.image import Box

Align: TypeAlias = Literal["auto", "none", "stretch", "translation", "similarity", "homography"]


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
