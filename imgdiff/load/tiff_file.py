"""What a TIFF file holds, read before anything is decoded (TIFF 6.0, Adobe 1992)."""

from __future__ import annotations

import struct
from typing import Final

from imgdiff.load.formats import RAW
from imgdiff.load.limits import (
    check_density,
    damaged,
    no_such_frame,
    not_a_picture,
    too_intricate,
)

_MAX_TAGS: Final = 500
_MAX_PAGES: Final = 1000
_UNIT: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
"""Bytes of a value, by its type."""

_WIDTH, _LENGTH, _COMPRESSION, _TILE_WIDTH, _TILE_LENGTH = 256, 257, 259, 322, 323
_PHOTOMETRIC, _SUB_DIRECTORIES, _DNG = 262, 330, 50706
_RAW_PHOTOMETRIC: Final = (32803, 34892)
_RAW_COMPRESSION: Final = (32767, 34713, 65535)
"""Sony's, Nikon's and Pentax's."""
_SUBFILE: Final = 254
_COPY_OR_MASK: Final = 1 | 4
"""Bits of its value."""
_READ: Final = (_WIDTH, _LENGTH, _COMPRESSION, _TILE_WIDTH, _TILE_LENGTH)
_FAX: Final = (2, 3, 4)
"""Compressions in which a blank row takes a single bit, however long it is."""
_LARGEST_TILE: Final = 2**22
"""Pixels; programs write tiles of 256 × 256 or so, and the decoder makes room for one at once."""


def checked_pages(data: bytes, page: int = 0) -> int:
    """How many pages a TIFF has, after a look at the directory of one, counted from 0.

    Raises
    ------
    LoadError
        It is damaged, there is no such page, or it is more intricate than allowed.
    """
    places = page_directories(data)
    if _is_raw(data, places[0][1]):
        raise not_a_picture(RAW)
    if page >= len(places):
        raise no_such_frame(len(places), page)
    try:
        _check_directory(data, _order(data), places[page][1])
    except struct.error:
        raise damaged("TIFF") from None
    return len(places)


def page_directories(data: bytes) -> list[tuple[int, int]]:
    """The pages along the chain of directories, which may be a loop; 1000 at most.

    Returns
    -------
    list of (int, int)
        The directory's number in the chain, from 0, and where it lies. Smaller copies of a page and
        masks are no pages; the first always is one.

    Raises
    ------
    LoadError
        There isn't even one.
    """
    order = _order(data)
    found: list[tuple[int, int]] = []
    seen: set[int] = set()
    place = 0
    try:
        (place,) = struct.unpack_from(order + "I", data, 4)
        while place and place not in seen and len(seen) < _MAX_PAGES:
            (count,) = struct.unpack_from(order + "H", data, place)
            (following,) = struct.unpack_from(order + "I", data, place + 2 + 12 * count)
            if not found or not _is_copy(data, order, place, count):
                found.append((len(seen), place))
            seen.add(place)
            place = following
    except struct.error:
        if not found and not place:
            raise damaged("TIFF") from None
    return found or [(0, place)]


def _is_raw(data: bytes, place: int) -> bool:
    """Whether a directory is that of a camera's raw file: what it shows is but a preview.

    Such files hold samples of a colour filter, name Adobe's DNG, or put the picture itself into
    directories below that of a smaller copy.
    """
    if data[8:10] == b"CR":  # Canon's
        return True
    order = _order(data)
    try:
        (count,) = struct.unpack_from(order + "H", data, place)
        tags: dict[int, int] = {}
        for index in range(min(count, _MAX_TAGS)):
            entry = place + 2 + 12 * index
            tag, kind = struct.unpack_from(order + "HH", data, entry)
            form = "H" if kind == 3 else "I"
            (tags[tag],) = struct.unpack_from(order + form, data, entry + 8)
    except struct.error:
        return False
    is_preview = tags.get(_SUBFILE, 0) & 1 and _SUB_DIRECTORIES in tags
    of_filter = tags.get(_PHOTOMETRIC) in _RAW_PHOTOMETRIC
    packed = tags.get(_COMPRESSION) in _RAW_COMPRESSION
    return _DNG in tags or bool(is_preview) or of_filter or packed


def _order(data: bytes) -> str:
    return "<" if data[:2] == b"II" else ">"


def _is_copy(data: bytes, order: str, place: int, count: int) -> bool:
    """Whether a directory calls itself a reduced version of another, or a mask."""
    for index in range(min(count, _MAX_TAGS)):
        entry = place + 2 + 12 * index
        tag, kind = struct.unpack_from(order + "HH", data, entry)
        if tag == _SUBFILE:
            form = "H" if kind == 3 else "I"
            (value,) = struct.unpack_from(order + form, data, entry + 8)
            return bool(value & _COPY_OR_MASK)
    return False


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
