"""The common case, straight to the pixels: plain 8-bit JPEG and PNG by OpenCV alone.

Pillow's import takes longer than a screenshot's decoding. Plain means that OpenCV gives the very
pixels that Pillow would; whatever else there is in a file, or wrong with it, is left to Pillow.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from threading import Lock
from typing import NamedTuple

import cv2
import numpy as np

from imgdiff.load.jpeg_file import FRAMES, is_complete, segments
from imgdiff.load.png_file import PngFile
from imgdiff.types import Picture, Pixels

_JPEG_PROFILE = b"\xe2", b"ICC_PROFILE\0"

_LARGE = 20 * 10**6
"""Pixels from which on room matters more than haste: both pictures at once would take 12 bytes for
each pixel."""

_SMALL = 10**6
"""Pixels up to which a file in memory takes as long to make as it saves."""

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
        # Of a file that is cut short OpenCV makes up the rest, but not of bytes.
        find = _samples_in_file if is_complete(data) else _samples_in_memory
        return _decoded(find(data, cv2.IMREAD_COLOR_RGB, pixels), shown_as_is=True)
    if png is not None and _is_plain_png(png):
        header = png.header
        has_alpha = header.color_type == _PNG_RGBA
        how = cv2.IMREAD_UNCHANGED if has_alpha else cv2.IMREAD_COLOR_RGB
        samples = _samples_in_file(png.data, how, header.width * header.height)
        return _decoded(samples, in_rgb=not has_alpha, shown_as_is=not png.recolored)
    return None


def _decoded(samples: Picture | None, *, in_rgb: bool = True, shown_as_is: bool) -> Decoded | None:
    if samples is None:
        return None
    decoded = Decoded(samples, None) if in_rgb else split(samples)
    return decoded._replace(shown_as_is=shown_as_is)


def _samples_in_file(data: bytes, how: int, pixels: int) -> Picture | None:
    """What OpenCV makes of bytes as a file, if one can be opened: a worker can't.

    Files it decodes to where the samples stay, and bytes into memory of its own, to be copied then.
    """
    samples = None
    # Pythons that are built to run on old systems lack it, whatever they run on.
    if hasattr(os, "memfd_create") and pixels > _SMALL:
        with suppress(OSError), _file_in_memory(data) as path:
            samples = cv2.imread(path, None, how)
    if samples is None:
        return _samples_in_memory(data, how, pixels)
    return np.asarray(samples, np.uint8)


@contextmanager
def _file_in_memory(data: bytes) -> Iterator[str]:
    """The path of a file that holds some bytes, has no name, and is gone in the end.

    OSError where it couldn't be opened.
    """
    descriptor = os.memfd_create("picture")
    path = f"/proc/self/fd/{descriptor}"
    try:
        if not os.access(path, os.R_OK):
            raise PermissionError(path)
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        yield path
    finally:
        os.close(descriptor)


def _samples_in_memory(data: bytes, how: int, pixels: int) -> Picture | None:
    """What OpenCV makes of bytes; of large pictures one at a time, since it copies them."""
    with _one_at_a_time if pixels > _LARGE else nullcontext():
        try:
            samples = cv2.imdecode(np.frombuffer(data, np.uint8), how)
        except cv2.error:
            return None
    return None if samples is None else np.asarray(samples, np.uint8)


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
