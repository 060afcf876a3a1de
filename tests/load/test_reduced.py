"""A JPEG at a fraction of its size: as upright as in full, and nothing of what isn't one."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as PillowImage

from imgdiff.load import load_image
from imgdiff.load.reduced import SCALES, reduced_jpeg, reducible_pixels
from tests.pictures import SAMPLES


def turned_jpeg(orientation: int) -> bytes:
    """A picture of 96 × 64 px, red above and blue below as it is stored."""
    pixels = np.zeros((64, 96, 3), np.uint8)
    pixels[:32, :, 0], pixels[32:, :, 2] = 220, 220
    exif = PillowImage.Exif()
    exif[0x0112] = orientation
    target = io.BytesIO()
    PillowImage.fromarray(pixels).save(target, "JPEG", quality=95, exif=exif)
    return target.getvalue()


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("scale", SCALES)
def test_it_is_upright_and_has_its_colours(orientation: int, scale: int) -> None:
    data = turned_jpeg(orientation)
    assert reducible_pixels(data) == 96 * 64
    small = reduced_jpeg(data, scale)
    assert small is not None
    whole = load_image(data).pixels
    assert small.shape == (whole.shape[0] // scale, whole.shape[1] // scale, 3)
    corners = np.s_[:: small.shape[0] - 1, :: small.shape[1] - 1]
    of_whole = np.s_[:: whole.shape[0] - 1, :: whole.shape[1] - 1]
    assert np.abs(small[corners].astype(int) - whole[of_whole]).max() < 12


def test_whatever_else_there_is_must_be_read_in_full() -> None:
    jpeg = turned_jpeg(1)
    bomb = jpeg[:2] + jpeg[2:].replace(b"\x00\x40\x00\x60\x03", b"\xff\xff\xff\xff\x03")
    png = (SAMPLES / "page_before.png").read_bytes()
    for data in (b"", b"%PDF-1.7", png, bomb, b"\xff\xd8\xff\xd9"):
        assert reducible_pixels(data) == 0


def test_of_a_damaged_file_there_is_nothing() -> None:
    data = turned_jpeg(1)
    assert reduced_jpeg(data[: data.index(b"\xff\xda")], 2) is None
