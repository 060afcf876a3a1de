"""Files made to do harm: each is refused, or read as a picture, and nothing else happens."""

from __future__ import annotations

import io
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import ImageCms

from imgdiff import LoadError, Settings, compare, load_image
from tests import bad_files
from tests.bad_files import TINY_HEIC, halves, png_with, small, tiff_of
from tests.files import DISPLAY_P3, encoded, png_chunk, png_of
from tests.pictures import drawing, photo

MAX_GROWTH = 50
"""MB of memory above what was in use before, for a refusal."""
WATCHED = (
    *("subprocess.Popen", "os.exec", "os.fork", "os.posix_spawn", "os.system"),
    *("socket.__new__", "socket.connect"),
)
FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"]

_seen: list[str] = []
_watching = False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    """Note what a decoder should never do; of `open`, what isn't for reading."""
    if not _watching:
        return
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if event in WATCHED or writes:
        _seen.append(f"{event}{arguments}")


sys.addaudithook(_watch)


@contextmanager
def watched() -> Iterator[None]:
    """Fail if the block starts a process, calls anybody or writes a file."""
    global _watching  # noqa: PLW0603 (an audit hook can't be taken away again)
    _seen.clear()
    _watching = True
    try:
        yield
    finally:
        _watching = False
    assert _seen == []


