"""What was explained away, in sentences that a user can check and switch off."""

from __future__ import annotations

from collections.abc import Iterator

from imgdiff.metrics.changes.light.matched import Matched
from imgdiff.types import Explanation

_SEEN = 0.03
"""Change of brightness, as a share, below which a correction is of colour or shading alone."""


def explanations(matched: Matched, noise: float, *, scale: float) -> tuple[Explanation, ...]:
    """What is told about light, focus and noise.

    Parameters
    ----------
    matched : Matched
        What was corrected.
    noise : float
        Two standard deviations of what counted as noise, levels; 0 if none did.
    scale : float
        Pixels of the look per pixel of the reference.
    """
    return (
        *(Explanation("light", sentence) for sentence in _light(matched)),
        *(Explanation("sharpness", sentence) for sentence in _focus(matched, scale)),
        *(Explanation("noise", sentence) for sentence in _noise(noise)),
    )


def _light(matched: Matched) -> Iterator[str]:
    if matched.tone.identity:
        return
    uneven = ", unevenly" if matched.tone.light is not None else ""
    if abs(matched.gain - 1) < _SEEN:
        yield f"Colours or shading differ slightly{uneven}: corrected."
        return
    factor = max(matched.gain, 1 / matched.gain)
    word = "darker" if matched.gain > 1 else "brighter"
    yield f"The picture after is {word} by a factor of {factor:.2g}{uneven}: corrected."


def _focus(matched: Matched, scale: float) -> Iterator[str]:
    before, after = matched.blur
    if before or after:
        blurrier = "after" if before else "before"
        sigma = (before or after) / scale
        yield f"The picture {blurrier} is blurrier (σ {sigma:.1f} px): corrected."


def _noise(noise: float) -> Iterator[str]:
    if noise >= 0.5:
        yield f"Noise of up to ±{min(noise, 255):.0f} levels is ignored."
