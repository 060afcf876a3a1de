"""Picture files made byte by byte, for what no encoder at hand would write."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage


def encoded(picture: PillowImage.Image, file_format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


def png_of(array: NDArray[np.uint16]) -> bytes:
    """A 16-bit PNG by OpenCV, from RGB, RGBA or gray."""
    swapped = array if array.ndim == 2 else array[..., [2, 1, 0, 3][: array.shape[2]]]
    return cv2.imencode(".png", swapped)[1].tobytes()


def tiff_row(row: bytes, *, width: int, bits: int, photometric: int, samples: int = 1) -> bytes:
    """An uncompressed TIFF of one row."""
    entries = {
        256: struct.pack("<I", width),
        257: struct.pack("<I", 1),
        258: struct.pack(f"<{samples}H", *[bits] * samples),
        259: struct.pack("<H", 1),
        262: struct.pack("<H", photometric),
        273: struct.pack("<I", 8),
        277: struct.pack("<H", samples),
        278: struct.pack("<I", 1),
        279: struct.pack("<I", len(row)),
    }
    long_tags = {256, 257, 273, 278, 279}
    directory = struct.pack("<H", len(entries))
    body = row
    for tag, value in entries.items():
        kind, size = (4, 4) if tag in long_tags else (3, 2)
        here = value.ljust(4, b"\0")
        if len(value) > 4:
            here = struct.pack("<I", 8 + len(body))
            body += value
        directory += struct.pack("<HHI", tag, kind, len(value) // size) + here
    return b"II*\0" + struct.pack("<I", 8 + len(body)) + body + directory + bytes(4)


def _fixed(*values: float) -> bytes:
    """ICC's s15Fixed16Number."""
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*values)


def gamma_curve(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256)) + b"\0\0"


def icc_profile(color_space: bytes, own_tags: dict[bytes, bytes]) -> bytes:
    """A minimal ICC v2 display profile."""
    white = (0.9642, 1.0, 0.8249)  # D50
    description = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + bytes(79)
    tags = {b"desc": description, b"wtpt": _xyz(*white), **own_tags}
    table, body, start = b"", b"", 128 + 4 + 12 * len(tags)
    for tag, content in tags.items():
        table += tag + struct.pack(">II", start + len(body), len(content))
        body += content
    header = bytearray(128)
    header[0:4] = struct.pack(">I", start + len(body))
    header[8:12] = b"\x02\x10\0\0"
    header[12:24] = b"mntr" + color_space + b"XYZ "
    header[36:40] = b"acsp"
    header[68:80] = _fixed(*white)
    return bytes(header) + struct.pack(">I", len(tags)) + table + body


def color_profile(*primaries: tuple[float, float, float]) -> bytes:
    """A profile of these primaries, red, green and blue as XYZ (D50), and a gamma of 2.2."""
    tags = {}
    for channel, primary in zip((b"r", b"g", b"b"), primaries, strict=True):
        tags[channel + b"XYZ"] = _xyz(*primary)
        tags[channel + b"TRC"] = gamma_curve(2.2)
    return icc_profile(b"RGB ", tags)


# Display P3's primaries, adapted to D50 (Apple's profile, as published by the ICC).
DISPLAY_P3 = color_profile(
    (0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407)
)


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG file."""
    crc = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + crc


def png_header(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = png_chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + body + png_chunk(b"IEND", b"")
