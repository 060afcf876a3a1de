"""What goes in comes out right, or with one sentence why not."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import ImageCms

from imgdiff import LoadError, load_image
from imgdiff.types import Pixels

from .pictures import drawing, photo

RGB = photo("coffee", 61, 83)
LOSSLESS: dict[str, dict[str, Any]] = {
    "PNG": {},
    "BMP": {},
    "WEBP": {"lossless": True},
    "TIFF": {"compression": "tiff_lzw"},
}


def encoded(picture: PillowImage.Image, file_format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


def pillow(pixels: Pixels = RGB) -> PillowImage.Image:
    return PillowImage.fromarray(pixels)


def png_of(array: NDArray[np.uint16]) -> bytes:
    """A 16-bit PNG by OpenCV, from RGB, RGBA or gray."""
    swapped = array if array.ndim == 2 else array[..., [2, 1, 0, 3][: array.shape[2]]]
    return cv2.imencode(".png", swapped)[1].tobytes()


def tiff_row(row: bytes, *, width: int, bits: int, photometric: int, samples: int = 1) -> bytes:
    """An uncompressed TIFF of one row."""
    entries = {
        256: struct.pack("<I", width),
        257: struct.pack("<I", 1),
        258: struct.pack(f"<{samples}H", *[bits] * samples),
        259: struct.pack("<H", 1),
        262: struct.pack("<H", photometric),
        273: struct.pack("<I", 8),
        277: struct.pack("<H", samples),
        278: struct.pack("<I", 1),
        279: struct.pack("<I", len(row)),
    }
    long_tags = {256, 257, 273, 278, 279}
    directory = struct.pack("<H", len(entries))
    body = row
    for tag, value in entries.items():
        kind, size = (4, 4) if tag in long_tags else (3, 2)
        here = value.ljust(4, b"\0")
        if len(value) > 4:
            here = struct.pack("<I", 8 + len(body))
            body += value
        directory += struct.pack("<HHI", tag, kind, len(value) // size) + here
    return b"II*\0" + struct.pack("<I", 8 + len(body)) + body + directory + bytes(4)


def _fixed(*values: float) -> bytes:
    """ICC's s15Fixed16Number."""
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*values)


def _gamma(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256)) + b"\0\0"


def icc_profile(color_space: bytes, own_tags: dict[bytes, bytes]) -> bytes:
    """A minimal ICC v2 display profile."""
    white = (0.9642, 1.0, 0.8249)  # D50
    description = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + bytes(79)
    tags = {b"desc": description, b"wtpt": _xyz(*white), **own_tags}
    table, body, start = b"", b"", 128 + 4 + 12 * len(tags)
    for tag, content in tags.items():
        table += tag + struct.pack(">II", start + len(body), len(content))
        body += content
    header = bytearray(128)
    header[0:4] = struct.pack(">I", start + len(body))
    header[8:12] = b"\x02\x10\0\0"
    header[12:24] = b"mntr" + color_space + b"XYZ "
    header[36:40] = b"acsp"
    header[68:80] = _fixed(*white)
    return bytes(header) + struct.pack(">I", len(tags)) + table + body


def color_profile(*primaries: tuple[float, float, float]) -> bytes:
    """A profile of these primaries, red, green and blue as XYZ (D50), and a gamma of 2.2."""
    tags = {}
    for channel, primary in zip((b"r", b"g", b"b"), primaries, strict=True):
        tags[channel + b"XYZ"] = _xyz(*primary)
        tags[channel + b"TRC"] = _gamma(2.2)
    return icc_profile(b"RGB ", tags)


# Display P3's primaries, adapted to D50 (Apple's profile, as published by the ICC).
DISPLAY_P3 = color_profile(
    (0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407)
)


@pytest.mark.parametrize("file_format", LOSSLESS)
def test_lossless_formats_keep_every_pixel(file_format: str) -> None:
    loaded = load_image(encoded(pillow(), file_format, **LOSSLESS[file_format]))
    np.testing.assert_array_equal(loaded.pixels, RGB)
    assert loaded.alpha is None
    assert loaded.notes == ()


