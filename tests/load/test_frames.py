"""Frames of animations and pages of TIFFs are pages, each at its number."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage

from imgdiff import LoadError, load_image
from imgdiff.load import count_pages
from tests.pictures import drawing


def _file(file_format: str, frames: list[PillowImage.Image], **options: Any) -> bytes:
    file = io.BytesIO()
    frames[0].save(file, file_format, save_all=True, append_images=frames[1:], **options)
    return file.getvalue()


def _plain(count: int = 3) -> list[PillowImage.Image]:
    """Frames of one colour each."""
    return [PillowImage.new("RGB", (40, 30), (60 * n, 200, 250 - 60 * n)) for n in range(count)]


LOSSLESS: dict[str, dict[str, Any]] = {
    "TIFF": {},
    "GIF": {},
    "PNG": {},
    "WEBP": {"lossless": True},
    "AVIF": {"quality": 100},
}


@pytest.mark.parametrize("file_format", LOSSLESS)
def test_every_frame_has_its_number(file_format: str) -> None:
    data = _file(file_format, _plain(), **LOSSLESS[file_format])
    assert count_pages(data) == 3
    for number in (1, 2, 3):
        frame = load_image(data, page=number)
        assert frame.notes == ()
        color = (60 * (number - 1), 200, 250 - 60 * (number - 1))
        assert np.abs(frame.pixels.astype(int) - color).max() <= 3, number
    with pytest.raises(LoadError, match="has 3 pictures, but number 4"):
        load_image(data, page=4)
    with pytest.raises(LoadError, match="counted from 1, but page 0"):
        load_image(data, page=0)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "BMP", "TIFF", "GIF", "WEBP", "AVIF"])
def test_a_single_picture_is_its_first_page(file_format: str) -> None:
    file = io.BytesIO()
    _plain()[0].save(file, file_format)
    assert count_pages(file.getvalue()) == 1
    one, same = load_image(file.getvalue()), load_image(file.getvalue(), page=1)
    np.testing.assert_array_equal(one.pixels, same.pixels)
    with pytest.raises(LoadError, match="has 1 picture, but number 2"):
        load_image(file.getvalue(), page=2)


def test_deep_pages_stay_deep() -> None:
    gray = [PillowImage.fromarray(np.full((9, 9), 1000 * n, np.uint16)) for n in (1, 2)]
    data = _file("TIFF", gray)
    assert load_image(data, page=2).pixels.dtype == np.uint16
    assert (load_image(data, page=2).pixels == 2000).all()


def test_a_smaller_copy_in_a_tiff_is_no_page() -> None:
    pages = [PillowImage.fromarray(drawing(40, 30, seed)) for seed in range(2)]
    copy = pages[0].resize((10, 8))
    file = io.BytesIO()
    pages[0].save(file, "TIFF", save_all=True, append_images=[copy, pages[1]])
    data = bytearray(file.getvalue())
    data = bytearray(_marked_as_copy(bytes(data), 1))
    assert count_pages(bytes(data)) == 2
    np.testing.assert_array_equal(load_image(bytes(data), page=2).pixels, np.asarray(pages[1]))


def _marked_as_copy(data: bytes, number: int) -> bytes:
    """A TIFF whose directory of that number calls itself a reduced copy (tag 254)."""
    with PillowImage.open(io.BytesIO(data)) as picture:
        picture.seek(number)
        place = picture._frame_pos[number]  # type: ignore[attr-defined]
    changed = bytearray(data)
    # Its first entry, the width, is needed; the last one, of a plain RGB file, isn't.
    count = int.from_bytes(changed[place : place + 2], "little")
    entries = [changed[place + 2 + 12 * n : place + 14 + 12 * n] for n in range(count)]
    names = [int.from_bytes(entry[:2], "little") for entry in entries]
    spare = names.index(284)  # how samples are laid out: one after the other, as by default
    kept = [entry for n, entry in enumerate(entries) if n != spare]
    kind = b"\xfe\x00\x04\x00\x01\x00\x00\x00\x01\x00\x00\x00"
    changed[place + 2 : place + 2 + 12 * count] = b"".join([kind, *kept])
    return bytes(changed)
