"""How much may differ before a gate closes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import get_args

from imgdiff.errors import SettingsError
from imgdiff.types.pair import MotionKind

_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What a gate lets pass; by default only pictures in which no place changed.

    Each limit that is set takes the place of that rule, and if several are set, all must hold.

    Attributes
    ----------
    max_diff_pixels : int or None
        So many pixels may differ.
    diff_window : int or None
        Side of the square, px, in which at most `max_diff_pixels` may differ, wherever it lies:
        what is scattered passes, what lies together doesn't. None is the whole picture.
    max_diff_percent : float or None
        So many percent of the pixels may differ, 0 to 100.
    fail_under : float or None
        The worst score that passes, on the method's own scale: one that is lower fails, or with a
        method whose best score is its lowest, one that is higher.
    allow : frozenset of str or None
        The motions that pass, as in `MotionKind`; None lets all of them pass.

    Raises
    ------
    SettingsError
        A limit is out of its range, or a motion unknown.
    """

    max_diff_pixels: int | None = None
    max_diff_percent: float | None = None
    fail_under: float | None = None
    allow: frozenset[MotionKind] | None = None
    diff_window: int | None = None

    def __post_init__(self) -> None:
        if self.max_diff_pixels is not None and self.max_diff_pixels < 0:
            raise SettingsError(
                "max-diff-pixels must be a number of pixels from 0 up, but is "
                f"{self.max_diff_pixels}: change it."
            )
        if self.diff_window is not None and self.diff_window < 1:
            raise SettingsError(
                f"diff-window must be a number of pixels from 1 up, but is {self.diff_window}: "
                "change it."
            )
        percent = self.max_diff_percent
        if percent is not None and not 0 <= percent <= _PERCENT:
            raise SettingsError(
                f"max-diff-percent must lie between 0 and 100, but is {percent:g}: change it."
            )
        if self.fail_under is not None and math.isnan(self.fail_under):
            raise SettingsError("fail-under must be a score, but is no number: change it.")
        unknown = (self.allow or frozenset()) - {*get_args(MotionKind)}
        if unknown:
            raise SettingsError(
                f"A motion to allow may be {', '.join(get_args(MotionKind))}, but one is "
                f"{min(unknown)!r}: correct or remove it."
            )

    @property
    def limits_differences(self) -> bool:
        """Whether one of the limits takes the place of the rule that no place may have changed."""
        limits = self.max_diff_pixels, self.max_diff_percent, self.fail_under
        return any(limit is not None for limit in limits)
