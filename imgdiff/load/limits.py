"""What is refused before a single pixel is decoded."""

from __future__ import annotations

from typing import Final

from imgdiff.errors import LoadError

MAX_BYTES: Final = 30 * 2**20
MAX_PIXELS: Final = 50_000_000
MAX_SIDE: Final = 30_000

_SIGNATURES: Final = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
}
_ACCEPTED: Final = "JPEG, PNG, WebP, GIF, BMP or TIFF"

_UNREADABLE_MODES: Final = {"F": "floating-point", "I": "32-bit", "LAB": "Lab", "HSV": "HSV"}


def checked_format(data: bytes) -> str:
    """Name of the format by the file's first bytes; its size checked on the way."""
    if not data:
        raise LoadError(f"The file is empty: choose a {_ACCEPTED} picture.")
    if len(data) > MAX_BYTES:
        raise LoadError(
            f"A picture file may have {MAX_BYTES >> 20} MB, but this one has more: "
            "save it smaller or with stronger compression."
        )
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    for signature, file_format in _SIGNATURES.items():
        if data.startswith(signature):
            return file_format
    if data[4:8] == b"ftyp":
        raise LoadError(
            f"A {_ACCEPTED} picture is expected, but this is a HEIC or AVIF photo or a video: "
            "export it as JPEG."
        )
    raise LoadError(
        f"A {_ACCEPTED} picture is expected, but this file is something else: "
        "choose another, or export it in one of these formats."
    )


def check_size(width: int, height: int) -> None:
    """Refuse what would be too large once decoded."""
    if width * height > MAX_PIXELS:
        raise too_many_pixels(f"{width} × {height} pixels")
    if max(width, height) > MAX_SIDE:
        raise LoadError(
            f"A picture may be {MAX_SIDE} pixels long, but this one is {width} × {height}: crop it."
        )


def check_mode(mode: str) -> None:
    """Refuse samples that don't fit whole numbers of 8 or 16 bits."""
    if mode in _UNREADABLE_MODES:
        raise LoadError(
            "A picture of 8 or 16 bits a colour is expected, but this one holds "
            f"{_UNREADABLE_MODES[mode]} values: export it as 16-bit TIFF or PNG."
        )


def too_many_pixels(found: str) -> LoadError:
    """The error for a picture that has what `found` says."""
    limit = MAX_PIXELS // 10**6
    return LoadError(
        f"A picture may have {limit} megapixels, but this one has {found}: shrink or crop it."
    )