@pytest.mark.parametrize("mode", ["1", "L", "P"])
@pytest.mark.parametrize("file_format", ["PNG", "GIF", "TIFF", "BMP"])
def test_gray_bilevel_and_palette_pictures_become_rgb(file_format: str, mode: str) -> None:
    picture = pillow(drawing(40, 50)).convert(mode)
    loaded = load_image(encoded(picture, file_format))
    np.testing.assert_array_equal(loaded.pixels, np.asarray(picture.convert("RGB")))


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
def test_jpeg_decodes_as_opencv_does(options: dict[str, Any]) -> None:
    data = encoded(pillow(), "JPEG", quality=80, **options)
    expected = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert expected is not None
    np.testing.assert_array_equal(load_image(data).pixels, expected)


def test_arrays_are_read_only() -> None:
    loaded = load_image(encoded(pillow(), "PNG"))
    with pytest.raises(ValueError, match="read-only"):
        loaded.pixels[0, 0] = 0


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_is_turned_upright(file_format: str, orientation: int) -> None:
    upright = np.zeros((40, 60, 3), np.uint8)
    upright[:10, :10] = 255  # a white corner at the top left, and a gray one at the top right
    upright[:10, 50:] = 128
    undo: dict[int, Callable[[Pixels], Pixels]] = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
        8: lambda a: np.rot90(a, -1),
    }
    exif = PillowImage.Exif()
    exif[0x0112] = orientation
    stored = PillowImage.fromarray(np.ascontiguousarray(undo[orientation](upright)))
    options = LOSSLESS.get(file_format, {"quality": 100, "subsampling": 0})
    loaded = load_image(encoded(stored, file_format, exif=exif, **options))
    assert loaded.pixels.shape == upright.shape
    assert np.abs(loaded.pixels.astype(int) - upright).max() <= 3  # JPEG's rounding


@pytest.mark.parametrize("orientation", [1, 6])
def test_16_bit_tiffs_are_turned_upright(orientation: int) -> None:
    gray = np.arange(40 * 60, dtype=np.uint16).reshape(40, 60) * 20
    exif = PillowImage.Exif()
    exif[0x0112] = orientation
    loaded = load_image(encoded(PillowImage.fromarray(gray), "TIFF", exif=exif))
    expected = gray if orientation == 1 else np.rot90(gray, -1)
    np.testing.assert_array_equal(loaded.pixels[..., 0], expected)


def test_16_bit_pngs_stay_16_bit() -> None:
    color = np.random.default_rng(0).integers(0, 65536, (20, 30, 4)).astype(np.uint16)
    loaded = load_image(png_of(color[..., :3]))
    assert loaded.pixels.dtype == np.uint16
    np.testing.assert_array_equal(loaded.pixels, color[..., :3])

    np.testing.assert_array_equal(load_image(png_of(color[..., 0])).pixels[..., 1], color[..., 0])

    with_alpha = load_image(png_of(color))
    np.testing.assert_array_equal(with_alpha.alpha, color[..., 3])


def test_bright_16_bit_grays_do_not_clip_to_white() -> None:
    gray = np.array([[40000, 60000]], np.uint16)
    for data in (png_of(gray), encoded(PillowImage.fromarray(gray), "TIFF")):
        np.testing.assert_array_equal(load_image(data).pixels[..., 0], gray)


def test_transparency_is_kept_and_hidden_colors_are_not() -> None:
    alpha = np.full(RGB.shape[:2], 255, np.uint8)
    alpha[:20] = 0
    alpha[20:40] = 100
    for file_format in ("PNG", "WEBP"):
        options: dict[str, Any] = {"lossless": True, "exact": True} if file_format == "WEBP" else {}
        rgba = pillow(np.dstack([RGB, alpha]))
        loaded = load_image(encoded(rgba, file_format, **options))
        np.testing.assert_array_equal(loaded.alpha, alpha)
        assert not loaded.pixels[:20].any()
        np.testing.assert_array_equal(loaded.pixels[20:], RGB[20:])


