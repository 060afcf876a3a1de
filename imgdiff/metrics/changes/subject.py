"""What is compared, and what is known of it before anything is explained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imgdiff.metrics.changes.asked import Asked
from imgdiff.metrics.changes.framing import grown_parts
from imgdiff.metrics.changes.gray import GrayCopy, gray_copy
from imgdiff.metrics.changes.look import (
    Look,
    full_look,
    late_look,
    reduced_look,
    working_scale,
)
from imgdiff.metrics.changes.nature import UNCHANGED, Nature, nature_of
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
    shape : (int, int)
        Rows and columns of the reference.
    full : Look or None
        At full size; None if samples of it were made up by aligning, and tell nothing more.
    look : Look
        As large as it's worked on.
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

    shape: tuple[int, int]
    full: Look | None
    look: Look
    equal: bool
    copy: GrayCopy | None
    nature: Nature
    redrawn: bool
    alone: tuple[Region, ...]


def subject_of(pair: Pair, asked: Asked) -> Subject:
    """Look at a pair."""
    scale = working_scale(pair)
    full, look = None, late_look(pair, scale)
    if look is None:
        full = full_look(pair)
        look = reduced_look(full, scale)
    copy = gray_copy(look)
    if copy is not None:
        full = copy.without_colour(full or full_look(pair))
        look = reduced_look(full, scale)
    # Nearly always the small one tells that they aren't.
    equal = look.equal and (full or full_look(pair)).equal
    nature = UNCHANGED if equal else nature_of(look)
    framed = nature.drawn and not asked.framing
    return Subject(
        shape=pair.valid.shape,
        full=full if look.exact else None,
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
