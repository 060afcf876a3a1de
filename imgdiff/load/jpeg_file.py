"""What a JPEG file holds, read before anything is decoded."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Final

import numpy as np

from imgdiff.load.limits import check_density, check_size, too_intricate

SCAN: Final = b"\xda"
FRAMES: Final = (b"\xc0", b"\xc1", b"\xc2")
"""Baseline, extended and progressive; what begins with another marker no decoder here reads."""

_MAX_SCANS: Final = 100
"""Progressive encoders write 10; each one is a pass over the whole picture."""
_SCAN_MARKER: Final = b"\xff" + SCAN
_END: Final = b"\xff\xd9"
_PART: Final = 2**20
"""Bytes looked at together: as masks they take room again."""
_MARKER: Final = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
"""Anything but what may stand amid a scan's coded data."""


def check_jpeg(data: bytes) -> None:
    """Refuse a size or a number of scans that no picture needs.

    Raises
    ------
    LoadError
        With a sentence for the user.
    """
    for marker, body in segments(data):
        if marker in FRAMES and len(body) >= 6:
            height, width = struct.unpack(">HH", body[1:5])
            check_size(width, height)
            check_density(width, height, "JPEG", len(data))
    # The marker turns up by chance in whatever follows the picture, such as a phone's film.
    if _count_markers(data) > _MAX_SCANS and _count_scans(data) > _MAX_SCANS:
        raise too_intricate("JPEG", "scans")


def segments(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Markers and bodies of a JPEG's segments up to its first scan, as far as well-formed."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        marker = data[place + 1 : place + 2]
        yield marker, data[place + 4 : place + 2 + length]
        if marker == SCAN:
            return
        place += 2 + max(2, length)


def is_complete(data: bytes) -> bool:
    """Whether the coded data of a JPEG end with the marker that says so."""
    scan = 2 + sum(4 + len(body) for _, body in segments(data))
    return data.rfind(_END) >= scan


def _count_markers(data: bytes) -> int:
    """How often the bytes of a scan's marker are there: nine times as fast as `bytes.count`."""
    values = np.frombuffer(data, np.uint8)
    first, second = _SCAN_MARKER
    count = 0
    for start in range(0, len(values), _PART):
        part = values[start : start + _PART + 1]
        count += int(np.count_nonzero((part[:-1] == first) & (part[1:] == second)))
    return count


def _count_scans(data: bytes) -> int:
    """Scans of the first picture in the file; no more than one over the limit are looked for."""
    scans, place = 0, 2
    while scans <= _MAX_SCANS:
        found = _MARKER.search(data, place)
        if found is None or found[0] == _END:
            break
        scans += found[0] == _SCAN_MARKER
        length = int.from_bytes(data[found.end() : found.end() + 2], "big")
        place = found.end() + length
    return scans
