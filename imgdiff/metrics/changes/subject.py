"""What is compared, and what is known of it before anything is explained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imgdiff.metrics.changes.asked import Asked
from imgdiff.metrics.changes.framing import grown_parts
from imgdiff.metrics.changes.gray import GrayCopy, gray_copy
from imgdiff.metrics.changes.look import Look, full_look, reduced_look, working_scale
from imgdiff.metrics.changes.nature import Nature, nature_of
from imgdiff.types import Pair, Region

_SCALED = 0.1
"""Change of area, as a share, from which on a drawing was drawn anew rather than moved."""

_ALONE = 30.0
"""z of what has no counterpart: as black as the diff picture gets."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A pair as it's looked at, and its nature.

    Attributes
    ----------
    full, look : Look
        At full size, and as large as it's worked on.
    equal : bool
        Whether there's nothing to be seen at full size.
    copy : GrayCopy or None
        How one picture became gray, if it did: then both are.
    nature : Nature
        What kind of pictures they are.
    redrawn : bool
        Whether both were drawn, each at its own size.
    alone : tuple of Region
        What only one of them shows at its borders, if that's a change.
    """

    full: Look
    look: Look
    equal: bool
    copy: GrayCopy | None
    nature: Nature
    redrawn: bool
    alone: tuple[Region, ...]


def subject_of(pair: Pair, asked: Asked) -> Subject:
    """Look at a pair."""
    full = full_look(pair)
    look = reduced_look(full, working_scale(pair))
    copy = gray_copy(look)
    if copy is not None:
        full = copy.without_colour(full)
        look = reduced_look(full, look.scale)
    nature = nature_of(look)
    equal = look.equal and full.equal  # nearly always the small one tells
    framed = (nature.drawn or equal) and not asked.framing
    return Subject(
        full=full,
        look=look,
        equal=equal,
        copy=copy,
        nature=nature,
        redrawn=nature.drawn and _is_scaled(pair),
        alone=grown_parts(pair, error=_ALONE) if framed else (),
    )


def _is_scaled(pair: Pair) -> bool:
    """Whether the pictures are of different sizes, by more than what aligning may make of noise."""
    area = float(np.linalg.det(pair.transform[:2, :2]))
    return not 1 - _SCALED < area < 1 + _SCALED
