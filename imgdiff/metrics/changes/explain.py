"""What was explained away, in sentences that a user can check and switch off."""

from __future__ import annotations

from collections.abc import Iterator

from imgdiff.metrics.changes.gray import GrayCopy
from imgdiff.metrics.changes.light.matched import Matched
from imgdiff.metrics.changes.look import Look
from imgdiff.types import Explanation

_SEEN = 0.03
"""Change of brightness, as a share, below which a correction is of colour or shading alone."""

MOST_NOISE = 25.0
"""Levels that are believed to be noise; beyond, it isn't known whether it is."""

_MOST_TOLD = 20.0
"""Factor of brightness beyond which there was next to no light in one picture to compare with."""


def explanations(
    matched: Matched, noise: float, look: Look, copy: GrayCopy | None
) -> tuple[Explanation, ...]:
    """What is told about colour, range, light, focus and noise.

    Parameters
    ----------
    matched : Matched
        What was corrected.
    noise : float
        Two standard deviations of what counted as noise, levels; 0 if none did.
    look : Look
        On which pixels.
    copy : GrayCopy or None
        How one picture became gray, if it did.
    """
    return (
        *(Explanation("colour", sentence) for sentence in _colour(copy)),
        *(Explanation("range", sentence) for sentence in _range(look)),
        *(Explanation("light", sentence) for sentence in _light(matched)),
        *(Explanation("sharpness", sentence) for sentence in _focus(matched, look.scale)),
        *(Explanation("noise", sentence) for sentence in _noise(noise)),
    )


def _colour(copy: GrayCopy | None) -> Iterator[str]:
    if copy is not None:
        yield f"The picture {copy.gray} is gray: brightness alone is compared."


def _range(look: Look) -> Iterator[str]:
    if look.span is not None:
        used = look.span[1] - look.span[0] + 1
        yield f"Both use but {used:,} of 65,536 levels: these are compared as the whole range."


def _light(matched: Matched) -> Iterator[str]:
    if matched.tone.identity:
        return
    uneven = ", unevenly" if matched.tone.light is not None else ""
    if abs(matched.gain - 1) < _SEEN or not 1 / _MOST_TOLD < matched.gain < _MOST_TOLD:
        yield f"Colours or shading differ{uneven}: corrected."
        return
    factor = max(matched.gain, 1 / matched.gain)
    word = "darker" if matched.gain > 1 else "brighter"
    yield f"The picture after is {word} by a factor of {factor:.2g}{uneven}: corrected."


def _focus(matched: Matched, scale: float) -> Iterator[str]:
    before, after = matched.blur
    blur = before or after
    if not blur:
        return
    blurrier = "after" if before else "before"
    if blur.length:
        yield f"The picture {blurrier} is smeared by {blur.length / scale:.0f} px: corrected."
    else:
        yield f"The picture {blurrier} is blurrier (σ {blur.sigma / scale:.1f} px): corrected."


def _noise(noise: float) -> Iterator[str]:
    if noise > MOST_NOISE:
        told = f"Differences of up to ±{min(noise, 255):.0f} levels"
        yield f"{told} where the picture is busy are taken for noise, and ignored."
    elif noise >= 0.5:
        yield f"Noise of up to ±{noise:.0f} levels is ignored."
