"""What a PNG file holds, read before anything is decoded (ISO/IEC 15948, W3C 2003)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from isal import isal_zlib

from imgdiff.load.limits import check_size, damaged, too_intricate

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"

_PIXELS: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_PROFILE, _EXIF, _ANIMATION, _FRAME = b"iCCP", b"eXIf", b"acTL", b"fcTL"
_TEXTS: Final = (b"tEXt", b"zTXt", b"iTXt")

_MAX_CHUNKS: Final = 20_000
"""At 8 KB each, as most encoders make them, they hold 160 MB; some make them a fourth of that."""
_MAX_TEXTS: Final = 1000
_MAX_EXIF: Final = 2**18
_MAX_PROFILE: Final = 2**20
"""Bytes once inflated, as for Pillow; the profiles of cameras and screens have thousands."""

_SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel, by colour type."""
_BITS: Final = (1, 2, 4, 8, 16)
_PASSES: Final = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)
)  # fmt: skip
"""Adam7's passes: first column and row, steps across and down."""
_PIECE: Final = 2**18


class Header(NamedTuple):
    """IHDR's fields."""

    width: int
    height: int
    bits: int
    color_type: int
    compression: int
    filtering: int
    interlaced: int


class Chunk(NamedTuple):
    """One chunk: its place in the file, and whether its checksum holds."""

    kind: bytes
    start: int
    end: int
    sound: bool

    @property
    def body(self) -> slice:
        """Where its content lies."""
        return slice(self.start + 8, self.end - 4)


class PngFile(NamedTuple):
    """A PNG that has passed the checks.

    Attributes
    ----------
    header : Header
        Size and kind of its pixels.
    frames : int
        1, or of an animation as many as it says.
    extras : frozenset of bytes
        Kinds of the chunks left in `data` beyond those of every PNG.
    recolored : bool
        Whether the file as it came makes browsers show other colours than its samples are in
        sRGB (they are read as sRGB here), unless a profile overrules that.
    data : bytes
        The file with nothing but what makes up its first picture.
    """

    header: Header
    frames: int
    extras: frozenset[bytes]
    recolored: bool
    data: bytes


def checked_png(data: bytes) -> PngFile:
    """Check a PNG's chunks, and leave out those that nobody needs but that may do harm.

    Raises
    ------
    LoadError
        It is damaged, or larger or more intricate than allowed.
    """
    chunks = list(_chunks(data))
    header = _header(data, chunks)
    kinds = [chunk.kind for chunk in chunks]
    if sum(kinds.count(kind) for kind in _TEXTS) > _MAX_TEXTS:
        raise too_intricate("PNG", "texts")
    kept = [chunk for chunk in chunks if chunk.kind in _PIXELS or _is_useful(data, chunk)]
    whole = data
    if len(kept) < len(chunks) or chunks[-1].end < len(data):
        pieces = memoryview(data)
        whole = SIGNATURE + b"".join(pieces[chunk.start : chunk.end] for chunk in kept)
    extras = frozenset(chunk.kind for chunk in kept) - {b"IHDR", b"IDAT", b"IEND"}
    return PngFile(header, _count_frames(data, chunks), extras, _recolors(kinds), whole)


def without_metadata(png: PngFile) -> bytes:
    """The pixels alone: libpng prints what it thinks of a broken profile."""
    if not png.extras - _PIXELS:
        return png.data
    pieces = memoryview(png.data)
    kept = (chunk for chunk in _chunks(png.data) if chunk.kind in _PIXELS)
    return SIGNATURE + b"".join(pieces[chunk.start : chunk.end] for chunk in kept)


def check_rows(png: PngFile) -> None:
    """Refuse a file that holds fewer rows than it claims: Pillow would make up the rest."""
    needed = _raw_length(png.header)
    inflate = isal_zlib.decompressobj()
    for chunk in _chunks(png.data):
        piece = png.data[chunk.body] if chunk.kind == b"IDAT" else b""
        while piece and needed > 0 and not inflate.eof:
            needed -= len(inflate.decompress(piece, _PIECE))
            piece = inflate.unconsumed_tail
    # What the inflater still holds back comes out by asking again.
    while needed > 0 and not inflate.eof and (more := inflate.decompress(b"", _PIECE)):
        needed -= len(more)
    if needed > 0:
        raise damaged("PNG")


