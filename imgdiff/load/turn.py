"""How the camera was held: pictures turned upright."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image as PillowImage

from imgdiff.types import Pixels

_ORIENTATION: Final = 0x0112
_MAX_EXIF: Final = 2**18
"""Bytes; what is longer is left alone, since reading all of its tags takes seconds."""


def orientation(exif: bytes | None) -> int:
    """EXIF's orientation, 1 to 8; 1, upright, where there is none that makes sense."""
    if not exif or len(exif) > _MAX_EXIF:
        return 1
    metadata = PillowImage.Exif()
    try:
        metadata.load(exif)
        return int(metadata.get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 (a hostile EXIF has many ways to be broken, none matters)
        return 1


def upright(samples: Pixels, orientation: int) -> Pixels:
    """Undo an EXIF orientation, 1 to 8; anything else counts as upright."""
    if orientation in (5, 6, 7, 8):
        samples = np.swapaxes(samples, 0, 1)
    if orientation in (3, 4, 7, 8):
        samples = samples[::-1]
    if orientation in (2, 3, 6, 7):
        samples = samples[:, ::-1]
    return samples
