"""Small pictures of every kind, and ways to damage them; the same on every run."""

from __future__ import annotations

import random
import time
from functools import cache
from typing import Any

import numpy as np
from PIL import Image as PillowImage

from ..bad_files import HARMLESS, TINY_HEIC, jpeg_of_many_scans, small, tiff_of
from ..files import DISPLAY_P3, encoded, png_chunk, png_of

_INTERESTING = (0, 1, 0x7F, 0x80, 0xFE, 0xFF)
_EXIF = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"

_UNDATED = {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)}


@cache
def seeds() -> tuple[bytes, ...]:
    """One file of each kind that loading treats in its own way."""
    color = small(24, 32)
    rgba = PillowImage.merge("RGBA", (*color.split(), color.getchannel(0)))
    deep = np.random.default_rng(0).integers(0, 65536, (8, 9, 4)).astype(np.uint16)
    options: list[tuple[PillowImage.Image, str, dict[str, Any]]] = [
        (color, "JPEG", {"exif": _EXIF, "icc_profile": DISPLAY_P3}),
        (color, "JPEG", {"progressive": True}),
        (color.convert("CMYK"), "JPEG", {}),
        (color.convert("L"), "JPEG", {}),
        (color, "PNG", {"icc_profile": DISPLAY_P3}),
        (rgba, "PNG", {}),
        (color.convert("P"), "PNG", {"transparency": 3}),
        (color.convert("1"), "PNG", {}),
        (color, "WEBP", {"exif": _EXIF}),
        (rgba, "WEBP", {"lossless": True}),
        (color.convert("P"), "GIF", {"save_all": True, "append_images": [color.convert("P")]}),
        (color, "BMP", {}),
        (color.convert("P"), "BMP", {}),
        (color, "TIFF", {"compression": "tiff_lzw"}),
        (color, "TIFF", {"compression": "jpeg"}),
        (color.convert("1"), "TIFF", {"compression": "group4"}),
        (rgba, "TIFF", {"compression": "tiff_adobe_deflate"}),
        (PillowImage.fromarray(deep[..., 0]), "TIFF", {}),
        (color, "AVIF", {"exif": _EXIF}),
        (rgba, "AVIF", {}),
        (color, "PDF", _UNDATED),
        (color, "PDF", {"save_all": True, "append_images": [color.convert("1")], **_UNDATED}),
    ]
    files = [encoded(picture, kind, **more) for picture, kind, more in options]
    made = (TINY_HEIC, png_of(deep), png_of(deep[..., :3]), png_of(deep[..., 0]), tiff_of({}))
    return (*files, *made, jpeg_of_many_scans(3), HARMLESS["iCCP bomb"][:2000])


def mutant(seed: int, index: int) -> bytes:
    """One damaged picture."""
    chance = random.Random(f"{seed} {index}")  # noqa: S311
    data = bytearray(seeds()[index % len(seeds())])
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        _damage(data, chance)
    if data.startswith(b"\x89PNG") and chance.random() < 0.8:
        return _with_right_checksums(bytes(data))
    return bytes(data)


def _damage(data: bytearray, chance: random.Random) -> None:
    """One wound, somewhere; headers suffer more often, as there it tells."""
    if not data:
        return
    end = len(data) if chance.random() < 0.5 else min(len(data), 200)
    place = chance.randrange(end)
    length = chance.choice((1, 2, 4, 8, 64))
    match chance.randrange(7):
        case 0 | 1:
            data[place] ^= 1 << chance.randrange(8)
        case 2:
            data[place : place + length] = bytes([chance.choice(_INTERESTING)]) * length
        case 3:
            data[place : place + length] = chance.randbytes(length)
        case 4:
            del data[place : place + length]
        case 5:
            data[place:place] = data[place : place + length] * chance.choice((1, 2, 100))
        case _:
            other = chance.choice(seeds())
            start = chance.randrange(len(other))
            data[place : place + 64] = other[start : start + 64]
    if chance.random() < 0.05:
        del data[chance.randrange(len(data) + 1) :]


def _with_right_checksums(data: bytes) -> bytes:
    """A damaged PNG whose chunks look sound, so that the damage gets past the first look."""
    file, place = data[:8], 8
    while place + 12 <= len(data):
        length = min(int.from_bytes(data[place : place + 4], "big"), len(data) - place - 12)
        file += png_chunk(data[place + 4 : place + 8], data[place + 8 : place + 8 + length])
        place += 12 + length
    return file
