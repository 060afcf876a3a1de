"""The common case, straight to the pixels: plain 8-bit JPEG and PNG by OpenCV alone.

Pillow's import takes longer than a screenshot's decoding. Plain means that OpenCV gives the very
pixels that Pillow would; whatever else there is in a file, or wrong with it, is left to Pillow.
"""

from __future__ import annotations

import struct
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import NamedTuple

import cv2
import numpy as np

from imgdiff.load.jpeg_file import FRAMES, segments
from imgdiff.load.png_file import PngFile
from imgdiff.types import Picture, Pixels

_JPEG_PROFILE = b"\xe2", b"ICC_PROFILE\0"

_LARGE = 20 * 10**6
"""Pixels from which on room matters more than haste: both pictures at once would take 12 bytes for
each pixel."""

_one_at_a_time = Lock()

_PNG_RGBA = 6
_PNG_COLOR_TYPES = (0, 2, _PNG_RGBA)


class Decoded(NamedTuple):
    """Upright samples and what had to be decided to get them; alpha None = opaque.

    `shown_as_is` tells whether browsers show the file in the same colours, and as upright.
    """

    pixels: Pixels
    alpha: Pixels | None
    notes: tuple[str, ...] = ()
    shown_as_is: bool = False


def decode_plain(data: bytes, file_format: str, png: PngFile | None) -> Decoded | None:
    """Decode a plain file that has passed its checks; None if it isn't plain, or is damaged."""
    if file_format == "JPEG" and (pixels := plain_jpeg_pixels(data)):
        with _in_turn(pixels):
            return _decode(data, cv2.IMREAD_COLOR_RGB, shown_as_is=True)
    if png is not None and _is_plain_png(png):
        has_alpha = png.header.color_type == _PNG_RGBA
        how = cv2.IMREAD_UNCHANGED if has_alpha else cv2.IMREAD_COLOR_RGB
        with _in_turn(png.header.width * png.header.height):
            return _decode(png.data, how, shown_as_is=not png.recolored)
    return None


def _in_turn(pixels: int) -> AbstractContextManager[object]:
    """Held while a picture of so many pixels is decoded: large ones wait for each other.

    OpenCV decodes into memory of its own, and copies it then.
    """
    return _one_at_a_time if pixels > _LARGE else nullcontext()


def _decode(data: bytes, how: int, *, shown_as_is: bool) -> Decoded | None:
    try:
        samples = cv2.imdecode(np.frombuffer(data, np.uint8), how)
    except cv2.error:
        return None
    if samples is None:
        return None
    if how == cv2.IMREAD_COLOR_RGB:
        return Decoded(np.asarray(samples, np.uint8), None, shown_as_is=shown_as_is)
    return split(np.asarray(samples, np.uint8))._replace(shown_as_is=shown_as_is)


def split(samples: Picture) -> Decoded:
    """OpenCV's order of channels, (H, W, 3 or 4), as ours."""
    if samples.shape[2] == 3:
        return Decoded(np.asarray(cv2.cvtColor(samples, cv2.COLOR_BGR2RGB), np.uint8), None)
    pixels = np.asarray(cv2.cvtColor(samples, cv2.COLOR_BGRA2RGB), np.uint8)
    return Decoded(pixels, np.asarray(cv2.extractChannel(samples, 3), np.uint8))


def plain_jpeg_pixels(data: bytes) -> int:
    """Pixels of eight bits, gray or of three components, without a colour profile; 0 of others."""
    pixels = 0
    for marker, body in segments(data):
        if marker == _JPEG_PROFILE[0] and body.startswith(_JPEG_PROFILE[1]):
            return 0
        if marker in FRAMES and len(body) >= 6:
            bits, height, width, components = struct.unpack(">BHHB", body[:6])
            pixels = width * height if bits == 8 and components in (1, 3) else 0
    return pixels


def _is_plain_png(png: PngFile) -> bool:
    """Eight bits, gray, RGB or RGBA, and nothing that changes or moves the pixels."""
    header = png.header
    return (
        header.bits == 8
        and header.color_type in _PNG_COLOR_TYPES
        and png.frames == 1
        and not png.extras
    )