def status(line: str) -> float:
    """A line of the kernel's account of this process, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(text for text in lines if text.startswith(line)).split()[1]) / 1000


@contextmanager
def cheap() -> Iterator[None]:
    """Fail if the block takes more memory than a refusal may (on Linux; others don't tell).

    How much time each takes is measured by ``python -m benchmarks.limits``.
    """
    peak = Path("/proc/self/clear_refs")
    if not peak.exists():
        yield
        return
    peak.write_text("5")
    before = status("VmRSS")
    yield
    assert status("VmHWM") - before < MAX_GROWTH


@pytest.fixture(autouse=True, scope="module")
def _decoders_are_loaded() -> None:
    """A decoder's first use takes a moment, which is nobody's fault."""
    load_image(TINY_HEIC)
    load_image(encoded(small(), "AVIF"))


@pytest.mark.parametrize("data", bad_files.REFUSED.values(), ids=list(bad_files.REFUSED))
def test_harmful_files_are_refused_and_cheaply(data: bytes) -> None:
    with cheap(), watched(), pytest.raises(LoadError) as refusal:
        load_image(data, name="holiday.png")
    message = str(refusal.value)
    assert message.endswith(".")
    assert "\n" not in message


@pytest.mark.parametrize("data", bad_files.HARMLESS.values(), ids=list(bad_files.HARMLESS))
def test_pictures_with_something_else_inside_are_read_as_pictures(data: bytes) -> None:
    with cheap(), watched():
        assert min(load_image(data).pixels.shape[:2]) >= 4


def test_a_broken_profile_of_a_deep_png_is_passed_over_in_silence(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """libpng would print what it thinks of it."""
    deep = png_of(np.full((8, 8, 3), 30000, np.uint16))
    broken = deep[:33] + png_chunk(b"iCCP", b"broken\0\0nonsense") + deep[33:]
    assert load_image(broken).pixels[0, 0, 0] == 30000
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("place", [20, 40, -8])
def test_a_png_with_a_wrong_checksum_is_refused(place: int) -> None:
    data = bytearray(encoded(small(), "PNG"))
    data[place] ^= 1
    with pytest.raises(LoadError, match="damaged"):
        load_image(bytes(data))


@pytest.mark.parametrize("file_format", [*FORMATS, "HEIC"])
def test_flipped_bits_give_a_picture_or_a_refusal(file_format: str) -> None:
    whole = TINY_HEIC if file_format == "HEIC" else encoded(small(), file_format)
    chance = random.Random(7)  # noqa: S311
    for _ in range(60):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        with watched(), suppress(LoadError):
            load_image(bytes(data))


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_single_pixel_is_a_picture(file_format: str) -> None:
    pixel = PillowImage.new("RGB", (1, 1), (255, 255, 255))
    np.testing.assert_allclose(
        load_image(encoded(pixel, file_format)).pixels, [[[255] * 3]], atol=2
    )


def test_heic_photos_are_read_in_their_colors() -> None:
    loaded = load_image(TINY_HEIC)
    assert loaded.pixels.shape == (48, 64, 3)
    assert loaded.alpha is None
    # x265 at quality 60; away from the edges, where it rings.
    for rows, columns in ((slice(16, 44), slice(4, 28)), (slice(4, 44), slice(36, 60))):
        error = loaded.pixels[rows, columns].astype(int) - halves()[rows, columns]
        assert np.abs(error).max() <= 12


def test_avif_photos_are_read_in_their_colors() -> None:
    loaded = load_image(encoded(small(), "AVIF", quality=95, subsampling="4:4:4"))
    assert np.abs(loaded.pixels.astype(int) - photo("coffee", 48, 64)).mean() < 3


def test_avif_of_one_channel_is_gray() -> None:
    gray = photo("coffee", 48, 64)[..., 1]
    loaded = load_image(encoded(PillowImage.fromarray(gray), "AVIF", quality=95))
    assert np.abs(loaded.pixels.astype(int) - gray[..., None]).mean() < 3
    assert loaded.alpha is None


def test_dark_and_bright_16_bit_grays_differ() -> None:
    dark, bright = (load_image(png_of(np.full((20, 20), v, np.uint16))) for v in (40000, 60000))
    result = compare(dark, bright, Settings(method="absdiff"))
    assert not result.alike
    # As both are constant, the error is 20000 / 257 on the scale of 0 to 255.
    assert result.score == pytest.approx(20000 / 257, abs=0.1)


def animated(file_format: str) -> bytes:
    frames = [PillowImage.fromarray(drawing(30, 40, seed)) for seed in range(3)]
    options = {"lossless": True} if file_format == "WEBP" else {}
    return encoded(frames[0], file_format, save_all=True, append_images=frames[1:], **options)


@pytest.mark.parametrize("file_format", ["WEBP", "PNG", "TIFF", "AVIF"])
def test_of_several_frames_or_pages_the_first_counts_and_it_is_said(file_format: str) -> None:
    loaded = load_image(animated(file_format))
    assert loaded.notes == ("Only the first of 3 frames is compared.",)
    if file_format != "AVIF":
        np.testing.assert_array_equal(loaded.pixels, drawing(30, 40, 0))


def test_a_picture_before_an_apngs_frames_counts_as_one_of_them() -> None:
    animation = (b"acTL", (2).to_bytes(4, "big") + bytes(4))
    assert load_image(png_with(animation)).notes == ("Only the first of 3 frames is compared.",)


def test_the_pages_of_a_tiff_may_go_round_in_circles() -> None:
    data = bytearray(tiff_of({}, pages=3))
    data[-4:] = (72).to_bytes(4, "little")
    assert load_image(bytes(data)).notes == ("Only the first of 3 frames is compared.",)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_one_picture_in_two_color_spaces_is_alike(file_format: str) -> None:
    """Display P3 and sRGB, each with the pixels that its profile calls for."""
    picture = PillowImage.fromarray(photo("coffee", 80, 120))
    srgb = ImageCms.createProfile("sRGB")
    p3 = ImageCms.ImageCmsProfile(io.BytesIO(DISPLAY_P3))
    converted = ImageCms.profileToProfile(picture, srgb, p3)
    assert converted is not None
    options: dict[str, dict[str, Any]] = {
        "WEBP": {"lossless": True},
        "JPEG": {"quality": 100, "subsampling": 0},
    }
    chosen = options.get(file_format, {})
    data = encoded(converted, file_format, icc_profile=DISPLAY_P3, **chosen)
    error = load_image(data).pixels.astype(int) - np.asarray(picture)
    assert np.abs(error).max() <= 6  # 8-bit numbers, twice rounded, in the dark
    assert np.abs(np.asarray(converted).astype(int) - np.asarray(picture)).max() > 6
