"""Which changes were found, what was found that is none, and how well it was drawn and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.detection.edits import Change, Mask

Boxes = Sequence[tuple[int, int, int, int]]

_IOU = 0.3
"""A change is found if a box overlaps it so well…"""

_COVERED, _LOOSE = 0.5, 4
"""… or if the boxes that touch it cover half of it, with at most 4 times its area."""

_NEAR = np.ones((5, 5), np.uint8)
"""A box within 2 px of a change isn't false."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a method said about one pair, in the reference's frame.

    Attributes
    ----------
    boxes : sequence of (x, y, width, height)
        px.
    kinds, confidences
        Of each box; empty if the method tells none.
    mask : ndarray of bool, shape (H, W), or None
        What changed, by pixel.
    """

    boxes: Boxes
    kinds: Sequence[str] = ()
    confidences: Sequence[float] = ()
    mask: Mask | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """One pair, counted.

    Attributes
    ----------
    changes : tuple of (kind, levels, found, named)
        Of each changed place; `named` is the kind it was called, None if it wasn't found or called
        anything.
    false : int
        Boxes that touch no change.
    iou : float or None
        Of the masks; None without a change or a mask.
    trust : tuple of (confidence, true)
        Of each box.
    """

    changes: tuple[tuple[str, float, bool, str | None], ...]
    false: int
    iou: float | None
    trust: tuple[tuple[float, bool], ...]

    @property
    def clean(self) -> bool | None:
        """Whether a pair without a change got no box; None if there is a change."""
        return None if self.changes else self.false == 0


def score(changes: Sequence[Change], found: Found, shape: tuple[int, int]) -> Score:
    """Compare what was found with what is known."""
    everything: NDArray[np.uint8] = np.zeros(shape, np.uint8)
    for change in changes:
        for part in change.parts:
            everything |= part
    near = cv2.dilate(everything, _NEAR) > 0
    true = [bool(near[_slices(box)].any()) for box in found.boxes]
    counted = []
    for change in changes:
        for part in change.parts:
            hit = _is_found(part, found.boxes)
            named = _kind_at(part, found) if hit and found.kinds else None
            counted.append((change.kind, change.levels, hit, named))
    trust = tuple(zip(found.confidences, true, strict=True)) if found.confidences else ()
    return Score(tuple(counted), true.count(False), _iou(everything > 0, found.mask), trust)


def f1(scores: Sequence[Score]) -> float:
    """Harmonic mean of precision and recall over all places."""
    hits = sum(hit for s in scores for _, _, hit, _ in s.changes)
    missed = sum(not hit for s in scores for _, _, hit, _ in s.changes)
    false = sum(s.false for s in scores)
    return 2 * hits / (2 * hits + missed + false) if hits else 0.0


def _is_found(part: Mask, boxes: Boxes) -> bool:
    area = int(part.sum())
    covered = np.zeros(part.shape, np.bool_)
    for box in boxes:
        inside = int(part[_slices(box)].sum())
        if inside / (box[2] * box[3] + area - inside) >= _IOU:
            return True
        if inside:
            covered[_slices(box)] = True
    return bool((covered & part).sum() >= _COVERED * area and covered.sum() <= _LOOSE * area)


def _kind_at(part: Mask, found: Found) -> str:
    """The kind of the box that covers most of a place."""
    shares = [int(part[_slices(box)].sum()) for box in found.boxes]
    return found.kinds[int(np.argmax(shares))]


def _iou(truth: Mask, mask: Mask | None) -> float | None:
    if mask is None or not truth.any():
        return None
    return float((truth & mask).sum() / (truth | mask).sum())


def _slices(box: tuple[int, int, int, int]) -> tuple[slice, slice]:
    x, y, width, height = box
    return slice(y, y + height), slice(x, x + width)
