"""Colour profiles: which pixels have to move to be sRGB, and how."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageCms

from imgdiff.types import Picture

# Levels. Profiles that say sRGB in slightly different numbers move a colour by one or two; sRGB's
# primaries with a plain gamma of 2.2 move one by 6, Display P3 by 95.
_SRGB_TOLERANCE: Final = 2
_STRIP: Final = 256
"""Rows that are converted at a time: whole pictures of Pillow's would double the memory."""


def bring_to_srgb(pixels: Picture, profile: bytes | None) -> None:
    """Change RGB pixels (H, W, 3), in place, from what an ICC profile says they are to sRGB."""
    transform = srgb_transform(profile, "RGB") if profile else None
    if transform is None:
        return
    for top in range(0, len(pixels), _STRIP):
        rows = slice(top, top + _STRIP)
        strip = PillowImage.fromarray(pixels[rows])
        pixels[rows] = np.asarray(ImageCms.applyTransform(strip, transform) or strip)


def srgb_transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """How to bring `mode` pixels with an ICC profile to sRGB; None if that changes nothing.

    A broken profile, or one for another kind of pixels, never blocks a picture: it's ignored.
    """
    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    if mode == "CMYK":
        return transform
    probe = _color_grid()
    converted = ImageCms.applyTransform(probe.convert(mode), transform)
    moved = np.abs(np.asarray(converted, np.int16) - np.asarray(probe.convert(mode).convert("RGB")))
    return transform if moved.max() > _SRGB_TOLERANCE else None


def browsers_apply(profile: bytes) -> bool:
    """Whether every browser applies a profile just as `srgb_transform` does.

    They agree on those of three primaries and a curve, as cameras and phones write them; of
    tables, gray and CMYK they make what they like.
    """
    try:
        parsed = ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return False
    return parsed.xcolor_space.strip() == "RGB" and parsed.is_matrix_shaper


def _color_grid() -> PillowImage.Image:
    """A picture of 9 × 9 × 9 colours spread over the RGB cube, to try a profile on."""
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1)
    return PillowImage.fromarray(grid.reshape(9, -1, 3))
