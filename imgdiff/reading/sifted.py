"""What reading leaves of the places that changed."""

from __future__ import annotations

from dataclasses import dataclass

from imgdiff.types import Explanation, Region


@dataclass(frozen=True, slots=True, eq=False)
class Sifted:
    """What is left, and what was left out.

    Attributes
    ----------
    regions : tuple of Region
        Changes of content, largest first.
    explained : tuple of Explanation
        In words, what else differs.
    """

    regions: tuple[Region, ...]
    explained: tuple[Explanation, ...] = ()
