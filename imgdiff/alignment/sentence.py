"""A motion in words: "shifted by 12.3 px right, 4 px up; turned 1.2°; enlarged 1.5×"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgdiff.alignment.geometry import Matrix, Points, Size, corners, moved, moves_nothing
from imgdiff.types import MotionKind

_LEAST_SHIFT = 0.05
_LEAST_TURN = 0.02
_LEAST_GROWTH = 0.0005
_LEAST_STRETCH = 0.005
_LEAST_TILT = 0.3
"""Smaller amounts (px, degrees, factor − 1, ratio − 1, px at the corners) go without saying."""


@dataclass(frozen=True, slots=True)
class MotionInWords:
    """What is done to a picture: `kinds` for programs, `sentence` ("" if nothing) for people."""

    sentence: str
    kinds: tuple[MotionKind, ...]


def motion_in_words(
    matrix: Matrix, size: Size, onto: Size, *, bent: bool = False, parallax: float = 0
) -> MotionInWords:
    """What brings a picture of `size` onto one of the size `onto`.

    Turns are about the middle, and shifts of the middle; but those of a crop that is neither
    turned nor resized are of its top left corner. `parallax` is by how much things shift relative
    to each other, px.
    """
    if size == onto and moves_nothing(matrix) and not (bent or parallax):
        return MotionInWords("", ())
    middle = (np.array([size]) - 1) / 2
    linear = _slopes(matrix, middle)
    mirrored = bool(np.linalg.det(linear) < 0)
    if mirrored:
        linear = linear @ np.diag([-1, 1])
    turn = float(np.rad2deg(np.arctan2(linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1])))
    growth = _growing(*np.linalg.norm(linear, axis=0))
    turning = _turning(turn)
    offset = moved(middle, matrix)[0] - (np.array(onto) - 1) / 2
    if not turning and not mirrored and not growth:
        offset = moved([[0, 0]], matrix)[0]
    parts: dict[MotionKind, str] = {
        "shift": _shifting(*offset),
        "mirror": _mirroring(turn) if mirrored else "",
        "turn": "" if mirrored else turning,
        "scale": growth,
        "perspective": "turned in depth" if _tilt(matrix, size) > _LEAST_TILT else "",
        "bend": "bent like a lens does" if bent else "",
        "parallax": _shifting_by_depth(parallax) if parallax else "",
    }
    told = {kind: part for kind, part in parts.items() if part}
    return MotionInWords("; ".join(told.values()), tuple(told))


def _slopes(matrix: Matrix, point: Points) -> NDArray[np.float64]:
    """How the motion acts near a point: (2, 2), its derivative."""
    ends = moved(np.add(point, [[0.5, 0], [-0.5, 0], [0, 0.5], [0, -0.5]]), matrix)
    return np.stack([ends[0] - ends[1], ends[2] - ends[3]], 1)


def _shifting(right: float, down: float) -> str:
    parts = [
        f"{number(abs(amount))} px {ahead if amount > 0 else back}"
        for amount, ahead, back in ((right, "right", "left"), (down, "down", "up"))
        if abs(amount) >= _LEAST_SHIFT
    ]
    return f"shifted by {', '.join(parts)}" if parts else ""


def _turning(turn: float) -> str:
    if abs(turn) < _LEAST_TURN:
        return ""
    sense = "" if abs(turn) > 179.95 else " clockwise" if turn > 0 else " anticlockwise"
    return f"turned {number(abs(turn), digits=2)}°{sense}"


def _mirroring(turn: float) -> str:
    if abs(abs(turn) - 180) < _LEAST_TURN:
        return "mirrored top to bottom"
    rest = _turning(turn)
    return f"mirrored left to right, {rest}" if rest else "mirrored left to right"


def _growing(across: float, along: float) -> str:
    if abs(across / along - 1) > _LEAST_STRETCH:
        return f"stretched to {100 * across:.4g} % × {100 * along:.4g} %"
    scale = float(np.sqrt(across * along))
    if abs(scale - 1) < _LEAST_GROWTH:
        return ""
    word, factor = ("enlarged", scale) if scale > 1 else ("reduced", 1 / scale)
    return f"{word} {number(factor, digits=3)}×"


def _shifting_by_depth(farthest: float) -> str:
    return f"seen from another place, so that nearer things shift by up to {round(farthest)} px"


def _tilt(matrix: Matrix, size: Size) -> float:
    """How far the corners lie from where they would without perspective, px."""
    middle = (np.array([size]) - 1) / 2
    flat = moved(middle, matrix) + (corners(size) - middle) @ _slopes(matrix, middle).T
    return float(np.linalg.norm(moved(corners(size), matrix) - flat, axis=1).max())


def number(amount: float, *, digits: int = 1) -> str:
    """Rounded, without zeros at the end: 4, 12.3."""
    return f"{amount:.{digits}f}".rstrip("0").rstrip(".")
