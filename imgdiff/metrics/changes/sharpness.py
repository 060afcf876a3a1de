"""Whether both pictures are equally sharp: else one was blurred, which explains what differs."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from imgdiff.environment import of_both
from imgdiff.metrics.changes.look import highest_of_blocks
from imgdiff.pixels.order_statistics import median
from imgdiff.types import Picture


@dataclass(frozen=True, slots=True)
class SharpnessLimits:
    """When one picture is less sharp than the other.

    Attributes
    ----------
    sharp : float
        Ratio of both pictures' steepness below which one was blurred.
    edge : int
        Range of a block, levels, from which it has a strong edge.
    step, blocks : int
        Levels from pixel to pixel that may be an edge made weaker, and blocks that must have one.
    """

    sharp: float = 0.7
    edge: int = 32
    step: int = 12
    blocks: int = 12


SHARPNESS = SharpnessLimits()

_BLOCK = 8
"""Px a side."""


def as_sharp(before: Picture, after: Picture) -> bool:
    """Whether the edges of one picture are about as steep as those of the other.

    By the range of what is around them, so that contrast doesn't count; and by those across and
    those down, since a motion of the camera leaves what lies along it as it is.

    Parameters
    ----------
    before, after : ndarray of uint8, shape (h, w, 3)
        sRGB, on one grid.
    """
    (one, before_steps), (other, after_steps) = of_both(_steepness, before, after)
    steep, steps = (one, other), (before_steps, after_steps)
    ways = [_weakened(*each) for each in zip(*steps, strict=True)]
    told = [way for way in ways if way is not None]
    alike = len(told) < len(ways) or min(told) > SHARPNESS.sharp * max(told)
    return alike and min(steep) > SHARPNESS.sharp * max(steep)


def _steps(green: Picture) -> tuple[Picture, Picture]:
    """The largest step from pixel to pixel, across and down, in each block."""
    across, down = np.zeros_like(green), np.zeros_like(green)
    if min(green.shape) > 1:
        across[:, 1:] = cv2.absdiff(green[:, 1:], green[:, :-1])
        down[1:] = cv2.absdiff(green[1:], green[:-1])
    return highest_of_blocks(across, _BLOCK), highest_of_blocks(down, _BLOCK)


def _steepness(picture: Picture) -> tuple[float, tuple[Picture, Picture]]:
    """Median, over blocks with strong edges, of the largest step by the range; and the steps."""
    green = np.asarray(cv2.extractChannel(picture, 1), np.uint8)
    across, down = steps = _steps(green)
    lowest = 255 - highest_of_blocks(255 - green, _BLOCK)
    span = np.subtract(highest_of_blocks(green, _BLOCK), lowest)
    strong = span > SHARPNESS.edge
    if not strong.any():
        return 1, steps
    shares = np.maximum(across, down)[strong] / span[strong].astype(np.float32)
    return float(median(shares)), steps


def _weakened(before: Picture, after: Picture) -> float | None:
    """Median factor from steps to those of the other picture, of blocks that have them in both.

    None of too few: whatever lies one way only may have another contrast as well.
    """
    both = np.minimum(before, after) > SHARPNESS.step
    if np.count_nonzero(both) < SHARPNESS.blocks:
        return None
    return float(median(after[both] / before[both].astype(np.float32)))
