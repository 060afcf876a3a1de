"""Links between pictures → the groups that they form."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


class Families:
    """Who belongs together, as links come in: to one another, in a row or at once."""

    def __init__(self, count: int) -> None:
        self._family = np.arange(count)

    def join(self, one: int, others: Iterable[int] | NDArray[np.integer]) -> None:
        """Link one to others."""
        found = self._family[np.fromiter(others, np.intp)]
        ours = self._family[one]
        strange = np.unique(found[found != ours])
        if len(strange):
            self._family[np.isin(self._family, strange)] = ours

    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Those of two or more: the largest first, each in order."""
        order = np.argsort(self._family, kind="stable")
        starts = np.flatnonzero(np.diff(self._family[order], prepend=-1))
        members = (tuple(map(int, part)) for part in np.split(order, starts[1:]))
        found = (group for group in members if len(group) > 1)
        return tuple(sorted(found, key=lambda group: (-len(group), group)))
