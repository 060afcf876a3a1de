"""What is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from imgdiff.types.image import ErrorMap, Mask
from imgdiff.types.late_map import Errors, whole_map
from imgdiff.types.method import Method
from imgdiff.types.pair import Pair
from imgdiff.types.region import Explanation, Region
from imgdiff.types.settings import Settings


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
    errors : ndarray of float32, shape (H, W), or LateMap
        0 = equal; 0 also where `pair.valid` is False. `error_map` is the map itself.
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
    faint : tuple of Region
        What may be noise as well: not counted, and no part of `changed`.
    differs_evenly : bool
        Every valid pixel differs, but so evenly that the method's own threshold found no place
        to stand out.
    explained : tuple of Explanation
        What the method found to differ and left out of account.
    indistinct : float
        Levels by which the pictures differ all over, if the method can't tell change from noise;
        else 0.
    seconds : mapping of str to float
        Wall time of each stage.
    """

    pair: Pair
    method: Method
    settings: Settings
    errors: Errors
    score: float
    threshold: float
    changed: Mask
    regions: tuple[Region, ...]
    made_out: tuple[Region, ...] | None
    faint: tuple[Region, ...]
    differs_evenly: bool
    explained: tuple[Explanation, ...]
    indistinct: float
    seconds: Mapping[str, float]

    @property
    def error_map(self) -> ErrorMap:
        """0 = equal, and where `pair.valid` is False: float32, (H, W)."""
        return whole_map(self.errors)

    @property
    def alike(self) -> bool:
        """No region is left of related pictures, and they don't differ all over either."""
        everywhere = self.differs_evenly or bool(self.indistinct)
        return self.pair.related and not self.regions and not everywhere
