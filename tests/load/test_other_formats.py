"""Files that people take for pictures are refused by their name, with a remedy."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from imgdiff import LoadError, load_image


def _zip(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "content")
    return file.getvalue()


def _tiff(*entries: tuple[int, int, int], order: str = "<") -> bytes:
    """A TIFF's first directory, of (tag, type, value)."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    body = b"".join(
        struct.pack(order + "HHI", tag, kind, 1)
        + struct.pack(order + ("H2x" if kind == 3 else "I"), value)
        for tag, kind, value in entries
    )
    head = mark + struct.pack(order + "I", 8) + struct.pack(order + "H", len(entries))
    return head + body + bytes(200)


RAW = "a camera's raw file: export it as TIFF or JPEG"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_tiff((256, 3, 60), (50706, 4, 0x0401)), RAW),
        (_tiff((254, 4, 1), (330, 4, 200)), RAW),
        (_tiff((254, 4, 1), (330, 4, 200), order=">"), RAW),
        (_tiff((262, 3, 32803)), RAW),
        (_tiff((259, 3, 34713)), RAW),
        (b"II*\0\x10\0\0\0CR\x02\0" + bytes(50), RAW),
        (b"FUJIFILMCCD-RAW 0201", RAW),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", RAW),
        (b"II+\0\x08\0\0\0", "a BigTIFF, made for files over 4 GB"),
        (b"MM\0+\0\x08\0\0", "a BigTIFF, made for files over 4 GB"),
        (b"\xff\x0a\x00\x10", "a JPEG XL picture"),
        (b"\0\0\0\x0cJXL \r\n\x87\n rest", "a JPEG XL picture"),
        (b"\0\0\0\x0cjP  \r\n\x87\n rest", "a JPEG 2000 picture"),
        (b"8BPS\0\1", "a Photoshop document: export it as PNG or JPEG"),
        (b'<?xml version="1.0"?>\n<SVG width="9">', "an SVG drawing: export it as PNG or PDF"),
        (b"\x76\x2f\x31\x01\2", "an OpenEXR picture: export it as 16-bit TIFF or PNG"),
        (bytes(128) + b"DICM", "a DICOM file: export it as PNG or TIFF"),
        (_zip("word/document.xml"), "a Word document: save it as PDF"),
        (_zip("xl/workbook.xml"), "an Excel workbook"),
        (_zip("a.png"), "a ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Office document"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "fetch it with git lfs pull"),
        (b"<!DOCTYPE html><html>", "a web page: download the picture itself"),
        (b"%!PS-Adobe-3.0", "PostScript: export it as PDF"),
    ],
)
def test_a_file_of_another_format_is_named(data: bytes, said: str) -> None:
    with pytest.raises(LoadError, match="picture is expected, but this is ") as told:
        load_image(data)
    assert said in str(told.value)


def test_what_nobody_knows_is_something_else() -> None:
    with pytest.raises(LoadError, match="this file is something else"):
        load_image(b"just some words")
