"""What a TIFF file holds, read before anything is decoded (TIFF 6.0, Adobe 1992)."""

from __future__ import annotations

import struct
from typing import Final

from imgdiff.load.limits import check_density, damaged, too_intricate

_MAX_TAGS: Final = 500
_MAX_PAGES: Final = 1000
_UNIT: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
"""Bytes of a value, by its type."""

_WIDTH, _LENGTH, _COMPRESSION, _TILE_WIDTH, _TILE_LENGTH = 256, 257, 259, 322, 323
_READ: Final = (_WIDTH, _LENGTH, _COMPRESSION, _TILE_WIDTH, _TILE_LENGTH)
_FAX: Final = (2, 3, 4)
"""Compressions in which a blank row takes a single bit, however long it is."""
_LARGEST_TILE: Final = 2**22
"""Pixels; programs write tiles of 256 × 256 or so, and the decoder makes room for one at once."""


def checked_pages(data: bytes) -> int:
    """How many pages a TIFF has, after a look at the directory of the first.

    Raises
    ------
    LoadError
        It is damaged, or its first page is more intricate than allowed.
    """
    order = "<" if data[:2] == b"II" else ">"
    try:
        place: int = struct.unpack_from(order + "I", data, 4)[0]
        _check_directory(data, order, place)
        return _count_pages(data, order, place)
    except struct.error:
        raise damaged("TIFF") from None


def _check_directory(data: bytes, order: str, place: int) -> None:
    """Refuse too many tags, and values that would be read over and over, or a giant tile."""
    (count,) = struct.unpack_from(order + "H", data, place)
    if count > _MAX_TAGS:
        raise too_intricate("TIFF", "tags")
    lengths, found = 0, dict.fromkeys(_READ, 0)
    for index in range(count):
        entry = place + 2 + 12 * index
        tag, kind, values = struct.unpack_from(order + "HHI", data, entry)
        lengths += values * _UNIT.get(kind, 1)
        if tag in _READ:
            form = "H" if kind == 3 else "I"
            found[tag] = struct.unpack_from(order + form, data, entry + 8)[0]
    if lengths > 2 * len(data):
        raise damaged("TIFF")
    width, height = found[_WIDTH], found[_LENGTH]
    if found[_TILE_WIDTH] * found[_TILE_LENGTH] > max(_LARGEST_TILE, 2 * width * height):
        raise damaged("TIFF")
    if found[_COMPRESSION] not in _FAX:
        check_density(width, height, "TIFF", len(data))


def _count_pages(data: bytes, order: str, place: int) -> int:
    """Pages along the chain of directories, which may be a loop; 1000 at most."""
    seen: set[int] = set()
    while place and place not in seen and len(seen) < _MAX_PAGES:
        try:
            (count,) = struct.unpack_from(order + "H", data, place)
            (following,) = struct.unpack_from(order + "I", data, place + 2 + 12 * count)
        except struct.error:
            break
        seen.add(place)
        place = following
    return max(1, len(seen))
