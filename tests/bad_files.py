"""Files made to do harm, each from a few hundred bytes of code."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from PIL import Image as PillowImage

from .files import encoded, png_chunk, png_header
from .pictures import photo

# 64 × 48: left half red, right half blue, a white corner; by libheif 1.20 from code like `halves`.
TINY_HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAA"
    "AAAAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAAIIAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAA"
    "AAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34"
    "+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5"
    "uAhoCCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAGAAAAAFGlzcGUAAAAAAAAAQAAAAEAA"
    "AAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAA"
    "AAAAAAEAAQWBAgMFhAAAAIptZGF0AAAAfigBrwng432eEmUv/AFftAnTt//CH5Xj0Bx+Gf+vj+5LJZst+P0sJB2b"
    "3TM3T8ZcTisSu0/lhLmD2tAdmhygCt+fcM59Lk+qV7/+tgvP9oAS+7Wio8ZR1o//FwMP3q0r/44mMr/B7gJf1KlU"
    "svR+2Gar6UUsuwFSjxrW5rS/WA=="
)

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def small(height: int = 48, width: int = 64) -> PillowImage.Image:
    return PillowImage.fromarray(photo("coffee", height, width))


def png_with(*chunks: tuple[bytes, bytes], header: bytes = b"", rows: bytes | None = None) -> bytes:
    """A PNG of 4 × 4 gray pixels with chunks of one's own before the pixels."""
    header = header or struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x80" * 4) * 4 if rows is None else rows
    parts = ((b"IHDR", header), *chunks, (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return PNG_SIGNATURE + b"".join(png_chunk(kind, body) for kind, body in parts)


def png_of_two_rows(width: int, height: int, *, padding: int = 0) -> bytes:
    """A header that claims more rows than the two that follow."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x11" * (3 * width)) * 2) + bytes(padding)
    parts = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return PNG_SIGNATURE + b"".join(png_chunk(kind, body) for kind, body in parts)


def gif_claiming(width: int, height: int) -> bytes:
    """A screen of that size, and one frame as large, in some 60 bytes."""
    screen = struct.pack("<HHBBB", width, height, 0x80, 0, 0)
    frame = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0)
    return b"GIF89a" + screen + bytes(6) + frame + b"\x02\x02\x44\x01\0;"


def bmp_claiming(width: int, height: int) -> bytes:
    """Run-length coded: a few runs, then the end."""
    palette = b"\0\0\0\0\xff\xff\xff\0"
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, 8, 0, 0, 2, 0)
    start = 14 + len(info) + len(palette)
    runs = b"\xff\x01\xff\0\0\0\0\x01"
    return b"BM" + struct.pack("<IHHI", start + len(runs), 0, 0, start) + info + palette + runs


def webp_claiming(width: int, height: int) -> bytes:
    """An extended header before the pixels of a small picture."""
    small_file = encoded(small(), "WEBP")
    sides = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    extended = b"VP8X" + struct.pack("<I", 10) + bytes(4) + sides
    body = b"WEBP" + extended + small_file[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def avif_claiming(width: int, height: int) -> bytes:
    data = encoded(small(), "AVIF")
    place = data.index(b"ispe") + 8
    return data[:place] + struct.pack(">II", width, height) + data[place + 8 :]


def heic_claiming(width: int, height: int) -> bytes:
    place = TINY_HEIC.index(b"ispe") + 8
    return TINY_HEIC[:place] + struct.pack(">II", width, height) + TINY_HEIC[place + 8 :]


def jpeg_claiming(width: int, height: int) -> bytes:
    data = encoded(small(), "JPEG")
    place = data.index(b"\xff\xc0") + 5
    return data[:place] + struct.pack(">HH", height, width) + data[place + 4 :]


def jpeg_of_many_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan is said over and over."""
    data = encoded(small(400, 600), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * count + b"\xff\xd9"


def tiff_of(tags: dict[int, tuple[int, int, int]], *, filler: int = 0, pages: int = 1) -> bytes:
    """An uncompressed gray TIFF of 8 × 8; `tags` adds or replaces tag: (type, count, value)."""
    entries = {
        256: (3, 1, 8), 257: (3, 1, 8), 258: (3, 1, 8), 259: (3, 1, 1), 262: (3, 1, 1),
        273: (4, 1, 8), 277: (3, 1, 1), 278: (3, 1, 8), 279: (4, 1, 64), **tags,
    }  # fmt: skip
    entries.update({1000 + index: (3, 1, 0) for index in range(filler)})
    directory = struct.pack("<H", len(entries))
    for tag, (kind, count, value) in sorted(entries.items()):
        directory += struct.pack("<HHII", tag, kind, count, value)
    body, place = bytes(range(64)), 72
    for index in range(pages):
        following = place + len(directory) + 4 if index < pages - 1 else 0
        body += directory + struct.pack("<I", following)
        place += len(directory) + 4
    return b"II*\0" + struct.pack("<I", 72) + body


def text_bomb(kind: bytes, megabytes: int) -> bytes:
    """A text that inflates a thousand times over."""
    packed = zlib.compress(bytes(megabytes * 2**20), 9)
    flags = b"\x01\0\0\0" if kind == b"iTXt" else b"\0"
    return png_with(*((kind, b"Comment\0" + flags + packed),) * 5)


def profile_bomb(megabytes: int) -> bytes:
    return png_with((b"iCCP", b"p\0\0" + zlib.compress(bytes(megabytes * 2**20), 9)))


REFUSED = {
    "PNG bomb": png_header(50_000, 50_000),
    "GIF bomb": gif_claiming(20_000, 20_000),
    "GIF bomb within the limit": gif_claiming(8_000, 5_000),
    "BMP bomb": bmp_claiming(30_000, 30_000),
    "BMP bomb within the limit": bmp_claiming(8_000, 5_000),
    "WebP bomb": webp_claiming(9_000, 9_000),
    "AVIF bomb": avif_claiming(9_000, 9_000),
    "HEIC bomb": heic_claiming(9_000, 9_000),
    "TIFF bomb": tiff_of({256: (4, 1, 30_000), 257: (4, 1, 30_000), 278: (4, 1, 2**32 - 1)}),
    "TIFF of a huge strip": tiff_of({256: (4, 1, 7_000), 257: (4, 1, 7_000), 279: (4, 1, 2**31)}),
    "TIFF of a huge deflated strip": tiff_of(
        {256: (4, 1, 7_000), 257: (4, 1, 7_000), 278: (4, 1, 7_000), 259: (3, 1, 8)}
    ),
    "TIFF of a huge tile": tiff_of(
        {322: (4, 1, 60_000), 323: (4, 1, 60_000), 324: (4, 1, 8), 325: (4, 1, 64)}
    ),
    "TIFF of 65,535 tags": tiff_of({}, filler=64_000),
    "TIFF of values without end": tiff_of({700: (1, 2**30, 8)}),
    "JPEG claiming 42 MP": jpeg_claiming(7_000, 6_000),
    "JPEG of 2000 scans": jpeg_of_many_scans(2_000),
    "PNG of two rows": png_of_two_rows(8_000, 5_000),
    "PNG of two rows, padded": png_of_two_rows(8_000, 5_000, padding=2**20),
    "PNG of 2000 texts": png_with(*((b"tEXt", b"Comment\0Hello"),) * 2_000),
    "PNG of a million chunks": png_with(*((b"ruBB", b""),) * 200_000),
    "PNG without pixels": PNG_SIGNATURE + png_chunk(b"IEND", b""),
    "PNG of no size": png_with(header=struct.pack(">IIBBBBB", 0, 4, 8, 0, 0, 0, 0)),
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n",
    "PostScript in DOS's wrapping": b"\xc5\xd0\xd3\xc6" + struct.pack("<II", 32, 20) + bytes(60),
    "SVG": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "PDF": b"%PDF-1.7\n1 0 obj\n",
    "ZIP": b"PK\x03\x04" + bytes(60),
    "Photoshop": b"8BPS\0\x01" + bytes(60),
    "FITS": b"SIMPLE  =                    T".ljust(80) + bytes(2800),
    "Windows metafile": b"\xd7\xcd\xc6\x9a" + bytes(60),
    "icon": b"\0\0\x01\0\x01\0" + bytes(60),
}
"""Each is refused, without much memory or time."""

HARMLESS = {
    "zTXt bomb": text_bomb(b"zTXt", 100),
    "iTXt bomb": text_bomb(b"iTXt", 100),
    "iCCP bomb": profile_bomb(100),
    "PNG of an odd chunk": png_with((b"ruBB", b"ish")),
    "GIF and script": encoded(small().convert("P"), "GIF") + b"/*<script>alert(1)</script>*/",
    "JPEG and HTML": encoded(small(), "JPEG") + b"<html><script>alert(1)</script>",
    "PNG and ZIP": encoded(small(), "PNG") + b"PK\x05\x06" + bytes(18),
    "JPEG and film": encoded(small(), "JPEG") + b"\xff\xda" * 500,
}
"""Each is a picture with something else in it, and read as that picture."""


def halves() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """What `TINY_HEIC` shows."""
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:, :32], picture[:, 32:], picture[:12, :16] = (200, 30, 30), (30, 60, 200), 255
    return picture
