"""AVIF by Pillow's decoder, without the copies that Pillow's pictures take.

A picture of Pillow's has four bytes a pixel, beside those of the decoder and ours: 50 megapixels
came to 490 MB. So the decoder is asked for its own samples, by the one private name used here.
"""

from __future__ import annotations

import numpy as np

from imgdiff.load.decoded import Decoded
from imgdiff.load.general import decode_general, frame_note, opened_picture
from imgdiff.load.limits import check_size
from imgdiff.load.profile import bring_to_srgb
from imgdiff.load.turn import orientation, upright
from imgdiff.types import Picture

_TAKEN = {3: 3, 4: 6}
"""Bytes to reckon with for a pixel, by channels: with alpha, the decoder holds far more at once."""


def decode_avif(data: bytes) -> Decoded:
    """The first frame of an AVIF file, 8 bits a sample."""
    with opened_picture(data, "AVIF") as picture:
        if picture.mode == "L":  # of one byte a pixel, even in Pillow's pictures
            return decode_general(data, "AVIF", None)
        width, height = picture.size
        channels = len(picture.getbands())
        check_size(width, height, bytes_per_pixel=_TAKEN[channels])
        notes = frame_note(picture.n_frames)  # type: ignore[attr-defined]
        profile = picture.info.get("icc_profile")
        turn = orientation(picture.info.get("exif"))
        frame = picture._decoder.get_frame(0)[0]  # type: ignore[attr-defined]
        del picture._decoder  # type: ignore[attr-defined]
    samples = np.frombuffer(frame, np.uint8).reshape(height, width, channels)
    alpha: Picture | None = None
    pixels = samples
    if channels == 4:
        alpha, pixels = samples[..., 3].copy(), samples[..., :3]
    if profile or alpha is not None:
        pixels = pixels.copy()
        bring_to_srgb(pixels, profile)
    alpha = None if alpha is None else upright(alpha, turn)
    return Decoded(upright(pixels, turn), alpha, notes)
