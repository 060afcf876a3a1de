"""Error maps that are made once somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from imgdiff.types.image import ErrorMap


class LateMap:
    """An error map that takes no memory until it's looked at.

    Most who compare ask for the places alone; of 12 MP a map takes 48 MB.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns.
    make : callable
        Makes the map.
    differs : bool
        Whether it's more than 0 anywhere.
    """

    __slots__ = ("_differs", "_make", "_whole", "shape")

    def __init__(
        self, shape: tuple[int, int], make: Callable[[], ErrorMap], *, differs: bool
    ) -> None:
        self.shape = shape
        self._make = make
        self._differs = differs
        self._whole: ErrorMap | None = None

    @property
    def whole(self) -> ErrorMap:
        """The map, made the first time."""
        if self._whole is None:
            self._whole = self._make()
        return self._whole

    def any(self) -> bool:
        """Whether it's more than 0 anywhere; as of an array, but without making it."""
        return self._differs


Errors: TypeAlias = ErrorMap | LateMap
"""Of either kind `shape` and `any()` can be asked; `whole_map` gives the map."""


def whole_map(errors: Errors) -> ErrorMap:
    """The map itself."""
    return errors.whole if isinstance(errors, LateMap) else errors
