"""Two gray pictures in the sizes in which they are looked at."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from imgdiff.alignment.geometry import Matrix, rescale
from imgdiff.alignment.quality import Gray, Judge, reduced

_SIDE = 960
"""Long side, px, of the pictures in which points are looked for."""


class Sight:
    """The pictures of one search for a motion.

    Parameters
    ----------
    reference, test : ndarray of uint8, shape (H, W)
        Of any sizes.
    most : {"translation", "similarity", "homography"}
        The freest kind of motion allowed.
    """

    def __init__(self, reference: Gray, test: Gray, most: str) -> None:
        self.full = reference, test
        self.most = most
        self.reference, self.test = reduced(reference, _SIDE), reduced(test, _SIDE)
        self.judge = Judge.of(self.reference, self.test)
        self.size, self.onto = test.shape[::-1], reference.shape[::-1]

    @cached_property
    def sparse(self) -> bool:
        """Whether there's little in the pictures."""
        return self.judge.sparse()

    @cached_property
    def tells_turns(self) -> bool:
        """Whether there's enough in the pictures to believe that a sheet was turned."""
        return self.judge.tells_turns()

    @cached_property
    def symbols(self) -> bool:
        """Whether both pictures show a symbol, a badge, a few lines, and nothing else."""
        return self.judge.symbols()

    @property
    def is_reduced(self) -> bool:
        """Whether either picture is smaller here than it came."""
        seen = self.reference.gray.shape, self.test.gray.shape
        return seen != (self.full[0].shape, self.full[1].shape)

    def plain(self) -> Matrix:
        """The two pictures simply laid on each other, stretched if that is allowed."""
        if self.most == "translation" or self.size == self.onto:
            return np.eye(3)
        whole = rescale(self.size, self.onto)
        if self.most == "similarity":
            scale = np.sqrt(whole[0, 0] * whole[1, 1])
            middle = (np.array(self.size) - 1) / 2, (np.array(self.onto) - 1) / 2
            offset = middle[1] - scale * middle[0]
            return np.array([[scale, 0, offset[0]], [0, scale, offset[1]], [0, 0, 1]])
        return whole
