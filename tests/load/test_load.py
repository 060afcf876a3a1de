"""What goes in comes out right, or with one sentence why not."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageCms

from imgdiff import load_image
from imgdiff.types import Pixels
from tests.files import (
    DISPLAY_P3,
    encoded,
    gamma_curve,
    icc_profile,
    png_chunk,
    png_of,
    tiff_row,
)
from tests.pictures import drawing, photo

RGB = photo("coffee", 61, 83)
LOSSLESS: dict[str, dict[str, Any]] = {
    "PNG": {},
    "BMP": {},
    "WEBP": {"lossless": True},
    "TIFF": {"compression": "tiff_lzw"},
}


def pillow(pixels: Pixels = RGB) -> PillowImage.Image:
    return PillowImage.fromarray(pixels)


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


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("file_format", ["JPEG", "PNG"])
def test_pixels_are_the_same_where_no_file_can_be_opened(
    file_format: str, is_known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: str) -> int:
        raise PermissionError

    data = encoded(pillow(), file_format)
    monkeypatch.setattr("imgdiff.load.decoded._SMALL", 0)  # as if it were large
    expected = load_image(data)
    if is_known:
        monkeypatch.setattr("os.memfd_create", refused, raising=False)
    else:  # Python was built on an older system
        monkeypatch.delattr("os.memfd_create", raising=False)
    np.testing.assert_array_equal(load_image(data).pixels, expected.pixels)


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
    linear = icc_profile(b"GRAY", {b"kTRC": gamma_curve(1.0)})
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
        return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(kind, body) for kind, body in chunks)

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
