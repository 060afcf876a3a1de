"""What is refused before a single pixel is decoded."""

from __future__ import annotations

from typing import Final

from imgdiff.environment import whole_number
from imgdiff.errors import LoadError, TooLargeError
from imgdiff.load.formats import (
    ACCEPTED,
    OtherFormat,
    is_media_container,
    other_format,
    picture_format,
)

MAX_BYTES: Final = whole_number("IMGDIFF_MAX_FILE_MB", 30) * 2**20
MAX_PIXELS: Final = whole_number("IMGDIFF_MAX_MEGAPIXELS", 50) * 10**6
MAX_SIDE: Final = 30_000
MAX_UNPACKED: Final = 200 * 10**6
"""Bytes of the samples that come out; it binds deep pictures only: 33 MP of 16-bit RGB."""

# Of a blank picture, JPEG's shortest codes hold 340 pixels a byte, RLE's runs in a BMP 128, the
# longest strings of LZW in a GIF 2,700, and deflate in a bilevel TIFF 8,256. A file that claims
# more holds no such picture, yet its decoder would make room for it, and fill it with gray.
_MAX_PIXELS_PER_BYTE: Final = {"JPEG": 400, "BMP": 400, "GIF": 3000, "TIFF": 9000}
_ALWAYS_FINE: Final = 2**16
"""Pixels that any file may claim."""

_FURTHER: Final = "compare larger ones with the command imgdiff and imgdiff-app[large]"
"""How to go on where a picture is too large to be held."""

_UNREADABLE_MODES: Final = {"F": "floating-point", "I": "32-bit", "LAB": "Lab", "HSV": "HSV"}


def checked_format(data: bytes) -> str:
    """Name of the format by the file's first bytes; its size checked on the way."""
    if not data:
        raise LoadError(f"The file is empty: choose a {ACCEPTED} picture.")
    if len(data) > MAX_BYTES:
        raise TooLargeError(
            f"A picture file may have {MAX_BYTES >> 20} MB, but this one has more: "
            f"save it smaller or with stronger compression, or {_FURTHER}."
        )
    kind = picture_format(data)
    if kind is not None:
        return kind.name
    other = other_format(data)
    if other is not None:
        raise not_a_picture(other)
    if is_media_container(data):
        raise LoadError(
            f"A {ACCEPTED} picture is expected, but this is a video or a rarer kind of photo: "
            "export a picture as JPEG."
        )
    raise LoadError(
        f"A {ACCEPTED} picture is expected, but this file is something else: "
        "choose another, or export it in one of these formats."
    )


def not_a_picture(other: OtherFormat) -> LoadError:
    """The error for a file of a format that isn't read."""
    return LoadError(f"A {ACCEPTED} picture is expected, but this is {other.what}: {other.remedy}.")


def check_size(width: int, height: int, *, bytes_per_pixel: int = 3) -> None:
    """Refuse what would be too large once decoded."""
    if width < 1 or height < 1:
        raise LoadError("The file claims a picture without pixels: export it again.")
    if width * height > MAX_PIXELS:
        raise too_many_pixels(f"{width} × {height} pixels")
    if max(width, height) > MAX_SIDE:
        raise TooLargeError(
            f"A picture may be {MAX_SIDE} pixels long, but this one is {width} × {height}: "
            f"crop it, or {_FURTHER}."
        )
    if bytes_per_pixel > 3 and width * height * bytes_per_pixel > MAX_UNPACKED:
        limit = MAX_UNPACKED // bytes_per_pixel / 10**6
        raise TooLargeError(
            f"A picture of this depth may have {limit:.0f} megapixels, but this one has "
            f"{width} × {height} pixels: shrink it, save it with 8 bits a colour, or {_FURTHER}."
        )


def check_density(width: int, height: int, file_format: str, length: int) -> None:
    """Refuse a file of `length` bytes that claims more pixels than it can hold."""
    densest = _MAX_PIXELS_PER_BYTE.get(file_format)
    if densest and width * height > max(_ALWAYS_FINE, densest * length):
        raise LoadError(
            f"The {file_format} file claims {width} × {height} pixels, but is far too short to "
            "hold them: copy, download or export it again."
        )


def check_mode(mode: str) -> None:
    """Refuse samples that don't fit whole numbers of 8 or 16 bits."""
    if mode in _UNREADABLE_MODES:
        raise LoadError(
            "A picture of 8 or 16 bits a colour is expected, but this one holds "
            f"{_UNREADABLE_MODES[mode]} values: export it as 16-bit TIFF or PNG."
        )


def too_many_pixels(found: str) -> TooLargeError:
    """The error for a picture that has what `found` says."""
    limit = MAX_PIXELS // 10**6
    return TooLargeError(
        f"A picture may have {limit} megapixels, but this one has {found}: shrink or crop it, "
        f"or {_FURTHER}."
    )


def damaged(file_format: str) -> LoadError:
    """The error for a file that begins as one of its format, but can't be read."""
    return LoadError(
        f"The {file_format} file is damaged, cut short or of a rare kind: "
        "copy, download or export it again."
    )


def too_intricate(file_format: str, what: str) -> LoadError:
    """The error for a file built so that reading it would take for ever."""
    return LoadError(f"The {file_format} file holds far too many {what}: export it again.")


def no_such_frame(count: int, frame: int) -> LoadError:
    """The error for a frame or page, counted from 0, that a file of `count` of them hasn't got."""
    frames = "1 picture" if count == 1 else f"{count} pictures"
    return LoadError(f"The file has {frames}, but number {frame + 1} is asked for: change it.")
