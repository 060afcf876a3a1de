"""Colours that differ as no light makes them: hues turned, channels swapped, a negative."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.metrics.changes.look import Look, Samples, opponent
from imgdiff.pixels.order_statistics import median, quantile
from imgdiff.types import Picture

_SIDE = 256
"""Px a side of the small pictures that tell of it: noise and small motions are averaged out."""

_COLOURED, _ENOUGH = 12.0, 0.05
"""Chroma, levels, from which a pixel has a hue; and share that has one in both pictures without
which nothing is said."""

_TURNED, _MOST = 25.0, 0.5
"""Degrees by which a hue turned, and share of those pixels of which it did. Of 7 photographs,
lights as warm as 1.2 : 1 : .7 turn up to .13 of them; hues turned by 40° or swapped, but for one
photograph of one hue, .67 and more."""

_COHERENT = 0.8
"""Of turns in one direction by one angle, and of mirrored hues, the least resultant (0 to 1): what
grew or faded in some places is no such thing."""

_ONE_HUE = 0.97
"""The resultant from which hues, or turns of hues, are one: a turn by one angle leaves .99 and
more, sepia .98 of the hues themselves, of which photographs have up to .95 but for retinas."""

_EXACT, _SHARE = 12.0, 0.25
"""Levels, and share of the difference, that a swap may leave: compression, noise, motion."""

_NAMES = "red", "green", "blue"


@dataclass(frozen=True, slots=True)
class TurnedHues:
    """That the colours of a picture are others all over.

    Attributes
    ----------
    how : str
        In words that end a sentence.
    """

    how: str

    @property
    def sentence(self) -> str:
        """What a user is told."""
        return f"All colours differ: {self.how}."


def turned_hues(look: Look) -> TurnedHues | None:
    """Whether most hues turned, which light doesn't do: it draws all colours to its own."""
    before, after = (_small(picture, look) for picture in (look.before, look.after))
    a, b = (_chroma(levels) for levels in (before, after))
    coloured = np.minimum(np.abs(a), np.abs(b)) > _COLOURED
    if np.count_nonzero(coloured) <= _ENOUGH * max(1, len(a)):
        return None
    turn = b[coloured] * np.conj(a[coloured])
    turned = np.abs(np.angle(turn, deg=True)) > _TURNED
    mirrored = b[coloured] * a[coloured]
    if turned.mean() <= _MOST or max(_resultant(turn), _resultant(mirrored)) < _COHERENT:
        return None
    toned = max(_resultant(a), _resultant(b)) >= _ONE_HUE > min(_resultant(a), _resultant(b))
    return TurnedHues(
        _swap(before, after)
        or ("one picture is toned in a single colour" if toned else _angle(turn))
    )


def _small(picture: Picture, look: Look) -> Samples:
    """The valid pixels of a small picture, (N, 3)."""
    height, width = look.valid.shape
    scale = min(1, _SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    valid = cv2.resize(look.valid.view(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 1)[valid], np.float32)


def _chroma(levels: Samples) -> NDArray[np.complex128]:
    """Both colour differences as a complex number: its angle is the hue."""
    planes = opponent(levels[None], None, grayscale=False)[0]
    return np.asarray(planes[:, 1] + 1j * planes[:, 2], np.complex128)


def _swap(before: Samples, after: Samples) -> str | None:
    """Which channels were swapped, or whether it's a negative; None if neither."""
    plain = float(median(np.abs(after - before)))
    allowed = max(_EXACT, _SHARE * plain)
    if median(np.abs(255 - after - before)) < allowed:
        return "one picture is a negative of the other"
    misses = {
        order: float(quantile(np.abs(after[:, list(order)] - before), 0.75))
        for order in permutations(range(3))
    }
    best = min(misses, key=lambda order: misses[order])
    moved = [_NAMES[index] for index in range(3) if best[index] != index]
    if not moved or misses[best] > min(_EXACT, 0.5 * misses[0, 1, 2]):
        return None
    return f"{moved[0]} and {moved[1]} are swapped" if len(moved) == 2 else "channels are swapped"


def _resultant(numbers: NDArray[np.complex128]) -> float:
    """How far complex numbers agree in their angle, 0 to 1, the larger ones more."""
    return float(abs(numbers.sum()) / max(1e-9, float(np.abs(numbers).sum())))


def _angle(turn: NDArray[np.complex128]) -> str:
    if _resultant(turn) < _ONE_HUE:
        return "hues are others"
    return f"hues are turned by about {abs(round(np.angle(turn.sum(), deg=True), -1)):.0f}°"
