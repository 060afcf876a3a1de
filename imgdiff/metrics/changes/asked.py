"""What a user asks of the method."""

from __future__ import annotations

from dataclasses import dataclass

from imgdiff.metrics.changes.hysteresis import Limits, limits_for

_BALANCED = 3
"""Sensitivity up to which faint places are told apart, and from which on more find no less."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be found, and what may differ.

    Attributes
    ----------
    sensitivity : int
        1, only large and certain changes, to 5, everything measurable.
    threshold : float or None
        The z that a seed needs, if the user says it.
    grayscale : bool
        Whether colours don't count.
    light, focus, noise, framing : bool
        What is no change.
    """

    sensitivity: int
    threshold: float | None
    grayscale: bool
    light: bool
    focus: bool
    noise: bool
    framing: bool

    @property
    def limits(self) -> list[Limits]:
        """Those that were asked for, then those of the steps that they must not find less than."""
        asked = [limits_for(self.sensitivity, self.threshold)]
        if self.threshold is None:
            steps = range(self.sensitivity - 1, _BALANCED - 1, -1)
            asked += [limits_for(step, None) for step in steps]
        return asked

    @property
    def tells_faint(self) -> bool:
        """Whether faint places are told apart, rather than counted."""
        return self.sensitivity <= _BALANCED and self.threshold is None
