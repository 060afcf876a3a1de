"""A look with light and focus matched: what is compared in the end."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from imgdiff.environment import of_both
from imgdiff.metrics.changes.light.blur import Blur
from imgdiff.metrics.changes.light.clipping import corrected
from imgdiff.metrics.changes.light.exposure import match_tone
from imgdiff.metrics.changes.light.focus import match_focus
from imgdiff.metrics.changes.light.tone import Tone
from imgdiff.metrics.changes.look import Look, Samples, colourless, highest, opponent
from imgdiff.pixels.order_statistics import median
from imgdiff.types import Mask, Picture

_DEMAND = 0.15
"""Share of a correction that a change must exceed: no correction is exact."""


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Both pictures as they are compared, and what was done to them.

    Attributes
    ----------
    before, after : ndarray of float32, shape (h, w, C)
        Luma, colour differences and opacity, in gray levels; equal where not valid. The light of
        after is that of before.
    soft_before, soft_after : ndarray of float32, shape (h, w, C)
        The same, the sharper one blurred.
    tone : Tone
        The correction of light.
    gain : float
        Median factor of that correction.
    shift : ndarray of float32, shape (h, w)
        How far it moved each pixel, levels.
    blur : tuple of Blur
        By which before and after were blurred.
    interpolated : bool
        Samples of the test picture were mixed by aligning.
    """

    before: Samples
    after: Samples
    soft_before: Samples
    soft_after: Samples
    tone: Tone
    gain: float
    shift: Samples
    blur: tuple[Blur, Blur]
    interpolated: bool

    @property
    def untouched(self) -> bool:
        """Whether the samples are the files' own."""
        return self.tone.identity and not any(self.blur)

    @property
    def demand(self) -> Samples:
        """Contrast, levels, that a change needs besides, since corrections aren't exact."""
        if self.tone.identity:
            return self.shift
        return _DEMAND * cv2.GaussianBlur(self.shift, (0, 0), 3)


def match(look: Look, *, grayscale: bool, light: bool, stiff: bool, focus: bool) -> Matched:
    """Match light and focus, as far as that's wanted.

    Light is what makes focus out; then once more the light, since thin lines out of focus are
    lighter than any light makes them.

    Parameters
    ----------
    look : Look
        Both pictures.
    grayscale : bool
        Leave the colour differences out.
    light, focus : bool
        What to match.
    stiff : bool
        Light may change by gain and gamma alone: a freer curve would explain anything.
    """
    gray = grayscale or (colourless(look.before) and colourless(look.after))

    def lit(before: Picture, after: Picture) -> Tone:
        return match_tone(before, after, look.valid, exact=look.exact, stiff=stiff)

    found = _corrected(look, lit(look.before, look.after) if light else Tone(), gray=gray)
    blur = match_focus(*found.lumas, look.valid) if focus else (Blur(), Blur())
    if any(blur) and not found.tone.identity:
        sharp = look.before, look.after
        soft = (np.asarray(b.applied(p), np.uint8) for b, p in zip(blur, sharp, strict=True))
        found = _corrected(look, lit(*soft), gray=gray)
        again = match_focus(*found.lumas, look.valid)
        blur = again if any(again) else blur
    shift: Samples = np.broadcast_to(np.float32(0), look.valid.shape)
    gain = 1.0
    if not found.tone.identity:
        shift = highest(cv2.absdiff(found.levels, look.after.astype(np.float32)))
        gain = _gain(look.after, found.levels, look.valid)
    before, after = found.before, found.after
    return Matched(
        before, after, blur[0].applied(before), blur[1].applied(after), found.tone, gain, shift,
        blur, interpolated=not look.exact,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Corrected:
    """Both pictures in one light: `levels` is after in sRGB, the others are opponent channels."""

    tone: Tone
    levels: Samples
    before: Samples
    after: Samples

    @property
    def lumas(self) -> tuple[Samples, Samples]:
        return self.before[..., 0], self.after[..., 0]


def _corrected(look: Look, tone: Tone, *, gray: bool) -> _Corrected:
    """A look in the light that a correction makes; what isn't valid agrees."""
    levels = look.after if tone.identity else corrected(look.before, look.after, tone)
    alphas = look.opacity or (None, None)
    before, after = of_both(
        lambda side: opponent(*side, grayscale=gray),
        (look.before, alphas[0]),
        (levels, alphas[1]),
    )
    if not look.valid.all():
        ignored = (~look.valid).view(np.uint8)
        for index in range(before.shape[2]):
            cv2.copyTo(before[..., index], ignored, dst=after[..., index])
    return _Corrected(tone, levels, before, after)


def _gain(after: Picture, levels: Samples, valid: Mask) -> float:
    """Median factor of a correction, by one row in ten."""
    rows = slice(None, None, 10)
    if not valid[rows].any():
        return 1
    medians = [median(p[rows][valid[rows]].sum(axis=1)) for p in (levels, after)]
    return float((medians[0] + 1) / (medians[1] + 1))
