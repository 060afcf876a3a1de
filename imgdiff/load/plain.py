"""The common case, straight to the pixels: plain 8-bit JPEG and PNG by OpenCV alone.

Pillow's import takes longer than a screenshot's decoding. Plain means that OpenCV gives the very
pixels that Pillow would; whatever else there is in a file, or wrong with it, is left to Pillow.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Set
from typing import NamedTuple

import cv2
import numpy as np

from imgdiff.load.limits import check_size
from imgdiff.types import Pixels

_JPEG_FRAMES = (b"\xc0", b"\xc1", b"\xc2")
_JPEG_SCAN = b"\xda"
_JPEG_PROFILE = b"\xe2", b"ICC_PROFILE\0"

_PNG_COLOR_TYPE = 25
"""Where a PNG file tells what its samples are."""
_PNG_RGBA = 6
_PNG_COLOR_TYPES = (0, 2, _PNG_RGBA)
_PNG_NOT_PLAIN = {b"PLTE", b"tRNS", b"iCCP", b"eXIf", b"acTL"}


class Decoded(NamedTuple):
    """Upright samples and what had to be decided to get them; alpha None = opaque."""

    pixels: Pixels
    alpha: Pixels | None
    notes: tuple[str, ...] = ()
    shown_as_is: bool = False


def decode_plain(data: bytes, file_format: str) -> Decoded | None:
    """Decode a plain file; None if it isn't plain, or is damaged.

    Raises
    ------
    LoadError
        The picture is too large.
    """
    if file_format == "JPEG" and _is_plain_jpeg(data):
        return _decode(data, cv2.IMREAD_COLOR_RGB, shown_as_is=True)
    if file_format == "PNG" and (kinds := _plain_png_chunks(data)):
        has_alpha = data[_PNG_COLOR_TYPE] == _PNG_RGBA
        how = cv2.IMREAD_UNCHANGED if has_alpha else cv2.IMREAD_COLOR_RGB
        return _decode(data, how, shown_as_is=not moves_colors(kinds))
    return None


def moves_colors(png_chunks: Set[bytes]) -> bool:
    """Whether a PNG's chunks make browsers show other colours than its samples are in sRGB."""
    moved = b"sRGB" not in png_chunks and png_chunks & {b"gAMA", b"cHRM"}
    return bool(moved) or b"cICP" in png_chunks


def _decode(data: bytes, how: int, *, shown_as_is: bool) -> Decoded | None:
    try:
        samples = cv2.imdecode(np.frombuffer(data, np.uint8), how)
    except cv2.error:
        return None
    if samples is None:
        return None
    if how == cv2.IMREAD_COLOR_RGB:
        return Decoded(np.asarray(samples, np.uint8), None, shown_as_is=shown_as_is)
    pixels = np.asarray(cv2.cvtColor(samples, cv2.COLOR_BGRA2RGB), np.uint8)
    alpha = np.asarray(cv2.extractChannel(samples, 3), np.uint8)
    return Decoded(pixels, alpha, shown_as_is=shown_as_is)


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


def _plain_png_chunks(data: bytes) -> Set[bytes]:
    """The kinds of chunks of a plain PNG; none at all if it isn't plain.

    Plain: eight bits, gray, RGB or RGBA, whole and sound, and nothing that changes the pixels.
    """
    place, kind, kinds = 8, b"", set()
    while place + 12 <= len(data) and kind != b"IEND":
        length = int.from_bytes(data[place : place + 4], "big")
        kind = data[place + 4 : place + 8]
        body_end = place + 8 + length
        checksum = data[body_end : body_end + 4]
        if zlib.crc32(memoryview(data)[place + 4 : body_end]) != int.from_bytes(checksum, "big"):
            return frozenset()
        if kind in _PNG_NOT_PLAIN:
            return frozenset()
        if kind == b"IHDR" and not _is_plain_png_header(data[place + 8 : body_end]):
            return frozenset()
        kinds.add(kind)
        place = body_end + 4
    return kinds if kind == b"IEND" else frozenset()


def _is_plain_png_header(header: bytes) -> bool:
    width, height, bits, color_type = struct.unpack(">IIBB", header[:10])
    check_size(width, height)
    return bits == 8 and color_type in _PNG_COLOR_TYPES
