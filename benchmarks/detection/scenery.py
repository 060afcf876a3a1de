"""What a scene is: two pictures, and the box of what differs between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.detection.edits import Change

Samples = NDArray[Any]
"""uint8 or uint16, (H, W, 3), or with opacity (H, W, 4)."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Two pictures, and what changed."""

    before: Samples
    after: Samples
    changes: tuple[Change, ...]


def told(kind: str, before: Samples, after: Samples) -> tuple[Change, ...]:
    """The one change: the box of what differs. None where nothing does."""
    differs = np.abs(before.astype(float) - after).max(axis=2) > 0
    if not differs.any():
        return ()
    mask = np.zeros(differs.shape, np.bool_)
    x, y, width, height = cv2.boundingRect(differs.astype(np.uint8))
    mask[y : y + height, x : x + width] = True
    levels = float(np.abs(before.astype(float) - after).max(axis=2)[differs].mean())
    return (Change(kind, (mask,), levels),)