def test_an_opaque_alpha_channel_counts_as_none() -> None:
    rgba = np.dstack([RGB, np.full(RGB.shape[:2], 255, np.uint8)])
    assert load_image(encoded(pillow(rgba), "PNG")).alpha is None


def test_transparent_palette_entries_become_alpha() -> None:
    picture = pillow(drawing(30, 30)).convert("P")
    index = np.asarray(picture)
    transparent = int(index[0, 0])
    loaded = load_image(encoded(picture, "PNG", transparency=transparent))
    np.testing.assert_array_equal(loaded.alpha == 0, index == transparent)


def test_a_wide_gamut_profile_is_brought_to_srgb() -> None:
    pure_red = np.zeros((8, 8, 3), np.uint8)
    pure_red[..., 0] = 200
    loaded = load_image(encoded(pillow(pure_red), "PNG", icc_profile=DISPLAY_P3))
    # P3's red is redder than sRGB's, so it moves up, and towards the edge of the gamut.
    assert loaded.pixels[0, 0, 0] > 210
    gray = load_image(encoded(pillow(np.full((8, 8, 3), 128, np.uint8)), "PNG"))
    neutral = load_image(
        encoded(pillow(np.full((8, 8, 3), 128, np.uint8)), "PNG", icc_profile=DISPLAY_P3)
    )
    # The two gammas (2.2 and sRGB's curve) differ by less than two levels here.
    assert np.abs(neutral.pixels.astype(int) - gray.pixels).max() <= 2


@pytest.mark.parametrize(
    "profile", [ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"nonsense"]
)
def test_srgb_and_broken_profiles_change_nothing(profile: bytes) -> None:
    loaded = load_image(encoded(pillow(), "PNG", icc_profile=profile))
    np.testing.assert_array_equal(loaded.pixels, RGB)


def test_a_gray_profile_counts_with_and_without_transparency() -> None:
    gray = PillowImage.new("L", (8, 8), 100)
    with_alpha = PillowImage.merge("LA", (gray, PillowImage.new("L", (8, 8), 200)))
    linear = icc_profile(b"GRAY", {b"kTRC": _gamma(1.0)})
    plain = load_image(encoded(gray, "PNG", icc_profile=linear)).pixels
    assert plain[0, 0, 0] == pytest.approx(168, abs=2)  # sRGB's curve at 100 / 255
    also = load_image(encoded(with_alpha, "PNG", icc_profile=linear))
    np.testing.assert_array_equal(also.pixels, plain)


def test_a_profile_of_a_16_bit_picture_is_not_applied_and_it_is_said() -> None:
    chunk = b"iCCP" + b"p3\0\0" + zlib.compress(DISPLAY_P3)
    data = png_of(np.full((8, 8, 3), 30000, np.uint16))
    header_end = 8 + 25
    data = (
        data[:header_end]
        + struct.pack(">I", len(chunk) - 4)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + data[header_end:]
    )
    assert load_image(data).notes == (
        "Its colour profile is not applied, as the picture has 16 bits a colour.",
    )


def test_one_transparent_gray_level_becomes_alpha() -> None:
    levels = np.array([[1, 2, 3, 0]], np.uint8)

    def png(depth: int, raw: bytes) -> bytes:
        header = struct.pack(">IIBBBBB", 4, 1, depth, 0, 0, 0, 0)
        chunks = (
            (b"IHDR", header),
            (b"tRNS", struct.pack(">H", 2)),
            (b"IDAT", zlib.compress(b"\0" + raw)),
            (b"IEND", b""),
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)

    packed = {
        2: bytes([0b01101100]),
        4: bytes([0x12, 0x30]),
        8: levels.tobytes(),
        16: levels.astype(">u2").tobytes(),
    }
    for depth, raw in packed.items():
        loaded = load_image(png(depth, raw))
        assert loaded.alpha is not None, depth
        np.testing.assert_array_equal(loaded.alpha > 0, levels != 2)


