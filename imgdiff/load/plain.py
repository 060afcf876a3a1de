"""The common case, straight to the pixels: plain 8-bit JPEG and PNG by OpenCV alone.

Pillow's import takes longer than a screenshot's decoding. Plain means that OpenCV gives the very
pixels that Pillow would; whatever else there is in a file, or wrong with it, is left to Pillow.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np

from imgdiff.load.limits import check_size
from imgdiff.types import Pixels

_JPEG_FRAMES = (b"\xc0", b"\xc1", b"\xc2")
_JPEG_SCAN = b"\xda"
_JPEG_PROFILE = b"\xe2", b"ICC_PROFILE\0"

_PNG_RGBA = 6
_PNG_COLOR_TYPES = (0, 2, _PNG_RGBA)
_PNG_NOT_PLAIN = {b"PLTE", b"tRNS", b"iCCP", b"eXIf", b"acTL"}


class Decoded(NamedTuple):
    """Upright samples and what had to be decided to get them; alpha None = opaque."""

    pixels: Pixels
    alpha: Pixels | None
    notes: tuple[str, ...] = ()


def decode_plain(data: bytes, file_format: str) -> Decoded | None:
    """Decode a plain file; None if it isn't plain, or is damaged.

    Raises
    ------
    LoadError
        The picture is too large.
    """
    if file_format == "JPEG" and _is_plain_jpeg(data):
        return _decode(data, cv2.IMREAD_COLOR_RGB)
    if file_format == "PNG" and _is_plain_png(data):
        color_type = data[25]
        has_alpha = color_type == _PNG_RGBA
        return _decode(data, cv2.IMREAD_UNCHANGED if has_alpha else cv2.IMREAD_COLOR_RGB)
    return None


def _decode(data: bytes, how: int) -> Decoded | None:
    try:
        samples = cv2.imdecode(np.frombuffer(data, np.uint8), how)
    except cv2.error:
        return None
    if samples is None:
        return None
    if how == cv2.IMREAD_COLOR_RGB:
        return Decoded(np.asarray(samples, np.uint8), None)
    pixels = np.asarray(cv2.cvtColor(samples, cv2.COLOR_BGRA2RGB), np.uint8)
    return Decoded(pixels, np.asarray(cv2.extractChannel(samples, 3), np.uint8))


def _is_plain_jpeg(data: bytes) -> bool:
    """Eight bits, gray or three components, no colour profile; its size checked on the way."""
    for marker, body in _jpeg_segments(data):
        if marker == _JPEG_PROFILE[0] and body.startswith(_JPEG_PROFILE[1]):
            return False
        if marker in _JPEG_FRAMES and len(body) >= 6:
            bits, height, width, components = struct.unpack(">BHHB", body[:6])
            check_size(width, height)
            if bits != 8 or components not in (1, 3):
                return False
        if marker == _JPEG_SCAN:
            return True
    return False


def _jpeg_segments(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Markers and bodies of a JPEG's segments, as far as they are well-formed."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        yield data[place + 1 : place + 2], data[place + 4 : place + 2 + length]
        place += 2 + max(2, length)


def _is_plain_png(data: bytes) -> bool:
    """Eight bits, gray, RGB or RGBA, whole and sound, and nothing that changes the pixels."""
    place, kind = 8, b""
    while place + 12 <= len(data) and kind != b"IEND":
        length = int.from_bytes(data[place : place + 4], "big")
        kind = data[place + 4 : place + 8]
        body_end = place + 8 + length
        checksum = data[body_end : body_end + 4]
        if zlib.crc32(memoryview(data)[place + 4 : body_end]) != int.from_bytes(checksum, "big"):
            return False
        if kind in _PNG_NOT_PLAIN:
            return False
        if kind == b"IHDR" and not _is_plain_png_header(data[place + 8 : body_end]):
            return False
        place = body_end + 4
    return kind == b"IEND"


def _is_plain_png_header(header: bytes) -> bool:
    width, height, bits, color_type = struct.unpack(">IIBB", header[:10])
    check_size(width, height)
    return bits == 8 and color_type in _PNG_COLOR_TYPES
