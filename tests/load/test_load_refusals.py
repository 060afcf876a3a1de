"""What is no picture, or no whole one, is refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from imgdiff import LoadError, load_image
from tests.bad_files import TINY_HEIC, small
from tests.files import encoded, png_header, png_of, tiff_row
from tests.pictures import photo

REFUSED = {
    "empty": (b"", "empty"),
    "text": (b"Dear Sir or Madam,", "something else"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript"),
    "heic": (b"\0\0\0\x18ftypheic" + bytes(50), "HEIC file is damaged"),
    "film": (b"\0\0\0\x18ftypisom" + bytes(50), "a video .* export a picture as JPEG"),
    "signature alone": (b"\x89PNG\r\n\x1a\n", "damaged, cut short"),
    "far too many pixels": (
        png_header(50_000, 50_000),
        "50 megapixels, but this one has 50000 × 50000 pixels",
    ),
    "too many pixels": (png_header(10_000, 6_000), "has 10000 × 6000 pixels: shrink"),
    "too many pixels for Pillow's peace": (png_header(12_000, 10_000), "12000 × 10000 pixels"),
    "a pixel row too many": (png_header(10_001, 5_000), "10001 × 5000 pixels"),
    "16-bit gray with alpha": (
        tiff_row(bytes(4 * 4), width=4, bits=16, photometric=1, samples=2),
        "of a rare kind",
    ),
    "16-bit CMYK": (
        tiff_row(bytes(8 * 4), width=4, bits=16, photometric=5, samples=4),
        "must be gray or RGB",
    ),
    "too long": (png_header(40_000, 2), "40000 × 2"),
    "header without pixels": (png_header(500, 500), "damaged, cut short"),
    "too many bytes": (b"\xff\xd8\xff" + bytes(31 * 2**20), "30 MB"),
    "floating point": (
        encoded(PillowImage.fromarray(np.ones((4, 4), np.float32)), "TIFF"),
        "floating-point",
    ),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_no_picture_is_refused_in_one_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(LoadError, match=reason) as refusal:
        load_image(data)
    message = str(refusal.value)
    assert message.endswith(".")
    assert "\n" not in message


@pytest.mark.parametrize(
    "file_format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIC"]
)
@pytest.mark.parametrize("percent", range(5, 100, 5))
def test_truncated_files_are_refused(
    file_format: str, percent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imgdiff.load.decoded._SMALL", 0)  # as if it were large
    if file_format == "HEIC":
        data = TINY_HEIC
    else:
        data = encoded(PillowImage.fromarray(photo("coffee", 120, 160)), file_format)
    with pytest.raises(LoadError, match=r"damaged, cut short|something else"):
        load_image(data[: len(data) * percent // 100])


def test_a_truncated_photograph_is_refused_though_its_thumbnail_is_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("imgdiff.load.decoded._SMALL", 0)  # as if it were large
    thumbnail = encoded(PillowImage.fromarray(photo("coffee", 12, 16)), "JPEG")
    data = encoded(PillowImage.fromarray(photo("coffee", 120, 160)), "JPEG")
    segment = b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
    load_image(data[:2] + segment + data[2:])
    with pytest.raises(LoadError, match="damaged, cut short"):
        load_image(data[:2] + segment + data[2 : len(data) // 2])


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_files_of_a_few_bytes_are_refused(file_format: str) -> None:
    data = encoded(small(), file_format)
    for length in range(1, 40):
        with pytest.raises(LoadError):
            load_image(data[:length])


def test_truncated_16_bit_pngs_are_refused() -> None:
    noise = np.random.default_rng(0).integers(0, 65536, (60, 60, 3)).astype(np.uint16)
    data = png_of(noise)
    with pytest.raises(LoadError, match="damaged, cut short"):
        load_image(data[: len(data) // 2])


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="no such file"):
        load_image(tmp_path / "missing.png")
    with pytest.raises(LoadError, match="folder"):
        load_image(tmp_path)
    with pytest.raises(LoadError, match="can't be opened"):
        load_image("nul\0byte.png")


def test_an_avif_with_alpha_may_have_fewer_pixels_as_its_decoder_takes_more_memory() -> None:
    transparent = encoded(PillowImage.new("RGBA", (64, 64), (9, 9, 9, 9)), "AVIF")
    place = transparent.index(b"ispe") + 8
    claiming = transparent.replace(
        transparent[place : place + 8], (7000).to_bytes(4, "big") + (5000).to_bytes(4, "big")
    )
    with pytest.raises(LoadError, match="33 megapixels, but this one has 7000 × 5000"):
        load_image(claiming)
