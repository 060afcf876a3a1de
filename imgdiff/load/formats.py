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


@dataclass(frozen=True, slots=True)
class OtherFormat:
    """A format that people take for a picture, but that isn't read.

    Attributes
    ----------
    what : str
        What it is, as a sentence goes on after "this is".
    remedy : str
        What to do.
    signatures : tuple of bytes
        What its files begin with; a text file may have blank space and capitals.
    at : int
        Where the signature stands.
    """

    what: str
    remedy: str
    signatures: tuple[bytes, ...]
    at: int = 0


RAW: Final = OtherFormat(
    "a camera's raw file",
    "export it as TIFF or JPEG",
    (b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FOVb"),
)
"""Also made of TIFF, for which see `imgdiff.load.tiff_file`, or of the container of films."""

BIG_TIFF: Final = OtherFormat(
    "a BigTIFF, made for files over 4 GB",
    "save it as an ordinary TIFF",
    (b"II+\0", b"MM\0+"),
)
"""Read where pictures are too large to be held."""

_EXPORT, _TIFF = "export it as PNG or JPEG", "export it as 16-bit TIFF or PNG"
_OTHERS: Final = (
    RAW,
    BIG_TIFF,
    OtherFormat("a JPEG XL picture", _EXPORT, (b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n")),
    OtherFormat("a JPEG 2000 picture", _EXPORT, (b"\0\0\0\x0cjP  \r\n\x87\n", b"\xffO\xffQ")),
    OtherFormat("a Photoshop document", _EXPORT, (b"8BPS",)),
    OtherFormat("a GIMP document", _EXPORT, (b"gimp xcf",)),
    OtherFormat("an OpenEXR picture", _TIFF, (b"\x76\x2f\x31\x01",)),
    OtherFormat("a Radiance HDR picture", _TIFF, (b"#?RADIANCE", b"#?RGBE")),
    OtherFormat("a FITS picture", _TIFF, (b"SIMPLE  =",)),
    OtherFormat("a DICOM file", "export it as PNG or TIFF", (b"DICM",), at=128),
    OtherFormat("an icon", _EXPORT, (b"\0\0\1\0", b"icns")),
    OtherFormat("PostScript", "export it as PDF", (b"%!PS", b"\xc5\xd0\xd3\xc6")),
    OtherFormat("a picture of Netpbm's", _EXPORT, (b"P1\n", b"P2\n", b"P3\n", b"P4\n", b"P5\n",
                                                  b"P6\n", b"P7\n")),
    OtherFormat("an old Office document", "save it as PDF", (b"\xd0\xcf\x11\xe0",)),
    OtherFormat("a gzip archive", "unpack it first", (b"\x1f\x8b",)),
    OtherFormat("a pointer of Git LFS, not the file itself", "fetch it with git lfs pull",
                (b"version https://git-lfs",)),
)  # fmt: skip

_TEXTS: Final = (
    OtherFormat("an SVG drawing", "export it as PNG or PDF", (b"<svg",)),
    OtherFormat("a web page", "download the picture itself", (b"<!doctype html", b"<html")),
)
"""Told by what stands somewhere near the beginning, in any case."""

_ZIPPED: Final = {
    b"word/": OtherFormat("a Word document", "save it as PDF", ()),
    b"xl/": OtherFormat("an Excel workbook", "save it as PDF", ()),
    b"ppt/": OtherFormat("a PowerPoint presentation", "save it as PDF", ()),
    b"mimetypeapplication/vnd.oasis": OtherFormat("an OpenDocument file", "save it as PDF", ()),
    b"": OtherFormat("a ZIP archive", "unpack it, or use Many pairs or imgdiff batch", ()),
}
_NEAR: Final = 2048
"""Bytes that count as the beginning of a text or an archive."""

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


def may_have_frames(data: bytes) -> bool:
    """Whether a picture may hold more than one, as far as a glance tells."""
    kind = picture_format(data)
    if kind is None or kind.name == "HEIC":
        return False
    if kind.name == "PNG":  # an animation says so before its pixels
        return data.find(b"acTL", 0, max(0, data.find(b"IDAT"))) > 0
    return kind.has_frames


def other_format(data: bytes) -> OtherFormat | None:
    """What a file is that can't be read, by its first bytes; None if nobody knows."""
    if data.startswith(b"PK\x03\x04"):
        return next(kind for mark, kind in _ZIPPED.items() if mark in data[:_NEAR])
    if is_media_container(data) and data[8:11] == b"crx":
        return RAW
    for kind in _OTHERS:
        if data[kind.at :].startswith(kind.signatures):
            return kind
    start = data[:_NEAR].lower()
    return next((kind for kind in _TEXTS if any(mark in start for mark in kind.signatures)), None)


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
    return _ending(path) in PICTURE_ENDINGS


def has_comparable_name(path: PurePath) -> bool:
    """As `has_picture_name`, of a picture or a PDF."""
    return _ending(path) in ENDINGS


def _ending(path: PurePath) -> str:
    """What a name ends in, lower case; "" of what programs hide."""
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return "" if hidden else path.suffix.lower().lstrip(".")


def _brands(data: bytes) -> set[bytes]:
    """The kinds that a file of the container names: its own, and those it's akin to."""
    length = min(int.from_bytes(data[:4], "big"), _LONGEST_BOX)
    return {data[8:12], *(data[place : place + 4] for place in range(16, length, 4))}
