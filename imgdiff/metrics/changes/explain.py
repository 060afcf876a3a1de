"""What was explained away, in sentences that a user can check and switch off."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from imgdiff.metrics.changes.gray import GrayCopy
from imgdiff.metrics.changes.hues import TurnedHues
from imgdiff.metrics.changes.light.matched import Matched
from imgdiff.metrics.changes.look import Look
from imgdiff.pixels.order_statistics import quantile
from imgdiff.types import Explanation, Mask

_SEEN = 0.05
"""Change of brightness, as a share, below which a correction is of colour or shading alone."""

_TIMES = 2.0
"""Factor from which a brighter picture is told by the factor; below, by the percentage."""

MOST_NOISE = 25.0
"""Levels that are believed to be noise; beyond, it isn't known whether it is."""

_MOST_TOLD = 20.0
"""Factor of brightness beyond which there was next to no light in one picture to compare with."""

_LEAST_NOISE = 1.5
"""Levels below which it may be rounding alone, before and after a correction."""

_REDRAWN = (
    "Both are drawn, each at its own size: how lines and letters fall on the pixels isn't counted."
)

_USUAL, _EVERY = 0.99, 7
"""Noise is told by the difference that so many of the pixels keep to, looking at every seventh:
the largest of a million is chance, and says nothing of the others."""


def explanations(  # noqa: PLR0913 (each is known of the pair)
    matched: Matched,
    noisy: Mask | None,
    look: Look,
    colours: GrayCopy | TurnedHues | None,
    *,
    most: bool,
    redrawn: bool = False,
) -> tuple[Explanation, ...]:
    """What is told about colour, range, light, focus and noise.

    Parameters
    ----------
    matched : Matched
        What was corrected.
    noisy : ndarray of bool, shape (h, w), or None
        The pixels that differ by what counted as noise; None if nothing did.
    look : Look
        On which pixels.
    colours : GrayCopy, TurnedHues or None
        How one picture became gray, or its colours others, if they did.
    most : bool
        Whether most of the picture changed: then light, focus and noise explain nothing.
    redrawn : bool
        Whether both were drawn, at different sizes: then what looks like noise is their edges.
    """
    return (
        *(Explanation("colour", each.sentence) for each in (colours,) if each),
        *(Explanation("range", sentence) for sentence in _range(look)),
        *(() if most else _of_the_view(matched, noisy, look.scale, redrawn=redrawn)),
    )


def _of_the_view(
    matched: Matched, noisy: Mask | None, scale: float, *, redrawn: bool
) -> Iterator[Explanation]:
    yield from (Explanation("light", sentence) for sentence in _light(matched))
    yield from (Explanation("sharpness", sentence) for sentence in _focus(matched, scale))
    for sentence in _noise(matched, noisy):
        yield Explanation("drawing", _REDRAWN) if redrawn else Explanation("noise", sentence)


def _range(look: Look) -> Iterator[str]:
    if look.span is not None:
        used = look.span[1] - look.span[0] + 1
        yield f"Both use only {used:,} of 65,536 levels: these are compared as the whole range."


def _light(matched: Matched) -> Iterator[str]:
    if matched.tone.identity:
        return
    uneven = ", unevenly" if matched.tone.light is not None else ""
    step = 1 / matched.gain - 1
    if abs(step) < _SEEN or not 1 / _MOST_TOLD < matched.gain < _MOST_TOLD:
        yield f"Colours or shading differ{uneven}: not counted as a change."
        return
    if step + 1 >= _TIMES:
        how = f"{step + 1:.2g} times as bright"
    else:
        how = f"{abs(step):.0%} {'brighter' if step > 0 else 'darker'}".replace("%", " %")
    yield f"The picture after is {how}{uneven}: not counted as a change."


def _focus(matched: Matched, scale: float) -> Iterator[str]:
    before, after = matched.blur
    blur = before or after
    if not blur:
        return
    how = f"blurrier, by {blur.sigma / scale:.1f} px"
    if blur.length:
        how = f"smeared by {blur.length / scale:.0f} px, as by a motion"
    yield f"The picture {'after' if before else 'before'} is {how}: not counted as a change."


def _noise(matched: Matched, noisy: Mask | None) -> Iterator[str]:
    """How far the pixels differ that didn't count as changed, if it's a level at least."""
    if noisy is None:
        return
    some = np.flatnonzero(noisy)[::_EVERY]
    rows, columns = np.divmod(some, noisy.shape[1])
    step = matched.soft_after[rows, columns, 0] - matched.soft_before[rows, columns, 0]
    usual = float(quantile(np.abs(step), _USUAL)) if step.size else 0
    if usual >= _LEAST_NOISE:
        most = f"within ±{np.ceil(usual):.0f} of 255 levels of brightness"
        yield f"Noise isn't counted: nearly all is {most}."
