"""WebP by OpenCV: Pillow makes room for an animation twice over, before it tells the size."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from imgdiff.load.decoded import Decoded, split
from imgdiff.load.limits import check_size, damaged
from imgdiff.load.profile import bring_to_srgb, browsers_apply
from imgdiff.load.turn import orientation, upright

_LOSSY, _LOSSLESS, _EXTENDED = b"VP8 ", b"VP8L", b"VP8X"
_MAX_CHUNKS = 10_000


def decode_webp(data: bytes) -> Decoded:
    """The first frame of a WebP file."""
    frames, metadata = checked_chunks(data)
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None:
        raise damaged("WebP")
    samples = split(np.asarray(decoded, np.uint8))
    pixels, alpha = samples.pixels, samples.alpha
    profile = metadata.get(b"ICCP")
    bring_to_srgb(pixels, profile)
    turn = orientation(metadata.get(b"EXIF"))
    notes = () if frames <= 1 else (f"Only the first of {frames} frames is compared.",)
    alpha = None if alpha is None else upright(alpha, turn)
    shown_as_is = frames <= 1 and turn == 1 and (not profile or browsers_apply(profile))
    return Decoded(upright(pixels, turn), alpha, notes, shown_as_is)


def checked_chunks(data: bytes) -> tuple[int, dict[bytes, bytes]]:
    """How many frames an animation has (else 0), and what isn't pixels, by its kind.

    Raises
    ------
    LoadError
        It's damaged, or larger than allowed.
    """
    frames, metadata = 0, {}
    for kind, body in _chunks(data):
        if kind in (_LOSSY, _LOSSLESS, _EXTENDED):
            check_size(*_size(kind, bytes(body[:10])))
        elif kind in (b"ICCP", b"EXIF"):
            metadata[kind] = bytes(body)
        frames += kind == b"ANMF"
    return frames, metadata


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """The chunks of a RIFF file; it is whole only if all of them are."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise damaged("WebP")
    place = 12
    for _ in range(_MAX_CHUNKS):
        if place + 8 > end:
            return
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        if place + 8 + length > end:
            raise damaged("WebP")
        yield data[place : place + 4], memoryview(data)[place + 8 : place + 8 + length]
        place += 8 + length + length % 2
    raise damaged("WebP")


def _size(kind: bytes, body: bytes) -> tuple[int, int]:
    """Width and height, as the three kinds of chunk put them (RFC 9649)."""
    if kind == _EXTENDED:
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == _LOSSLESS:
        fields = int.from_bytes(body[1:5], "little")
        return 1 + fields % 2**14, 1 + fields // 2**14 % 2**14
    sides = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
    return sides[0] % 2**14, sides[1] % 2**14