@pytest.mark.parametrize(("bits", "white_is_zero"), [(12, False), (16, False), (16, True)])
def test_deep_gray_tiffs_keep_their_levels(bits: int, white_is_zero: bool) -> None:
    levels = [0, 1000, 3000, 2**bits - 1]
    if bits == 12:
        packed = b"".join(
            bytes([a >> 4, (a & 15) << 4 | b >> 8, b & 255])
            for a, b in zip(levels[::2], levels[1::2], strict=True)
        )
    else:
        packed = struct.pack("<4H", *levels)
    data = tiff_row(packed, width=4, bits=bits, photometric=0 if white_is_zero else 1)
    loaded = load_image(data).pixels[0, :, 0].astype(int)
    expected = np.array(levels) * 65535 / (2**bits - 1)
    np.testing.assert_allclose(loaded, 65535 - expected if white_is_zero else expected, atol=1)


def test_odd_metadata_blocks_no_picture_and_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    for file_format in ("PNG", "WEBP", "JPEG"):
        data = encoded(pillow(), file_format, exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01")
        assert load_image(data).pixels.shape == RGB.shape
    assert capfd.readouterr().err == ""


def test_a_phone_photo_with_its_thumbnail_needs_no_note() -> None:
    data = encoded(pillow(), "MPO", save_all=True, append_images=[pillow().resize((8, 8))])
    loaded = load_image(data)
    assert loaded.notes == ()
    assert loaded.pixels.shape == RGB.shape


def test_cmyk_jpegs_come_out_in_their_colors() -> None:
    red = pillow(np.full((16, 16, 3), (255, 0, 0), np.uint8)).convert("CMYK")
    loaded = load_image(encoded(red, "JPEG", quality=95))
    assert np.abs(loaded.pixels.astype(int) - (255, 0, 0)).max() <= 4


def test_the_first_frame_counts_and_it_is_said() -> None:
    frames = [pillow(drawing(30, 40, seed)).convert("P") for seed in range(3)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    loaded = load_image(data)
    assert loaded.notes == ("Only the first of 3 frames is compared.",)
    np.testing.assert_array_equal(loaded.pixels, np.asarray(frames[0].convert("RGB")))


def test_paths_give_the_name_and_the_extension_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "wrong.gif"
    path.write_bytes(encoded(pillow(), "PNG"))
    assert load_image(path).name == "wrong.gif"
    assert load_image(str(path), name="mine").name == "mine"
    np.testing.assert_array_equal(load_image(path).pixels, RGB)


def _chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG file."""
    crc = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + crc


def _png_header(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = _chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + body + _chunk(b"IEND", b"")


REFUSED = {
    "empty": (b"", "empty"),
    "text": (b"Dear Sir or Madam,", "something else"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "something else"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "something else"),
    "heic": (b"\0\0\0\x18ftypheic" + bytes(50), "HEIC .* export it as JPEG"),
    "signature alone": (b"\x89PNG\r\n\x1a\n", "damaged, cut short"),
    "far too many pixels": (
        _png_header(50_000, 50_000),
        "50 megapixels, but this one has 50000 × 50000 pixels",
    ),
    "too many pixels": (_png_header(10_000, 6_000), "has 10000 × 6000 pixels: shrink"),
    "too many pixels for Pillow's peace": (_png_header(12_000, 10_000), "12000 × 10000 pixels"),
    "a pixel row too many": (_png_header(10_001, 5_000), "10001 × 5000 pixels"),
    "16-bit gray with alpha": (
        tiff_row(bytes(4 * 4), width=4, bits=16, photometric=1, samples=2),
        "of a rare kind",
    ),
    "16-bit CMYK": (
        tiff_row(bytes(8 * 4), width=4, bits=16, photometric=5, samples=4),
        "must be gray or RGB",
    ),
    "too long": (_png_header(40_000, 2), "40000 × 2"),
    "header without pixels": (_png_header(500, 500), "damaged, cut short"),
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


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
@pytest.mark.parametrize("percent", range(5, 100, 10))
def test_truncated_files_are_refused(file_format: str, percent: int) -> None:
    data = encoded(pillow(photo("coffee", 120, 160)), file_format)
    with pytest.raises(LoadError, match=r"damaged, cut short|something else"):
        load_image(data[: len(data) * percent // 100])


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
