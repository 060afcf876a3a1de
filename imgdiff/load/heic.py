"""HEIC, the photos of phones, by libheif."""

from __future__ import annotations

import numpy as np
import pillow_heif

from imgdiff.errors import LoadError
from imgdiff.load.decoded import Decoded
from imgdiff.load.limits import check_size
from imgdiff.load.profile import bring_to_srgb
from imgdiff.types import Picture

_state = {"off": False}


def switch_off() -> None:
    """Read no HEIC from now on, in this process."""
    _state["off"] = True


def decode_heic(data: bytes) -> Decoded:
    """The main picture of a HEIC file, 8 bits a sample, as libheif has turned it upright."""
    if _state["off"]:
        raise LoadError("This server doesn't read HEIC: export the picture as JPEG.")
    file = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
    check_size(*file.size)
    samples = np.asarray(file)
    if samples.ndim == 2:
        samples = samples[..., None]
    color = samples[..., :3] if samples.shape[2] >= 3 else np.repeat(samples[..., :1], 3, axis=2)
    alpha: Picture | None = None
    if samples.shape[2] in (2, 4):
        alpha = np.ascontiguousarray(samples[..., -1])
    pixels = np.array(color)
    bring_to_srgb(pixels, file.info.get("icc_profile"))
    notes = () if len(file) == 1 else (f"Only the main one of {len(file)} pictures is compared.",)
    return Decoded(pixels, alpha, notes)
