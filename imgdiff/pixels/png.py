"""Pictures as PNG files: exact, and several times faster than the usual encoders.

What takes the time in a PNG is deflate. ISA-L's does it with vector instructions, and the filter
Up, which stores each row as its difference from the row above, makes photographs and screenshots
alike small enough without trying other filters row by row.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from imgdiff.types import Picture

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GRAY, _RGB = 0, 2
_UP = 2
_LEVEL = 1


def encode_png(strips: Iterable[Picture], height: int, *, bilevel: bool = False) -> Iterator[bytes]:
    """A picture as a PNG file, in pieces, while it is being drawn.

    Parameters
    ----------
    strips : iterable of ndarray of uint8, shape (h, W, 3) or (h, W)
        The picture from top to bottom, RGB or gray, in strips of any heights.
    height : int
        Of them all, px.
    bilevel : bool
        The picture is gray of the levels 0 and 255 alone: store one bit a pixel.

    Yields
    ------
    bytes
        The file's pieces, as the PNG specification (ISO/IEC 15948, W3C 2003) has it.
    """
    deflate = isal_zlib.compressobj(_LEVEL)
    above: NDArray[np.uint8] | None = None
    for strip in strips:
        if above is None:
            yield _SIGNATURE + _header(strip, height, bits=1 if bilevel else 8)
        rows = np.packbits(strip, axis=1) if bilevel else strip.reshape(len(strip), -1)
        filtered = np.empty((len(rows), rows.shape[1] + 1), np.uint8)
        filtered[:, 0] = _UP
        np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
        np.subtract(rows[0], 0 if above is None else above, out=filtered[0, 1:])
        above = rows[-1]
        yield _chunk(b"IDAT", deflate.compress(filtered.data))
    yield _chunk(b"IDAT", deflate.flush()) + _chunk(b"IEND", b"")


def _header(strip: Picture, height: int, *, bits: int) -> bytes:
    color_type = _GRAY if strip.ndim == 2 else _RGB
    return _chunk(
        b"IHDR", struct.pack(">IIBBBBB", strip.shape[1], height, bits, color_type, 0, 0, 0)
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