def _chunks(data: bytes) -> Iterator[Chunk]:
    """All chunks up to IEND; what follows it is no part of the picture."""
    pieces = memoryview(data)
    place = len(SIGNATURE)
    for _ in range(_MAX_CHUNKS):
        end = place + 12 + int.from_bytes(pieces[place : place + 4], "big")
        if end > len(data) or place + 12 > len(data):
            raise damaged("PNG")
        checksum = int.from_bytes(pieces[end - 4 : end], "big")
        kind = data[place + 4 : place + 8]
        yield Chunk(kind, place, end, zlib.crc32(pieces[place + 4 : end - 4]) == checksum)
        if kind == b"IEND":
            return
        place = end
    raise too_intricate("PNG", "parts")


def _header(data: bytes, chunks: Collection[Chunk]) -> Header:
    """IHDR, after a look at the whole: all that makes up the picture must be sound."""
    kinds = [chunk.kind for chunk in chunks]
    whole = kinds[0] == b"IHDR" and kinds.count(b"IHDR") == 1 and b"IDAT" in kinds
    if not whole or not all(chunk.sound for chunk in chunks if chunk.kind in _PIXELS):
        raise damaged("PNG")
    content = data[next(iter(chunks)).body]
    if len(content) != 13:
        raise damaged("PNG")
    header = Header(*struct.unpack(">IIBBBBB", content))
    if header.color_type not in _SAMPLES or header.bits not in _BITS or header.interlaced > 1:
        raise damaged("PNG")
    channels = 3 + (header.color_type in (4, 6))
    check_size(header.width, header.height, bytes_per_pixel=channels * max(1, header.bits // 8))
    return header


def _is_useful(data: bytes, chunk: Chunk) -> bool:
    """Whether a chunk that isn't pixels is to be kept: a sound profile or EXIF of decent size."""
    if not chunk.sound:
        return False
    if chunk.kind == _EXIF:
        return chunk.end - chunk.start < _MAX_EXIF
    if chunk.kind != _PROFILE:
        return False
    name, _, packed = data[chunk.body].partition(b"\0")
    inflate = zlib.decompressobj()
    try:
        inflate.decompress(packed[1:], _MAX_PROFILE)
    except zlib.error:
        return False
    return bool(name) and inflate.eof


def _count_frames(data: bytes, chunks: Collection[Chunk]) -> int:
    """How many pictures an animation has; the one that is read may stand before them all."""
    animation = [chunk for chunk in chunks if chunk.kind == _ANIMATION and chunk.sound]
    if not animation:
        return 1
    frames = int.from_bytes(data[animation[0].body][:4], "big")
    kinds = [chunk.kind for chunk in chunks]
    stands_apart = _FRAME not in kinds or kinds.index(_FRAME) > kinds.index(b"IDAT")
    return max(1, frames + stands_apart)


def _recolors(kinds: Collection[bytes]) -> bool:
    """Whether chunks that are left out here make browsers show other colours."""
    return b"cICP" in kinds or (b"sRGB" not in kinds and (b"gAMA" in kinds or b"cHRM" in kinds))


def _raw_length(header: Header) -> int:
    """Bytes of all rows once inflated, with the filter's byte before each."""
    bits = header.bits * _SAMPLES[header.color_type]
    if not header.interlaced:
        return header.height * (1 + (header.width * bits + 7) // 8)
    length = 0
    for left, top, across, down in _PASSES:
        columns = max(0, -(-(header.width - left) // across))
        rows = max(0, -(-(header.height - top) // down)) if columns else 0
        length += rows * (1 + (columns * bits + 7) // 8)
    return length
