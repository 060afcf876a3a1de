"""The one table of file formats: what they are called, and how names and first bytes tell them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final


@dataclass(frozen=True, slots=True)
class Format:
    """A format that can be loaded.

    Attributes
    ----------
    name : str
        As `FileFacts.format` and Pillow have it.
    title : str
        As people write it.
    endings : tuple of str
        Of file names, lower case, without the dot; the usual one first.
    mime : str
        Media type.
    signatures : tuple of bytes
        What its files begin with.
    brands : frozenset of bytes
        Four letters each: of a format in the container that films use, the kinds that it names.
    has_frames : bool
        Whether a file may hold several pictures, pages or frames.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    mime: str
    signatures: tuple[bytes, ...] = ()
    brands: frozenset[bytes] = frozenset()
    has_frames: bool = False


_HEIF_BRANDS: Final = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
)

PICTURES: Final = (
    Format("JPEG", "JPEG", ("jpg", "jpeg", "jfif"), "image/jpeg", (b"\xff\xd8\xff",)),
    Format("PNG", "PNG", ("png",), "image/png", (b"\x89PNG\r\n\x1a\n",), has_frames=True),
    Format("WEBP", "WebP", ("webp",), "image/webp", has_frames=True),
    Format("GIF", "GIF", ("gif",), "image/gif", (b"GIF87a", b"GIF89a"), has_frames=True),
    Format("BMP", "BMP", ("bmp",), "image/bmp", (b"BM",)),
    Format("TIFF", "TIFF", ("tif", "tiff"), "image/tiff", (b"II*\0", b"MM\0*"), has_frames=True),
    # A file may name brands of both: AVIF's own come first.
    Format("AVIF", "AVIF", ("avif",), "image/avif", brands=frozenset((b"avif", b"avis")),
           has_frames=True),
    Format("HEIC", "HEIC", ("heic", "heif"), "image/heic", brands=_HEIF_BRANDS, has_frames=True),
)  # fmt: skip
"""Every format of pictures, the commonest first."""

PDF: Final = Format("PDF", "PDF", ("pdf",), "application/pdf", (b"%PDF-",), has_frames=True)

FORMATS: Final = {kind.name: kind for kind in (*PICTURES, PDF)}

PICTURE_ENDINGS: Final = tuple(ending for kind in PICTURES for ending in kind.endings)
"""Files of these endings are taken for pictures where nobody says what they are."""

ENDINGS: Final = (*PICTURE_ENDINGS, *PDF.endings)

ACCEPTED: Final = " or ".join((", ".join(kind.title for kind in PICTURES[:-1]), PICTURES[-1].title))
"""The formats of pictures in words."""

_RIFF: Final = b"RIFF"
_BOX: Final = b"ftyp"
_LONGEST_BOX: Final = 256
_PDF_WITHIN: Final = 1024
"""Bytes: a PDF's mark may follow what a sender put before it."""


def picture_format(data: bytes) -> Format | None:
    """The picture format that a file's first bytes tell; None if it is none of them."""
    if data[:4] == _RIFF and data[8:12] == b"WEBP":
        return FORMATS["WEBP"]
    for kind in PICTURES:
        if kind.signatures and data.startswith(kind.signatures):
            return kind
    if is_media_container(data):
        brands = _brands(data)
        return next((kind for kind in PICTURES if kind.brands & brands), None)
    return None


def is_media_container(data: bytes) -> bool:
    """Whether a file is of the container that AVIF, HEIC and films share."""
    return data[4:8] == _BOX


def is_pdf(data: bytes) -> bool:
    """Whether a file is a PDF: its mark may follow a few bytes that a sender put before."""
    marks = tuple(mark for kind in PICTURES for mark in kind.signatures)
    is_picture = data.startswith((*marks, _RIFF)) or is_media_container(data)
    return PDF.signatures[0] in data[:_PDF_WITHIN] and not is_picture


def has_picture_name(path: PurePath) -> bool:
    """Whether a file is taken for a picture by its name; what programs hide is not.

    Hidden are names that begin with a dot, in any folder on the way, and macOS's own folder.
    """
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return not hidden and path.suffix.lower().lstrip(".") in PICTURE_ENDINGS


def _brands(data: bytes) -> set[bytes]:
    """The kinds that a file of the container names: its own, and those it's akin to."""
    length = min(int.from_bytes(data[:4], "big"), _LONGEST_BOX)
    return {data[8:12], *(data[place : place + 4] for place in range(16, length, 4))}
